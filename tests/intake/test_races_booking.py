"""Twenty browsers, each a process, press the button for one last time at the same moment, on both engines.

The guards are two: the locks of the write order, and the primary key of `occupancy`. With the locks taken out
the key alone must still let only one through; with both taken out the house must oversell, or this test could
not fail.
"""

from __future__ import annotations

import random
import re
from datetime import date

import pytest

from house.db import db, writing
from house.intake import claiming
from house.intake.booking import confirm, give_contact
from house.intake.cancelling import cancel
from house.intake.holding import hold
from house.intake.models import Visit
from house.problems import Problem
from tests import houses
from tests.intake.booking_house import (
    CPR,
    FRIDAY,
    THURSDAY,
    WEDNESDAY,
    house_template,  # noqa: F401 - a fixture
    set_up,
    tick,
)
from tests.intake.bookkeeping import agree
from tests.intake.racing import FEW, counts, drop_the_key, full, look_then_take

pytestmark = pytest.mark.races
TEN = tick(THURSDAY, "10:00")
PAGE = f"/en/book/{CPR}/1/{THURSDAY}"
WALLS = ["10:00", "10:10", "10:20", "11:00", "11:10", "11:20"]


@pytest.fixture
def last_time(engine_app, frozen):
    """A house with exactly one time on Thursday; others only a week later."""
    frozen(WEDNESDAY)
    with houses.arranging(engine_app) as session:
        house = set_up(session, hours={3: [("10:00", "10:20")]})
        claiming.lock_days(session, [(house.counter_ids[0], date.fromisoformat(THURSDAY))])


def press(app, number):
    """One visitor: opens the page, presses the button; answers the status and what the page says."""
    client = app.test_client()
    client.inspects = False
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(PAGE).text)
    answer = client.post(PAGE, data={"start": TEN, "csrf_token": token[1]})
    return answer.status_code, "Somebody was faster" in answer.text, answer.text.count('name="start" value=')


def press_without_locks(app, number):
    """The same in a house whose verb looks first and begins to write when all have looked."""
    look_then_take(app, number)
    return press(app, number)


def stored(app):
    """How many places, visits and steps there are, and the day's bitmap."""
    return [*counts(app), *full(app)]


@pytest.mark.parametrize(
    ("work", "runners"), [(press, 20), (press_without_locks, FEW)], ids=["as it is", "by the key alone"]
)
def test_one_gets_the_last_time_and_the_others_the_nearest(engine_app, race, last_time, work, runners):
    answers = race(work, runners)
    assert sorted(answers) == [(303, False, 0)] + [(409, True, 3)] * (runners - 1)
    assert stored(engine_app) == [4, 1, 1, 0b1111 << 120]


def test_without_locks_and_key_the_last_time_is_sold_to_everybody(engine_app, race, last_time):
    drop_the_key(engine_app)
    answers = race(press_without_locks, FEW)
    assert [status for status, *_ in answers] == [303] * FEW
    assert stored(engine_app)[:2] == [4 * FEW, FEW]


def come_and_go(app, number):
    """A restless visitor: holds, moves, books and cancels at random; answers how often it was let."""
    chance, visit_id, done = random.Random(number), None, 0
    with app.app_context():
        for _ in range(8):
            try:
                with writing(db.session()) as session:
                    visit = session.get(Visit, visit_id) if visit_id else None
                    if visit is None or chance.random() < 0.5:
                        day = chance.choice([THURSDAY, FRIDAY])
                        start = tick(day, chance.choice(WALLS))
                        visit = hold(session, CPR, chance.randint(1, 2), start, "en", str(number).encode())
                        give_contact(session, visit, "Ada", None)
                    elif chance.random() < 0.5:
                        confirm(session, visit, "en")
                    else:
                        cancel(session, visit)
                    visit_id = visit.id
                done += 1
            except Problem:
                pass
    return done


def test_a_crowd_that_comes_and_goes_leaves_the_books_right(engine_app, race, frozen):
    """No deadlock, no lost place: visits, rows and bitmaps agree afterwards."""
    frozen(WEDNESDAY)
    with houses.arranging(engine_app) as session:
        set_up(session, counters=2)
        set_up(session, capacity=2)
    assert sum(race(come_and_go, 6)) > 12
    with houses.looking(engine_app) as session:
        assert agree(session)
