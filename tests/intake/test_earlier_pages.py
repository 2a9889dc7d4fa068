"""Something earlier, page by page: the wish, the offer by its link, yes and no."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from house import clock, worker
from house.intake.cancelling import cancel
from house.intake.change_models import EarlierOffer
from house.intake.holding import hold
from house.intake.models import Visit
from house.post import Letter, message
from tests.intake.booking_house import (
    CPR,
    FRIDAY,
    at,
    house_template,  # noqa: F401 - a fixture
    tick,
)
from tests.intake.booking_pages import the_house  # noqa: F401 - a fixture
from tests.intake.changing_pages import (
    ADA,
    booking_a_visit,  # noqa: F401 - a fixture
    kinds,
    take,
    times_of,
)

LATER = "2027-01-14"


@pytest.fixture
def offered(client, app, booked, arranging, looking):
    """Somebody asked on the page of the visit, somebody else cancelled; answers the path of the offer."""
    waits, gone = booked(day=LATER), booked(day=FRIDAY, email="gone@example.org")
    visit = client.get_page(waits).submit("Tell me if something earlier is free").follow()
    assert "We write to you when something earlier is free." in visit.text
    client.get_page(gone + "/cancel").submit().follow()
    with app.app_context():
        worker.every_minute(app)
    with looking() as session:
        letter = session.scalars(select(Letter).where(Letter.kind == "earlier_time")).one()
        mail = message(letter)
    text = mail.get_body(("plain",)).get_content()
    assert (mail["To"], mail["Subject"]) == (ADA, "An earlier time is free")
    assert "Friday, 8 January 2027, 10:00" in text and "Thursday, 14 January 2027, 10:00" in text
    link = next(word for word in text.split() if "/en/earlier/" in word)
    return link.removeprefix("http://127.0.0.1:8000"), waits


def test_the_address_of_the_button_leads_back_to_the_visit(client, booked):
    """Somebody changes the language on the page of a refused button."""
    mine = booked(day=LATER)
    assert client.get_page(f"{mine}/earlier", 302).location == mine


def test_an_offer_is_taken_by_its_link(client, offered, looking):
    path, _ = offered
    page = client.get_page(path)
    assert "10:00" in page.text and "14:00" in page.text  # until when
    visit = page.submit("Take the earlier time").follow()
    assert "Friday, 8 January 2027, 10:00" in visit.text
    assert times_of(looking)[0] == at(FRIDAY, "10:00")
    assert client.get_page(path, 302).follow().h1 == "Your visit is booked"
    page.submit("Take the earlier time").must_be(303)
    assert kinds(looking).count("visit_moved") == 1


def test_an_offer_can_be_left_to_others(client, offered, looking):
    path, waits = offered
    assert "An earlier time is free: Friday" in client.get_page(waits).text
    page = client.get_page(path)
    kept = page.submit("Keep my time").follow()
    assert "You keep the time you have." in kept.text
    assert times_of(looking)[0] == at(LATER, "10:00")
    over = page.submit("Take the earlier time").must_be(410)
    assert over.h1 == "This offer is over"
    client.get_page(path, 410).click("See the visit")


def test_looking_at_an_offer_changes_nothing(client, offered, looking):
    for _ in range(3):
        client.get_page(offered[0])
    with looking() as session:
        assert session.scalars(select(EarlierOffer.state)).all() == ["open"]


def test_an_offer_that_nobody_answered_is_gone(client, house, offered):
    house.clock.shift(timedelta(hours=2, minutes=1))
    assert client.get_page(offered[0], 410).h1 == "This offer is over"


def test_an_offer_whose_time_could_not_be_kept_is_refused(client, house, offered, arranging, looking):
    page = client.get_page(offered[0])
    house.clock.shift(timedelta(hours=2, minutes=2))
    with arranging() as session:
        hold(session, CPR, 1, tick(FRIDAY, "10:00"), "en", b"1")
    page.submit("Take the earlier time").must_be(409)
    assert times_of(looking)[0] == at(LATER, "10:00")


@pytest.mark.parametrize("answer", ["", "perhaps", None, "y" * 100_000])
def test_an_answer_is_yes_or_no(client, offered, answer, looking):
    page = client.get_page(offered[0])
    values = page.values() | {"answer": answer}
    said = client.post_page(page.url, {k: v for k, v in values.items() if v is not None}, 422)
    assert "Please use one of the buttons." in said.said
    assert times_of(looking)[0] == at(LATER, "10:00")


def test_offers_and_wishes_need_their_link_and_token(client, offered):
    path, waits = offered
    client.get_page(path[:-2] + "xx", 404)
    client.get_page("/en/earlier/" + waits.rpartition("/")[2], 404)
    client.post_page(path, {"answer": "yes"}, 422)
    client.post_page(waits + "/earlier", {"answer": "yes"}, 422)


def test_a_wish_can_be_taken_back_and_is_refused_for_what_is_off(client, booked, arranging, looking):
    page = client.get_page(booked())
    asked = page.submit("Tell me if something earlier is free").follow()
    asked.submit("Stop telling me").follow()
    with looking() as session:
        assert session.scalars(select(Visit.asked_earlier_at)).one() is None
    with arranging() as session:
        cancel(session, session.scalars(select(Visit)).one())
    page.submit("Tell me if something earlier is free").must_be(409)


def test_without_an_address_nothing_is_promised(client, booked):
    assert "earlier" not in client.get_page(booked(email=None)).text


def test_a_wish_can_be_given_while_booking(client, house, looking):
    take(client).submit(name="Ada", email=ADA, earlier="y").follow().submit("Book this visit").follow()
    with looking() as session:
        assert session.scalars(select(Visit.asked_earlier_at)).one() == clock.now()
