"""The desk at rest: a house in which things can be done, and what must hold in it after each."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from typing import Any

import time_machine
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant
from sqlalchemy import func, select

from house.db import begin_writing, db
from house.intake import pictures
from house.intake.deeds import BUSY
from house.intake.desk_models import Deed
from house.intake.models import Period, Step, StepState, Ticket, Visit, VisitState
from house.intake.outbox_models import EntryState, OutboxEntry, Settled
from house.problems import Problem
from house.reporting.models import Contact
from tests.intake.booking_house import CPR, DRIVING
from tests.intake.bookkeeping import agree
from tests.intake.desk_house import ENDED, TAX, booked, furnish, walk_in

ACTIVE = (StepState.WAITING, StepState.PARKED, *BUSY)


class SoundDesk(RuleBasedStateMachine):
    """A desk on a Thursday, what is there, and what is asked of it after every act."""

    app: Any

    def __init__(self) -> None:
        super().__init__()
        self.context = self.app.app_context()
        self.context.push()
        self.session = db.session()
        begin_writing(self.session)
        self.travel = time_machine.travel("2027-01-07T08:10:00+00:00", tick=False)
        self.clock = self.travel.start()
        self.furthest = date.min
        """The last day the clock has shown, also where it went back since."""

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

    def everything(self) -> dict[int | str, object]:
        self.session.flush()
        visits = {one: pictures.of_visit(self.session, one) for one in self.session.scalars(select(Visit.id))}
        return {**visits, **{one.id: (one.state, one.settled, one.visit_id) for one in self.entries()}}

    def entries(self, *states: EntryState) -> list[OutboxEntry]:
        self.session.flush()
        wanted = select(OutboxEntry).where(OutboxEntry.state.in_(states or EntryState))
        return list(self.session.scalars(wanted.order_by(OutboxEntry.id)))

    def numbers(self) -> set[tuple[str, int]]:
        self.session.flush()
        return {(one.letter, one.number) for one in self.session.scalars(select(Ticket))}

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
                forgotten = step.state is StepState.DONE and visit.day < self.furthest  # closed at night
                ended = step.state in (StepState.DONE, StepState.FAILED)
                assert (step.outcome is not None) == ended or (forgotten and step.outcome is None)
                assert step.counter_id is not None or step.state not in BUSY
        seats = [step.counter_id for step in self.steps(*BUSY)]
        assert len(seats) == len(set(seats)), "nobody serves two at once"

    @invariant()
    def the_log_has_no_gap(self) -> None:
        for visit in self.session.scalars(select(Visit)):
            mine = select(Period).join(Step).where(Step.visit_id == visit.id).order_by(Period.id)
            log = self.session.scalars(mine).all()
            here = visit.arrived_at is not None and visit.state is not VisitState.CANCELLED
            assert bool(log) == here
            assert not log or log[0].began_at == visit.arrived_at, "from arrival on"
            for one, following in pairwise(log):
                assert one.ended_at == following.began_at, "a gap, or two at once"
            for one in log:
                assert one.ended_at is None or one.began_at <= one.ended_at, "less than no time"
            still = [one.step.state in ACTIVE for one in log if one.ended_at is None]
            assert still == [True] * (visit.state is VisitState.ARRIVED), "until the end"

    @invariant()
    def whoever_a_desk_without_the_net_told_a_number_waits_or_was_decided_about(self) -> None:
        stand = select(Deed.entry_id).where(Deed.entry_id.is_not(None), Deed.undone_at.is_(None))
        decided = list(self.session.scalars(stand))
        assert sorted(decided) == [one.id for one in self.entries(EntryState.SETTLED)], "once each"
        for entry in self.entries():
            assert (entry.settled is not None) == (entry.state is EntryState.SETTLED)
            assert (entry.code is None) == (entry.state is EntryState.DONE)
            visit = self.session.get(Visit, entry.visit_id) if entry.visit_id else None
            if entry.settled in (Settled.REGISTERED, Settled.CHECKED_IN):
                here = visit and visit.state not in (VisitState.CANCELLED, VisitState.BOOKED)
                assert here, "settled, and nobody is here"

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
