"""A machine that does all the desk can do in any order, and takes it back; no word of what must hold."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from sqlalchemy import func, select

from house import clock
from house.intake import (
    calling,
    cases,
    closing,
    deeds,
    desk_numbers,
    handing_on,
    outbox,
    parking,
    pictures,
    ranking,
    telling,
    undoing,
)
from house.intake.deeds import BUSY
from house.intake.desk_models import Deed, Priority
from house.intake.handing_on import Next
from house.intake.models import Outcome, Period, PeriodKind, Step, StepState, Visit, VisitState
from house.intake.outbox_models import EntryKind, EntryState, OutboxEntry, Settled
from house.intake.registration import WalkIn, check_in
from house.intake.serving_at_once import quick_serve
from house.problems import Moved, Problem, Taken
from tests.intake.booking_house import CPR, DRIVING
from tests.intake.desk_house import DESK, ENDED, TAX, call, counter, walk_in
from tests.intake.desk_soundness import ACTIVE, SoundDesk

SEEDS = st.integers(0, 9)


class Desk(SoundDesk):
    """Somebody at the desk does whatever the screens offer, while the clock runs, mostly forwards."""

    @rule(services=st.lists(st.sampled_from([CPR, DRIVING, TAX]), min_size=1, max_size=3, unique=True))
    def somebody_comes(self, services: list[str]) -> None:
        walk_in(self.session, *services)

    @rule(seed=SEEDS)
    def somebody_booked_comes(self, seed: int) -> None:
        visits = self.session.scalars(select(Visit).where(Visit.state == VisitState.BOOKED)).all()
        if visits:
            self.attempt(lambda: check_in(self.session, random.Random(seed).choice(visits), DESK))

    @rule(seconds=st.sampled_from([1, 59, 180, 600, 3000, 10_000, 20_000, 40_000, -1, -900, -7200]))
    def time_passes(self, seconds: int) -> None:
        self.clock.shift(seconds)
        self.today()

    @precondition(lambda self: self.session.scalar(select(func.count()).select_from(Deed)))
    @rule()
    def midnight_passes(self) -> None:
        """Nothing of yesterday can be taken back, and the worker closes and tells the day."""
        self.clock.move_to(clock.midnight(self.today() + timedelta(days=1), "Europe/Copenhagen"))
        for deed_id, actor in self.session.execute(select(Deed.id, Deed.actor)).all():
            with pytest.raises(Moved, match=r"too_late_to_undo|undone_already"):
                undoing.undo(self.session, deed_id, actor)
        closing.close_days_before(self.session, self.today())
        self.the_worker_tells()
        assert not self.steps(*ACTIVE), "somebody stayed over night"

    def today(self) -> date:
        self.furthest = max(self.furthest, clock.today("Europe/Copenhagen"))
        return clock.today("Europe/Copenhagen")

    def call(self, number: int) -> Step | None:
        return call(self.session, self.house, number, self.today())

    @rule(number=st.integers(0, 2))
    def a_counter_calls(self, number: int) -> None:
        mine = self.house.counter_ids[number]
        has = any(step.counter_id == mine for step in self.steps(*BUSY))
        step: list[Step | None] = []
        if self.attempt(lambda: step.append(self.call(number))):
            assert not has
            assert step[0] is None or (step[0].counter_id, step[0].calls) == (mine, 1)

    @rule(number=st.integers(0, 2))
    def a_counter_calls_and_begins(self, number: int) -> None:
        step: list[Step | None] = []
        if self.attempt(lambda: step.append(self.call(number))) and step[0]:
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
    def the_family_is_counted_or_corrected(self, party: int, seed: int) -> None:
        step = self.one(seed, *ACTIVE)
        if step is None:
            return
        visit = step.visit
        if seed % 2:
            self.attempt(lambda: ranking.count_people(self.session, visit, party, DESK))
            return
        name, language = (None, "Olena", "Ołena")[party % 3], ("en", "uk")[party % 2]
        if self.attempt(lambda: ranking.correct(self.session, visit, name, language, DESK)):
            assert (visit.name, visit.speaks or visit.language) == (name, language)

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

    def case(self, seed: int) -> OutboxEntry | None:
        there = self.entries(EntryState.CONFLICT)
        return random.Random(seed).choice(there) if there else None

    @rule(
        reference=st.sampled_from([None, "", "K7M4QXT"]), service=st.sampled_from([CPR, "not_given"]),
        ago=st.sampled_from([0, 40, 2000]), own=st.booleans(), lost=st.booleans(), seed=SEEDS,
    )  # fmt: skip
    def the_net_comes_back(
        self, reference: str | None, service: str, ago: int, own: bool, lost: bool, seed: int
    ) -> None:
        """A walk-in, a booking that is there, or one mistyped; with `lost` its form had arrived before."""
        kind, id_ = EntryKind.WALK_IN, f"entry-of-the-machine-{len(self.entries())}"
        if reference is not None:
            booked = select(Visit.reference).where(Visit.state == VisitState.BOOKED)
            known = [*self.session.scalars(booked), "K7M4QXT"]
            kind, reference = EntryKind.CHECK_IN, reference or random.Random(seed).choice(known)
        elif lost:
            outbox.begin(self.session, id_, kind)
            outbox.note(self.session, id_, walk_in(self.session, CPR))
        now, number = clock.now(), None
        if own:
            block = desk_numbers.blocks_for(self.session, "browser-of-the-machine", 1)[0]
            number = desk_numbers.numbers_of(block)[0] + len(self.entries()) % 90
        sent = outbox.Sent(
            id_, kind, "browser-of-the-machine", now - timedelta(minutes=ago), now,
            "" if reference is not None else service, reference=reference or "", number=number,
        )  # fmt: skip
        outbox.take_in(self.session, sent, DESK)

    @rule(how=st.sampled_from([*Settled]), by_name=st.booleans(), seed=SEEDS)
    def a_case_is_decided(self, how: Settled, by_name: bool, seed: int) -> None:
        if not (entry := self.case(seed)):
            return
        id_ = entry.id
        if how is Settled.REGISTERED:
            self.attempt(lambda: cases.register_anew(self.session, id_, CPR, DESK))
        elif how is Settled.CHECKED_IN:
            booked = self.session.scalars(select(Visit).where(Visit.state == VisitState.BOOKED)).first()
            typed = "nobody" if not booked else (booked.name or "") if by_name else booked.reference
            self.attempt(lambda: cases.check_in(self.session, id_, typed, DESK))
        else:
            cases.dismiss(self.session, id_, how, DESK)

    def acts(self) -> list[Deed]:
        stand = select(Deed).where(Deed.undone_at.is_(None), Deed.at >= deeds.midnight(self.session))
        return list(self.session.scalars(stand.order_by(Deed.id.desc())))

    @precondition(lambda self: self.acts())
    @rule(seed=SEEDS, seconds=st.sampled_from([0, 0, 600, 12_000]))
    def an_act_of_today_is_taken_back(self, seed: int, seconds: int) -> None:
        self.time_passes(seconds)
        there = self.acts()
        if not there:  # it was of yesterday
            return
        self.take_back(random.Random(seed).choice(there))

    @precondition(lambda self: self.acts())
    @rule(number=st.integers(1, 5), seconds=st.sampled_from([0, 0, 600, 12_000]))
    def the_last_acts_are_taken_back(self, number: int, seconds: int) -> None:
        """As somebody does who went wrong some steps ago: with one visit, the last one first."""
        self.time_passes(seconds)
        visit = None
        for _ in range(number):
            there = [deed for deed in self.acts() if visit in (None, deed.visit_id)]
            if not there:
                return
            visit = there[0].visit_id
            if visit is None:  # a decision that touched no visit: nothing can be in its way
                assert self.take_back(there[0]) is None
                return
            if refused := self.take_back(there[0]):
                day_over = self.session.get_one(Visit, visit).day < self.furthest
                assert refused in ("counter_not_free", "taken") or day_over, "a chain of acts breaks off"
                return

    @rule(
        number=st.integers(0, 2), outcome=st.sampled_from([None, *Outcome]), acts=st.integers(1, 3),
        seconds=st.sampled_from([60, 1200, 12_000]),
    )  # fmt: skip
    def a_mistake_is_found_late(self, number: int, outcome: Outcome | None, acts: int, seconds: int) -> None:
        step: list[Step | None] = []
        if self.attempt(lambda: step.append(self.call(number))) and step[0]:
            self.time_passes(60)
            calling.start(self.session, step[0], DESK)
            self.time_passes(300)
            if outcome:
                closing.finish(self.session, step[0], outcome, DESK)
            self.the_last_acts_are_taken_back(acts, seconds)

    def take_back(self, deed: Deed) -> str | None:
        """Take an act back, or be refused: the code of that."""
        if (visit_id := deed.visit_id) is None:
            return self.undo(deed)
        before, late = deed.before, clock.now() - deed.at >= deeds.WINDOW
        named, was = self.session.get_one(Visit, visit_id).name, deed.name_was
        current, since = pictures.of_visit(self.session, visit_id), self.minutes(visit_id)
        if refused := self.undo(deed):
            return refused
        if not before:
            assert self.session.get_one(Visit, visit_id).state is VisitState.CANCELLED
            return None
        name = self.session.get_one(Visit, visit_id).name
        assert (name, deed.name_was) == (named if was is None else was or None, None)
        now = pictures.of_visit(self.session, visit_id)
        assert stripped(now) == stripped(before)
        assert late or now == before or times(now) == times(current)
        spent = self.minutes(visit_id)
        assert not late or all(spent[one] <= since[one] for one in spent), "a mistake made hours"
        return None

    def undo(self, deed: Deed) -> str | None:
        """Undo it once, or be refused; what it had decided waits for a decision again."""
        entry_id, numbers = deed.entry_id, self.numbers()
        with self.session.begin_nested() as point:
            try:
                undoing.undo(self.session, deed.id, DESK)
            except (Moved, Taken) as problem:
                point.rollback()
                self.session.expire_all()
                return problem.code
        with pytest.raises(Moved):
            undoing.undo(self.session, deed.id, DESK)
        if entry_id:
            waits = self.session.get_one(OutboxEntry, entry_id)
            assert waits.state is EntryState.CONFLICT, "nobody waits for whoever holds the number"
        assert entry_id or self.numbers() == numbers
        return None

    def minutes(self, visit_id: int) -> dict[tuple[int, str], float]:
        """What a visit's steps have spent waiting, called and served, as the figures tell it now."""
        spent: dict[tuple[int, str], float] = defaultdict(float)
        log = select(Period).join(Step).where(Step.visit_id == visit_id, Period.kind != PeriodKind.PAUSED)
        for one in self.session.scalars(log):
            until = one.ended_at or max(clock.now(), one.began_at)
            spent[one.step_id, one.kind.value] += (until - one.began_at).total_seconds()
        return spent

    @rule()
    def the_worker_tells(self) -> None:
        while telling.tell_ended(self.session, clock.now()):
            self.session.flush()


def stripped(picture: pictures.Picture) -> pictures.Picture:
    """A picture without its times, and without steps that were registered since."""
    steps = {id_: {**one, "periods": None} for id_, one in picture["steps"].items()}
    return {**picture, "steps": steps}


def times(picture: pictures.Picture) -> dict[str, Any]:
    return {id_: one["periods"] for id_, one in picture["steps"].items() if one["periods"]}
