"""Calling: who is next at which counter, calling again, beginning, sending back; time without gaps.

At the end a machine that does all the desk can do in any order, and looks at what must hold after each act.
"""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from house.db import begin_writing, db
from house.intake import calling, closing, desk_queue, periods
from house.intake.models import Counter, Outcome, PeriodKind, Step, StepState, Visit, VisitState
from house.intake.registration import check_in
from house.problems import Moved, NotHere
from tests import houses
from tests.intake.booking_house import (
    CPR,
    DRIVING,
    house_template,  # noqa: F401 - a fixture
    set_up,
)
from tests.intake.desk_house import (
    DESK,
    ENDED,
    TAX,
    TODAY,
    booked,
    call,
    contacts,
    counter,
    ended_steps,
    furnish,
    has_no_gap,
    log_of,
    serve,
    thursday,  # noqa: F401 - a fixture
    ticket_of,
    walk_in,
)


@pytest.fixture
def house(session, thursday):  # noqa: F811
    return furnish(session)


def called(session, house, number=0):
    """The tickets a counter calls, one after the other, until nobody waits for it."""
    found = []
    while step := call(session, house, number):
        found.append(ticket_of(step))
        calling.start(session, step, DESK)
        closing.finish(session, step, Outcome.COMPLETED, DESK)
    return found


# --- who is next -----------------------------------------------------------------------------------------


def test_walk_ins_are_called_as_they_came(session, house, thursday):  # noqa: F811
    for _ in range(3):
        walk_in(session)
        thursday.shift(60)
    assert called(session, house) == ["A1", "A2", "A3"]


def test_a_booking_goes_first_when_its_time_has_come_and_last_before(session, house, thursday):  # noqa: F811
    early = booked(session)  # at ten
    walk_in(session)
    check_in(session, early, DESK)
    assert ticket_of(call(session, house)) == "A1"
    assert ticket_of(call(session, house, 1)) == "A2"
    thursday.shift(45 * 60)
    late = booked(session, "10:20", "Jan")
    walk_in(session)
    check_in(session, late, DESK)
    thursday.shift(30 * 60)  # 10:25
    for number in (0, 1):
        calling.start(session, at_counter(session, house, number), DESK)
        closing.finish(session, at_counter(session, house, number), Outcome.COMPLETED, DESK)
    assert ticket_of(call(session, house)) == "A4", "whose booked time has come goes before walk-ins"


def at_counter(session, house, number=0):
    wanted = select(Step).where(Step.counter_id == house.counter_ids[number], Step.state.in_(calling.BUSY))
    return session.scalars(wanted).one()


def test_a_counter_calls_only_for_its_own_services(session, house):
    walk_in(session, TAX)
    walk_in(session, CPR)
    assert call(session, house, 2).visit.ticket.letter == "B"
    assert called(session, house, 0) == ["A1"]
    assert call(session, house, 1) is None


def test_nobody_is_called_from_another_day_or_place(session, house):
    walk_in(session)
    assert call(session, house, day=TODAY + timedelta(days=1)) is None
    assert call(session, house, day=TODAY - timedelta(days=1)) is None


def test_a_counter_with_somebody_calls_nobody_else(session, house):
    walk_in(session)
    walk_in(session)
    step = call(session, house)
    for _ in range(2):
        with pytest.raises(Moved, match="busy"):
            call(session, house)
        if step.state is StepState.CALLED:
            calling.start(session, step, DESK)
    assert call(session, house, 1) is not None


def test_a_shut_counter_is_not_there(session, house):
    counter(session, house).active = False
    session.flush()
    with pytest.raises(NotHere):
        counter(session, house)
    with pytest.raises(NotHere):
        calling.counter(session, None)
    assert [one.label for one in calling.counters_at(session, house.place_id)] == ["Counter 2", "Counter 1"]


# --- again, begin, back ----------------------------------------------------------------------------------


def test_calling_again_counts(session, house):
    walk_in(session)
    step = call(session, house)
    calling.call_again(session, step, DESK)
    assert (step.calls, step.state) == (2, StepState.CALLED)
    calling.start(session, step, DESK)
    with pytest.raises(Moved):
        calling.call_again(session, step, DESK)


