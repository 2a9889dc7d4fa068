"""A mobile number in place of an e-mail address: it gets what a letter tells, short, and not at night."""

from __future__ import annotations

import json
from datetime import timedelta
from itertools import product

import pytest
from sqlalchemy import select

from house import clock, post
from house.intake import nights, passing_on
from house.intake.booking import book, confirm, give_contact
from house.intake.cancelling import UNDO, cancel, undo_cancel
from house.intake.counters import all_counters
from house.intake.earlier import ask
from house.intake.fairness import VISITS_AHEAD, EnoughVisits
from house.intake.holding import hold
from house.intake.models import Visit
from house.intake.moving import move
from house.intake.reminding import remind
from house.intake.worklist import ask_all, worklist
from house.languages import LANGUAGES
from house.post import Letter, Way
from tests import houses
from tests.intake.api.asking import Machine, errors
from tests.intake.booking_house import (
    CPR,
    DRIVING,
    FRIDAY,
    THURSDAY,
    WEDNESDAY,
    at,
    house_template,  # noqa: F401 - a fixture
    set_up,
    tick,
)
from tests.intake.booking_pages import the_house  # noqa: F401 - a fixture
from tests.intake.counter_house import close
from tests.intake.mobile_house import (
    ADA,
    MOBILE,
    OTHER,
    SMS,
    booking_one,  # noqa: F401 - a fixture
    sent,
    texts,
    the_house_with_a_gateway,  # noqa: F401 - a fixture
    units,
)

# --- the letters of a visit ---------------------------------------------------------------------------------


def test_every_change_is_one_short_text(app, arranging, book_one, looking, house):
    key, reference, path = book_one()
    with arranging() as session:
        move(session, session.get_one(Visit, key), tick(FRIDAY, "11:00"))
    with arranging() as session:
        cancel(session, session.get_one(Visit, key))
    assert [one[:2] for one in sent(looking)] == [
        (kind, MOBILE) for kind in ("visit_booked", "visit_moved", "visit_cancelled")
    ]  # fmt: skip
    booked, moved, cancelled = texts(app)
    link = f"http://127.0.0.1:8000{path}"
    assert booked == f"Your visit is booked: Thu 7 Jan, 10:00. Reference: {reference}.\n{link}"
    assert moved == f"Your visit has a new time: Fri 8 Jan, 11:00. Reference: {reference}.\n{link}"
    assert cancelled.startswith("Your visit is cancelled: Fri 8 Jan, 11:00.") and "/en/book/" in cancelled


def test_what_staff_cancel_can_be_taken_back_for_a_minute(house, session):
    visit = book(session, CPR, 1, at(THURSDAY, "10:00"), "en", "Ada", mobile=MOBILE)
    session.flush()
    cancel(session, visit, "staff 3")
    session.flush()
    letter = session.scalars(select(Letter).where(Letter.kind == "visit_cancelled")).one()
    assert (letter.due_at, letter.way) == (clock.now() + UNDO, Way.SMS)
    undo_cancel(session, visit, "staff 3")
    assert [one.kind for one in session.scalars(select(Letter))] == ["visit_booked"]


def test_reminders_come_by_text(app, arranging, book_one, looking, house):
    book_one(day=FRIDAY)
    for wall in (at(THURSDAY, "10:00"), at(FRIDAY, "08:01")):
        house.clock.move_to(wall)
        with arranging() as session:
            assert not remind(session, clock.now())
            assert not remind(session, clock.now())
    assert [one[:2] for one in sent(looking)[1:]] == [("visit_tomorrow", MOBILE), ("visit_soon", MOBILE)]
    assert texts(app)[1].startswith("Your visit is tomorrow: Fri 8 Jan, 10:00.")
    assert texts(app)[2].startswith("Your visit is today: Fri 8 Jan, 10:00.")


def test_an_earlier_time_is_offered_by_text(app, arranging, book_one, looking, house):
    first, *_ = book_one("10:00", mobile=OTHER)
    second, *_ = book_one("11:00", day=FRIDAY)
    with arranging() as session:
        ask(session, session.get_one(Visit, second), True)
        cancel(session, session.get_one(Visit, first))
    house.clock.shift(timedelta(minutes=1))
    with arranging() as session:
        while passing_on.offer_next(session, clock.now()):
            session.flush()
    assert sent(looking)[-1] == ("earlier_time", MOBILE, Way.SMS)
    text = texts(app)[-1]
    assert text.startswith("An earlier time is free: Thu 7 Jan, 10:") and "answer before Wed 6 Jan" in text


def test_who_gave_a_number_is_asked_for_another_time(app, arranging, book_one, looking, house):
    book_one()
    with arranging() as session:
        close(session)
        [found] = worklist(session, all_counters(session))
        assert found.writable
        ask_all(session, all_counters(session), [(found.visit_id, found.revision)], "staff 3")
    assert sent(looking)[-1] == ("visit_asked_to_move", MOBILE, Way.SMS)
    assert texts(app)[-1].startswith("We cannot see you: Thu 7 Jan, 10:00. Please choose another time.")


