"""An address has its share of visits on the pages, and a booked visit keeps its name."""

from __future__ import annotations

from sqlalchemy import func, select

from house.intake.fairness import VISITS_AHEAD
from house.intake.models import Visit
from tests.intake.booking_house import (
    DRIVING,
    house_template,  # noqa: F401 - a fixture
)
from tests.intake.booking_pages import the_house  # noqa: F401 - a fixture
from tests.intake.changing_pages import (
    ADA,
    booking_a_visit,  # noqa: F401 - a fixture
    take,
)


def test_an_address_has_its_share_and_no_more(client, booked, looking):
    for number in range(VISITS_AHEAD):
        booked(f"10:{20 * number:02}")
    check = take(client).submit(name="Ada", email="ADA@example.org").follow()
    refused = check.submit("Book this visit").must_be(422)
    assert "This address has enough visits ahead." in refused.said
    with looking() as session:
        assert session.scalar(select(func.count()).where(Visit.state == "booked")) == VISITS_AHEAD
    other = take(client, "11:00", slug=DRIVING)
    other.submit("Book this visit").follow()  # another service is no hoarding


def test_the_name_of_a_booked_visit_cannot_be_changed(client, house, looking):
    """Nobody can sell a time by writing another name on it."""
    contact = take(client)
    contact.submit(name="Ada", email=ADA).follow().submit("Book this visit").follow()
    contact.submit(name="Buyer", email="buyer@example.org")
    with looking() as session:
        assert [(one.name, one.email) for one in session.scalars(select(Visit))] == [("Ada", ADA)]
