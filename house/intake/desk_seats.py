"""The open counters of a place: what each serves, where one can sit down, and which have somebody now.

Columns are read, not objects, in a constant number of queries.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from house.intake.deeds import BUSY
from house.intake.models import Counter, CounterLanguage, CounterService, Step, Ticket
from house.intake.queue import Desk


@dataclass(frozen=True)
class Seat:
    """An open counter and what it can serve."""

    id: int
    label: str
    desk: Desk
    authority_id: int
    paused_at: datetime | None = None


_OPEN = (Counter.place_id == bindparam("place"), Counter.active)
_THERE = (
    select(Step.counter_id, Ticket.letter, Ticket.number)
    .join(Counter, Counter.id == Step.counter_id)
    .join(Ticket, Ticket.visit_id == Step.visit_id)
    .where(*_OPEN, Step.state.in_(BUSY))
)
_LANGUAGES = select(CounterLanguage.counter_id, CounterLanguage.language).join(Counter).where(*_OPEN)
_COUNTERS = (
    select(
        Counter.id, Counter.label, Counter.paused_at, Counter.authority_id, CounterService.service_id
    )
    .outerjoin(CounterService, CounterService.counter_id == Counter.id)
    .where(*_OPEN)
    .order_by(Counter.id)
)


def seats_at(session: Session, place_id: int) -> list[Seat]:
    """The open counters of a place with what they can serve; two queries whatever their number."""
    here, read = {"place": place_id}, session.connection()
    rows: dict[int, Any] = {}
    given, spoken = defaultdict[int, set[int]](set), defaultdict[int, set[str]](set)
    for row in read.execute(_COUNTERS, here):
        rows[row.id] = row
        given[row.id].update([row.service_id] if row.service_id else ())
    for counter_id, language in read.execute(_LANGUAGES, here):
        spoken[counter_id].add(language)
    return [
        Seat(
            id_, row.label, Desk(frozenset(given[id_]), frozenset(spoken[id_]), id_), row.authority_id,
            row.paused_at,
        )
        for id_, row in rows.items()
    ]  # fmt: skip


def there_now(session: Session, place_id: int) -> dict[int, str]:
    """The ticket of whom each counter has now; who sits down sees which one has a colleague already."""
    rows = session.connection().execute(_THERE, {"place": place_id})
    return {row.counter_id: f"{row.letter}{row.number}" for row in rows}
