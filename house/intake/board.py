"""What the waiting room's board shows: who is called to which counter, by number; never a name.

The board is asked every other second by every screen, so it is one small statement, and its mark comes from
the same rows: no verb can forget to say that something changed.
"""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from house import clock
from house.catalogue import face as catalogue
from house.intake.calling import BUSY
from house.intake.models import Counter, Period, PeriodKind, Step, Ticket, Visit
from house.problems import NotHere

SHOWN = 13
"""The newest calls; more would be too small to read."""


class Call(NamedTuple):
    """A number that is called, or being served: where to go, and how often it was called."""

    step_id: int
    ticket: str
    counter: str
    calls: int


_step, _visit, _ticket, _counter = Step.__table__, Visit.__table__, Ticket.__table__, Counter.__table__
_period, _place = Period.__table__, catalogue.Place.__table__
_CALLED_AT = (
    select(func.max(_period.c.began_at))
    .where(_period.c.step_id == _step.c.id, _period.c.kind == PeriodKind.CALLED)
    .scalar_subquery()
)
_CALLS = (
    select(
        _step.c.id, _ticket.c.letter, _ticket.c.number, _counter.c.label, _step.c.calls, _visit.c.day,
        _place.c.timezone, _CALLED_AT.label("called_at"),
    )
    .join(_visit, _step.c.visit_id == _visit.c.id)
    .join(_place, _place.c.id == _visit.c.place_id)
    .join(_ticket, _ticket.c.visit_id == _visit.c.id)
    .join(_counter, _counter.c.id == _step.c.counter_id)
    .where(_place.c.slug == bindparam("slug"), _step.c.state.in_(BUSY))
)  # fmt: skip
_LONG_AGO = datetime.min.replace(tzinfo=clock.zone("UTC"))
_IS_THERE = select(_place.c.id).where(_place.c.slug == bindparam("slug"))


def called(session: Session, slug: str) -> list[Call]:
    """Who is called at a place today, the newest call first; raises `NotHere` for a place nobody set up.

    One statement, and a second one only while nobody is called.
    """
    connection = session.connection()
    rows = connection.execute(_CALLS, {"slug": slug}).all()
    if not rows:
        if connection.execute(_IS_THERE, {"slug": slug}).first() is None:
            raise NotHere()
        return []
    today = clock.today(rows[0].timezone)
    todays = [row for row in rows if row.day == today]
    todays.sort(key=lambda row: (row.called_at or _LONG_AGO, row.id), reverse=True)
    return [Call(row.id, f"{row.letter}{row.number}", row.label, row.calls) for row in todays[:SHOWN]]


def is_shut(session: Session) -> bool:
    """Whether the door is closed at this moment, as its hours, holidays and closings say."""
    return not catalogue.door(session).is_open


def mark_of(calls: list[Call], shut: bool) -> str:
    """The same mark for the same board, another one after every call and when the door opens or closes."""
    return sha256(repr([shut, *(tuple(call) for call in calls)]).encode()).hexdigest()[:16]
