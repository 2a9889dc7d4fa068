"""Who is next at a desk."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from house.intake.queue import (
    CALLING,
    CALLS,
    ON_TIME,
    PATIENCE,
    Desk,
    Waiting,
    ahead_of,
    in_order,
    may_be_missed,
    timing,
)

NOW = datetime(2026, 9, 7, 10, 0, tzinfo=UTC)
DESK = Desk(frozenset({"cpr", "tax"}), frozenset({"en", "uk"}))


def ago(minutes):
    return NOW - timedelta(minutes=minutes)


def walk_in(step, waited, **more):
    facts = {"ticket": step, "planned_at": None, "channel": "walk_in", "language": "en", "service": "cpr"}
    return Waiting(step_id=step, arrived_at=ago(waited), **(facts | more))


def booked(step, due_in, waited=5, **more):
    return walk_in(step, waited, planned_at=ago(-due_in), channel="booked", **more)


def ids(waiting, desk=DESK, now=NOW):
    return [step.step_id for step in in_order(waiting, desk, now)]


@pytest.mark.parametrize(
    ("waiting", "expected"),
    [
        pytest.param([], [], id="nobody waits"),
        pytest.param([walk_in(1, 5), walk_in(2, 10)], [2, 1], id="walk-ins by arrival"),
        pytest.param([walk_in(1, 40), booked(2, -1)], [2, 1], id="a booking that is due goes first"),
        pytest.param([walk_in(1, 40), booked(2, 0)], [2, 1], id="its time has come on the minute"),
        pytest.param([booked(1, -5), booked(2, -10)], [2, 1], id="bookings by their planned time"),
        pytest.param([booked(1, -5, waited=60), booked(2, -10, waited=2)], [2, 1], id="not by arrival"),
        pytest.param([booked(1, 10, waited=30), walk_in(2, 1)], [2, 1], id="an early booking waits"),
        pytest.param([booked(1, 10)], [1], id="unless nobody else does"),
        pytest.param([booked(1, 20), booked(2, 10)], [2, 1], id="early ones by planned time"),
        pytest.param([booked(1, -3), walk_in(2, 47)], [1, 2], id="patience ended after it was due"),
        pytest.param([booked(1, -1), walk_in(2, 47)], [2, 1], id="patience ended before it was due"),
        pytest.param([booked(2, 0), walk_in(1, 45)], [2, 1], id="45 minutes is not over 45 minutes"),
        pytest.param([booked(1, -1), walk_in(2, 0, priority=1)], [2, 1], id="priority first"),
        pytest.param(
            [walk_in(1, 9, priority=1), walk_in(2, 1, priority=2)], [2, 1], id="higher priority first"
        ),
        pytest.param([walk_in(1, 90), booked(2, 30, priority=1)], [2, 1], id="priority before ageing"),
        pytest.param([walk_in(1, 5, service="visa"), walk_in(2, 1)], [2], id="only what the desk serves"),
        pytest.param(
            [walk_in(1, 5, language="pl"), walk_in(2, 5)], [2, 1], id="among equals a shared language"
        ),
        pytest.param([walk_in(1, 6, language="pl"), walk_in(2, 5)], [1, 2], id="a language jumps no queue"),
        pytest.param([walk_in(1, 5, ticket=9), walk_in(2, 5, ticket=8)], [2, 1], id="then by ticket"),
        pytest.param([walk_in(2, 5, ticket=8), walk_in(1, 5, ticket=8)], [1, 2], id="then by step"),
    ],
)
def test_the_next_one_is(waiting, expected):
    assert ids(waiting) == expected


def test_who_is_ahead_are_those_called_before():
    waiting = [walk_in(1, 20), booked(2, -5), walk_in(3, 10), booked(4, 30)]
    assert [step.step_id for step in ahead_of(3, waiting, DESK, NOW)] == [2, 1]
    assert ahead_of(2, waiting, DESK, NOW) == []


def test_asking_who_is_ahead_of_somebody_who_does_not_wait_here_is_refused():
    waiting = [walk_in(1, 20, service="visa")]
    for step in (1, 2):
        with pytest.raises(LookupError):
            ahead_of(step, waiting, DESK, NOW)


def test_nobody_is_passed_over_for_ever():
    """A desk takes ten minutes each and bookings never stop coming: the walk-in is called all the same."""
    waiting, now, called = [walk_in(1, 0)], NOW, []
    for step in range(2, 30):
        waiting.append(booked(step, (now - NOW) // timedelta(minutes=1), waited=0))
        first = in_order(waiting, DESK, now)[0]
        waiting.remove(first)
        called.append(first.step_id)
        now += timedelta(minutes=10)
    assert 1 in called
    assert called.index(1) * timedelta(minutes=10) <= PATIENCE + timedelta(minutes=10)


def test_the_order_does_not_depend_on_the_order_asked_in():
    waiting = [walk_in(1, 5), walk_in(2, 5), booked(3, -5), booked(4, 5), walk_in(5, 50)]
    assert len({tuple(ids(mixed)) for mixed in permutations(waiting)}) == 1


steps = st.lists(
    st.builds(
        lambda step, ticket, waited, due, language, service, priority: walk_in(
            step,
            waited,
            ticket=ticket,
            planned_at=None if due is None else ago(due),
            language=language,
            service=service,
            priority=priority,
        ),
        st.integers(1, 999),
        st.integers(1, 5),
        st.integers(0, 120),
        st.none() | st.integers(-60, 60),
        st.sampled_from(["en", "pl"]),
        st.sampled_from(["cpr", "tax", "visa"]),
        st.integers(0, 2),
    ),
    max_size=12,
    unique_by=lambda step: step.step_id,
)


@given(steps, st.randoms())
def test_the_order_is_total_and_holds_everybody_the_desk_serves_once(waiting, chance):
    order = in_order(waiting, DESK, NOW)
    assert sorted(step.step_id for step in order) == sorted(s.step_id for s in waiting if s.service != "visa")
    mixed = waiting[:]
    chance.shuffle(mixed)
    assert in_order(mixed, DESK, NOW) == order


@given(steps)
def test_who_waits_without_priority_is_never_called_before_who_has_it(waiting):
    order = in_order(waiting, DESK, NOW)
    assert [step.priority for step in order] == sorted((step.priority for step in order), reverse=True)


@pytest.mark.parametrize(
    ("counter", "expected"), [(1, [1, 2]), (2, [2, 3]), (None, [2])], ids=["the one", "another", "several"]
)
def test_who_is_sent_to_a_counter_is_called_by_that_one_alone(counter, expected):
    waiting = [walk_in(1, 30, sent_to=1), walk_in(2, 20), walk_in(3, 10, sent_to=2)]
    assert ids(waiting, Desk(DESK.services, DESK.languages, counter)) == expected


@pytest.mark.parametrize(
    ("calls", "seconds", "may"),
    [(1, 600, False), (CALLS - 1, 600, False), (CALLS, 179, False), (CALLS, 180, True), (9, -7200, False)],
)
def test_nobody_is_missed_before_enough_calls_and_minutes(calls, seconds, may):
    assert timedelta(minutes=3) == CALLING
    assert may_be_missed(calls, NOW - timedelta(seconds=seconds), NOW) is may


@pytest.mark.parametrize(
    ("due_in", "came", "early", "late"),
    [
        (None, 90, 0, 0), (30, 1, 30, 0), (6, 0, 6, 0), (5, 0, 0, 0), (0, 0, 0, 0), (-5, 0, 0, 0),
        (-20, 0, 0, 20), (-20, 30, 0, 0), (-60, 40, 0, 20),
    ],
)  # fmt: skip
def test_who_is_early_or_late_for_the_booked_time(due_in, came, early, late):
    assert timedelta(minutes=5) == ON_TIME
    planned = None if due_in is None else ago(-due_in)
    assert timing(planned, ago(came), NOW) == (early, late)
