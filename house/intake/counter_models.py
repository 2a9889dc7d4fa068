"""Counters as managers set them: services, languages, lanes, grid; and the days that writers lock."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column, relationship

from house.db import Key, Model, one_of
from house.intake.timetable import Since


class Level(StrEnum):
    """How well a language is spoken at a counter."""

    BASIC = "basic"
    GOOD = "good"
    NATIVE = "native"


class Counter(Model):
    """Serves at a place, for an authority; has services, languages, a schedule and `capacity` lanes.

    Times are offered every `every` ticks (of 5 minutes) since each opening or the full hour, not sooner than
    `lead_minutes` from now and on `horizon_days` days, today among them; `buffer_minutes` are kept free after
    each step. `assumed`: nobody confirmed yet that it stands here like this. `revision` counts the changes of
    managers, of its hours too: who changes it says which one was seen. Whoever sits there has a break since
    `paused_at`, at most until the day is over.
    """

    __tablename__ = "counter"

    id: Mapped[Key]
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"), index=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"))
    schedule_id: Mapped[int] = mapped_column(ForeignKey("schedule.id"))
    label: Mapped[str]
    capacity: Mapped[int] = mapped_column(default=1)
    every: Mapped[int] = mapped_column(default=2)
    since: Mapped[Since] = mapped_column(one_of(Since), default=Since.OPENING)
    buffer_minutes: Mapped[int] = mapped_column(default=0)
    lead_minutes: Mapped[int] = mapped_column(default=60)
    horizon_days: Mapped[int] = mapped_column(default=60)
    active: Mapped[bool] = mapped_column(default=True)
    assumed: Mapped[bool] = mapped_column(default=False)
    revision: Mapped[int] = mapped_column(default=0)
    paused_at: Mapped[datetime | None]
    services: Mapped[list[CounterService]] = relationship(cascade="all, delete-orphan")
    languages: Mapped[list[CounterLanguage]] = relationship(cascade="all, delete-orphan")


class CounterService(Model):
    """A service this counter gives, and whether times for it can be booked here.

    `minutes_first` and `minutes_each` (each further person) are this counter's own, where they are not the
    catalogue's. A place given back is free again after `cool_off_minutes`.
    """

    __tablename__ = "counter_service"

    counter_id: Mapped[int] = mapped_column(ForeignKey("counter.id"), primary_key=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"), primary_key=True)
    bookable: Mapped[bool] = mapped_column(default=True)
    cool_off_minutes: Mapped[int] = mapped_column(default=0)
    minutes_first: Mapped[int | None]
    minutes_each: Mapped[int | None]


class CounterLanguage(Model):
    """A language spoken at this counter, and how well; an opening may differ (`Opening.languages`)."""

    __tablename__ = "counter_language"

    counter_id: Mapped[int] = mapped_column(ForeignKey("counter.id"), primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    level: Mapped[Level] = mapped_column(one_of(Level), default=Level.GOOD)


class CounterDay(Model):
    """One counter's local day: the bitmap of its full ticks (`slots.pack`), and the row writers lock."""

    __tablename__ = "counter_day"

    counter_id: Mapped[int] = mapped_column(ForeignKey("counter.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    full: Mapped[bytes] = mapped_column(LargeBinary)
