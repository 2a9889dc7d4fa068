"""Whom conditions let in, and opening rules as schedules: what is told means what the house means."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from house.catalogue.conditions import clauses_of
from house.catalogue.hsds.audience import admitted, ages
from house.catalogue.hsds.fields import THINGS
from house.catalogue.hsds.hours import DAYS, Hours, differing_days, schedules, together
from house.catalogue.opening import OpeningRule, Span, open_spans
from tests.catalogue.hsds.test_answers import DATA

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
TODAY, LAST = date(2027, 1, 4), date(2027, 5, 2)
FACTS = DATA["meta"]["person_facts"]


# --- whom ---------------------------------------------------------------------------------------------------

some_codes = st.fixed_dictionaries(
    {},
    optional={
        f"{fact}{ending}": st.lists(st.sampled_from(FACTS[fact]), min_size=1, max_size=4)
        for fact in ("citizenship", "purpose")
        for ending in ("", "_not")
    },
)


@given(st.lists(some_codes, min_size=1, max_size=3))
def test_a_term_is_given_when_somebody_like_that_can_be_let_in(groups: list[dict[str, Any]]) -> None:
    found = set(admitted(groups, FACTS))
    everybody = [{"citizenship": c, "purpose": p} for c in FACTS["citizenship"] for p in FACTS["purpose"]]
    let_in = [
        person for person in everybody if any(all(c.of(person) for c in clauses_of(one)) for one in groups)
    ]
    # A group of which nobody is left names terms that only another fact of it refuses: it may say too much.
    for fact in ("citizenship", "purpose"):
        assert {(fact, person[fact]) for person in let_in} <= found
    for fact, code in found:
        if fact != "actor":
            one_fact = [{key: value for key, value in one.items() if key.startswith(fact)} for one in groups]
            assert any(all(c.of({fact: code}) for c in clauses_of(one)) for one in one_fact)


def test_companies_are_not_people() -> None:
    assert list(admitted([{"actor": ["company"]}], FACTS)) == [("actor", "company")]
    both = list(admitted([{"actor": ["company"]}, {"purpose": ["student"]}], FACTS))
    assert both[:2] == [("actor", "person"), ("actor", "company")]
    assert ("purpose", "student") in both
    assert ("purpose", "worker") not in both


@given(
    st.lists(
        st.dictionaries(st.sampled_from(["age_gte", "age_gt", "age_lt", "age_lte"]), st.integers(0, 99)),
        min_size=1, max_size=3,
    )
)  # fmt: skip
def test_ages_are_bounds_that_hold_for_everybody_let_in(groups: list[dict[str, Any]]) -> None:
    lowest, highest = ages(groups)
    for age in range(-1, 102):
        if any(all(c.of({"age": age}) for c in clauses_of(one)) for one in groups):
            assert lowest is None or age >= lowest
            assert highest is None or age <= highest


def test_ages_of_the_catalogue() -> None:
    assert ages([{"age_gte": 6, "age_lt": 16}]) == (6, 15)
    assert ages([{"age_gt": 17}]) == (18, None)
    assert ages([{"age_gte": 18}, {}]) == (None, None)
    assert ages([]) == (None, None)


# --- when ---------------------------------------------------------------------------------------------------

ticks = st.lists(st.integers(0, 288), min_size=2, max_size=6, unique=True).map(sorted)


@st.composite
def some_rules(draw: st.DrawFn) -> list[OpeningRule]:
    def wall(tick: int) -> time:
        return time(tick // 12 % 24, tick % 12 * 5)

    rules = []
    for weekday in draw(st.sets(st.integers(0, 6), max_size=4)):
        for opens, closes in list(pairwise(draw(ticks)))[::2]:
            first = draw(st.none() | st.dates(date(2026, 1, 1), date(2027, 6, 1)))
            last = draw(st.none() | st.dates(date(2027, 1, 1), date(2027, 12, 1)))
            weeks = draw(st.sampled_from([1, 1, 2, 3]))
            rules.append(OpeningRule(weekday, wall(opens), wall(closes), first, last, weeks))
    return rules


def hours_of(rules: list[OpeningRule], holidays: dict[date, str] | None = None) -> Hours:
    days = (TODAY + timedelta(days=n) for n in range((LAST - TODAY).days + 1))
    spans = {day: open_spans(rules, (), holidays or {}, day, COPENHAGEN) for day in days}
    opened = {day: found for day, found in spans.items() if found}
    return Hours(tuple(rules), opened, holidays or {}, TODAY, LAST, COPENHAGEN)


def told_on(schedule: dict[str, Any], day: date) -> bool:
    """Whether a schedule of HSDS names a day, read as a stranger would."""
    if DAYS[day.weekday()] not in schedule["byday"].split(","):
        return False
    if day.isoformat() < schedule.get("valid_from", "") or day.isoformat() > schedule.get("valid_to", "9"):
        return False
    if schedule["interval"] == 1:
        return True
    start = date.fromisoformat(schedule["dtstart"])
    weeks = ((day - timedelta(days=day.weekday())) - (start - timedelta(days=start.weekday()))).days // 7
    return weeks % schedule["interval"] == 0


@given(some_rules())
def test_schedules_tell_the_days_and_hours_of_the_rules(rules: list[OpeningRule]) -> None:
    found = schedules(hours_of(rules), {"location_id": "x"})
    assert len({one["id"] for one in found}) == len(found)
    for day in (TODAY + timedelta(days=n) for n in range(100)):
        told = sorted((one["opens_at"][:5], one["closes_at"][:5]) for one in found if told_on(one, day))
        meant = {(f"{one.opens:%H:%M}", f"{one.closes:%H:%M}") for one in rules if one.holds_on(day)}
        assert told == sorted((opens, "23:59" if closes == "00:00" else closes) for opens, closes in meant)


@given(some_rules(), st.sets(st.dates(TODAY, LAST), max_size=5))
def test_only_days_that_differ_are_told(rules: list[OpeningRule], closed: set[date]) -> None:
    found = differing_days(hours_of(rules, dict.fromkeys(closed, "house_day")))
    spring = date(2027, 3, 28)  # the night the clock leaps: hours inside the gap are lost
    meant = {day for day in closed if any(one.holds_on(day) for one in rules)}
    told = {date.fromisoformat(one["date"]): one for one in found}
    assert told.keys() - {spring} == meant - {spring}
    assert all(one == {"date": one["date"], "reason": "house_day", "hours": []} for day, one in told.items()
               if day in meant)  # fmt: skip


def test_several_schedules_are_open_when_any_is() -> None:
    early = hours_of([OpeningRule(0, time(9), time(12))])
    late = hours_of([OpeningRule(0, time(11), time(15)), OpeningRule(1, time(9), time(10))])
    both = together([early, late])
    monday = TODAY
    assert [(span.start.hour, span.end.hour) for span in both.open_days[monday]] == [(8, 14)]
    assert differing_days(both) == []
    assert together([early]) is early
    assert len(schedules(both, {})) == 3


def test_a_span_at_midnight_ends_the_day() -> None:
    span = Span(datetime(2027, 1, 4, 8, tzinfo=UTC), datetime(2027, 1, 4, 23, tzinfo=UTC))
    hours = Hours((OpeningRule(0, time(9), time(0)),), {TODAY: (span,)}, {}, TODAY, TODAY, COPENHAGEN)
    assert differing_days(hours) == []
    assert schedules(hours, {})[0]["closes_at"] == "23:59+01:00"


# --- the list of fields -------------------------------------------------------------------------------------


def test_every_thing_has_an_identifier_and_a_table() -> None:
    for thing in THINGS.values():
        assert thing.fields[0].name == "id"
        assert thing.file.endswith(".csv")
        assert len({one.name for one in thing.fields}) == len(thing.fields)
        assert {one.holds for one in thing.fields if one.holds} <= THINGS.keys()
