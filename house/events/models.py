"""Events and their texts, seats, sign-ups and attendees.

A place is a row: whoever inserts the row of `seat` has it. The row of `event` is what writers lock.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from house.db import Key, Model, one_of, personal

FATE = "blanked 30 days after the event"


class EventKind(StrEnum):
    """What sort of event it is; reported as `event_type`."""

    SOCIAL = "social"
    LANGUAGE_CAFE = "language_cafe"
    SEMINAR = "seminar"
    ONBOARDING_DAY = "onboarding_day"
    FAIR = "fair"


class Audience(StrEnum):
    """For whom an event is: the codes that reporting counts audiences by."""

    EVERYBODY = "everybody"
    STUDENTS = "students"
    RESEARCHERS = "researchers"
    EMPLOYEES = "employees"
    PARTNERS = "partners"
    FAMILIES = "families"
    COMPANIES = "companies"


class OpenTo(StrEnum):
    """Who may sign up: anybody for oneself, or companies for their employees."""

    EVERYBODY = "everybody"
    COMPANIES = "companies"


class EventState(StrEnum):
    PUBLISHED = "published"
    CANCELLED = "cancelled"


class AttendeeState(StrEnum):
    COMING = "coming"
    CANCELLED = "cancelled"
    ATTENDED = "attended"
    ABSENT = "absent"


class Event(Model):
    """Something that happens once, somewhere, for at most `capacity` people."""

    __tablename__ = "event"

    id: Mapped[Key]
    slug: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[EventKind] = mapped_column(one_of(EventKind))
    audience: Mapped[Audience] = mapped_column(one_of(Audience))
    open_to: Mapped[OpenTo] = mapped_column(one_of(OpenTo))
    state: Mapped[EventState] = mapped_column(one_of(EventState))
    place: Mapped[str]
    address: Mapped[str]
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime] = mapped_column(index=True)
    sign_up_until: Mapped[datetime]
    capacity: Mapped[int]
    revision: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime]
    texts: Mapped[list[EventText]] = relationship(cascade="all, delete-orphan")


class EventText(Model):
    """Title and summary of an event in one language; English is always there."""

    __tablename__ = "event_text"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    summary: Mapped[str]


class Signup(Model):
    """One act of signing up one or many; `once` is a blind mark that makes a repeated press the same act."""

    __tablename__ = "signup"

    id: Mapped[Key]
    reference: Mapped[str] = mapped_column(unique=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)
    company_id: Mapped[int | None] = mapped_column(ForeignKey("body.id"), index=True)
    once: Mapped[bytes | None] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    attendees: Mapped[list[Attendee]] = relationship(back_populates="signup", order_by="Attendee.id")


class Attendee(Model):
    """Who comes: an identity apart from the seat, opened by an own link.

    `mark` is a blind mark of event, signer and e-mail: one seat for one address, and a company cannot learn
    from a refusal whether somebody else signed the same person up.
    """

    __tablename__ = "attendee"
    __table_args__ = (UniqueConstraint("event_id", "mark"),)

    id: Mapped[Key]
    reference: Mapped[str] = mapped_column(unique=True)
    generation: Mapped[int] = mapped_column(default=1)
    revision: Mapped[int] = mapped_column(default=0)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)
    signup_id: Mapped[int] = mapped_column(ForeignKey("signup.id"), index=True)
    language: Mapped[str]
    state: Mapped[AttendeeState] = mapped_column(one_of(AttendeeState))
    name: Mapped[str | None] = personal("attendee.name", fate=FATE)
    email: Mapped[str | None] = personal("attendee.email", fate=FATE)
    mark: Mapped[bytes | None]
    signup: Mapped[Signup] = relationship(back_populates="attendees")


class Seat(Model):
    """A place at an event, by number; the key is the last word on who has it."""

    __tablename__ = "seat"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    attendee_id: Mapped[int] = mapped_column(ForeignKey("attendee.id"), unique=True)
