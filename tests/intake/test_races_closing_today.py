"""Closing for today against everybody who comes, books, moves or closes, with real processes on both engines.

When all is over the house closed once. Whoever is still booked for today was there when it closed, was asked
once, and nobody else was; who came is here with a number of one's own, and hears nothing.
"""

from __future__ import annotations

import random
import time
from datetime import time as wall_time

import pytest
from sqlalchemy import select, update

from house.catalogue import face as catalogue
from house.catalogue.face import ClosedFor, ClosedTime
from house.db import begin_writing, db, writing
from house.intake import booking, cancelling, closing_today, deeds, kiosk, registration, undoing
from house.intake.cards import about
from house.intake.holding import hold
from house.intake.models import Settlement, Ticket, Visit, VisitState
from house.intake.moving import move
from house.intake.registration import WalkIn
from house.intake.worklist import ASKS
from house.post import Letter
from house.problems import Moved, Problem
from tests import houses
from tests.intake.booking_house import (
    CPR,
    FRIDAY,
    THURSDAY,
    house_template,  # noqa: F401 - a fixture
    tick,
)
from tests.intake.bookkeeping import agree
from tests.intake.desk_house import DESK, TODAY, booked, furnish, walk_in
from tests.intake.racing import IN_VAIN, PATIENCE, all_looked, look_then_confirm, wait_for, while_it_closes

pytestmark = pytest.mark.races
WALLS = [f"{hour}:{minute:02}" for hour in (10, 11) for minute in (0, 20, 40)]
CLOSERS = 3


@pytest.fixture
def open_house(engine_app, frozen):
    """Ten past nine on Thursday, two counters, six who booked: three with an address.

    The door opens in half an hour, so that the kiosk gives tickets.
    """
    frozen(f"{THURSDAY} 09:10", tick=True)
    with houses.arranging(engine_app) as session:
        furnish(session)
        door = catalogue.Opening.schedule_id == catalogue.place(session).schedule_id
        session.execute(update(catalogue.Opening).where(door).values(opens=wall_time(9, 40)))
        for number, wall in enumerate(WALLS):
            email = None if number % 2 else f"v{number}@example.dk"
            booked(session, wall, f"Guest {number}", email=email)
        session.flush()
        return list(session.scalars(select(Visit.id).order_by(Visit.id)))


def transaction(app, work):
    """One writing request without its page: the problem's code, or what came of it."""
    with app.app_context():
        try:
            with writing(db.session()) as session:
                return work(session)
        except Problem as problem:
            return problem.code


def close_once(session):
    """What a press of the button does: how many are written to."""
    try:
        seen = len(closing_today.preview(session).coming)
    except Problem:  # nobody is to come, and it does not open
        seen = 0
    return closing_today.close(session, ClosedFor.STAFF, None, seen, DESK)[1]


def close_it(app):
    """Press until it is closed: how many are written to, or that somebody else did it."""
    while (came := transaction(app, close_once)) == "more_met":
        continue
    return came


def book_one(app, wall):
    """Hold, answer the questions, confirm: three transactions, as on the pages. Answers what came of it."""

    def confirm(session):
        booking.confirm(session, session.get_one(Visit, visit_id), "en")
        return "booked"

    def answer(session):
        visit = session.get_one(Visit, visit_id)
        booking.give_contact(session, visit, "Ada", f"late{visit_id}@example.dk")

    visit_id = transaction(app, lambda session: hold(session, CPR, 1, tick(THURSDAY, wall), "en").id)
    if isinstance(visit_id, str):
        return visit_id
    return transaction(app, answer) or transaction(app, confirm)


def anybody(app, number, visit_ids):
    """Three close at some moment; the others come, with and without a booking, book, move and cancel."""
    chance = random.Random(number)
    found = []
    if number < CLOSERS:
        time.sleep(chance.uniform(0.2, 0.5))
        return close_it(app)
    for turn in range(5):
        time.sleep(chance.uniform(0, 0.15))
        wall = WALLS[(number + turn) % len(WALLS)]
        found.append(do_one_thing(app, number - CLOSERS, chance.choice(visit_ids), wall))
    return found


