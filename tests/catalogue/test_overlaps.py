"""Which rows of opening hours are open at the same time: a table, and against a calendar day by day."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from house.catalogue.opening import DayException, OpeningRule
from house.catalogue.overlaps import overlapping_days, overlapping_rules

MONDAY = date(2027, 1, 4)


def rule(weekday, opens, closes, **more):
    return OpeningRule(weekday, time.fromisoformat(opens), time.fromisoformat(closes), **more)


def every(weeks, since=MONDAY):
    return {"every_weeks": weeks, "valid_from": since}


@pytest.mark.parametrize(
    ("one", "two", "meet"),
    [
        (rule(0, "09:00", "12:00"), rule(0, "11:55", "13:00"), True),
        (rule(0, "09:00", "12:00"), rule(0, "12:00", "13:00"), False),
        (rule(0, "09:00", "12:00"), rule(1, "09:00", "12:00"), False),
        (rule(0, "09:00", "00:00"), rule(0, "23:00", "23:30"), True),
        (rule(0, "09:00", "12:00", valid_to=date(2027, 1, 10)), rule(0, "09:00", "12:00", **every(1)), True),
        (rule(0, "09:00", "12:00", valid_to=date(2027, 1, 3)), rule(0, "09:00", "12:00", **every(1)), False),
        (rule(0, "09:00", "12:00", **every(2)), rule(0, "09:00", "12:00", **every(2)), True),
        (
            rule(0, "09:00", "12:00", **every(2)),
            rule(0, "09:00", "12:00", **every(2, MONDAY + timedelta(7))),
            False,
        ),
        (
            rule(0, "09:00", "12:00", **every(2)),
            rule(0, "09:00", "12:00", **every(3, MONDAY + timedelta(7))),
            True,
        ),
        (
            rule(0, "09:00", "12:00", **every(2)),
            rule(0, "09:00", "12:00", valid_to=date(2027, 1, 17), **every(2, MONDAY + timedelta(7))),
            False,
        ),
        (rule(0, "09:00", "12:00", valid_from=date.max), rule(0, "09:00", "12:00"), False),
    ],
)
def test_rules_meet_when_a_day_comes_on_which_both_are_open(one, two, meet):
    assert list(overlapping_rules([one, two])) == ([(0, 1)] if meet else [])
    assert list(overlapping_rules([two, one])) == ([(0, 1)] if meet else [])


def test_days_meet_by_time_and_a_closed_one_meets_every_other():
    def day(*hours, on=MONDAY):
        return DayException(on, *(time.fromisoformat(one) for one in hours))

    days = [day("09:00", "10:00"), day("10:00", "11:00"), day("10:30", "12:00"), day(on=date(2027, 1, 5))]
    assert list(overlapping_days(days)) == [(1, 2)]
    assert list(overlapping_days([day(), day("09:00", "10:00")])) == [(0, 1)]
    assert list(overlapping_days([day(), day()])) == [(0, 1)]


times = st.sampled_from(["08:00", "09:00", "10:00", "11:00"])
days = st.one_of(st.none(), st.integers(0, 60).map(lambda n: MONDAY + timedelta(n)))


@st.composite
def rules(draw):
    opens, closes = sorted(draw(st.lists(times, min_size=2, max_size=2, unique=True)))
    since, until = draw(days), draw(days)
    if since and until and until < since:
        since, until = until, since
    return rule(
        draw(st.integers(0, 1)),
        opens,
        closes,
        valid_from=since,
        valid_to=until,
        every_weeks=draw(st.integers(1, 4)),
    )


@given(rules(), rules())
def test_the_rule_agrees_with_a_calendar(one, two):
    """Two years are more than the common multiple of all weeks asked for, from the latest first day on."""

    def both(day):
        return one.holds_on(day) and two.holds_on(day) and one.opens < two.closes and two.opens < one.closes

    calendar = (MONDAY - timedelta(200) + timedelta(n) for n in range(730))
    assert bool(list(overlapping_rules([one, two]))) == any(map(both, calendar))
