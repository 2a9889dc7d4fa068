"""Notes of an authority about a visit: writing one, reading them, taking one's own back.

Whoever calls says for which authority: that of the counter where somebody sits. The audit knows that a note
was written or taken back, never what it said.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Select, bindparam, delete, select
from sqlalchemy.orm import Session

from house import audit, clock
from house.catalogue import face as catalogue
from house.intake.models import Visit, VisitState
from house.intake.note_models import Note
from house.people import face as people
from house.problems import Moved, NotHere

LONGEST = 300
"""Signs of a note: it helps the next colleague, it is no file."""
SHORT = 60
"""So short a note is read where there is room for one line only."""


@dataclass(frozen=True)
class Line:
    """One note to read; `mine` when I may take it back, `other_day` when it is not of today."""

    id: int
    words: str = field(repr=False)
    writer: str = field(repr=False)
    at: datetime
    mine: bool
    other_day: bool

    @property
    def short(self) -> bool:
        return len(self.words) <= SHORT


_OF_VISIT = (
    select(Note.id, Note.words, Note.actor, Note.at)
    .where(Note.visit_id == bindparam("visit"), Note.authority_id == bindparam("authority"))
    .order_by(Note.at, Note.id)
)


def of_visit(session: Session, visit_id: int, authority_id: int, actor: str) -> list[Line]:
    """The notes of one authority about a visit, the newest last; two queries, or one when there are none."""
    asked = {"visit": visit_id, "authority": authority_id}
    rows = session.connection().execute(_OF_VISIT, asked).all()
    if not rows:
        return []
    names = people.names(session, {_account(row.actor) for row in rows})
    return [
        Line(
            row.id, row.words, names.get(_account(row.actor), ""), row.at,
            row.actor == actor and _is_of_today(session, row.at), not _is_of_today(session, row.at),
        )
        for row in rows
    ]  # fmt: skip


def can_be_written(visit: Visit) -> bool:
    """Whether there is anything left to note: a visit that is off, or is only held, takes no notes."""
    return visit.state not in (VisitState.CANCELLED, VisitState.HELD)


def write(session: Session, visit: Visit, authority_id: int, words: str, actor: str) -> Note:
    """Write a note about a visit, which the caller has locked. Raises `Moved` when the visit is off."""
    if not can_be_written(visit):
        raise Moved()
    row = Note(visit_id=visit.id, authority_id=authority_id, words=words, actor=actor, at=clock.now())
    session.add(row)
    session.flush()
    audit.record(session, actor, "noted", f"visit {visit.id}", note=row.id, authority=authority_id)
    return row


def remove(session: Session, visit: Visit, authority_id: int, note_id: int, actor: str) -> None:
    """Take my own note of today back: its words are gone for good.

    Raises `NotHere` for anybody else's, and for one that is gone already; `Moved` on another day.
    """
    mine = (Note.id == note_id, Note.visit_id == visit.id, Note.authority_id == authority_id)
    row = session.scalar(select(Note).where(*mine, Note.actor == actor).with_for_update())
    if row is None:
        raise NotHere()
    if not _is_of_today(session, row.at):
        raise Moved("too_late_to_undo")
    session.delete(row)
    session.flush()
    audit.record(session, actor, "note_removed", f"visit {visit.id}", note=note_id, authority=authority_id)


def forget(session: Session, visit_ids: Select[int]) -> int:
    """Remove every note about these visits; returns how many there were."""
    gone = delete(Note).where(Note.visit_id.in_(visit_ids))
    return session.execute(gone.execution_options(synchronize_session=False)).rowcount  # type: ignore[attr-defined, no-any-return]


def _is_of_today(session: Session, at: datetime) -> bool:
    zone = catalogue.place(session).timezone
    return clock.local(at, zone).date() == clock.today(zone)


def _account(actor: str) -> int:
    """The account behind an actor of the audit, such as "staff 3"."""
    return int(actor.rpartition(" ")[2])
