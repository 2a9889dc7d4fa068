"""Two addresses on one booking, changed and forgotten beside each other, with real processes on both engines.

What stands in the end is what one window gave, whole: never the mail of one beside the number of another.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm.attributes import set_committed_value

from house import clock
from house.db import begin_writing, is_sqlite
from house.intake import claiming, forget
from house.intake.booking import confirm, give_contact
from house.intake.fairness import VISITS_AHEAD, mark_of
from house.intake.holding import hold
from house.intake.models import Visit
from house.intake.reaching import recipient
from house.post import Letter
from tests import houses
from tests.intake.booking_house import (
    CPR,
    THURSDAY,
    WEDNESDAY,
    house_template,  # noqa: F401 - a fixture
    set_up,
    tick,
)
from tests.intake.racing import FEW, IN_VAIN, PATIENCE, act, all_looked, look_then_judge, wait_for

pytestmark = pytest.mark.races
MAIL, MOBILE = "ada@example.org", "+4520123456"
OTHERS = ("other@example.org", "+4520999999")
WINDOWS = [("By mail", MAIL, None), ("By text", None, MOBILE), ("By both", *OTHERS)]
CONTACT = ("name", "email", "mobile", "email_mark", "mobile_mark")


@pytest.fixture
def house(engine_app, frozen):
    travel = frozen(WEDNESDAY)
    with houses.arranging(engine_app) as session:
        set_up(session, counters=2)
    return travel


@pytest.fixture
def held(engine_app, house):
    """One time held, whose visitor has said nothing yet."""
    with houses.arranging(engine_app) as session:
        hold(session, CPR, 1, tick(THURSDAY, "10:00"), "en", b"browser")
    return house


def contact(app):
    with houses.looking(app) as session:
        visit = session.get_one(Visit, 1)
        given = (visit.name, visit.email, visit.mobile)
        marks = (visit.email_mark, visit.mobile_mark)
        assert marks == tuple(one and mark_of(one) for one in given[1:]), "a mark of another address"
        letters = session.scalars(select(Letter.recipient)).all()
        assert letters == ([recipient(visit)] if visit.state == "booked" else [])
        return given


def give(app, number):
    name, email, mobile = WINDOWS[number]

    def write(session):
        give_contact(session, session.get_one(Visit, 1), name, email, mobile=mobile)

    return act(app, write)


def give_or_book(app, number):
    """Three windows give other addresses, the fourth presses the button."""
    if number < len(WINDOWS):
        return give(app, number)
    return act(app, lambda session: confirm(session, session.get_one(Visit, 1), "en").state.value)


def test_what_stands_is_what_one_window_gave(engine_app, race, held):
    *given, booked = race(give_or_book, 4)
    assert given == ["done"] * 3 and booked in ("booked", "name_missing")
    assert contact(engine_app) in WINDOWS


def give_carelessly(app, number):
    """Without the lock on the visit: what is written differs from what was seen before all had looked."""

    def careless(session, visit):
        seen = {name: getattr(visit, name) for name in CONTACT}
        session.rollback()
        all_looked(app, number, 2)
        begin_writing(session)
        session.refresh(visit)
        for name, value in seen.items():
            set_committed_value(visit, name, value)

    claiming.lock_visit = careless
    return give(app, number)


def test_without_the_lock_two_addresses_are_mixed(engine_app, race, held):
    assert race(give_carelessly, 2) == ["done"] * 2
    assert contact(engine_app)[1:] == (MAIL, MOBILE), "the mail of one beside the number of the other"


# --- fair shares of both addresses -------------------------------------------------------------------------


@pytest.fixture
def crossed(engine_app, house):
    """Five times held: every address is on four of them, crosswise, so that no order of locks is natural."""
    given = [(MAIL, MOBILE), ("b@example.org", MOBILE), (MAIL, OTHERS[1]), (MAIL, MOBILE), (MAIL, MOBILE)]
    with houses.arranging(engine_app) as session:
        for number, (email, mobile) in enumerate(given):
            start = tick(THURSDAY, f"{10 + number // 3}:{20 * (number % 3):02}")
            visit = hold(session, CPR, 1, start, "en", b"%d" % number)
            give_contact(session, visit, "Ada", email, mobile=mobile)


def press(app, number):
    return act(app, lambda session: confirm(session, session.get_one(Visit, 1 + number), "en").state.value)


def press_carelessly(app, number):
    look_then_judge(app, number)
    return press(app, number)


def most_of_one_address(app):
    with houses.looking(app) as session:
        booked = select(func.count()).where(Visit.state == "booked")
        return max(
            session.scalar(booked.where(column == mark_of(one)))
            for column, one in ((Visit.email_mark, MAIL), (Visit.mobile_mark, MOBILE))
        )


def test_neither_address_gets_more_than_its_share_and_nobody_waits_in_a_circle(engine_app, race, crossed):
    answers = race(press, FEW)
    assert set(answers) == {"booked", "enough_visits"}
    assert most_of_one_address(engine_app) == VISITS_AHEAD


def test_without_the_turns_both_get_too_much(engine_app, race, crossed):
    assert race(press_carelessly, FEW) == ["booked"] * FEW
    assert most_of_one_address(engine_app) == 4


# --- forgetting --------------------------------------------------------------------------------------------


def give_while_it_is_forgotten(app, number):
    """Somebody comes back to a hold of the day before yesterday while the worker takes it away."""
    folder = app.extensions["house-config"].data_dir
    if number == 0:
        wait_for((folder / "looked").exists)
        found = act(app, lambda session: forget.forget(session, clock.now()))
        (folder / "gone").touch()
        return found

    def write(session):
        visit = session.get_one(Visit, 1)
        (folder / "looked").touch()
        wait_for((folder / "gone").exists, IN_VAIN if is_sqlite(session) else PATIENCE)
        give_contact(session, visit, "Ada", MAIL, mobile=MOBILE)

    return act(app, write)


def test_an_address_for_a_hold_that_is_being_forgotten_is_kindly_refused(engine_app, race, held):
    """On SQLite the one writer has the lock: there the hold is taken away after."""
    held.shift(timedelta(days=2))
    forgotten, given = race(give_while_it_is_forgotten, 2)
    with houses.looking(engine_app) as session:
        assert (forgotten, given) == (1, "done" if is_sqlite(session) else "gone")
        assert session.scalar(select(func.count()).select_from(Visit)) == 0
