"""What I did today that is no deed of the desk: bookings made, moved or cancelled, and closing today.

It comes from the audit. The way back, where there is one, is that of the booking's or the closing's own page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from house.audit import Act
from house.catalogue.face import ClosedTime
from house.intake import cancelling, closing_today, deeds
from house.intake.models import Visit, VisitState
from house.intake.seeing import Seen, steps_seen

BACK = {"visit_cancelled": "visit_kept", "closed_today": "opened_again"}
VERBS = ("visit_moved", "visit_booked", *BACK, *BACK.values())


@dataclass(frozen=True)
class Besides:
    """One such act: about a visit, by the `reference` of one that I see, or about the closing of a key.

    `hindered` says by a code why it cannot be taken back, `undone_at` when it was; else it can be.
    """

    verb: str
    at: datetime
    reference: str | None
    closing: int | None
    undone_at: datetime | None = None
    hindered: str | None = None


def all_of_mine(
    session: Session, actor: str, seen: Seen, since: datetime | None = None, before: datetime | None = None
) -> list[Besides]:
    """Those of today, the last one first, from an instant on and before another; at most three queries."""
    begin = max(since, deeds.midnight(session)) if since else deeds.midnight(session)
    mine = select(Act).where(Act.actor == actor, Act.at >= begin, Act.verb.in_(VERBS)).order_by(Act.id.desc())
    acts = session.scalars(mine if before is None else mine.where(Act.at < before)).all()
    ids = {_key(act) for act in acts}
    if not ids:
        return []
    named = select(Visit).where(Visit.id.in_(ids)).options(selectinload(Visit.steps))
    visits = {f"visit {one.id}": one for one in session.scalars(named)}
    rows = session.scalars(select(ClosedTime).where(ClosedTime.id.in_(ids)))
    closings = {f"closing {one.id}": one for one in rows}
    return [
        _booking(act, acts, visits[act.subject], seen) if act.subject in visits
        else _closing(act, acts, closings.get(act.subject))
        for act in acts
        if act.verb not in BACK.values()
    ]  # fmt: skip


def _booking(act: Act, acts: Sequence[Act], visit: Visit, seen: Seen) -> Besides:
    reference = visit.reference if steps_seen(visit, seen) else None
    undone_at = _undone(act, acts)
    hindered = None
    if act.verb != "visit_cancelled":
        hindered = "change_instead"
    elif undone_at is None and not cancelling.can_undo(visit):
        hindered = "too_late" if visit.state is VisitState.CANCELLED else "undone_already"
    return Besides(act.verb, act.at, reference, None, undone_at, hindered)


def _closing(act: Act, acts: Sequence[Act], row: ClosedTime | None) -> Besides:
    if row is None:
        return Besides(act.verb, act.at, None, None, _undone(act, acts), "undone_already")
    return Besides(act.verb, act.at, None, row.id, None, None if closing_today.can_undo(row) else "too_late")


def _undone(act: Act, acts: Sequence[Act]) -> datetime | None:
    """When I took an act back myself: the next thing that I did with the same one."""
    wanted = (act.subject, BACK.get(act.verb))
    later = [one for one in acts if (one.subject, one.verb) == wanted and one.id > act.id]
    return later[-1].at if later else None


def _key(act: Act) -> int:
    return int(act.subject.rpartition(" ")[2])
