"""Who is next at a desk."""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from house.intake import queue
from house.intake.queue import (
    CALLING,
    CALLS,
    LONGEST,
    ON_TIME,
    PATIENCE,
    TOO_LATE,
    Desk,
    Waiting,
    ahead_of,
    appointment,
    in_order,
    may_be_missed,
    timing,
)

NOW = datetime(2026, 9, 7, 10, 0, tzinfo=UTC)
DESK = Desk(frozenset({"cpr", "tax"}), frozenset({"en", "uk"}))


def ago(minutes):
    return NOW - timedelta(minutes=minutes)


def walk_in(step, here, waited=None, **more):
    """Somebody who is here for so many minutes, and has waited for this step as long, or less."""
    since = ago(here if waited is None else waited)
    facts = {"ticket": step, "planned_at": None, "channel": "walk_in", "language": "en", "service": "cpr"}
    return Waiting(step_id=step, arrived_at=ago(here), since=since, **(facts | more))


def booked(step, due_in, here=5, **more):
    return walk_in(step, here, planned_at=ago(-due_in), channel="booked", **more)


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
        pytest.param([booked(1, -5, here=60), booked(2, -10, here=2)], [2, 1], id="not by arrival"),
        pytest.param([booked(1, 10, here=30), walk_in(2, 1)], [2, 1], id="an early booking waits"),
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
        pytest.param([walk_in(1, 121), walk_in(2, 0, priority=1)], [1, 2], id="but not for ever"),
        pytest.param([walk_in(1, 120), walk_in(2, 0, priority=1)], [2, 1], id="two hours is not over two"),
        pytest.param(
            [walk_in(1, 121), booked(2, -125, here=121), walk_in(3, 180, priority=1)],
            [3, 2, 1], id="then by the time that counts alone",
        ),
        pytest.param(
            [booked(1, -125, here=0), walk_in(2, 110, priority=1)], [2, 1], id="who comes late has not waited"
        ),
        pytest.param(
            [booked(1, -240, here=121), walk_in(2, 110, priority=1)], [1, 2], id="until two hours after that"
        ),
        pytest.param(
            [booked(1, -110, here=125), walk_in(2, 0, priority=1)], [2, 1], id="nor who came early, before"
        ),
        pytest.param(
            [walk_in(1, 122, waited=0), walk_in(2, 110, priority=1)],
            [2, 1], id="who was served elsewhere has not waited",
        ),
        pytest.param(
            [walk_in(1, 300, waited=121), walk_in(2, 110, priority=1)], [1, 2], id="but here for two hours"
        ),
        pytest.param(
            [walk_in(1, 122, waited=0), walk_in(2, 60)], [1, 2], id="the arrival counts among equals"
        ),
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
        waiting.append(booked(step, (now - NOW) // timedelta(minutes=1), here=0))
        first = in_order(waiting, DESK, now)[0]
        waiting.remove(first)
        called.append(first.step_id)
        now += timedelta(minutes=10)
    assert 1 in called
    assert called.index(1) * timedelta(minutes=10) <= PATIENCE + timedelta(minutes=10)


TEN = timedelta(minutes=10)
newcomers = st.tuples(
    st.none() | st.integers(-20, 20) | st.integers(-300, -20), st.just(0) | st.integers(0, 300),
    st.sampled_from([0, 0, 1, 2]), st.sampled_from(["en", "pl"]), st.sampled_from(["cpr", "tax", "visa"]),
    st.sampled_from([None, None, 1, 2]),
)  # fmt: skip
"""Who comes now: minutes until the booked time, minutes at other counters before, and what else counts."""
rush = st.lists(st.lists(newcomers, max_size=3), max_size=12)


def comes(step, now, newcomer):
    due_in, before, priority, language, service, sent_to = newcomer
    planned = None if due_in is None else now + timedelta(minutes=due_in)
    channel = "walk_in" if planned is None else "booked"
    arrived = now - timedelta(minutes=before)
    return Waiting(step, step, arrived, now, planned, channel, language, service, priority, sent_to)


def waits_until_called(victim, before, then, desk):
    """How long somebody waits, and behind how many whose time came earlier; None: for ever.

    A desk takes ten minutes each. After all that was thought of, people with priority never stop coming.
    """
    waiting = [victim, *(comes(step, NOW, one) for step, one in enumerate(before, 2))]
    everybody, now = [*waiting], NOW
    counts = victim.planned_at or victim.arrived_at + PATIENCE
    for turn in range(100):
        first = in_order(waiting, desk, now)[0]
        if first is victim:
            earlier = [one for one in everybody if (one.planned_at or one.arrived_at + PATIENCE) <= counts]
            return now - NOW, len(earlier)
        waiting.remove(first)
        now += TEN
        more = then[turn] if turn < len(then) else [(None, 0, 2, "en", "cpr", None)]
        fresh = [comes(len(everybody) + number + 2, now, one) for number, one in enumerate(more)]
        waiting += fresh
        everybody += fresh
    return None


@given(newcomers, st.lists(newcomers, max_size=8), rush)
def test_whoever_can_be_served_is_called_in_bounded_time(mine, before, then):
    """However many come, booked, preferred, of other languages and skills, sent to this counter or another:
    two hours, and ten minutes for each whose time had come before."""
    victim = comes(1, NOW, mine)
    desk = Desk(DESK.services, DESK.languages, 1)
    if not desk.serves(victim):
        return
    waited, earlier = waits_until_called(victim, before, then, desk)
    due = max(victim.planned_at or NOW, NOW) - NOW
    assert waited <= due + LONGEST + TEN * (earlier + 1)


def test_without_the_longest_wait_who_has_no_priority_is_never_called(monkeypatch):
    """The control: priority alone passes people over for ever."""
    nobody = (None, 0, 0, "en", "cpr", None)
    assert waits_until_called(comes(1, NOW, nobody), [(*nobody[:2], 2, *nobody[3:])], [], DESK) is not None
    monkeypatch.setattr(queue, "LONGEST", timedelta.max)
    assert waits_until_called(comes(1, NOW, nobody), [(*nobody[:2], 2, *nobody[3:])], [], DESK) is None


def test_the_order_does_not_depend_on_the_order_asked_in():
    waiting = [walk_in(1, 5), walk_in(2, 5), booked(3, -5), booked(4, 5), walk_in(5, 50)]
    assert len({tuple(ids(mixed)) for mixed in permutations(waiting)}) == 1


class Person(NamedTuple):
    """Somebody in whole minutes: so long here, since when at this step, so long past the booked time."""

    step: int
    ticket: int
    here: int
    at_step: int
    past: int | None
    language: str
    service: str
    priority: int

    @property
    def waited(self):
        """The minutes at this step after the booked time, counted one by one."""
        past = self.past
        return len([minute for minute in range(self.at_step) if past is None or minute < past])

    def waiting(self):
        planned = None if self.past is None else ago(self.past)
        more = {"ticket": self.ticket, "language": self.language, "service": self.service}
        return walk_in(self.step, self.here, self.at_step, planned_at=planned, priority=self.priority, **more)


def as_the_page_says(people):
    """The rule as staff read it, sentence by sentence: one after the other is called."""
    if not people:
        return []
    highest = max(one.priority for one in people)
    among = [one for one in people if one.waited > 120] or [one for one in people if one.priority == highest]
    walk_ins = [one for one in among if one.past is None and one.here <= 45]
    early = [one for one in among if one.past is not None and one.past < 0]
    due = [one for one in among if one not in walk_ins and one not in early]
    if due:  # by the booked time; walk-ins count like a booking of when their 45 minutes were over
        past = {one.step: one.here - 45 if one.past is None else one.past for one in due}
    elif walk_ins:
        past = {one.step: one.here for one in walk_ins}
    else:
        past = {one.step: one.past for one in early}
    equals = [one for one in among if past.get(one.step) == max(past.values())]
    equals = [one for one in equals if one.language in ("en", "uk")] or equals
    first = min(equals, key=lambda one: (one.ticket, one.step))
    return [first.step, *as_the_page_says([one for one in people if one is not first])]


minutes = st.integers(0, 260) | st.sampled_from([0, 45, 46, 120, 121, 165, 166])
people = st.lists(
    st.builds(
        lambda step, ticket, here, at_step, *more: Person(step, ticket, here, min(here, at_step), *more),
        st.integers(1, 999), st.integers(1, 5), minutes, minutes, st.none() | minutes | st.integers(-60, -1),
        st.sampled_from(["en", "pl"]), st.sampled_from(["cpr", "tax", "visa"]), st.integers(0, 2),
    ),
    max_size=12, unique_by=lambda one: one.step,
)  # fmt: skip
steps = people.map(lambda several: [one.waiting() for one in several])


@given(steps, st.randoms())
def test_the_order_is_total_and_holds_everybody_the_desk_serves_once(waiting, chance):
    order = in_order(waiting, DESK, NOW)
    assert sorted(step.step_id for step in order) == sorted(s.step_id for s in waiting if s.service != "visa")
    mixed = waiting[:]
    chance.shuffle(mixed)
    assert in_order(mixed, DESK, NOW) == order


@given(people)
def test_the_order_is_what_the_page_says(people):
    """Those who come late, come early, and were served at another counter before, among all others."""
    order = as_the_page_says([one for one in people if one.service != "visa"])
    assert ids([one.waiting() for one in people]) == order


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
    assert timing(planned, ago(came), NOW)[:2] == (early, late)


@pytest.mark.parametrize(
    ("late", "keeps"), [(-20, True), (0, True), (29 * 60, True), (30 * 60, True), (30 * 60 + 1, False)]
)
def test_half_an_hour_late_keeps_the_booked_time_and_not_a_second_more(late, keeps):
    assert timedelta(minutes=30) == TOO_LATE
    planned, arrived = ago(90), ago(90) + timedelta(seconds=late)
    assert appointment(planned, arrived) == (planned if keeps else None)
    assert timing(planned, arrived, NOW).too_late is not keeps


def test_a_walk_in_has_no_booked_time_to_keep():
    assert appointment(None, NOW) is None
    assert not timing(None, NOW, NOW).too_late