def test_one_begins_once(session, house):
    walk_in(session)
    step = call(session, house)
    calling.start(session, step, DESK)
    with pytest.raises(Moved):
        calling.start(session, step, DESK)


def test_who_is_sent_back_keeps_the_place_in_the_queue(session, house, thursday):  # noqa: F811
    walk_in(session)
    thursday.shift(60)
    walk_in(session)
    step = call(session, house)
    thursday.shift(60)
    calling.back_to_queue(session, step, DESK)
    assert (step.state, step.counter_id) == (StepState.WAITING, None)
    with pytest.raises(Moved):
        calling.back_to_queue(session, step, DESK)
    assert called(session, house, 1) == ["A1", "A2"]
    assert [kind for kind, *_ in log_of(step)] == ["waiting", "called", "waiting", "called", "serving"]


def test_a_step_is_reached_through_the_counter_that_has_it(session, house):
    walk_in(session)
    step = call(session, house)
    assert calling.step_at(session, counter(session, house), step.id) is step
    with pytest.raises(Moved):
        calling.step_at(session, counter(session, house, 1), step.id)
    with pytest.raises(NotHere):
        calling.step_at(session, counter(session, house), step.id + 1000)


# --- time ------------------------------------------------------------------------------------------------


def test_minutes_are_counted_interval_by_interval(session, house, thursday):  # noqa: F811
    walk_in(session)
    thursday.shift(12 * 60)
    step = call(session, house)
    thursday.shift(60)
    calling.back_to_queue(session, step, DESK)
    thursday.shift(3 * 60)
    call(session, house)
    calling.start(session, step, DESK)
    thursday.shift(20 * 60)
    closing.finish(session, step, Outcome.COMPLETED, DESK)
    spent = {kind: periods.minutes(step, kind) for kind in PeriodKind}
    assert spent == {"waiting": 15, "called": 1, "serving": 20, "paused": 0}
    assert has_no_gap(step)


def test_a_clock_that_is_set_back_makes_no_gap_and_no_negative_time(session, house, thursday):  # noqa: F811
    ticket = walk_in(session)
    thursday.shift(600)
    step = call(session, house)
    thursday.shift(-3600)  # somebody corrects the server's clock
    calling.start(session, step, DESK)
    thursday.shift(60)
    closing.finish(session, step, Outcome.COMPLETED, DESK)
    assert has_no_gap(step)
    assert all(periods.minutes(step, kind) >= 0 for kind in PeriodKind)
    assert ticket.visit.state is VisitState.DONE


def test_two_steps_of_one_visit_follow_each_other_without_a_gap(session, house, thursday):  # noqa: F811
    ticket = walk_in(session, CPR, TAX)
    step = serve(session, house)
    thursday.shift(600)
    closing.finish(session, step, Outcome.COMPLETED, DESK)
    first, second = ticket.visit.steps
    assert first.periods[-1].ended_at == second.periods[0].began_at


# --- everything in any order -----------------------------------------------------------------------------


