"""What the way through booking costs in statements, request by request: round trips on PostgreSQL."""

from __future__ import annotations

import pytest

from house import audit
from house.catalogue import face as catalogue
from house.db import db, writing
from house.intake.booking import book
from tests import houses
from tests.intake.booking_house import (
    CPR,
    DRIVING,
    FRIDAY,
    THURSDAY,
    WEDNESDAY,
    at,
    house_template,  # noqa: F401 - a fixture
    set_up,
    statements,
    tick,
)
from tests.intake.desk_house import (
    call,
    furnish,
    thursday,  # noqa: F401 - a fixture
    walk_in,
)

DAY = f"/en/book/{CPR}/1/{THURSDAY}"
ALLOWED = {
    "choose a day": 8, "choose a time": 5, "hold": 17, "details": 5, "tell details": 4, "check": 5,
    "confirm": 12, "my visit": 7, "another day": 13, "another time": 13, "move": 32, "cancel?": 4,
    "cancel": 19,
}  # fmt: skip
"""BEGIN is not counted. A day is chosen in a small house here, which looks twice for ten days; it has
nothing today, and looks whether that is because it was closed."""


@pytest.fixture
def house(arranging, frozen):
    with arranging() as session:
        house = set_up(session, counters=3, services=[CPR, DRIVING])
    house.clock = frozen(WEDNESDAY)
    return house


def journey(client):
    """Everything a visitor may do, page by page: the request's name and how to make it."""
    yield "choose a day", lambda _: client.get_page(f"/en/book/{CPR}/1/")
    yield "choose a time", lambda _: client.get_page(DAY)
    yield "hold", lambda page: page.submit(start=str(tick(THURSDAY, "10:00")))
    yield "details", lambda page: page.follow()
    yield "tell details", lambda page: page.submit(name="Ada", email="ada@example.org")
    yield "check", lambda page: page.follow()
    yield "confirm", lambda page: page.submit()
    yield "my visit", lambda page: page.follow()
    yield "another day", lambda page: client.get_page(page.url + "/move/")
    yield "another time", lambda page: client.get_page(page.url + FRIDAY)
    yield "move", lambda page: page.submit(start=str(tick(FRIDAY, "11:00")))
    yield "cancel?", lambda page: client.get_page(page.location + "/cancel")
    yield "cancel", lambda page: page.submit()


def sent_by(app, client):
    """The statements of each request of the journey."""
    page, found = None, {}
    for name, ask in journey(client):
        with statements(app) as sent:
            page = ask(page)
        found[name] = [one for one in sent if not one.startswith("BEGIN")]
    return found


def test_each_request_of_the_journey_sends_few_statements(app, client, house):
    client.get_page(DAY)  # puts the catalogue together
    found = {name: len(sent) for name, sent in sent_by(app, client).items()}
    dearer = {name: (number, ALLOWED[name]) for name, number in found.items() if number > ALLOWED[name]}
    assert not dearer, f"sent and allowed: {dearer}"


def test_no_request_asks_twice_for_what_stays(app, client, house):
    """The place and the catalogue's edition are read once a transaction; to hold has one before its own.

    That the place is read at all, by these words, shows that it could be counted twice.
    """
    client.get_page(DAY)
    for name, sent in sent_by(app, client).items():
        place = [one for one in sent if "FROM place" in one]
        edition = [one for one in sent if "FROM catalogue_section" in one]
        assert len(place) == 1 if name == "choose a day" else len(place) <= 1, name
        assert len(edition) <= 1 + (name == "hold"), name


@pytest.mark.parametrize(("slugs", "allowed"), [([CPR], 18), ([CPR, DRIVING], 19)])
def test_a_booking_in_one_go_is_some_eighteen_round_trips(engine_app, frozen, slugs, allowed):
    frozen(WEDNESDAY)
    with engine_app.app_context():
        with writing(db.session()) as session:
            set_up(session, counters=3, services=[CPR, DRIVING])
            book(session, slugs, 1, at(THURSDAY, "10:00"), "en", "Ada", "ada@example.org")
        with statements(engine_app) as sent, writing(db.session()) as session:
            book(session, slugs, 1, at(THURSDAY, "11:00"), "en", "Ben", "ben@example.org")
    sent = [one for one in sent if not one.startswith("BEGIN")]
    assert len(sent) <= allowed, "\n".join(sent)


def test_calling_the_next_is_some_thirteen_statements(app, thursday):  # noqa: F811
    with houses.arranging(app) as session:
        house = furnish(session, counters=2)
        walk_in(session)
        walk_in(session)
        call(session, house, 0)
    with statements(app) as sent, houses.arranging(app) as session:
        assert call(session, house, 1) is not None
    sent = [one for one in sent if not one.startswith("BEGIN")]
    assert len(sent) <= 13, "\n".join(sent)


def test_the_edition_is_asked_once_however_often_something_is_written(app, frozen):
    with app.app_context(), writing(db.session()) as session:
        set_up(session)
        session.flush()
        catalogue.services(session)
        with statements(app) as sent:
            audit.record(session, "visitor", "tried", "nothing")
            session.flush()
            catalogue.services(session)
        assert [one[:15] for one in sent] == ["INSERT INTO act"]
