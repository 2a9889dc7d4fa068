"""Closing a counter, an authority or the house for a while, and opening again.

A closing takes no booking away: it stops new ones at once, and the booked visits it meets are on the
worklist, where staff say what becomes of each.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from house import audit, clock
from house.catalogue import face as catalogue
from house.catalogue.face import ClosedFor, ClosedTime
from house.intake import standing
from house.intake.clashes import Planned
from house.intake.counters import own_schedule
from house.intake.models import Counter
from house.problems import Moved, NotHere, Problem


@dataclass(frozen=True)
class Scope:
    """What is closed: one counter, an authority's counters, or the house when both are None."""

    counter_id: int | None = None
    authority_id: int | None = None

    @property
    def is_house(self) -> bool:
        return self.counter_id is None and self.authority_id is None

    def of(self, counters: Iterable[Counter]) -> list[Counter]:
        """The counters that it means, of these."""
        return [
            one
            for one in counters
            if self.is_house or one.id == self.counter_id or one.authority_id == self.authority_id
        ]


@dataclass(frozen=True)
class Closing:
    """From one moment on the wall to another; without times whole days. `told` is what the public reads."""

    scope: Scope
    first: date
    last: date
    begins: time | None
    ends: time | None
    reason: ClosedFor
    told: ClosedFor | None


def met_by(session: Session, closing: Closing, counters: Collection[Counter]) -> list[Planned]:
    """The booked steps to come that a closing of these counters meets, earliest first.

    Raises `Problem` for one that ends before it begins, or is over.
    """
    start, end = _span(session, closing)
    steps = standing.planned_steps(session, [one.id for one in closing.scope.of(counters)], clock.now())
    met = (step for step in steps if start < step.end and step.start < end)
    return sorted(met, key=lambda step: (step.start, step.step))


def close(
    session: Session, closing: Closing, counters: Collection[Counter], seen: int, actor: str
) -> tuple[ClosedTime, list[Planned]]:
    """Close; returns the booked steps it meets. `counters` are all of the place.

    Raises `Moved` when it meets another number of visits than were `seen`: somebody booked meanwhile, and
    whoever closes should know.
    """
    meant = standing.alone(session, [one.id for one in closing.scope.of(counters)])
    if not meant and not closing.scope.is_house:
        raise NotHere()
    met = met_by(session, closing, meant)
    if len({step.visit for step in met}) != seen:
        raise Moved("more_met")
    row = ClosedTime(
        first_day=closing.first, last_day=closing.last, begins=closing.begins, ends=closing.ends,
        reason=closing.reason, told=closing.told, closed_at=clock.now(), closed_by=actor,
    )  # fmt: skip
    if closing.scope.is_house:
        row.place_id = catalogue.place(session).id
    elif closing.scope.counter_id is not None:
        row.schedule_id = own_schedule(session, meant[0])
    else:
        row.authority_id = closing.scope.authority_id
    session.add(row)
    session.flush()
    audit.record(
        session, actor, "closed", f"closing {row.id}", reason=row.reason.value,
        visits=len({step.visit for step in met}),
    )  # fmt: skip
    return row, met


def closings(session: Session, counters: Collection[Counter], since: date, house: bool) -> list[ClosedTime]:
    """The closings to come of these counters and their authorities, and of the house; earliest first."""
    wanted = select(ClosedTime).where(ClosedTime.last_day >= since, _of(counters, house))
    return list(session.scalars(wanted.order_by(ClosedTime.first_day, ClosedTime.begins, ClosedTime.id)))


def open_again(
    session: Session, closing_id: int, counters: Collection[Counter], house: bool, actor: str
) -> None:
    """Take a closing back; raises `NotHere` for one that is not there any more, or not one's own."""
    row = session.scalar(
        select(ClosedTime).where(ClosedTime.id == closing_id, _of(counters, house)).with_for_update()
    )
    if row is None:
        raise NotHere()
    audit.record(session, actor, "opened_again", f"closing {row.id}")
    session.delete(row)
    session.flush()


def _of(counters: Collection[Counter], house: bool) -> ColumnElement[bool]:
    scopes = [
        ClosedTime.schedule_id.in_([one.schedule_id for one in counters]),
        ClosedTime.authority_id.in_({one.authority_id for one in counters}),
    ]
    return or_(*scopes, ClosedTime.place_id.is_not(None)) if house else or_(*scopes)


def _span(session: Session, closing: Closing) -> tuple[datetime, datetime]:
    tz = clock.zone(catalogue.place(session).timezone)
    span = catalogue.closed_span(closing.first, closing.last, closing.begins, closing.ends, tz)
    if span.end <= span.start:
        raise Problem("ends_before")
    if span.end <= clock.now():
        raise Problem("over")
    return span
