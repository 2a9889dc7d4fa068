"""The storm: processes that do all that can be done in the house, at once and by chance, on both engines.

Each act ends in an answer or in a `Problem`; a deadlock, or anything else, fails with its traceback. When it
is over the house is sound. By default a few dozen acts each; with HOUSE_FULL some thousand, and the controls
that take a guard out: the storm finds them.
"""

from __future__ import annotations

import os
import random
import time
from collections import Counter as Tally

import pytest
from sqlalchemy import delete, event, func, insert, select, update
from sqlalchemy.exc import OperationalError

from house import audit
from house.audit import Act
from house.db import db
from house.events.models import Seat
from house.events.signing_up import sign_up
from house.intake import closing, day_rows, desk_numbers, turns
from house.intake.earlier import ask
from house.intake.models import CounterDay, Occupancy, Period, Step, StepState, Ticket, Visit, VisitState
from house.intake.offering import find_times
from house.post import Letter, LetterState
from house.reporting.models import Contact
from tests import houses
from tests.events.scenes import an_event, persons
from tests.intake.booking_house import (
    CPR,
    DRIVING,
    THURSDAY,
    at,
    house_template,  # noqa: F401 - a fixture
)
from tests.intake.counter_house import THE_THURSDAY
from tests.intake.desk_house import booked, furnish, walk_in
from tests.intake.racing import act
from tests.intake.soundness import is_sound
from tests.intake.storming import OF_CALLERS, OF_MANAGERS, OF_VISITORS
from tests.intake.storming_desk import (
    ALONE,
    DESK_BROWSER,
    OF_THE_DESK,
    OF_THE_WORKER,
    closes_the_day,
)

pytestmark = pytest.mark.races
FULL = bool(os.environ.get("HOUSE_FULL"))
RUNNERS = 6
MANY = 1500
ACTS = int(os.environ.get("HOUSE_STORM", MANY if FULL else 30))
"""Of each; `HOUSE_STORM` says how many, for a storm of its own."""
SEEDS = (17, 18, 19) if FULL else (17,)
DAWDLES, LONGEST = 0.04, 0.01
"""On PostgreSQL one statement in so many is followed by a pause of at most so many seconds: others go on."""


@pytest.fixture
def house(engine_app, frozen):
    """Ten past nine on Thursday: some wait, some have booked for today and want to come earlier."""
    return furnished(engine_app, frozen)


def furnished(app, frozen):
    frozen(f"{THURSDAY} 09:10", tick=True)
    with houses.arranging(app) as session:
        furnish(session)
        desk_numbers.blocks_for(session, DESK_BROWSER, 1)
        sign_up(session, an_event(session, capacity=3, starts_at=at(THURSDAY, "10:30")), persons(1))
        for number, wall in enumerate(("10:20", "10:40", "11:20", "11:40")):
            visit = booked(session, wall, f"Ada {number}", email=f"booked{number}@example.org")
            ask(session, visit, number > 1)
        walk_in(session, CPR, DRIVING)
        walk_in(session)
    with houses.looking(app) as session:  # what is slow once is loaded before the processes part
        find_times(session, [CPR, DRIVING], 1, "en").days(THE_THURSDAY)
    return app


# --- one of those who do all this --------------------------------------------------------------------------


def dawdle(app, chance):
    """Let everybody pause now and then between two statements, on PostgreSQL: so what meets seldom meets."""
    with app.app_context():
        engine = db.engine
    if engine.dialect.name == "sqlite":
        return

    def pause(*_):
        if chance.random() < DAWDLES:
            time.sleep(chance.uniform(0, LONGEST))

    event.listen(engine, "after_cursor_execute", pause)


def storm(app, seed, acts=ACTS, only=()):
    """Do so many acts by chance; how often each was done, and what letters left."""
    chance, sent = random.Random(seed), []
    closing.may_be_missed = lambda *_: True  # nobody waits three minutes in a storm
    dawdle(app, random.Random(seed))
    everybody = (OF_VISITORS, OF_CALLERS, OF_THE_DESK, OF_THE_DESK, OF_MANAGERS, OF_THE_WORKER, ALONE)
    done = Tally()
    for turn in range(acts):
        do = chance.choice(only or chance.choice(everybody))
        if not only and turn % 500 == 499:
            do = closes_the_day
        done[do.__name__, _do(app, do, chance, sent)] += 1
    return done, sent


def _do(app, do, chance, sent):
    if do in ALONE or do is closes_the_day:
        with app.app_context():
            do(chance, sent)
            return "done"
    return act(app, lambda session: do(session, chance) and None)


