"""Writing down what the desk does, so that it can be taken back (`undoing.py`).

A verb does its work inside `doing(…)`. The outermost one counts: an act made of acts is undone as one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, selectinload

from house import clock
from house.catalogue import face as catalogue
from house.intake import desk_numbers, pictures, places
from house.intake.desk_models import Deed
from house.intake.models import Step, StepState, Ticket, Visit
from house.intake.outbox_models import OutboxEntry
from house.problems import NotHere

WINDOW = timedelta(minutes=10)
"""So long an act counts as just done: it is one key away, and taken back it never was."""
SHOWN = 3
LEFT_THE_HOUSE = ("handed_outside",)
"""Acts that told somebody outside at once: they cannot be taken back."""
BUSY = (StepState.CALLED, StepState.SERVING)
_OPEN = "house-open-deed"


@dataclass
class Doing:
    """An act that is being done. A verb that learns only on the way whose visit it is fills that in.

    `before` is the picture from before; empty for a visit that is made. `decides` is the entry of a desk
    without the net that the act settles, with the visit it belonged to. With `step_id` only that step was
    locked: what else changed of the visit meanwhile was somebody else's, and is not taken back.
    """

    visit_id: int | None = None
    before: pictures.Picture = field(default_factory=dict)
    places: list[places.Place] = field(default_factory=list)
    decides: tuple[str, int | None] | None = None
    step_id: int | None = None
    name_was: str | None = None


@contextmanager
def doing(session: Session, verb: str, actor: str, visit: Visit | None = None) -> Iterator[Doing]:
    """Do something with a visit, or a case, that the caller has locked; what is refused writes nothing."""
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
    if act.visit_id is not None or act.decides is not None:
        after = {} if act.visit_id is None else pictures.of_visit(session, act.visit_id)
        if act.step_id is not None:
            only = {str(act.step_id): act.before["steps"][str(act.step_id)]}
            act.before = {**after, "steps": {**after["steps"], **only}}
        entry_id, entry_visit_id = act.decides or (None, None)
        deed = Deed(
            visit_id=act.visit_id, actor=actor, verb=verb, at=clock.now(), before=act.before, after=after,
            places=[list(place) for place in act.places], entry_id=entry_id, entry_visit_id=entry_visit_id,
            name_was=act.name_was,
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
    """An act that I did a moment ago, with its ticket, or the number that a desk without the net told."""

    id: int
    verb: str
    ticket: str


_MINE = (
    select(Deed.id, Deed.verb, Ticket.letter, Ticket.number, OutboxEntry.number.label("told"))
    .outerjoin(Ticket, Ticket.visit_id == Deed.visit_id)
    .outerjoin(OutboxEntry, OutboxEntry.id == Deed.entry_id)
    .where(
        Deed.actor == bindparam("actor"), Deed.at >= bindparam("since"), Deed.undone_at.is_(None),
        Deed.verb.not_in(LEFT_THE_HOUSE),
    )
    .order_by(Deed.id.desc())
    .limit(SHOWN)
)  # fmt: skip
_MINE_OF_VISIT = _MINE.where(Deed.visit_id == bindparam("visit"))


def mine(session: Session, actor: str, visit: Visit | None = None) -> list[Undoable]:
    """What I did a moment ago, of one visit if told, the last act first; one query.

    The rest of the day is in `done_today.py`.
    """
    asked = {"actor": actor, "since": max(clock.now() - WINDOW, midnight(session))}
    if visit is None:
        rows = session.connection().execute(_MINE, asked)
    else:
        rows = session.connection().execute(_MINE_OF_VISIT, {**asked, "visit": visit.id})
    return [Undoable(row.id, row.verb, ticket_in(row)) for row in rows]


def of_case(session: Session, entry_id: str, actor: str) -> int | None:
    """My act of today that decided about a desk without the net and stands, if there is one."""
    mine_of_it = (Deed.entry_id == entry_id, Deed.actor == actor, Deed.undone_at.is_(None))
    return session.scalar(select(Deed.id).where(*mine_of_it, Deed.at >= midnight(session)))


def ticket_in(row: Any) -> str:
    """The ticket of an act's visit; without one the number that a desk without the net told, or nothing."""
    if row.letter:
        return f"{row.letter}{row.number}"
    return desk_numbers.spoken(row.told) if row.told else ""


def midnight(session: Session) -> datetime:
    """When today began at the house: nothing from before it can be taken back."""
    timezone = catalogue.place(session).timezone
    return clock.midnight(clock.today(timezone), timezone)
