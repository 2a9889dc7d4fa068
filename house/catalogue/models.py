"""Authorities and services of the catalogue; places and the schedules everything opens by.

An authority's and a service's full entry is its `record`, exactly as in the catalogue file: that makes the
round trip exact. The columns beside it are what queries need. `modified_at` follows by itself whenever the
record or one of its texts is written anew: readers of the open directory ask what changed since.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, event, update
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship
from sqlalchemy.orm.attributes import get_history

from house import clock
from house.catalogue.text_models import Text
from house.db import Key, Model, one_of


class Authority(Model):
    """Who decides: an agency, a municipality, a region, the house itself."""

    __tablename__ = "authority"

    id: Mapped[Key]
    slug: Mapped[str] = mapped_column(unique=True)
    position: Mapped[int]
    record: Mapped[dict[str, Any]]
    modified_at: Mapped[datetime] = mapped_column(insert_default=clock.now)
    services: Mapped[list[Service]] = relationship(back_populates="authority", order_by="Service.position")


class Service(Model):
    """What a person or company can get: one entry of the catalogue."""

    __tablename__ = "service"

    id: Mapped[Key]
    slug: Mapped[str] = mapped_column(unique=True)
    position: Mapped[int]
    kind: Mapped[str]
    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"), index=True)
    record: Mapped[dict[str, Any]]
    confirmed_on: Mapped[date | None]
    modified_at: Mapped[datetime] = mapped_column(insert_default=clock.now)
    authority: Mapped[Authority] = relationship(back_populates="services")


class CatalogueSection(Model):
    """The other parts of a catalogue file (meta, offers, routes_out, sources), kept for the round trip."""

    __tablename__ = "catalogue_section"

    name: Mapped[str] = mapped_column(primary_key=True)
    record: Mapped[Any] = mapped_column(Model.type_annotation_map[dict[str, Any]])


class Schedule(Model):
    """When something is open: weekly openings and the days that differ."""

    __tablename__ = "schedule"

    id: Mapped[Key]
    name: Mapped[str]
    keeps_holidays: Mapped[bool] = mapped_column(default=True)
    openings: Mapped[list[Opening]] = relationship(cascade="all, delete-orphan")
    closures: Mapped[list[Closure]] = relationship(cascade="all, delete-orphan")


class Opening(Model):
    """Open every (n-th) week on a weekday (0 = Monday) between two wall-clock times.

    Where advisers change, `lanes` are fewer than the counter's, and `languages` (tag → level, "none" for not
    spoken) say what differs from the counter's.
    """

    __tablename__ = "opening"

    id: Mapped[Key]
    schedule_id: Mapped[int] = mapped_column(ForeignKey("schedule.id"), index=True)
    weekday: Mapped[int]
    opens: Mapped[time]
    closes: Mapped[time]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    every_weeks: Mapped[int] = mapped_column(default=1)
    lanes: Mapped[int | None]
    languages: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class Closure(Model):
    """A day that differs from the week: closed, or, with times, open at these hours instead.

    It goes before the holidays: hours on a holiday mean open on this holiday.
    """

    __tablename__ = "closure"

    id: Mapped[Key]
    schedule_id: Mapped[int] = mapped_column(ForeignKey("schedule.id"), index=True)
    day: Mapped[date]
    opens: Mapped[time | None]
    closes: Mapped[time | None]
    reason: Mapped[str]
    lanes: Mapped[int | None]
    languages: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class ClosedFor(StrEnum):
    """Why something is closed; what the public reads of it is `ClosedTime.told`."""

    STAFF = "staff"
    TRAINING = "training"
    TECHNICAL = "technical"
    EVENT = "event"
    HOLIDAY = "holiday"
    OTHER = "other"


class ClosedTime(Model):
    """Closed from one moment on the wall to another: one schedule, an authority's counters, or the house.

    Exactly one of `schedule_id`, `authority_id` and `place_id` says what is closed. Without `begins` from the
    beginning of the first day, without `ends` to the end of the last. `told` is what the public reads: a
    reason, or nothing but that it is closed.
    """

    __tablename__ = "closed_time"

    id: Mapped[Key]
    schedule_id: Mapped[int | None] = mapped_column(ForeignKey("schedule.id"), index=True)
    authority_id: Mapped[int | None] = mapped_column(ForeignKey("authority.id"))
    place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"))
    first_day: Mapped[date]
    last_day: Mapped[date] = mapped_column(index=True)
    begins: Mapped[time | None]
    ends: Mapped[time | None]
    reason: Mapped[ClosedFor] = mapped_column(one_of(ClosedFor))
    told: Mapped[ClosedFor | None] = mapped_column(one_of(ClosedFor))
    closed_at: Mapped[datetime]
    closed_by: Mapped[str]


class Place(Model):
    """A house: where it is and when its door and its phone are open.

    `longest_wait` is how many minutes a visitor may wait between two steps of a booked visit.
    """

    __tablename__ = "place"

    id: Mapped[Key]
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    address: Mapped[str]
    phone: Mapped[str | None]
    timezone: Mapped[str]
    longest_wait: Mapped[int] = mapped_column(default=30)
    schedule_id: Mapped[int] = mapped_column(ForeignKey("schedule.id"))
    phone_schedule_id: Mapped[int | None] = mapped_column(ForeignKey("schedule.id"))
    schedule: Mapped[Schedule] = relationship(foreign_keys=schedule_id)
    phone_schedule: Mapped[Schedule | None] = relationship(foreign_keys=phone_schedule_id)


@event.listens_for(Session, "before_flush")
def _note_what_changed(session: Session, _context: Any, _instances: Any) -> None:
    """Entries whose record, authority or texts change are modified now; a new place in the list is none."""
    for row in session.dirty:
        if isinstance(row, Authority | Service) and _says_something_else(row):
            row.modified_at = clock.now()
    written = (*session.new, *session.dirty, *session.deleted)
    texts = [row.subject.split("/") for row in written if isinstance(row, Text)]
    _touch(session, Service, {slug for kind, slug, *_ in texts if kind == "service"})
    _touch(session, Authority, {slug for kind, slug, *_ in texts if kind == "authority"})


def _says_something_else(row: Authority | Service) -> bool:
    told = ("record", "authority_id") if isinstance(row, Service) else ("record",)
    return any(get_history(row, name).has_changes() for name in told)


def _touch(session: Session, model: type[Authority] | type[Service], slugs: Iterable[str]) -> None:
    wanted = sorted(slugs)
    if wanted:  # past the session, which is flushing
        touched = update(model).where(model.slug.in_(wanted)).values(modified_at=clock.now())
        session.connection().execute(touched)
