"""What must hold of a house whatever was done in it at once: each fails with a sentence of what is wrong."""

from __future__ import annotations

from collections import Counter as Tally
from itertools import pairwise

from sqlalchemy import func, select

from house import audit
from house.audit import Act
from house.events.models import Attendee, AttendeeState, Seat
from house.intake.change_models import EarlierOffer, OfferState
from house.intake.deeds import BUSY
from house.intake.models import Period, Step, StepState, Ticket, Visit, VisitState
from house.post import Letter, LetterState
from house.reporting.models import Contact
from tests.intake.bookkeeping import agree
from tests.intake.desk_house import ENDED

ACTIVE = (StepState.WAITING, StepState.PARKED, *BUSY)
ONCE = ("visit_tomorrow", "visit_soon", "visit_asked_to_move")
"""Letters that nobody has two of at a time."""


def is_sound(session):
    """Everything below."""
    agree(session)
    for check in CHECKS:
        check(session)


def each_counter_serves_one(session):
    seats = Tally(session.scalars(select(Step.counter_id).where(Step.state.in_(BUSY))))
    assert None not in seats, "somebody is served nowhere"
    assert not seats or max(seats.values()) == 1, "a counter serves two"


def each_visit_is_in_one_state(session):
    for visit in session.scalars(select(Visit)):
        states = Tally(step.state for step in visit.steps)
        active = sum(states[one] for one in ACTIVE)
        assert active == (visit.state is VisitState.ARRIVED), f"visit {visit.id} is at {active} steps at once"
        if visit.state in (VisitState.HELD, VisitState.BOOKED):
            assert set(states) == {StepState.PLANNED}, f"visit {visit.id} is to come and was served"
        if visit.state is VisitState.CANCELLED:
            assert set(states) == {StepState.CANCELLED}, f"visit {visit.id} is off and goes on"
        if visit.state in (VisitState.DONE, VisitState.MISSED):
            assert set(states) <= {*ENDED, StepState.CANCELLED}, f"visit {visit.id} is over and goes on"


def the_time_of_each_visit_has_no_gap(session):
    for visit in session.scalars(select(Visit)):
        mine = select(Period).join(Step).where(Step.visit_id == visit.id).order_by(Period.id)
        log = session.scalars(mine).all()
        here = visit.arrived_at is not None and visit.state is not VisitState.CANCELLED
        assert bool(log) == here, f"visit {visit.id} has no time, or time before it came"
        assert not log or log[0].began_at == visit.arrived_at, f"visit {visit.id} is not told from arrival on"
        for one, following in pairwise(log):
            assert one.ended_at == following.began_at, f"visit {visit.id} has a gap, or is twice at once"
        for one in log:
            assert one.ended_at is None or one.began_at <= one.ended_at, "an interval of less than no time"
        open_ = [one.step.state in ACTIVE for one in log if one.ended_at is None]
        assert open_ == [True] * (visit.state is VisitState.ARRIVED), f"visit {visit.id} does not end"


def each_who_came_has_a_number(session):
    tickets = session.execute(select(Ticket.visit_id, Ticket.letter, Ticket.number)).all()
    numbers = Tally((letter, number) for _, letter, number in tickets)
    assert not numbers or max(numbers.values()) == 1, "a number was given twice"
    here = set(session.scalars(select(Visit.id).where(Visit.state == VisitState.ARRIVED)))
    assert here <= {visit_id for visit_id, *_ in tickets}, "somebody who is here has no number"


def each_end_is_told_once(session):
    ended = select(func.count()).select_from(Step).where(Step.state.in_(ENDED), Step.tell_at.is_(None))
    of_visits = Contact.channel.not_in(("guidance", "event", "referral"))
    told = session.scalar(select(func.count()).select_from(Contact).where(of_visits))
    assert told == session.scalar(ended), "an end was told twice, or taken back after it was told"
    waits = select(func.count()).select_from(Step).where(Step.tell_at.is_not(None))
    assert not session.scalar(waits.where(Step.state.not_in(ENDED))), "an end is to be told that is none"


def no_letter_says_the_same_twice(session):
    wanted = select(Letter.about, Letter.kind, Letter.state).where(Letter.about.is_not(None))
    rows = session.execute(wanted).all()
    booked = Tally(about for about, kind, _ in rows if kind == "visit_booked")
    assert not booked or max(booked.values()) == 1, "a booking was confirmed twice"
    waiting = Tally(
        (about, kind) for about, kind, state in rows if state is LetterState.WAITING and kind in ONCE
    )
    assert not waiting or max(waiting.values()) == 1, "a letter waits twice"


def each_has_one_hold_and_one_offer(session):
    offers = Tally(
        session.scalars(select(EarlierOffer.visit_id).where(EarlierOffer.state == OfferState.OPEN))
    )
    assert not offers or max(offers.values()) == 1, "a visit has two offers"
    holds = select(Visit.browser, Visit.state).where(Visit.browser.is_not(None))
    browsers = session.execute(holds).all()
    assert len({browser for browser, _ in browsers}) == len(browsers), "a browser holds two"
    assert {state for _, state in browsers} <= {VisitState.HELD}, "a browser holds what is booked"


def each_seat_has_somebody_who_comes(session):
    seats = session.scalars(select(Seat.attendee_id)).all()
    coming = select(Attendee.id).where(Attendee.state != AttendeeState.CANCELLED)
    assert sorted(seats) == sorted(session.scalars(coming)), "a seat has nobody, or somebody has none"


def the_audit_is_whole(session):
    assert audit.first_broken(session) is None, "the audit was changed"
    links = session.scalars(select(Act.link).where(Act.link.is_not(None)).order_by(Act.link)).all()
    assert links == list(range(1, len(links) + 1)), "the audit has a gap"


CHECKS = (
    each_counter_serves_one, each_visit_is_in_one_state, the_time_of_each_visit_has_no_gap,
    each_who_came_has_a_number, each_end_is_told_once, no_letter_says_the_same_twice,
    each_has_one_hold_and_one_offer, each_seat_has_somebody_who_comes, the_audit_is_whole,
)  # fmt: skip
