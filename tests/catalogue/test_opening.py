"""Opening hours: weekly rules, days that differ, holidays, and the two nights the clock changes."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from house.catalogue.opening import (
    DayException,
    OpeningRule,
    Span,
    closed_span,
    is_open,
    last_open_day,
    next_open_day,
    open_spans,
    shifts,
)

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
HOUSE = (
    OpeningRule(0, time(8, 30), time(15)),
    OpeningRule(2, time(8, 30), time(15)),
    OpeningRule(3, time(8, 30), time(16)),
    OpeningRule(4, time(8, 30), time(13)),
)
MONDAY = date(2026, 9, 7)
LEAP_FORWARD = date(2026, 3, 29)  # 02:00 becomes 03:00, at 01:00 UTC
FALL_BACK = date(2026, 10, 25)  # 03:00 becomes 02:00, at 01:00 UTC


def utc(day, at):
    return datetime.combine(day, time.fromisoformat(at), UTC)


def spans(day, *pairs):
    return tuple(Span(utc(day, start), utc(day, end)) for start, end in pairs)


def every_day(opens, closes):
    return tuple(OpeningRule(n, time.fromisoformat(opens), time.fromisoformat(closes)) for n in range(7))


def opened(rules=HOUSE, exceptions=(), holidays=(), day=MONDAY, tz=COPENHAGEN):
    return open_spans(rules, exceptions, holidays, day, tz)


def test_a_weekday_opens_by_the_wall_clock_in_summer_and_in_winter():
    assert opened(day=MONDAY) == spans(MONDAY, ("06:30", "13:00"))
    winter = date(2026, 12, 7)
    assert opened(day=winter) == spans(winter, ("07:30", "14:00"))


@pytest.mark.parametrize("day", [date(2026, 9, 8), date(2026, 9, 12), date(2026, 9, 13)])
def test_a_day_without_a_rule_is_closed(day):
    assert opened(day=day) == ()


def test_a_holiday_is_closed():
    assert opened(holidays={MONDAY: "some_day"}) == ()


def test_an_exception_with_hours_opens_on_a_holiday():
    exception = DayException(MONDAY, time(10), time(12), "open_on_holiday")
    assert opened(exceptions=(exception,), holidays={MONDAY}) == spans(MONDAY, ("08:00", "10:00"))


def test_an_exception_with_hours_replaces_the_hours_of_the_week():
    exception = DayException(MONDAY, time(10), time(12), "short_day")
    assert opened(exceptions=(exception,)) == spans(MONDAY, ("08:00", "10:00"))


def test_an_exception_without_hours_closes_whatever_else_is_said_of_the_day():
    exceptions = (DayException(MONDAY, time(10), time(12)), DayException(MONDAY, reason="moving"))
    assert opened(exceptions=exceptions) == ()


def test_an_exception_leaves_other_days_alone():
    assert opened(exceptions=(DayException(MONDAY + timedelta(days=1)),)) == spans(MONDAY, ("06:30", "13:00"))


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        ([("13:00", "15:00"), ("08:00", "12:00")], [("06:00", "10:00"), ("11:00", "13:00")]),
        ([("08:00", "12:00"), ("12:00", "15:00")], [("06:00", "13:00")]),
        ([("08:00", "15:00"), ("09:00", "10:00")], [("06:00", "13:00")]),
        ([("08:00", "10:00"), ("09:00", "11:00")], [("06:00", "09:00")]),
    ],
)
def test_openings_are_sorted_and_merged_where_they_touch(hours, expected):
    rules = [OpeningRule(0, time.fromisoformat(a), time.fromisoformat(b)) for a, b in hours]
    assert opened(rules=rules) == spans(MONDAY, *expected)


@pytest.mark.parametrize(
    ("day", "is_open_then"),
    [
        (date(2026, 8, 31), False),
        (date(2026, 9, 7), True),
        (date(2026, 9, 28), True),
        (date(2026, 10, 5), False),
    ],
)
def test_a_rule_holds_from_its_first_to_its_last_day_both_included(day, is_open_then):
    rule = OpeningRule(0, time(9), time(10), valid_from=date(2026, 9, 7), valid_to=date(2026, 9, 28))
    assert bool(opened(rules=[rule], day=day)) is is_open_then


def test_every_second_week_counts_from_the_week_in_which_the_rule_begins():
    rule = OpeningRule(0, time(9), time(10), valid_from=date(2026, 9, 10), every_weeks=2)  # a Thursday
    mondays = [MONDAY + timedelta(weeks=n) for n in range(5)]
    assert [bool(opened(rules=[rule], day=day)) for day in mondays] == [False, False, True, False, True]


def test_every_third_week_without_a_beginning_still_comes_every_third_week():
    rule = OpeningRule(0, time(9), time(10), every_weeks=3)
    found = [bool(opened(rules=[rule], day=MONDAY + timedelta(weeks=n))) for n in range(6)]
    assert sum(found) == 2
    assert found[:3] == found[3:]


@pytest.mark.parametrize(
    ("day", "opens", "closes", "expected"),
    [
        # the hour 02-03 does not exist
        (LEAP_FORWARD, "02:30", "05:00", [("01:00", "03:00")]),
        (LEAP_FORWARD, "01:00", "02:30", [("00:00", "01:00")]),
        (LEAP_FORWARD, "02:15", "02:45", []),
        (LEAP_FORWARD, "02:00", "03:00", []),
        (LEAP_FORWARD, "01:30", "03:30", [("00:30", "01:30")]),
        # the hour 02-03 comes twice: opening is the first, closing the second
        (FALL_BACK, "02:30", "05:00", [("00:30", "04:00")]),
        (FALL_BACK, "01:00", "02:30", [("23:00", "01:30")]),
        (FALL_BACK, "02:15", "02:45", [("00:15", "01:45")]),
        (FALL_BACK, "02:00", "03:00", [("00:00", "02:00")]),
    ],
)
def test_a_night_when_the_clock_changes_opens_and_closes_where_it_should(day, opens, closes, expected):
    found = opened(rules=every_day(opens, closes), day=day)
    assert [(f"{start:%H:%M}", f"{end:%H:%M}") for start, end in found] == expected
    assert all(span.start.tzinfo is UTC and span.end.tzinfo is UTC for span in found)


@pytest.mark.parametrize(("day", "hours"), [(LEAP_FORWARD, 23), (FALL_BACK, 25), (MONDAY, 24)])
def test_round_the_clock_lasts_as_long_as_the_day(day, hours):
    ((start, end),) = opened(rules=every_day("00:00", "00:00"), day=day)
    assert end - start == timedelta(hours=hours)


def test_a_midnight_that_does_not_exist_begins_at_the_leap():
    beirut = ZoneInfo("Asia/Beirut")  # 2022-03-27 00:00 became 01:00
    ((start, end),) = opened(rules=every_day("00:00", "00:00"), day=date(2022, 3, 27), tz=beirut)
    assert (start, end - start) == (datetime(2022, 3, 26, 22, tzinfo=UTC), timedelta(hours=23))


@pytest.mark.parametrize(
    ("at", "expected"),
    [("06:29", False), ("06:30", True), ("12:59", True), ("13:00", False)],
)
def test_the_opening_instant_is_open_and_the_closing_instant_is_closed(at, expected):
    assert is_open(HOUSE, (), (), utc(MONDAY, at), COPENHAGEN) is expected
    assert is_open(HOUSE, (), (), utc(MONDAY, at).astimezone(ZoneInfo("Asia/Tokyo")), COPENHAGEN) is expected


def test_an_hour_that_comes_twice_is_closed_by_its_second_coming():
    rules = every_day("02:00", "02:45")
    first = datetime(2026, 10, 25, 2, 50, tzinfo=COPENHAGEN)
    second = first.replace(fold=1)
    assert is_open(rules, (), (), first, COPENHAGEN)
    assert not is_open(rules, (), (), second, COPENHAGEN)


def test_the_next_open_day_passes_over_weekend_holidays_and_closures():
    friday = date(2026, 9, 4)
    assert next_open_day(friday, HOUSE, (), (), COPENHAGEN) == MONDAY
    assert next_open_day(friday, HOUSE, (), {MONDAY}, COPENHAGEN) == date(2026, 9, 9)
    closed = (DayException(MONDAY), DayException(date(2026, 9, 9)))
    assert next_open_day(friday, HOUSE, closed, (), COPENHAGEN) == date(2026, 9, 10)
    saturday = (DayException(date(2026, 9, 5), time(10), time(14)),)
    assert next_open_day(friday, HOUSE, saturday, (), COPENHAGEN) == date(2026, 9, 5)


def test_the_next_open_day_is_never_the_day_itself():
    assert next_open_day(MONDAY, HOUSE, (), (), COPENHAGEN) == date(2026, 9, 9)


def test_the_last_open_day_may_be_the_day_itself():
    assert last_open_day(MONDAY, HOUSE, (), (), COPENHAGEN) == MONDAY
    assert last_open_day(date(2026, 9, 6), HOUSE, (), (), COPENHAGEN) == date(2026, 9, 4)


def test_a_house_that_never_opens_has_no_open_day():
    assert next_open_day(MONDAY, (), (), (), COPENHAGEN) is None
    assert last_open_day(MONDAY, (), (), (), COPENHAGEN) is None


def test_looking_for_an_open_day_ends_at_the_limit():
    friday = date(2026, 9, 4)
    assert next_open_day(friday, HOUSE, (), (), COPENHAGEN, limit_days=2) is None
    assert next_open_day(friday, HOUSE, (), (), COPENHAGEN, limit_days=3) == MONDAY
    assert last_open_day(date(2026, 9, 6), HOUSE, (), (), COPENHAGEN, limit_days=2) is None


@pytest.mark.parametrize(
    "make",
    [
        lambda: OpeningRule(7, time(9), time(10)),
        lambda: OpeningRule(0, time(10), time(9)),
        lambda: OpeningRule(0, time(9), time(9)),
        lambda: OpeningRule(0, time(9), time(10), every_weeks=0),
        lambda: DayException(MONDAY, time(9)),
        lambda: DayException(MONDAY, time(10), time(9)),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(make):
    with pytest.raises(ValueError):
        make()


wall = st.integers(0, 287).map(lambda tick: time(tick // 12, tick % 12 * 5))
hours = st.tuples(wall, wall).filter(lambda pair: pair[0] < pair[1])
changes = st.sampled_from([LEAP_FORWARD, FALL_BACK, date(2027, 3, 28), MONDAY])


@given(st.lists(hours, max_size=4), changes)
@example([(time(1), time(2))], FALL_BACK)
@example([(time(1), time(2, 30))], FALL_BACK)
@example([(time(1), time(2, 30))], LEAP_FORWARD)
def test_an_opening_lasts_from_the_first_moment_at_its_start_to_the_last_at_its_end(openings, day):
    merged = opened(rules=[OpeningRule(day.weekday(), opens, closes) for opens, closes in openings], day=day)
    assert all(a.end < b.start for a, b in pairwise(merged))
    moment = datetime.combine(day, time(0), COPENHAGEN).astimezone(UTC)
    moments = []
    while moment.astimezone(COPENHAGEN).date() == day:
        moments.append(moment)
        moment += timedelta(minutes=5)
    walls = [moment.astimezone(COPENHAGEN).time() for moment in moments]
    expected = set()
    for opens, closes in openings:
        first = min((n for n, wall in enumerate(walls) if wall >= opens), default=len(walls))
        before = max((n + 1 for n, wall in enumerate(walls) if wall < closes), default=0)
        shown = max((n for n, wall in enumerate(walls) if wall == closes), default=before)  # maybe twice
        expected.update(moments[first : max(before, shown)])
    assert {m for m in moments if any(start <= m < end for start, end in merged)} == expected


# --- shifts, and what is shut for a while -------------------------------------------------------------------

UKRAINIAN = (("uk", "fluent"),)
ALONE, BOTH_TALK = {"lanes": 1}, {"languages": UKRAINIAN}


def rule(opens, closes, **who):
    return OpeningRule(0, time.fromisoformat(opens), time.fromisoformat(closes), **who)


def said(found):
    return [(f"{one.start:%H:%M}", f"{one.end:%H:%M}", one.lanes, one.languages) for one in found]


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ([rule("09:00", "10:00"), rule("10:00", "11:00")], [("07:00", "09:00", None, ())]),
        (
            [rule("09:00", "10:00", **ALONE), rule("10:00", "11:00", **ALONE)],
            [("07:00", "09:00", 1, ())],
        ),
        (
            [rule("09:00", "10:00"), rule("10:00", "11:00", **ALONE)],
            [("07:00", "08:00", None, ()), ("08:00", "09:00", 1, ())],
        ),
        (
            [rule("10:00", "11:00", **BOTH_TALK), rule("09:00", "10:00")],
            [("07:00", "08:00", None, ()), ("08:00", "09:00", None, UKRAINIAN)],
        ),
        (
            [rule("09:00", "11:00"), rule("10:00", "12:00", **ALONE)],
            [("07:00", "09:00", None, ()), ("08:00", "10:00", 1, ())],
        ),
    ],
)
def test_shifts_are_one_only_where_the_same_people_sit_there(rules, expected):
    assert said(shifts(rules, (), (), MONDAY, COPENHAGEN)) == expected


def test_hours_of_one_day_say_who_is_there_too():
    other = DayException(MONDAY, time(10), time(12), lanes=2, languages=UKRAINIAN)
    assert said(shifts(HOUSE, [other], (), MONDAY, COPENHAGEN)) == [("08:00", "10:00", 2, UKRAINIAN)]


@pytest.mark.parametrize(
    ("shut", "left"),
    [
        ([("10:00", "11:00")], [("07:00", "10:00"), ("11:00", "13:00")]),
        ([("06:00", "08:00")], [("08:00", "13:00")]),
        ([("12:00", "20:00")], [("07:00", "12:00")]),
        ([("07:00", "13:00")], []),
        ([("00:00", "23:00")], []),
        ([("05:00", "07:00"), ("13:00", "14:00")], [("07:00", "13:00")]),
        ([("08:00", "10:00"), ("09:00", "11:00")], [("07:00", "08:00"), ("11:00", "13:00")]),
        (
            [("08:00", "09:00"), ("10:00", "11:00")],
            [("07:00", "08:00"), ("09:00", "10:00"), ("11:00", "13:00")],
        ),
    ],
)
def test_what_is_shut_is_cut_out_and_leaves_the_rest_to_the_same_people(shut, left):
    found = shifts([rule("09:00", "15:00", **ALONE)], (), (), MONDAY, COPENHAGEN, spans(MONDAY, *shut))
    assert said(found) == [(start, end, 1, ()) for start, end in left]
    found = open_spans([rule("09:00", "15:00")], (), (), MONDAY, COPENHAGEN, spans(MONDAY, *shut))
    assert found == spans(MONDAY, *left)


def test_a_closing_is_from_one_moment_on_the_wall_to_another():
    tuesday = MONDAY + timedelta(days=1)
    whole = closed_span(MONDAY, tuesday, None, None, COPENHAGEN)
    assert whole == Span(utc(date(2026, 9, 6), "22:00"), utc(tuesday, "22:00"))
    some = closed_span(MONDAY, tuesday, time(12), time(9), COPENHAGEN)
    assert some == Span(utc(MONDAY, "10:00"), utc(tuesday, "07:00"))


@pytest.mark.parametrize(("day", "hours"), [(LEAP_FORWARD, 23), (FALL_BACK, 25), (MONDAY, 24)])
def test_a_closed_day_is_as_long_as_the_day(day, hours):
    span = closed_span(day, day, None, None, COPENHAGEN)
    assert span.end - span.start == timedelta(hours=hours)


def test_a_closing_to_the_hour_that_comes_twice_ends_with_its_second_coming():
    span = closed_span(FALL_BACK, FALL_BACK, time(1), time(2, 30), COPENHAGEN)
    assert (span.start, span.end) == (utc(date(2026, 10, 24), "23:00"), utc(FALL_BACK, "01:30"))


def test_what_is_shut_is_not_open_and_no_open_day():
    shut = [closed_span(MONDAY, MONDAY, None, None, COPENHAGEN)]
    noon = utc(MONDAY, "10:00")
    assert is_open(HOUSE, (), (), noon, COPENHAGEN) and not is_open(HOUSE, (), (), noon, COPENHAGEN, shut)
    friday, wednesday = MONDAY - timedelta(days=3), MONDAY + timedelta(days=2)
    assert next_open_day(friday, HOUSE, (), (), COPENHAGEN, shut=shut) == wednesday
    assert last_open_day(MONDAY, HOUSE, (), (), COPENHAGEN, shut=shut) == friday


clock_times = st.integers(0, 95).map(lambda n: time(n // 4, n % 4 * 15))
openings = st.tuples(clock_times, clock_times).filter(lambda pair: pair[0] < pair[1])


@given(
    st.lists(st.tuples(openings, st.sampled_from([None, 1, 2])), max_size=4), st.lists(openings, max_size=3),
    st.sampled_from([MONDAY, LEAP_FORWARD, FALL_BACK]),
)  # fmt: skip
def test_a_moment_is_in_a_shift_exactly_when_a_rule_has_it_and_nothing_shuts_it(hours, closed, day):
    rules = [OpeningRule(day.weekday(), *pair, lanes=lanes) for pair, lanes in hours]
    shut = [closed_span(day, day, *pair, COPENHAGEN) for pair in closed]
    found = shifts(rules, (), (), day, COPENHAGEN, shut)
    usual = [(closed_span(day, day, *pair, COPENHAGEN), lanes) for pair, lanes in hours]
    moment, end = closed_span(day, day, None, None, COPENHAGEN)
    while moment < end:
        off = any(span.start <= moment < span.end for span in shut)
        wanted = set() if off else {lanes for span, lanes in usual if span.start <= moment < span.end}
        assert {one.lanes for one in found if one.start <= moment < one.end} == wanted
        moment += timedelta(minutes=15)
    assert all(one.start < one.end for one in found)