def do_one_thing(app, who, visit_id, wall):
    if who == 0:
        return come(app, visit_id)
    if who == 1:
        return transaction(app, lambda session: walk_in(session) and "here")
    if who == 2:
        return book_one(app, wall)

    if who == 5:
        return transaction(app, lambda session: at_the_kiosk(session, wall) and "ticket")

    def change(session):
        visit = session.get_one(Visit, visit_id)
        done = move(session, visit, tick(FRIDAY, wall)) if who == 3 else cancelling.cancel(session, visit)
        return done and "changed"

    return transaction(app, change)


def come(app, visit_id):
    """A booking is checked in at the desk."""

    def act(session):
        return registration.check_in(session, session.get_one(Visit, visit_id), DESK) and "here"

    return transaction(app, act)


def at_the_kiosk(session, pressed):
    return kiosk.take(session, WalkIn([CPR], "en"), pressed)


def letters_of_today(app):
    """Every visit of today with how many letters ask it to move, and whether staff have an answer for it."""
    with houses.looking(app) as session:
        agree(session)
        asked = session.scalars(select(Letter.about).where(Letter.kind == ASKS)).all()
        settled = set(session.scalars(select(Settlement.visit_id)))
        todays = select(Visit).where(Visit.day == TODAY, Visit.state != VisitState.HELD)
        return [
            (one.state, bool(one.email), asked.count(about(one)), one.id in settled)
            for one in session.scalars(todays)
        ]


def test_it_closes_once_and_everybody_is_told_what_is_true(engine_app, race, open_house):
    answers = race(lambda app, number: anybody(app, number, open_house), CLOSERS + 6)
    closers, others = answers[:CLOSERS], answers[CLOSERS:]
    assert sorted(map(str, closers))[1:] == ["closed_already"] * (CLOSERS - 1)
    with houses.looking(engine_app) as session:
        closed_at = session.scalars(select(ClosedTime.closed_at)).one()
        from_the_kiosk = select(Visit.made_at).join(Ticket).where(Ticket.pressed.is_not(None))
        assert all(one <= closed_at for one in session.scalars(from_the_kiosk)), "a ticket nobody calls"
        numbers = session.execute(select(Ticket.letter, Ticket.number)).all()
        assert len(numbers) == len(set(numbers)) >= 5
    here, walk_ins, booking_, *changes, tickets = others
    assert set(tickets) <= {"ticket", "closed_already"}
    assert set(here) <= {"here", "here_already", "not_booked", "other_day"} and set(walk_ins) == {"here"}
    assert set(booking_) <= {"booked", "taken", "hold_over", "enough_visits"}
    assert {code for one in changes for code in one} <= {"changed", "moved", "taken", "visit_began"}
    for state, writable, letters, settled in letters_of_today(engine_app):
        still = state is VisitState.BOOKED and writable
        assert (letters == 1 and settled) if still else letters == 0
    assert book_one(engine_app, "11:40") == "taken"


# --- the very moments --------------------------------------------------------------------------------------


def close_when_all_looked(careful):
    """Three who press at one moment; a careless house believes what it saw before."""

    def work(app, number):
        looked = closing_today.closed_now

        def seen_before(session):
            found = looked(session)
            session.rollback()
            all_looked(app, number, CLOSERS)
            begin_writing(session)
            return found

        if careful:
            with houses.looking(app) as session:
                assert looked(session) is None
            all_looked(app, number, CLOSERS)
        else:
            closing_today.closed_now = seen_before
        return transaction(app, close_once)

    return work


def closings_of(app):
    with houses.looking(app) as session:
        return len(session.scalars(select(ClosedTime)).all())


def test_three_who_close_at_one_moment_close_once(engine_app, race, open_house):
    answers = race(close_when_all_looked(careful=True), CLOSERS)
    assert sorted(map(str, answers)) == ["3", "closed_already", "closed_already"]
    assert closings_of(engine_app) == 1


def test_without_a_look_under_the_lock_they_close_three_times(engine_app, race, open_house):
    race(close_when_all_looked(careful=False), CLOSERS)
    assert closings_of(engine_app) == CLOSERS


@pytest.mark.parametrize(("locks", "asked"), [(True, 4), (False, 3)], ids=["as it is", "without the locks"])
def test_a_booking_under_way_is_waited_for_and_asked_too(engine_app, race, open_house, locks, asked):
    """The control, without the locks: a booking slips in that nobody is asked about."""
    with houses.arranging(engine_app) as session:
        cancelling.cancel(session, session.get_one(Visit, open_house[1]))
    work = while_it_closes(
        close_it, lambda app: look_then_confirm(app, locks), lambda app: book_one(app, WALLS[1])
    )
    assert race(work, 2) == [asked, "booked"]