def test_a_text_is_short_in_every_language(app_factory, frozen):
    app = app_factory(sms=SMS, base_url="https://house.example.dk")
    frozen(WEDNESDAY)
    until, ten = at(WEDNESDAY[:10], "14:00").isoformat(), at(THURSDAY, "10:00").isoformat()
    kinds = ("visit_moved", "visit_cancelled", "visit_asked_to_move", "visit_tomorrow", "visit_soon")
    with houses.arranging(app) as session:
        set_up(session)
        book(session, CPR, 1, at(THURSDAY, "10:00"), "en", "Ada", mobile=MOBILE)
        session.flush()
        told = json.loads(session.scalars(select(Letter)).one().facts or "")
        facts = told | {"earlier": ten, "until": until, "offer": "x" * 30, "was": ten}
        for kind, tongue in product(("visit_booked", *kinds, "earlier_time"), LANGUAGES):
            post.write(session, kind, MOBILE, tongue.tag, **facts)
    for text in texts(app):
        assert units(text) <= 3, (units(text), len(text), text)
        assert "https://house.example.dk/" in text and "\u2066" not in text
    assert max(map(units, texts(app)[:1])) <= 2


def test_an_offer_by_text_waits_for_the_morning(app, arranging, book_one, looking, house):
    first, *_ = book_one("10:00", day=FRIDAY, mobile=OTHER)
    second, *_ = book_one("11:40", day=FRIDAY)
    third, *_ = book_one("11:00", day=FRIDAY, email=ADA, mobile=None, slug=DRIVING)
    house.clock.move_to(at(WEDNESDAY[:10], "23:00"))
    with arranging() as session:
        for key in (second, third):
            ask(session, session.get_one(Visit, key), True)
        cancel(session, session.get_one(Visit, first))
    house.clock.shift(timedelta(minutes=1))
    with arranging() as session:
        while passing_on.offer_next(session, clock.now()):
            session.flush()
    with looking() as session:
        offers = session.scalars(select(Letter).where(Letter.kind == "earlier_time")).all()
        due = {one.way: clock.local(one.due_at, "Europe/Copenhagen").strftime("%d %H:%M") for one in offers}
    assert due[Way.SMS] == "07 07:00"
    assert due.get(Way.MAIL, "06 23:01") == "06 23:01"


@pytest.mark.parametrize(
    ("wall", "leaves"),
    [
        ("20:59", "06 20:59"), ("21:00", "07 07:00"), ("00:00", "06 07:00"), ("06:59", "06 07:00"),
        ("07:00", "06 07:00"),
    ],
)  # fmt: skip
def test_a_noise_is_made_by_day(app, wall, leaves):
    zone = clock.zone("Europe/Copenhagen")
    assert nights.by_day(at(WEDNESDAY[:10], wall), zone).strftime("%d %H:%M") == leaves


def test_the_demos_mailbox_shows_texts_as_they_arrive(app_factory, frozen):
    app = app_factory(sms=SMS, demo=True, smtp_url=None)
    frozen(WEDNESDAY)
    with houses.arranging(app) as session:
        set_up(session)
        visit = book(session, CPR, 1, at(THURSDAY, "10:00"), "ar", "Ada", mobile=MOBILE)
        reference = visit.reference
    client = app.test_client()
    assert MOBILE in client.get_page("/demo/mailbox").text
    letter = client.get_page("/demo/mailbox/1")
    assert reference in letter.one("article").text and "Hello" not in letter.text
    assert client.get("/demo/mailbox/1/0").status_code == 404  # no calendar in a text message
    assert "We store your mobile number" in client.get_page("/en/about/privacy").text


# --- fair shares, machines ----------------------------------------------------------------------------------


def test_a_number_has_its_fair_share_whatever_the_address(house, session):
    walls = ["10:00", "10:20", "10:40", "11:00"]
    for number, wall in enumerate(walls[:VISITS_AHEAD]):
        book(session, CPR, 1, at(THURSDAY, wall), "en", "Ada", f"a{number}@example.org", mobile=MOBILE)
        session.flush()
    visit = hold(session, CPR, 1, tick(THURSDAY, walls[-1]), "en", b"1")
    give_contact(session, visit, "Ada", "new@example.org", mobile=MOBILE)
    with pytest.raises(EnoughVisits):
        confirm(session, visit, "en")
    give_contact(session, visit, "Ada", "new@example.org", mobile=OTHER)
    assert confirm(session, visit, "en").state == "booked"


def test_a_machine_may_name_a_number(app, house, looking):
    machine = Machine(app)
    hold_ = machine.hold()["hold"]
    body = {"hold": hold_, "name": "Amal", "mobile": "+45 2012 3456", "tell_earlier": True}
    assert errors(machine.ask("bookVisit", body | {"mobile": "12"}, 422)) == {"/mobile": "mobile"}
    assert errors(machine.ask("bookVisit", body | {"mobile": "010190-1234"}, 422)) == {"/mobile": "cpr"}
    assert errors(machine.ask("bookVisit", body | {"mobile": 12}, 422)) == {"/mobile": "type"}
    assert machine.ask("bookVisit", body)["tell_earlier"]
    assert sent(looking) == [("visit_booked", MOBILE, Way.SMS)]


def test_a_house_without_a_gateway_refuses_a_machines_number(app_factory, frozen):
    app = app_factory()
    with houses.arranging(app) as session:
        set_up(session)
    frozen(WEDNESDAY)
    machine = Machine(app)
    body = {"hold": machine.hold()["hold"], "name": "Amal", "mobile": MOBILE}
    assert errors(machine.ask("bookVisit", body, 422)) == {"/mobile": "no_mobile"}
    assert machine.ask("bookVisit", body | {"mobile": None})["state"] == "booked"
