"""Visits with members, steps and periods, and places in time; counters are in `counter_models.py`.

A place is a row: whoever inserts the row of `occupancy` has the place. `counter_day` is a rebuildable bitmap
of the full ticks of one counter and day, and the row that writers lock.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from house.db import Key, Model, one_of, personal
from house.intake.counter_models import Counter, CounterDay, CounterLanguage, CounterService, Level
from house.intake.desk_models import Priority

__all__ = [
    "Answer", "Channel", "Counter", "CounterDay", "CounterLanguage", "CounterService", "Elsewhere",
    "Level", "Member", "Occupancy", "Outcome", "Period", "PeriodKind", "Priority", "Settlement",
    "Step", "StepState", "Ticket", "TicketRoll", "Visit", "VisitState",
]  # fmt: skip


class Channel(StrEnum):
    BOOKED = "booked"
    PHONED = "phoned"
    WALK_IN = "walk_in"


class VisitState(StrEnum):
    HELD = "held"
    BOOKED = "booked"
    ARRIVED = "arrived"
    DONE = "done"
    MISSED = "missed"
    CANCELLED = "cancelled"


class StepState(StrEnum):
    PLANNED = "planned"
    WAITING = "waiting"
    PARKED = "parked"
    CALLED = "called"
    SERVING = "serving"
    DONE = "done"
    FAILED = "failed"
    MISSED = "missed"
    CANCELLED = "cancelled"


class PeriodKind(StrEnum):
    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    PAUSED = "paused"


class Outcome(StrEnum):
    """How a step ended when it was served."""

    COMPLETED = "completed"
    ADVICE_GIVEN = "advice_given"
    PAPERS_MISSING = "papers_missing"
    WRONG_AUTHORITY = "wrong_authority"
    LEFT = "left"


class Answer(StrEnum):
    """What staff did about a booked visit that no longer fits the openings; a cancelled one is cancelled."""

    KEPT = "kept"
    ASKED = "asked"
    PHONED = "phoned"


class Visit(Model):
    """One person or household, one day, one reference code; `channel` says how it came about.

    While it is held, `browser` is a blind mark of the browser that holds it: each browser holds one time.
    `language` is the one letters are written in; `speaks` the one wanted at the counters, where it differs.
    `children` are among the `party`. `access` are codes of `household.py`, for they may tell of an illness.
    `email_mark` and `mobile_mark` count the visits of one address without knowing it. `agreed_at` is when the
    present times were agreed, `asked_earlier_at` since when an earlier one is wished for; until `undo_until`
    staff can take their cancelling back.
    """

    __tablename__ = "visit"

    id: Mapped[Key]
    reference: Mapped[str] = mapped_column(unique=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    day: Mapped[date] = mapped_column(index=True)
    channel: Mapped[Channel] = mapped_column(one_of(Channel))
    state: Mapped[VisitState] = mapped_column(one_of(VisitState), index=True)
    language: Mapped[str]
    party: Mapped[int] = mapped_column(default=1)
    children: Mapped[int] = mapped_column(default=0)
    speaks: Mapped[str | None]
    interpreter: Mapped[bool] = mapped_column(default=False)
    access: Mapped[str | None] = personal("visit.access", fate="blanked 30 days after the visit")
    name: Mapped[str | None] = personal("visit.name", fate="blanked 30 days after the visit")
    email: Mapped[str | None] = personal("visit.email", fate="blanked 30 days after the visit")
    mobile: Mapped[str | None] = personal("visit.mobile", fate="blanked 30 days after the visit")
    generation: Mapped[int] = mapped_column(default=1)
    revision: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime]
    held_until: Mapped[datetime | None]
    extensions: Mapped[int] = mapped_column(default=0)
    browser: Mapped[bytes | None] = mapped_column(unique=True)
    email_mark: Mapped[bytes | None] = mapped_column(index=True)
    mobile_mark: Mapped[bytes | None] = mapped_column(index=True)
    agreed_at: Mapped[datetime | None]
    asked_earlier_at: Mapped[datetime | None] = mapped_column(index=True)
    undo_until: Mapped[datetime | None]
    arrived_at: Mapped[datetime | None]
    priority: Mapped[Priority | None] = mapped_column(one_of(Priority))
    cancelled_by: Mapped[str | None]
    steps: Mapped[list[Step]] = relationship(back_populates="visit", order_by="Step.position")
    elsewhere: Mapped[list[Elsewhere]] = relationship(order_by="Elsewhere.starts_at")
    members: Mapped[list[Member]] = relationship(order_by="Member.number")
    ticket: Mapped[Ticket | None] = relationship(back_populates="visit")


class Member(Model):
    """One person of a visit, by number; a name only where a step needs one."""

    __tablename__ = "member"

    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str | None] = personal("member.name", fate="blanked 30 days after the visit")


class Elsewhere(Model):
    """A step that another system booked, as the visitor told us: the visit is planned around it."""

    __tablename__ = "elsewhere"

    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"), primary_key=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"), primary_key=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    reference: Mapped[str | None] = personal("elsewhere.reference", fate="blanked 30 days after the visit")


class Step(Model):
    """One service at one counter inside a visit. `counter_id` is planned until called, then the caller's.

    After `ends_at` the counter is kept for `buffer` more ticks. Only the counter that somebody was `sent_to`
    calls them, for a while. At `called_at` they were called last: the board goes by it. `missing` are the
    numbers of the papers that were missing. At `tell_at` reporting and the wings above hear how the step
    ended: until then it can be taken back.
    """

    __tablename__ = "step"

    id: Mapped[Key]
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"), index=True)
    position: Mapped[int]
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    counter_id: Mapped[int | None] = mapped_column(ForeignKey("counter.id"), index=True)
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    state: Mapped[StepState] = mapped_column(one_of(StepState), index=True)
    outcome: Mapped[Outcome | None] = mapped_column(one_of(Outcome))
    calls: Mapped[int] = mapped_column(default=0)
    called_at: Mapped[datetime | None]
    buffer: Mapped[int] = mapped_column(default=0)
    sent_to: Mapped[int | None]
    missing: Mapped[str | None]
    tell_at: Mapped[datetime | None] = mapped_column(index=True)
    visit: Mapped[Visit] = relationship(back_populates="steps")
    counter: Mapped[Counter | None] = relationship()
    periods: Mapped[list[Period]] = relationship(back_populates="step", order_by="Period.id")


class Period(Model):
    """One interval of a step: waiting, called, serving or paused. All times of the desk come from here."""

    __tablename__ = "period"

    id: Mapped[Key]
    step_id: Mapped[int] = mapped_column(ForeignKey("step.id"), index=True)
    kind: Mapped[PeriodKind] = mapped_column(one_of(PeriodKind))
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    step: Mapped[Step] = relationship(back_populates="periods")


class Occupancy(Model):
    """A place in time: one lane of one counter for one tick (UTC, 5 minutes: unix seconds // 300)."""

    __tablename__ = "occupancy"

    counter_id: Mapped[int] = mapped_column(ForeignKey("counter.id"), primary_key=True)
    tick: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    lane: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int | None] = mapped_column(ForeignKey("visit.id"), index=True)
    step_id: Mapped[int | None] = mapped_column(ForeignKey("step.id"))
    expires_at: Mapped[datetime | None] = mapped_column(index=True)


class Settlement(Model):
    """What staff did about a booked visit that does not fit the openings, so that it leaves the worklist.

    It holds for one revision of the visit and for the reasons there were: a moved visit, or a new closure
    that meets it, comes up again.
    """

    __tablename__ = "settlement"

    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"), primary_key=True)
    visit_revision: Mapped[int]
    reasons: Mapped[list[str]]
    how: Mapped[Answer] = mapped_column(one_of(Answer))
    settled_at: Mapped[datetime]
    settled_by: Mapped[str]


class Ticket(Model):
    """A number in the waiting room: a letter per authority and a number per local day.

    `expected` is the middle of the wait as it was foreseen when it was given, in minutes; `pressed` a blind
    mark of the form at the kiosk that asked for it: pressed twice, it gives one ticket.
    """

    __tablename__ = "ticket"

    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    letter: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"), unique=True)
    expected: Mapped[float | None]
    pressed: Mapped[bytes | None] = mapped_column(index=True, unique=True)
    visit: Mapped[Visit] = relationship(back_populates="ticket")


class TicketRoll(Model):
    """The last number given of a letter on a day: counted up by one UPDATE."""

    __tablename__ = "ticket_roll"

    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    letter: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int]
