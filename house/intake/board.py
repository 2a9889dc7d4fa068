"""What the waiting room's board shows: who is called to which counter, by number; never a name.

The board is asked every other second by every screen, so it is one small statement, and its mark comes from
the same rows: no verb can forget to say that something changed.
"""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from typing import NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from house import clock
from house.catalogue import face as catalogue
from house.intake.calling import BUSY
from house.intake.models import Counter, Step, StepState, Ticket, Visit
from house.problems import NotHere

SHOWN = 13
"""The newest calls; more would be too small to read."""


class Call(NamedTuple):
    """A number that is called, or being served: where to go, and when it was called last."""

    step_id: int
    ticket: str
    counter: str
    serving: bool
    called_at: datetime

    @property
    def key(self) -> str:
        """The same for the same call, another one for the next call of the same number."""
        return f"{self.step_id}.{self.called_at.timestamp():.6f}"


_step, _visit, _ticket, _counter = Step.__table__, Visit.__table__, Ticket.__table__, Counter.__table__
_place = catalogue.Place.__table__
_CALLS = (
    select(
        _step.c.id, _ticket.c.letter, _ticket.c.number, _counter.c.label, _step.c.state,
        _step.c.called_at, _visit.c.day, _place.c.timezone,
    )
    .join(_visit, _step.c.visit_id == _visit.c.id)
    .join(_place, _place.c.id == _visit.c.place_id)
    .join(_ticket, _ticket.c.visit_id == _visit.c.id)
    .join(_counter, _counter.c.id == _step.c.counter_id)
    .where(_place.c.slug == bindparam("slug"), _step.c.state.in_(BUSY))
)  # fmt: skip
_NEVER = datetime.fromtimestamp(0, UTC)
_IS_THERE = select(_place.c.id).where(_place.c.slug == bindparam("slug"))


def called(session: Session, slug: str) -> list[Call]:
    """Who is called at a place today, the last call first, and after them who is served already.

    Raises `NotHere` for a place that nobody set up. One statement, and a second one only while there is no
    call.
    """
    connection = session.connection()
    rows = connection.execute(_CALLS, {"slug": slug}).all()
    if not rows:
        if connection.execute(_IS_THERE, {"slug": slug}).first() is None:
            raise NotHere()
        return []
    today = clock.today(rows[0].timezone)
    calls = [
        Call(
            row.id, f"{row.letter}{row.number}", row.label, row.state is StepState.SERVING,
            row.called_at or _NEVER,
        )
        for row in rows
        if row.day == today
    ]  # fmt: skip
    calls.sort(key=lambda call: (not call.serving, call.called_at, call.step_id), reverse=True)
    return calls[:SHOWN]


def is_shut(session: Session) -> bool:
    """Whether the door is closed at this moment, as its hours, holidays and closings say."""
    return not catalogue.door(session).is_open


def mark_of(calls: list[Call], shut: bool) -> str:
    """The same mark for the same board; another one after a call, and when somebody sits down or leaves."""
    return sha256(repr([shut, *(tuple(call) for call in calls)]).encode()).hexdigest()[:16]
