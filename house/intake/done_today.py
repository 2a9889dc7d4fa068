"""All that I did today, for the page where it can be taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from house.intake import deeds, pictures
from house.intake.desk_models import Deed
from house.intake.models import Ticket, Visit
from house.intake.outbox_models import OutboxEntry
from house.intake.undoing import acts_of, why_not

AT_ONCE = 50
LAST = 2**63 - 1


@dataclass(frozen=True)
class Done:
    """One act of mine: `hindered` says by a code why it cannot be taken back, `undone_at` when it was.

    One that dismissed somebody a desk registered without the net has no `reference`, but that `case`.
    """

    id: int
    verb: str
    at: datetime
    ticket: str
    reference: str | None
    case: str | None
    undone_at: datetime | None
    hindered: str | None


_DONE = (
    select(Deed, Visit.reference, Ticket.letter, Ticket.number, OutboxEntry.number.label("told"))
    .outerjoin(Visit, Visit.id == Deed.visit_id)
    .outerjoin(Ticket, Ticket.visit_id == Deed.visit_id)
    .outerjoin(OutboxEntry, OutboxEntry.id == Deed.entry_id)
    .where(Deed.actor == bindparam("actor"), Deed.at >= bindparam("since"), Deed.id < bindparam("before"))
    .order_by(Deed.id.desc())
    .limit(AT_ONCE)
)
_OF_VISIT = _DONE.where(Deed.visit_id == bindparam("visit"))


def all_of_mine(session: Session, actor: str, before: int = LAST) -> list[Done]:
    """My acts of today, the last one first, at most `AT_ONCE` of those `before` one; three queries."""
    asked = {"actor": actor, "since": deeds.midnight(session), "before": before}
    return _told(session, session.execute(_DONE, asked).all())


def at_of(session: Session, actor: str, deed_id: int) -> datetime | None:
    """When I did something, for what else I did before; None for what is not mine."""
    return session.scalar(select(Deed.at).where(Deed.id == deed_id, Deed.actor == actor))


def with_visit(session: Session, actor: str, visit: Visit) -> list[Done]:
    """What I did with a visit today and can take back, the last act first."""
    asked = {"actor": actor, "since": deeds.midnight(session), "before": LAST, "visit": visit.id}
    done = _told(session, session.execute(_OF_VISIT, asked).all())
    stand = [one for one in done if one.undone_at is None and one.hindered in (None, "later_first")]
    return stand[: deeds.SHOWN]


def _told(session: Session, rows: Sequence[Any]) -> list[Done]:
    visits = sorted({row.Deed.visit_id for row in rows if row.Deed.visit_id and row.Deed.undone_at is None})
    acts = acts_of(session, visits) if visits else []
    last = {one.visit_id: one.id for one in acts}
    asked = [row.Deed.visit_id for row in rows if last.get(row.Deed.visit_id) == row.Deed.id]
    now = pictures.of_visits(session, asked) if asked else {}
    return [
        Done(
            row.Deed.id, row.Deed.verb, row.Deed.at, deeds.ticket_in(row),
            row.reference, row.Deed.entry_id, row.Deed.undone_at,
            None if row.Deed.undone_at else why_not(row.Deed, acts, now.get(row.Deed.visit_id)),
        )
        for row in rows
    ]  # fmt: skip
