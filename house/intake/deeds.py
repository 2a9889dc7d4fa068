"""Writing down what the desk does, so that the last act can be taken back; and taking it back.

A verb does its work inside `doing(…)`. The outermost one counts: an act made of acts is undone as one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, selectinload

from house import audit, clock
from house.intake import pictures, places
from house.intake.desk_models import Deed
from house.intake.models import Counter, Step, StepState, Ticket, Visit
from house.problems import Moved, NotHere

WINDOW = timedelta(minutes=10)
"""So long an act can be taken back, unless somebody did something with the visit since."""
SHOWN = 3
BUSY = (StepState.CALLED, StepState.SERVING)
_OPEN = "house-open-deed"


@dataclass
class Doing:
    """An act that is being done. A verb that learns only on the way whose visit it is fills that in.

    `before` is the picture from before; empty for a visit that is made. `final` acts left the house: they
    cannot be taken back.
    """

    visit_id: int | None = None
    before: pictures.Picture = field(default_factory=dict)
    places: list[places.Place] = field(default_factory=list)
    final: bool = False


@contextmanager
def doing(session: Session, verb: str, actor: str, visit: Visit | None = None) -> Iterator[Doing]:
    """Do something with a visit that the caller has locked; nothing is written when it is refused."""
    open_one: Doing | None = session.info.get(_OPEN)
    if open_one is not None:  # part of a greater act
        yield open_one
        return
    act = Doing(visit.id, pictures.of_visit(session, visit.id)) if visit else Doing()
    session.info[_OPEN] = act
    try:
        yield act
    finally:
        del session.info[_OPEN]
    if act.visit_id is not None and not act.final:
        after = pictures.of_visit(session, act.visit_id)
        deed = Deed(
            visit_id=act.visit_id, actor=actor, verb=verb, at=clock.now(), before=act.before, after=after,
            places=[list(place) for place in act.places],
        )  # fmt: skip
        session.add(deed)
        session.flush()


def lock(session: Session, visit_id: int) -> Visit:
    """A visit and its steps, read anew and for this transaction alone. Raises `NotHere`.

    Everybody locks the visit first, then its steps in one order. A call takes one step only, by its UPDATE.
    """
    session.flush()
    anew = {"populate_existing": True}
    mine = select(Visit).where(Visit.id == visit_id).with_for_update(key_share=True)
    visit = session.scalar(mine.execution_options(**anew))
    if visit is None:
        raise NotHere()
    steps = select(Step).where(Step.visit_id == visit_id).order_by(Step.id).with_for_update(of=Step)
    session.scalars(steps.options(selectinload(Step.periods)).execution_options(**anew)).all()
    session.expire(visit, ["steps"])
    return visit


@dataclass(frozen=True)
class Undoable:
    """An act that I did a moment ago, with the ticket of its visit."""

    id: int
    verb: str
    ticket: str


_MINE = (
    select(Deed.id, Deed.verb, Ticket.letter, Ticket.number)
    .outerjoin(Ticket, Ticket.visit_id == Deed.visit_id)
    .where(Deed.actor == bindparam("actor"), Deed.at > bindparam("since"), Deed.undone_at.is_(None))
    .order_by(Deed.id.desc())
    .limit(SHOWN)
)
_MINE_OF_VISIT = _MINE.where(Deed.visit_id == bindparam("visit"))


def mine(session: Session, actor: str, visit: Visit | None = None) -> list[Undoable]:
    """My acts that may still be taken back, the last one first, of one visit if told; one query."""
    asked = {"actor": actor, "since": clock.now() - WINDOW}
    if visit is None:
        rows = session.connection().execute(_MINE, asked)
    else:
        rows = session.connection().execute(_MINE_OF_VISIT, {**asked, "visit": visit.id})
    return [Undoable(row.id, row.verb, f"{row.letter}{row.number}" if row.letter else "") for row in rows]


def undo(session: Session, deed_id: int, actor: str) -> Deed:
    """Take back one of my own acts: the visit is what it was, and the audit keeps both.

    Raises `NotHere` for somebody else's act; `Moved` when it is too late, was taken back already, when the
    visit is no longer as the act left it, or when its counter has somebody else; `Taken` when a place given
    back is gone.
    """
    found = select(Deed).where(Deed.id == deed_id, Deed.actor == actor)
    deed = session.scalar(found)
    if deed is None:
        raise NotHere()
    _lock_counters(session, deed.before)
    visit = lock(session, deed.visit_id)
    session.refresh(deed)
    if deed.undone_at is not None:
        raise Moved("undone_already")
    now = clock.now()
    if now - deed.at >= WINDOW:
        raise Moved("too_late_to_undo")
    current = pictures.of_visit(session, visit.id)
    if current != deed.after:
        raise Moved()
    if deed.before:
        _counters_are_free(session, deed.before, visit.id)
        pictures.restore(session, visit.id, current, deed.before)
    else:
        pictures.unmake(session, visit.id)
    places.take_again(session, visit, [(one[0], one[1], one[2]) for one in deed.places])
    deed.undone_at = now
    audit.record(session, actor, "undone", f"visit {visit.id}", act=deed.verb, deed=deed.id)
    return deed


def _counters(picture: pictures.Picture) -> Sequence[int]:
    steps = picture.get("steps", {}).values()
    return sorted({step["counter_id"] for step in steps if step["state"] in BUSY and step["counter_id"]})


def _lock_counters(session: Session, before: pictures.Picture) -> None:
    """The counters that would have somebody again: as a call does, before anything else is locked."""
    wanted = select(Counter.id).where(Counter.id.in_(_counters(before))).order_by(Counter.id)
    if _counters(before):
        session.execute(wanted.with_for_update(key_share=True)).all()


def _counters_are_free(session: Session, before: pictures.Picture, visit_id: int) -> None:
    other = select(Step.id).where(
        Step.counter_id.in_(_counters(before)), Step.state.in_(BUSY), Step.visit_id != visit_id
    )
    if _counters(before) and session.scalar(other.limit(1)) is not None:
        raise Moved("busy")
