"""How time is told when an act is taken back: pictures come in, intervals come out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from house.intake.retelling import Retold, Told, retold

NINE = datetime(2027, 1, 7, 9, tzinfo=UTC)


def at(minute):
    return NINE + timedelta(minutes=minute)


def visit(**steps):
    """A picture of (kind, began, ended) in minutes after nine, by step; the keys count through."""
    number, found = 0, {}
    for name, log in steps.items():
        periods = {}
        for kind, began, ended in log:
            number += 1
            until = None if ended is None else at(ended).isoformat()
            periods[str(number)] = {"kind": kind, "began_at": at(began).isoformat(), "ended_at": until}
        found[name] = {"periods": periods}
    return {"steps": found}


def told(picture):
    return {name: step["periods"] for name, step in picture["steps"].items()}


WAITS = visit(a=[("waiting", 0, None)], b=[])
CALLED = visit(a=[("waiting", 0, 10), ("called", 10, None)], b=[])
SERVED = visit(a=[("waiting", 0, 10), ("called", 10, 12), ("serving", 12, None)], b=[])
FINISHED = visit(a=[("waiting", 0, 10), ("called", 10, 12), ("serving", 12, 30)], b=[])
BOOKED = visit(a=[], b=[])


@pytest.mark.parametrize(
    ("before", "current"), [(WAITS, CALLED), (CALLED, SERVED), (SERVED, FINISHED), (BOOKED, WAITS)]
)
def test_at_once_the_time_is_what_it_was(before, current):
    assert retold(current, before, False, at(31)) == Retold(told(before))


@pytest.mark.parametrize(
    ("before", "current", "kind", "ended"),
    [(WAITS, CALLED, "waiting", 10), (CALLED, SERVED, "called", 12), (SERVED, FINISHED, "serving", 30)],
)
def test_later_it_ends_where_the_act_ended_it_then_a_pause_then_it_begins_anew(before, current, kind, ended):
    found = retold(current, before, True, at(300))
    kept = {key: current["steps"]["a"]["periods"][key] for key in before["steps"]["a"]["periods"]}
    assert found.kept == {"a": kept, "b": {}}
    assert found.new == (Told("a", "paused", at(ended), at(300)), Told("a", kind, at(300), None))


def test_whoever_was_not_here_before_has_no_time_however_late():
    assert retold(WAITS, BOOKED, True, at(300)) == Retold({"a": {}, "b": {}})


def test_whoever_had_gone_before_has_gone():
    back = visit(a=[("waiting", 0, 10), ("called", 10, 20), ("paused", 20, 60), ("waiting", 60, None)], b=[])
    gone = visit(a=[("waiting", 0, 10), ("called", 10, 20)], b=[])
    assert retold(back, gone, True, at(300)) == Retold(told(gone))


def test_the_next_step_that_began_by_mistake_has_no_time():
    handed_on = visit(a=[("waiting", 0, 10), ("serving", 10, 20)], b=[("waiting", 20, None)])
    before = visit(a=[("waiting", 0, 10), ("serving", 10, None)], b=[])
    found = retold(handed_on, before, True, at(300))
    assert found.kept["b"] == {}
    assert [one.kind for one in found.new] == ["paused", "serving"]


@pytest.mark.parametrize("late", [False, True])
def test_an_act_that_changed_no_time_leaves_it_alone_also_when_it_was_told_anew_since(late):
    """More people were counted, then a call was taken back late: the wait goes on in another interval."""
    since = visit(a=[("waiting", 0, 10), ("paused", 10, 90), ("waiting", 90, None)], b=[])
    assert retold(WAITS, WAITS, late, at(300)) is None
    assert retold(since, WAITS, late, at(300)) is None


def test_a_clock_that_went_back_makes_no_negative_pause():
    found = retold(CALLED, WAITS, True, at(-30))
    assert found.new == (Told("a", "waiting", at(10), None),)