# --- the storm ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_all_do_at_once_ends_in_an_answer_and_a_sound_house(engine_app, race, house, seed):
    found = race(lambda app, number: storm(app, seed * 100 + number), RUNNERS, seconds=3600)
    letters = [name for _, sent in found for name in sent]
    assert len(set(letters)) == len(letters), "a letter left twice"
    with houses.arranging(engine_app) as session:
        audit.seal(session, 100_000)
    with houses.looking(engine_app) as session:
        is_sound(session)
        left = session.scalars(select(Letter.id).where(Letter.state == LetterState.SENT))
        assert {f"<letter-{key}@example.dk>" for key in left} <= set(letters), "a letter was never sent"
    together = sum((done for done, _ in found), Tally())
    names = {do.__name__ for some in (OF_VISITORS, OF_CALLERS, OF_THE_DESK, OF_MANAGERS) for do in some}
    done = {name for name, how in together if how == "done"} & names
    assert len(done) >= (len(names) if ACTS >= MANY else 20), f"never done: {sorted(names - done)}"
    if FULL or "HOUSE_STORM" in os.environ:
        print("\n", engine_app.config["SQLALCHEMY_DATABASE_URI"][:10], seed, sum(together.values()))
        for name in sorted(names):
            print(f"  {name:26}", {how: n for (who, how), n in sorted(together.items()) if who == name})


# --- the controls ------------------------------------------------------------------------------------------


def at_two_counters_at_once(session):
    session.execute(update(Step).values(state=StepState.CALLED, counter_id=1))


def a_place_is_gone(session):
    some = select(func.min(Occupancy.tick)).scalar_subquery()
    session.execute(delete(Occupancy).where(Occupancy.tick == some))


def a_bitmap_lies(session):
    session.execute(update(CounterDay).values(full=b"\0"))


def a_gap(session):
    session.execute(update(Period).values(began_at=at(THURSDAY, "09:00")))


def a_number_is_gone(session):
    session.execute(delete(Ticket).where(Ticket.number == 2))


def told_too_often(session):
    session.add(Contact(id=1, month="2027-01", record_key=1, person_key=b"1", channel="walk_in"))


def confirmed_twice(session):
    letter = session.scalars(select(Letter).where(Letter.kind == "visit_booked")).first()
    columns = {one.key: getattr(letter, one.key) for one in Letter.__table__.columns if one.key != "id"}
    session.execute(insert(Letter).values(columns))


def a_seat_is_gone(session):
    session.execute(delete(Seat))


def an_act_was_changed(session):
    audit.seal(session)
    session.execute(update(Act).where(Act.link == 1).values(actor="nobody"))


def held_and_booked(session):
    session.execute(update(Visit).where(Visit.state == VisitState.BOOKED, Visit.id == 1).values(browser=b"1"))


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (at_two_counters_at_once, "a counter serves two"), (a_place_is_gone, "lacks a place"),
        (a_bitmap_lies, "lies"), (a_gap, "from arrival on"), (a_number_is_gone, "has no number"),
        (told_too_often, "told twice"), (confirmed_twice, "confirmed twice"),
        (a_seat_is_gone, "somebody has none"), (an_act_was_changed, "audit was changed"),
        (held_and_booked, "holds what is booked"),
    ],
)  # fmt: skip
def test_a_house_that_is_not_sound_is_found_out(app, frozen, fault, says):
    furnished(app, frozen)
    with houses.looking(app) as session:
        is_sound(session)
        fault(session)
        session.flush()
        session.expire_all()
        with pytest.raises(AssertionError, match=says):
            is_sound(session)


def without_turns(_number):
    turns.take = lambda *_: None


def days_in_another_order(number):
    lock = day_rows.lock
    if number % 2:
        day_rows.lock = lambda session, keys: [lock(session, [key]) for key in reversed(keys)]


@pytest.mark.full
@pytest.mark.postgres
@pytest.mark.parametrize("without", [days_in_another_order])
def test_without_a_guard_the_storm_finds_the_circle(pg_app, frozen, without):
    furnished(pg_app, frozen)

    def careless(app, number):
        without(number)
        try:
            return storm(app, number, 400, only=OF_VISITORS) and "calm"
        except OperationalError as error:
            return "deadlock" if "deadlock" in str(error) else str(error)

    found = houses.race(pg_app.extensions["house-config"], careless, RUNNERS, seconds=600)
    assert "deadlock" in found
