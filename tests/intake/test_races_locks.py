"""Nobody meets a deadlock: closing the house beside moves across days, offers, reminders, asking all to move.

Each of these locks several rows. With real processes on both engines; a deadlock that reaches anybody is an
error of its process and fails the test.
"""

from __future__ import annotations

import os
import random

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from house import clock
from house.db import db, is_sqlite, writing
from house.intake import claiming
from house.intake.booking import book
from house.intake.cancelling import cancel, undo_cancel
from house.intake.closings import closings, open_again
from house.intake.counters import all_counters
from house.intake.earlier import accept, ask
from house.intake.models import CounterDay, Visit
from house.intake.moving import move
from house.intake.offers import open_offer
from house.intake.passing_on import clear_run_out, let_lapse, offer_next
from house.intake.reminding import remind
from house.intake.worklist import ask_all, worklist
from tests import houses
from tests.intake.booking_house import (
    CPR,
    DRIVING,
    FRIDAY,
    THURSDAY,
    at,
    house_template,  # noqa: F401 - a fixture
    set_up,
    tick,
)
from tests.intake.bookkeeping import agree
from tests.intake.counter_house import close
from tests.intake.racing import act, all_looked

pytestmark = pytest.mark.races
BOTH = [CPR, DRIVING]
DAYS = (THURSDAY, FRIDAY)
WALLS = ("10:00", "10:40", "11:20")
MOVERS, ROUNDS = 4, 60 if os.environ.get("HOUSE_FULL") else 12


@pytest.fixture
def full_house(engine_app, frozen):
    """Two counters; on both days people who would like to come earlier, two to a time."""
    frozen("2027-01-06 12:00", tick=True)
    with houses.arranging(engine_app) as session:
        set_up(session, counters=2, services=BOTH)
        for number, wall in enumerate(WALLS * 2):
            day = DAYS[number % 2]
            visit = book(session, BOTH, 1, at(day, wall), "en", "Ada", f"ada{number}@example.org")
            ask(session, visit, True)


def visit_of(session, chance):
    named = session.scalars(select(Visit.id).where(Visit.name.is_not(None))).all()
    return session.get_one(Visit, chance.choice(named))


def accept_if_offered(session, visit):
    offer = open_offer(session, visit)
    if offer is not None:
        accept(session, offer)


def come_and_go(session, chance):
    """What a visitor or somebody at the desk does with one visit."""
    visit = visit_of(session, chance)
    start = tick(chance.choice(DAYS), chance.choice(WALLS))
    deeds = (
        lambda: move(session, visit, start),
        lambda: move(session, visit, start),
        lambda: cancel(session, visit, "staff 1"),
        lambda: undo_cancel(session, visit, "staff 1"),
        lambda: ask(session, visit, True),
        lambda: accept_if_offered(session, visit),
    )
    chance.choice(deeds)()


def close_or_open(session, chance):
    everywhere = all_counters(session)
    there = closings(session, everywhere, at(THURSDAY, "10:00").date(), True)
    if there:
        open_again(session, there[0].id, everywhere, True, "staff 1")
    else:
        close(session)


def ask_everybody(session, _chance):
    everywhere = all_counters(session)
    seen = [(one.visit_id, one.revision) for one in worklist(session, everywhere)]
    ask_all(session, everywhere, seen, "staff 1")


def work(session, _chance):
    for one in (let_lapse, clear_run_out, offer_next, remind):
        one(session, clock.now())


def everybody(app, number):
    """One closes and opens the house, one asks all to move, two workers work, the others come and go."""
    chance = random.Random(number)
    do = {0: close_or_open, 1: ask_everybody, 2: work, 3: work}.get(number, come_and_go)
    return [act(app, lambda session: do(session, chance)) for _ in range(ROUNDS)]


def test_who_closes_moves_offers_and_asks_never_waits_in_a_circle(engine_app, race, full_house):
    answers = race(everybody, 4 + MOVERS)
    found = [code for one in answers for code in one]
    kind = {"done", "moved", "taken", "gone", "more_met", "visit_began", "too_late", "offer_over"}
    assert set(found) <= kind
    assert answers[0].count("done") >= 2, "the house closed and opened"
    assert any(code == "done" for one in answers[4:] for code in one)
    with houses.looking(engine_app) as session:
        agree(session)


# --- the control -------------------------------------------------------------------------------------------


def lock_both_days(app, number):
    """Lock both days, the second process the other way round, each waiting until both have one."""
    with app.app_context():
        try:
            with writing(db.session()) as session:
                if is_sqlite(session):
                    return "one writer at a time"
                days = [at(day, "10:00").date() for day in DAYS]
                for day in days if number == 0 else reversed(days):
                    session.execute(select(CounterDay).where(CounterDay.day == day).with_for_update()).all()
                    all_looked(app, number, 2)
        except OperationalError as error:
            return "deadlock" if "deadlock" in str(error) else str(error)
        return "done"


def test_without_an_order_of_locks_they_do(engine_app, race, full_house):
    """On SQLite one writes at a time; on PostgreSQL two who lock the other way round fail one of them."""
    with houses.arranging(engine_app) as session:
        keys = session.execute(select(CounterDay.counter_id, CounterDay.day)).all()
        claiming.lock_days(session, [(counter_id, day) for counter_id, day in keys])
        sqlite = is_sqlite(session)
    found = race(lock_both_days, 2)
    assert sorted(found) == (["one writer at a time"] * 2 if sqlite else ["deadlock", "done"])
