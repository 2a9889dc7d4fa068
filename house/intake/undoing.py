"""Taking back what I did today, the last act on a visit first; writing it down is `deeds.py`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from house import audit, clock
from house.intake import cases, deeds, pictures, places, restoring, turns
from house.intake.deeds import BUSY, LEFT_THE_HOUSE
from house.intake.desk_models import Deed
from house.intake.models import Counter, Step, Visit
from house.intake.pictures import Picture
from house.problems import Moved, NotHere

_LATER = (
    select(Deed.id, Deed.visit_id, Deed.actor, Deed.verb)
    .where(Deed.visit_id.in_(bindparam("visits", expanding=True)), Deed.undone_at.is_(None))
    .order_by(Deed.id)
)


def undo(session: Session, deed_id: int, actor: str) -> Deed:
    """Take back one of my own acts of today: the visit is what it was, and the audit keeps both. What decided
    about a desk without the net is undecided again.

    Within `deeds.WINDOW` the time goes on as if nothing had happened; later it was a pause (`retelling.py`).
    Raises `NotHere` for somebody else's act; `Moved` when it is of another day, was taken back already, left
    the house, when the visit is no longer as the act left it, or when its counter has somebody, a break, or
    is no more; `Taken` when a place given back is gone.
    """
    deed = session.scalar(select(Deed).where(Deed.id == deed_id, Deed.actor == actor))
    if deed is None:
        raise NotHere()
    entry = cases.lock(session, deed.entry_id) if deed.entry_id else None
    counters = _take_counters(session, deed.before)
    visit = deeds.lock(session, deed.visit_id) if deed.visit_id else None
    session.refresh(deed)
    if deed.undone_at is not None:
        raise Moved("undone_already")
    now = clock.now()
    if deed.at < deeds.midnight(session):
        raise Moved("too_late_to_undo")
    if visit is not None:
        _take_back(session, deed, visit, counters, now)
    if entry is not None:
        cases.reopen(session, entry, deed)
    deed.undone_at = now
    about = f"visit {visit.id}" if visit is not None else f"outbox {deed.entry_id}"
    audit.record(session, actor, "undone", about, act=deed.verb, deed=deed.id)
    return deed


def _take_back(
    session: Session, deed: Deed, visit: Visit, counters: Sequence[Any], now: datetime
) -> None:
    """Make a visit what it was before an act; it and the counters it comes back to are locked."""
    current = pictures.of_visit(session, visit.id)
    if hindered := why_not(deed, acts_of(session, [visit.id]), current):
        raise Moved(hindered)
    _have_room(session, counters, visit)
    if deed.before:
        late = now - deed.at >= deeds.WINDOW
        restoring.restore(session, visit.id, current, pictures.as_now(deed.before), late, now)
        if deed.name_was is not None:
            visit.name, deed.name_was = deed.name_was or None, None
    else:
        restoring.unmake(session, visit.id)
    places.take_again(session, visit, [(one[0], one[1], one[2]) for one in deed.places])
    _the_one_before(session, deed, visit)


def acts_of(session: Session, visits: Sequence[int]) -> Sequence[Any]:
    """The acts on these visits that stand, whoever did them, the first one first; one query."""
    return session.execute(_LATER, {"visits": visits}).all()


def why_not(deed: Deed, acts: Sequence[Any], current: Picture | None) -> str | None:
    """What is in the way of taking an act back, as a code; None when nothing is.

    `acts` are those that stand on its visit, among others; `current` is the visit's picture, needed for the
    last one of them only. Nothing is in the way of what touched no visit.
    """
    if deed.visit_id is None:
        return None
    since = [one for one in acts if one.visit_id == deed.visit_id and one.id > deed.id]
    if any(verb in LEFT_THE_HOUSE for verb in (deed.verb, *(one.verb for one in since))):
        return "left_the_house"
    if since:
        return "later_first" if all(one.actor == deed.actor for one in since) else "moved"
    return None if current == pictures.as_now(deed.after) else "moved"


def _the_one_before(session: Session, deed: Deed, visit: Visit) -> None:
    """What the act before this one left is how the visit stands now: its time may be told anew."""
    earlier = select(Deed).where(Deed.visit_id == visit.id, Deed.id < deed.id, Deed.undone_at.is_(None))
    last = session.scalar(earlier.order_by(Deed.id.desc()).limit(1))
    if last is not None and last.after == deed.before:
        last.after = pictures.of_visit(session, visit.id)


def _take_counters(session: Session, before: Picture) -> Sequence[Any]:
    """The counters that would have somebody again: as a call does, before anything else is locked."""
    steps = before.get("steps", {}).values()
    ids = {step["counter_id"] for step in steps if step["state"] in BUSY and step["counter_id"]}
    if not ids:
        return []
    turns.take_seats(session, ids)
    return session.execute(
        select(Counter.id, Counter.active, Counter.paused_at).where(Counter.id.in_(ids))
    ).all()


def _have_room(session: Session, counters: Sequence[Any], visit: Visit) -> None:
    """Fails where a counter has somebody else, has a break, or is closed for good."""
    if not counters:
        return
    ids, midnight = [one.id for one in counters], deeds.midnight(session)
    other = select(Step.id).where(Step.counter_id.in_(ids), Step.state.in_(BUSY), Step.visit_id != visit.id)
    closed = any(not one.active or (one.paused_at and one.paused_at >= midnight) for one in counters)
    if closed or session.scalar(other.limit(1)) is not None:
        raise Moved("counter_not_free")
