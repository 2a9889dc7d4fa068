"""Races of one person against themselves, on both engines: a button pressed twice, more than a fair share.

Each has a control without the key or the lock that must end badly; else the test could not fail.
"""

from __future__ import annotations

import pytest

from house.intake.booking import confirm, give_contact
from house.intake.fairness import VISITS_AHEAD
from house.intake.holding import hold
from house.intake.models import Visit
from tests import houses
from tests.intake.booking_house import (
    CPR,
    FRIDAY,
    THURSDAY,
    house_template,  # noqa: F401 - a fixture
    tick,
)
from tests.intake.changing_house import (
    MANY,
    TEN,
    books_agree,
    kinds,
    the_house,  # noqa: F401 - a fixture
    visits,
)
from tests.intake.racing import FEW, act, counts, look_then_act, look_then_hold, look_then_judge

pytestmark = pytest.mark.races


# --- pressing twice ----------------------------------------------------------------------------------------


def hold_as(key):
    def press(app, number):
        return act(app, lambda session: hold(session, CPR, 1, TEN, "en", key(number)).reference)

    return press


def one_browser(_number):
    return b"browser"


def no_browser(_number):
    return None


def test_a_button_pressed_twice_in_one_browser_holds_once(engine_app, race, house):
    [reference] = set(race(hold_as(one_browser), MANY))
    assert reference == visits(engine_app)[0].reference
    assert counts(engine_app) == [4, 1, 1]


def hold_here_and_there(app, number):
    """One impatient finger: the same two times, again and again."""
    starts = [TEN, tick(FRIDAY, "10:00")]
    return {hold_at(app, starts[(number + turn) % 2]) for turn in range(6)}


def hold_at(app, start):
    return act(app, lambda session: hold(session, CPR, 1, start, "en", b"browser").reference)


def test_one_browser_that_presses_on_two_days_waits_for_itself_in_no_circle(engine_app, race, house):
    [reference] = set().union(*race(hold_here_and_there, MANY))
    assert reference == visits(engine_app)[0].reference
    assert counts(engine_app) == [4, 1, 1]
    books_agree(engine_app)


def hold_without_turns(app, number):
    look_then_hold(app, number)
    return hold_as(one_browser)(app, number)


def test_without_turns_the_second_press_is_refused(engine_app, race, house):
    answers = race(hold_without_turns, FEW)
    assert answers.count("taken") == FEW - 1
    assert counts(engine_app) == [4, 1, 1]


def test_without_a_key_the_second_is_somebody_else(engine_app, race, house):
    answers = race(hold_as(no_browser), MANY)
    assert answers.count("taken") == MANY - 1
    assert counts(engine_app) == [4, 1, 1]


@pytest.fixture
def checked(engine_app, house):
    with houses.arranging(engine_app) as session:
        visit = hold(session, CPR, 1, TEN, "en", b"browser")
        give_contact(session, visit, "Ada", "ada@example.org")


def press_book(app, number):
    return act(app, lambda session: confirm(session, session.get(Visit, 1), "en").state.value)


def press_book_carelessly(app, number):
    look_then_act(app, number)
    return press_book(app, number)


def test_booking_pressed_twice_is_one_visit_and_one_letter(engine_app, race, checked):
    assert race(press_book, MANY) == ["booked"] * MANY
    assert kinds(engine_app) == ["visit_booked"]
    assert visits(engine_app)[0].revision == 1
    books_agree(engine_app)


def test_without_the_lock_it_is_told_twice(engine_app, race, checked):
    race(press_book_carelessly, FEW)
    assert len(kinds(engine_app)) == FEW


# --- fair shares -------------------------------------------------------------------------------------------


@pytest.fixture
def greedy(engine_app, house):
    """Five times held side by side for one address."""
    with houses.arranging(engine_app) as session:
        for number in range(FEW):
            start = tick(THURSDAY, f"{10 + number // 3}:{20 * (number % 3):02}")
            visit = hold(session, CPR, 1, start, "en", b"%d" % number)
            give_contact(session, visit, "Ada", "ada@example.org")


def press_mine(app, number):
    return act(app, lambda session: confirm(session, session.get(Visit, 1 + number), "en").state.value)


def press_mine_carelessly(app, number):
    look_then_judge(app, number)
    return press_mine(app, number)


def test_an_address_gets_its_share_and_no_more(engine_app, race, greedy):
    answers = race(press_mine, FEW)
    assert sorted(answers) == ["booked"] * VISITS_AHEAD + ["enough_visits"] * (FEW - VISITS_AHEAD)
    assert len(kinds(engine_app)) == VISITS_AHEAD


def test_without_the_lock_it_gets_all(engine_app, race, greedy):
    assert race(press_mine_carelessly, FEW) == ["booked"] * FEW
