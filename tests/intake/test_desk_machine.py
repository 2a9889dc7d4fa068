"""A machine that does all the desk can do in any order, takes it back, and looks at what must hold each time.

By default some hundred acts; with HOUSE_FULL many thousand.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from itertools import pairwise
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
from sqlalchemy import func, select

from house import clock
from house.db import begin_writing, db
from house.intake import calling, closing, deeds, handing_on, parking, pictures, ranking, telling
from house.intake.deeds import BUSY
from house.intake.desk_models import Deed, Priority
from house.intake.handing_on import Next
from house.intake.models import Outcome, Period, Step, StepState, Visit, VisitState
from house.intake.registration import WalkIn, check_in
from house.intake.serving_at_once import quick_serve
from house.problems import Moved, Problem, Taken
from house.reporting.models import Contact
from tests import houses
from tests.intake.booking_house import (
    CPR,
    DRIVING,
    house_template,  # noqa: F401 - a fixture
    set_up,
)
from tests.intake.bookkeeping import agree
from tests.intake.desk_house import DESK, ENDED, TAX, booked, call, counter, furnish, walk_in

FULL = bool(os.environ.get("HOUSE_FULL"))
ONLY_FULL = pytest.mark.skipif(not FULL, reason="only with HOUSE_FULL")
ACTIVE = (StepState.WAITING, StepState.PARKED, *BUSY)
SEEDS = st.integers(0, 9)


class Desk(RuleBasedStateMachine):
    """Somebody at the desk does whatever the screens offer, while the clock runs, mostly forwards."""

    app: Any

    def __init__(self) -> None:
        super().__init__()
        self.context = self.app.app_context()
        self.context.push()
        self.session = db.session()
        begin_writing(self.session)
        self.travel = time_machine.travel("2027-01-07T08:10:00+00:00", tick=False)
        self.clock = self.travel.start()
        self.told = 0
        self.undone = 0

    @initialize()
    def open_the_house(self) -> None:
        self.house = furnish(self.session)
        for services in ((CPR, TAX, DRIVING), (DRIVING,), (TAX, CPR)):
            walk_in(self.session, *services)
        for wall in ("10:00", "10:40"):
            booked(self.session, wall, service=[CPR, DRIVING])
        self.session.flush()

    def teardown(self) -> None:
        self.travel.stop()
        self.session.rollback()
        self.session.expunge_all()
        self.context.pop()

    # --- what is there ---------------------------------------------------------------------------------

    def steps(self, *states: StepState) -> list[Step]:
        self.session.flush()
        return list(self.session.scalars(select(Step).where(Step.state.in_(states)).order_by(Step.id)))

    def one(self, seed: int, *states: StepState) -> Step | None:
        there = self.steps(*states)
        return random.Random(seed).choice(there) if there else None

    def attempt(self, act: Callable[[], object]) -> bool:
        """Do it, or be refused; who is refused changes nothing."""
        before = self.everything()
        try:
            act()
        except Problem:
            assert self.everything() == before, "a refused act changed something"
            return False
        return True

    def everything(self) -> dict[int, pictures.Picture]:
        self.session.flush()
        return {
            visit: pictures.of_visit(self.session, visit) for visit in self.session.scalars(select(Visit.id))
        }

    # --- what can be done ------------------------------------------------------------------------------

    @rule(services=st.lists(st.sampled_from([CPR, DRIVING, TAX]), min_size=1, max_size=3, unique=True))
    def somebody_comes(self, services: list[str]) -> None:
        walk_in(self.session, *services)

    @rule(seed=SEEDS)
    def somebody_booked_comes(self, seed: int) -> None:
        visits = self.session.scalars(select(Visit).where(Visit.state == VisitState.BOOKED)).all()
        if visits:
            check_in(self.session, random.Random(seed).choice(visits), DESK)

    @rule(seconds=st.sampled_from([1, 59, 180, 600, 3000, -1, -900, -7200]))
    def time_passes(self, seconds: int) -> None:
        self.clock.shift(seconds)

    @rule(number=st.integers(0, 2))
    def a_counter_calls(self, number: int) -> None:
        mine = self.house.counter_ids[number]
        has = any(step.counter_id == mine for step in self.steps(*BUSY))
        step: list[Step | None] = []
        if self.attempt(lambda: step.append(call(self.session, self.house, number))):
            assert not has
            assert step[0] is None or (step[0].counter_id, step[0].calls) == (mine, 1)

    @rule(number=st.integers(0, 2))
    def a_counter_calls_and_begins(self, number: int) -> None:
        step: list[Step | None] = []
        if self.attempt(lambda: step.append(call(self.session, self.house, number))) and step[0]:
            calling.start(self.session, step[0], DESK)

    @rule(
        act=st.sampled_from([
            calling.call_again, calling.start, calling.back_to_queue, closing.did_not_come, parking.park,
            parking.unpark,
        ]),
        seed=SEEDS,
    )  # fmt: skip
    def somebody_presses_a_button(self, act: Any, seed: int) -> None:
        if step := self.one(seed, *ACTIVE):
            self.attempt(lambda: act(self.session, step, DESK))

    @rule(seed=SEEDS)
    def somebody_never_comes(self, seed: int) -> None:
        if step := self.one(seed, StepState.CALLED):
            for _ in range(2):
                calling.call_again(self.session, step, DESK)
            self.clock.shift(3600)
            self.attempt(lambda: closing.did_not_come(self.session, step, DESK))

    @rule(seed=SEEDS)
    def somebody_comes_after_all(self, seed: int) -> None:
        if step := self.one(seed, StepState.MISSED):
            self.attempt(lambda: closing.came_back(self.session, step.visit, DESK))

    @precondition(lambda self: self.steps(*BUSY))
    @rule(outcome=st.sampled_from(Outcome), seed=SEEDS)
    def somebody_finishes(self, outcome: Outcome, seed: int) -> None:
        step = self.one(seed, *BUSY)
        assert step is not None
        if step.state is StepState.CALLED:
            assert not self.attempt(lambda: closing.finish(self.session, step, outcome, DESK))
            calling.start(self.session, step, DESK)
        closing.finish(self.session, step, outcome, DESK)

    @rule(
        outcome=st.sampled_from(Outcome),
        service=st.sampled_from([None, CPR, TAX]),
        number=st.sampled_from([None, 0, 2]),
        seed=SEEDS,
    )
    def somebody_is_handed_over(
        self, outcome: Outcome, service: str | None, number: int | None, seed: int
    ) -> None:
        step = self.one(seed, StepState.SERVING)
        if step is None:
            return
        planned = [one.id for one in step.visit.steps if one.state is StepState.PLANNED]
        chosen = None if service or not planned else random.Random(seed).choice(planned)
        at = None if number is None else self.house.counter_ids[number]
        with self.session.begin_nested() as point:  # a page rolls back what was refused on the way
            try:
                handing_on.hand_over(self.session, step, outcome, DESK, Next(chosen, service, at))
            except Problem:
                point.rollback()
                self.session.expire_all()

    @rule(reason=st.sampled_from([None, *Priority]), seed=SEEDS)
    def somebody_is_preferred(self, reason: Priority | None, seed: int) -> None:
        if step := self.one(seed, *ACTIVE, *ENDED):
            self.attempt(lambda: ranking.prefer(self.session, step.visit, reason, DESK))

    @rule(party=st.integers(0, 5), seed=SEEDS)
    def the_family_is_counted(self, party: int, seed: int) -> None:
        if step := self.one(seed, *ACTIVE):
            self.attempt(lambda: ranking.count_people(self.session, step.visit, party, DESK))

    @rule(outcome=st.sampled_from([None, Outcome.ADVICE_GIVEN]), number=st.integers(0, 2))
    def a_quick_question(self, outcome: Outcome | None, number: int) -> None:
        at = counter(self.session, self.house, number)
        self.attempt(lambda: quick_serve(self.session, at, WalkIn([CPR], "en"), DESK, outcome))

    @rule(number=st.integers(0, 2))
    def a_counter_has_a_break(self, number: int) -> None:
        at = counter(self.session, self.house, number)
        if at.paused_at:
            parking.resume_counter(self.session, at, DESK)
        else:
            self.attempt(lambda: parking.pause_counter(self.session, at, DESK))

    @precondition(lambda self: deeds.mine(self.session, DESK))
    @rule(which=st.integers(0, 2))
    def the_last_act_is_taken_back(self, which: int) -> None:
        there = deeds.mine(self.session, DESK)
        deed = self.session.get_one(Deed, there[which % len(there)].id)
        before, visit_id = deed.before, deed.visit_id
        with self.session.begin_nested() as point:
            try:
                deeds.undo(self.session, deed.id, DESK)
            except (Moved, Taken):
                point.rollback()
                self.session.expire_all()
                return
        self.undone += 1
        with pytest.raises(Moved):
            deeds.undo(self.session, deed.id, DESK)
        if before:
            now = pictures.of_visit(self.session, visit_id)
            assert without_steps(now) == without_steps(before)
            assert {id_: now["steps"][id_] for id_ in before["steps"]} == before["steps"]
        else:
            assert self.session.get_one(Visit, visit_id).state is VisitState.CANCELLED

    @rule()
    def the_worker_tells(self) -> None:
        while telling.tell_ended(self.session, clock.now()):
            self.session.flush()

    # --- what must always hold -------------------------------------------------------------------------

    @invariant()
    def every_visit_is_in_a_legal_state(self) -> None:
        self.session.flush()
        self.session.expire_all()
        for visit in self.session.scalars(select(Visit)):
            states = [step.state for step in visit.steps]
            active = [step for step in visit.steps if step.state in ACTIVE]
            assert len(active) == (visit.state is VisitState.ARRIVED), "one step at a time, until it is over"
            if visit.state is VisitState.BOOKED:
                assert set(states) == {StepState.PLANNED}
            elif visit.state is VisitState.CANCELLED:
                assert set(states) == {StepState.CANCELLED}
            elif visit.state in (VisitState.DONE, VisitState.MISSED):
                assert set(states) <= {*ENDED, StepState.CANCELLED}
                served = {StepState.DONE, StepState.FAILED} & set(states)
                assert bool(served) == (visit.state is VisitState.DONE)
            for step in visit.steps:
                assert (step.outcome is not None) == (step.state in (StepState.DONE, StepState.FAILED))
                assert step.counter_id is not None or step.state not in BUSY
        seats = [step.counter_id for step in self.steps(*BUSY)]
        assert len(seats) == len(set(seats)), "nobody serves two at once"

    @invariant()
    def the_log_has_no_gap(self) -> None:
        for visit in self.session.scalars(select(Visit)):
            mine = select(Period).join(Step).where(Step.visit_id == visit.id).order_by(Period.id)
            log = self.session.scalars(mine).all()
            here = visit.state not in (VisitState.BOOKED, VisitState.CANCELLED)
            assert bool(log) == here
            assert not log or log[0].began_at == visit.arrived_at, "from arrival on"
            for one, following in pairwise(log):
                assert one.ended_at == following.began_at, "a gap, or two at once"
            for one in log:
                assert one.ended_at is None or one.began_at <= one.ended_at, "less than no time"
            still = [one.step.state in ACTIVE for one in log if one.ended_at is None]
            assert still == [True] * (visit.state is VisitState.ARRIVED), "until the end"

    @invariant()
    def every_place_belongs_to_a_plan(self) -> None:
        agree(self.session)

    @invariant()
    def every_end_is_told_once(self) -> None:
        ended = select(func.count()).select_from(Step).where(Step.state.in_(ENDED), Step.tell_at.is_(None))
        told = self.session.scalar(select(func.count()).select_from(Contact))
        assert told == self.session.scalar(ended), "an end was told twice, or taken back too late"
        waits = select(func.count()).select_from(Step).where(Step.tell_at.is_not(None))
        assert not self.session.scalar(waits.where(Step.state.not_in(ENDED)))


def without_steps(picture: pictures.Picture) -> pictures.Picture:
    return {name: value for name, value in picture.items() if name != "steps"}


def do_anything(app: Any, *phases: Phase) -> None:
    """Let the machine work in this house."""
    run_state_machine_as_test(
        type("DeskOfThisHouse", (Desk,), {"app": app}),
        settings=settings(
            max_examples=120 if FULL else 40 if phases else 8,
            stateful_step_count=50 if FULL else 22,
            deadline=None,
            database=None,
            derandomize=bool(phases),
            phases=phases or (Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.fixture
def furnished(app: Any) -> Any:
    with houses.arranging(app) as session:
        set_up(session)
    return app


def test_whatever_the_desk_does_and_takes_back_every_visit_stays_sound(furnished):
    do_anything(furnished)


def keeps_the_intervals(session, visit_id, now, before):
    """An undo that takes the state back and leaves the time as it was told."""
    for step_id, step in before["steps"].items():
        step["periods"] = now["steps"][step_id]["periods"]
    RESTORE(session, visit_id, now, before)


RESTORE, END = pictures.restore, closing._end


def ends_at_once(step, state, at, until_told):
    """An end that is told although it can still be taken back."""
    END(step, state, at, until_told)
    telling.tell(db.session(), step)


@pytest.mark.parametrize(
    ("room", "name", "fault", "says"),
    [
        (pictures, "restore", keeps_the_intervals, "assert"),
        pytest.param(
            closing, "_end", ends_at_once, "told twice, or taken back too late", marks=ONLY_FULL
        ),
        pytest.param(closing.places, "give_back", lambda *_: [], "assert", marks=ONLY_FULL),
    ],
    ids=["undo keeps the time", "told too early", "places kept"],
)
def test_a_planted_fault_is_caught(furnished, monkeypatch, room, name, fault, says):
    monkeypatch.setattr(room, name, fault)
    with pytest.raises(AssertionError, match=says):
        do_anything(furnished, Phase.generate)