def look_then_come(app, keep_locks):
    """Checking in waits, between seeing the booking and writing, until it was closed, or in vain."""
    folder, lock = app.extensions["house-config"].data_dir, deeds.lock

    def look(session, visit_id):
        visit = lock(session, visit_id)
        if not keep_locks:
            session.rollback()
        (folder / "looked").touch()
        wait_for((folder / "closed").exists, IN_VAIN if keep_locks else PATIENCE)
        if not keep_locks:
            begin_writing(session)
        return visit

    deeds.lock = look


@pytest.mark.parametrize(("locks", "asked"), [(True, 2), (False, 3)], ids=["as it is", "without the locks"])
def test_who_is_checked_in_meanwhile_is_waited_for_and_not_asked(engine_app, race, open_house, locks, asked):
    work = while_it_closes(
        close_it, lambda app: look_then_come(app, locks), lambda app: come(app, open_house[0])
    )
    assert race(work, 2) == [asked, "here"]


def look_then_take(app, keep_locks):
    """The kiosk waits, between seeing the house open and giving a ticket, until it closed, or in vain."""
    folder, looked = app.extensions["house-config"].data_dir, closing_today.closed_from_here

    def look(session):
        found = looked(session)
        if not keep_locks:
            session.rollback()
        (folder / "looked").touch()
        wait_for((folder / "closed").exists, IN_VAIN if keep_locks else PATIENCE)
        if not keep_locks:
            begin_writing(session)
        return found

    closing_today.closed_from_here = look


def take_and_look(app):
    """Whether the house was closed before the ticket was given."""

    def take(session):
        at_the_kiosk(session, "one form")
        closed = (app.extensions["house-config"].data_dir / "closed").exists()
        return "too late" if closed else "in time"

    return transaction(app, take)


@pytest.mark.parametrize(
    ("locks", "taken"), [(True, "in time"), (False, "too late")], ids=["as it is", "without the locks"]
)
def test_a_ticket_under_way_at_the_kiosk_is_waited_for(engine_app, race, open_house, locks, taken):
    """The control, without the lock: a ticket for somebody whom nobody will call."""
    work = while_it_closes(close_it, lambda app: look_then_take(app, locks), take_and_look)
    assert race(work, 2) == [3, taken]
    with houses.arranging(engine_app) as session, pytest.raises(Moved, match="closed_already"):
        at_the_kiosk(session, "another form")


def test_who_comes_all_the_same_within_the_minute_hears_nothing(engine_app, open_house):
    with houses.arranging(engine_app) as session:
        assert close_once(session) == 3
    with houses.arranging(engine_app) as session:
        registration.check_in(session, session.get_one(Visit, open_house[0]), DESK)
        move(session, session.get_one(Visit, open_house[2]), tick(FRIDAY, "10:00"))
        cancelling.cancel(session, session.get_one(Visit, open_house[4]))
        deed_id = deeds.mine(session, DESK)[0].id
    with houses.looking(engine_app) as session:
        assert session.scalars(select(Letter).where(Letter.kind == ASKS)).all() == []
    with houses.arranging(engine_app) as session:
        undoing.undo(session, deed_id, DESK)
        assert open_house[0] in [one.visit_id for one in closing_today.still_to_tell(session)]


def test_taking_it_back_while_everybody_comes_leaves_nobody_asked(engine_app, race, open_house):
    def work(app, number):
        if number:
            return come(app, open_house[number])
        return transaction(app, lambda session: closing_today.undo(session, closing_id, DESK) or "open")

    with houses.arranging(engine_app) as session:
        close_once(session)
        closing_id = session.scalars(select(ClosedTime.id)).one()
    assert race(work, 5) == ["open"] + ["here"] * 4
    with houses.looking(engine_app) as session:
        assert session.scalars(select(Letter).where(Letter.kind == ASKS)).all() == []
        assert session.scalars(select(ClosedTime)).all() == []
    with pytest.raises(Moved), houses.arranging(engine_app) as session:
        closing_today.close(session, ClosedFor.STAFF, None, 6, DESK)
