"""Races for a time, with real processes on both engines: the last one, overlaps, a hold that ran out.

Each has a control in a careless house, without the locks and without the key, that must end badly; else the
test could not fail.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from house.intake.booking import confirm, give_contact
from house.intake.holding import hold
from house.intake.models import Visit
from tests import houses
from tests.intake.booking_house import (
    CPR,
    house_template,  # noqa: F401 - a fixture
)
from tests.intake.changing_house import (
    BOTH,
    MANY,
    TEN,
    books_agree,
    the_house,  # noqa: F401 - a fixture
    the_last_itinerary,  # noqa: F401 - a fixture
)
from tests.intake.racing import FEW, act, counts, drop_the_key, has_looked, look_then_keep, look_then_take

pytestmark = pytest.mark.races


# --- the last itinerary ------------------------------------------------------------------------------------


def take_both(app, number):
    return act(app, lambda session: hold(session, BOTH, 1, TEN, "en", b"%d" % number).state.value)


def take_both_carelessly(app, number):
    look_then_take(app, number)
    return take_both(app, number)


def test_one_gets_the_last_itinerary_whole(engine_app, race, last_itinerary):
    answers = race(take_both, MANY)
    assert sorted(answers) == ["held"] + ["taken"] * (MANY - 1)
    assert counts(engine_app) == [7, 1, 2]
    books_agree(engine_app)


def test_without_locks_and_key_everybody_gets_it(engine_app, race, last_itinerary):
    drop_the_key(engine_app)
    assert race(take_both_carelessly, FEW) == ["held"] * FEW
    assert counts(engine_app) == [7 * FEW, FEW, 2 * FEW]


def test_by_the_key_alone_one_gets_it(engine_app, race, last_itinerary):
    assert sorted(race(take_both_carelessly, FEW)) == ["held"] + ["taken"] * (FEW - 1)
    assert counts(engine_app) == [7, 1, 2]


# --- overlapping, but unequal ------------------------------------------------------------------------------


STARTS = [TEN + 2 * number for number in range(FEW)]  # 10:00, 10:10, … each 20 minutes long


def take_mine(app, number):
    start = STARTS[number % len(STARTS)]
    return act(app, lambda session: hold(session, CPR, 1, start, "en", b"%d" % number) and start)


def take_mine_carelessly(app, number):
    look_then_take(app, number)
    return take_mine(app, number)


def overlap(starts):
    return any(second - first < 4 for first, second in zip(sorted(starts), sorted(starts)[1:], strict=False))


def test_times_that_overlap_are_not_both_sold(engine_app, race, house):
    answers = race(take_mine, MANY)
    got = [one for one in answers if one != "taken"]
    assert 2 <= len(got) <= 3 and not overlap(got)
    assert counts(engine_app) == [4 * len(got), len(got), len(got)]
    books_agree(engine_app)


def test_without_locks_and_key_times_that_overlap_are_sold(engine_app, race, house):
    drop_the_key(engine_app)
    assert overlap(race(take_mine_carelessly, FEW))


# --- a hold that ran out, against a new one ----------------------------------------------------------------


@pytest.fixture
def run_out(engine_app, house):
    with houses.arranging(engine_app) as session:
        visit = hold(session, CPR, 1, TEN, "en", b"slow")
        give_contact(session, visit, "Slow", "slow@example.org")
    house.clock.shift(timedelta(minutes=17))


def confirm_or_take(app, number):
    if number == 0:
        return act(app, lambda session: confirm(session, session.get(Visit, 1), "en").state.value)
    return act(app, lambda session: hold(session, CPR, 1, TEN, "en", b"%d" % number).state.value)


def confirm_or_take_carelessly(app, number):
    if number == 0:
        look_then_keep(app, number, few=1)
    else:
        has_looked(app, 0)
    return confirm_or_take(app, number)


def test_a_hold_that_ran_out_goes_to_one_its_holder_or_another(engine_app, race, run_out):
    answers = race(confirm_or_take, MANY)
    mine, others = answers[0], answers[1:]
    if mine == "booked":
        assert set(others) == {"taken"}
    else:
        assert mine == "hold_over" and sorted(others) == ["held"] + ["taken"] * (MANY - 2)
    books_agree(engine_app)
    assert counts(engine_app)[0] == 4


def test_without_locks_both_are_told_yes(engine_app, race, run_out):
    answers = race(confirm_or_take_carelessly, 2)
    assert answers == ["booked", "held"]
    with pytest.raises(AssertionError, match="lacks a place"):
        books_agree(engine_app)