class Desk(RuleBasedStateMachine):
    """Somebody at the desk does whatever the screen offers, while the clock runs, mostly forwards."""

    app: Any

    def __init__(self) -> None:
        super().__init__()
        self.context = self.app.app_context()
        self.context.push()
        self.session = db.session()
        begin_writing(self.session)
        self.travel = time_machine.travel("2027-01-07T08:10:00+00:00", tick=False)
        self.clock = self.travel.start()

    @initialize()
    def open_the_house(self) -> None:
        self.house = furnish(self.session)
        for services in ((CPR, TAX, DRIVING), (DRIVING,), (TAX, CPR)):
            walk_in(self.session, *services)

    def teardown(self) -> None:
        self.travel.stop()
        self.session.rollback()
        self.session.expunge_all()
        self.context.pop()

    def busy(self) -> list[Step]:
        wanted = select(Step).where(Step.state.in_(calling.BUSY)).order_by(Step.id)
        return list(self.session.scalars(wanted))

    @rule(services=st.lists(st.sampled_from([CPR, DRIVING, TAX]), min_size=1, max_size=3, unique=True))
    def somebody_comes(self, services: list[str]) -> None:
        walk_in(self.session, *services)

    @rule(seconds=st.sampled_from([1, 59, 60, 600, 3000, -1, -900]))
    def time_passes(self, seconds: int) -> None:
        self.clock.shift(seconds)

    @rule(number=st.integers(0, 2))
    def a_counter_calls(self, number: int) -> None:
        mine = self.house.counter_ids[number]
        has = [step for step in self.busy() if step.counter_id == mine]
        try:
            step = call(self.session, self.house, number)
        except Moved:
            assert has
        else:
            assert not has
            assert step is None or (step.counter_id, step.calls) == (mine, 1)

    @rule(number=st.integers(0, 2))
    def a_counter_calls_and_begins(self, number: int) -> None:
        if all(step.counter_id != self.house.counter_ids[number] for step in self.busy()):
            step = call(self.session, self.house, number)
            if step is not None:
                calling.start(self.session, step, DESK)

    @precondition(lambda self: self.busy())
    @rule(
        act=st.sampled_from([calling.call_again, calling.start, calling.back_to_queue, closing.did_not_come]),
        seed=st.integers(0, 9),
    )
    def somebody_presses_a_button(self, act: Any, seed: int) -> None:
        step = random.Random(seed).choice(self.busy())
        before = step.state
        try:
            act(self.session, step, DESK)
        except Moved:
            assert step.state is before

    @precondition(lambda self: self.busy())
    @rule(outcome=st.sampled_from(Outcome), seed=st.integers(0, 9))
    def somebody_finishes(self, outcome: Outcome, seed: int) -> None:
        step = random.Random(seed).choice(self.busy())
        if step.state is StepState.CALLED:
            with pytest.raises(Moved):
                closing.finish(self.session, step, outcome, DESK)
            calling.start(self.session, step, DESK)
        closing.finish(self.session, step, outcome, DESK)

    @invariant()
    def what_must_always_hold(self) -> None:
        self.session.flush()
        visits = self.session.scalars(select(Visit)).all()
        for visit in visits:
            active = [step for step in visit.steps if step.state in (StepState.WAITING, *calling.BUSY)]
            ended = [step for step in visit.steps if step.state in ENDED]
            over = visit.state in (VisitState.DONE, VisitState.MISSED)
            assert len(active) == (0 if over else 1), "one step at a time until the visit is over"
            assert not over or len(ended) == len(visit.steps)
            assert [step.position for step in ended] == list(range(len(ended))), "in their order"
            for step in visit.steps:
                assert has_no_gap(step)
                assert (step in active) == any(one.ended_at is None for one in step.periods)
        seats = [step.counter_id for step in self.busy()]
        assert len(seats) == len(set(seats)), "nobody serves two at once"
        assert len(contacts(self.session)) == ended_steps(self.session), "every end is told once"
        numbers = [(visit.ticket.letter, visit.ticket.number) for visit in visits]
        assert len(numbers) == len(set(numbers))


def do_anything(app, *phases):
    """Let the machine work in this house."""
    run_state_machine_as_test(
        type("DeskOfThisHouse", (Desk,), {"app": app}),
        settings=settings(
            max_examples=15,
            stateful_step_count=30,
            deadline=None,
            database=None,
            derandomize=bool(phases),
            phases=phases or tuple(Phase),
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_whatever_the_desk_does_the_log_stays_true(app):
    with houses.arranging(app) as session:
        set_up(session)
    do_anything(app)


def test_a_desk_that_forgets_to_tell_is_caught(app, monkeypatch):
    """The machine finds a planted fault: an end of a step that is not told to reporting."""
    with houses.arranging(app) as session:
        set_up(session)
    monkeypatch.setattr(closing, "_tell", lambda *_: None)
    with pytest.raises(AssertionError, match="every end is told once"):
        do_anything(app, Phase.generate)


def test_counters_are_columns_for_the_screen_and_objects_for_the_verbs(session, house):
    seats = desk_queue.seats_at(session, house.place_id)
    assert [seat.id for seat in seats] == house.counter_ids
    for seat in seats:
        assert seat.desk == calling.desk_of(session.get_one(Counter, seat.id))
