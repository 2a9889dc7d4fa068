"""What intake forgets: names and addresses 30 days after the visit, holds a day after they ran out."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import and_, delete, or_, select, update
from sqlalchemy.orm import Session

from house import clock
from house.catalogue import face as catalogue
from house.intake import claiming, guidance, notes
from house.intake.change_models import EarlierOffer
from house.intake.desk_models import Deed
from house.intake.models import Elsewhere, Member, Occupancy, Step, Visit, VisitState
from house.intake.outbox_models import EntryState, OutboxEntry
from house.problems import NotHere

KEEP = timedelta(days=30)
KEEP_HOLD = timedelta(days=1)
KEEP_ACT = timedelta(days=7)
AT_ONCE = 500
"""Holds taken away in one transaction: others wait for the writer's lock meanwhile."""


def forget(session: Session, now: datetime) -> int:
    """Blank what is due, take away holds that came to nothing; returns how many rows were touched."""
    blanked = _blank_visits(session, now) + _blank_members(session, now) + _blank_elsewhere(session, now)
    old = select(Visit.id).where(Visit.day < (now - KEEP).date())
    gone = notes.forget(session, old) + guidance.forget(session, now) + _blank_typed(session, now)
    blanked += _blank_acts(session, now)
    return blanked + gone + _take_away_holds(session, now)


def _blank_visits(session: Session, now: datetime) -> int:
    """Blank who came; the links to the visit and its ticket die with the names, also where none was given."""
    named = or_(*(one.is_not(None) for one in (Visit.name, Visit.email, Visit.mobile, Visit.access)))
    linked = Visit.generation == 1  # nothing else raises it
    due = update(Visit).where(Visit.day < (now - KEEP).date(), or_(named, linked))
    due = due.values(generation=Visit.generation + 1)
    due = due.values(name=None, email=None, mobile=None, access=None, email_mark=None, mobile_mark=None)
    due = due.values(priority=None, asked_earlier_at=None)
    return session.execute(due).rowcount  # type: ignore[attr-defined, no-any-return]


def _blank_members(session: Session, now: datetime) -> int:
    old = select(Visit.id).where(Visit.day < (now - KEEP).date())
    due = update(Member).where(Member.visit_id.in_(old), Member.name.is_not(None)).values(name=None)
    return session.execute(due).rowcount  # type: ignore[attr-defined, no-any-return]


def _blank_elsewhere(session: Session, now: datetime) -> int:
    old = select(Visit.id).where(Visit.day < (now - KEEP).date())
    due = update(Elsewhere).where(Elsewhere.visit_id.in_(old), Elsewhere.reference.is_not(None))
    return session.execute(due.values(reference=None)).rowcount  # type: ignore[attr-defined, no-any-return]


def _blank_typed(session: Session, now: datetime) -> int:
    """What was typed for a booking that was not found; a decision about it can be undone until midnight."""
    try:
        zone = catalogue.place(session).timezone
    except NotHere:
        return 0
    decided = OutboxEntry.settled_at < clock.midnight(clock.local(now, zone).date(), zone)
    over = and_(OutboxEntry.state != EntryState.CONFLICT, or_(OutboxEntry.settled_at.is_(None), decided))
    due = or_(over, OutboxEntry.received_at < now - KEEP)
    blank = update(OutboxEntry).where(OutboxEntry.typed.is_not(None), due).values(typed=None)
    return session.execute(blank).rowcount  # type: ignore[attr-defined, no-any-return]


def _blank_acts(session: Session, now: datetime) -> int:
    """A name that an act mended is kept for taking that back alone."""
    due = update(Deed).where(Deed.at < now - KEEP_ACT, Deed.name_was.is_not(None)).values(name_was=None)
    return session.execute(due).rowcount  # type: ignore[attr-defined, no-any-return]


def _take_away_holds(session: Session, now: datetime) -> int:
    """Delete held visits that ran out a day ago, with their steps and places."""
    try:
        zone = catalogue.place(session).timezone
    except NotHere:
        return 0
    run_out = (
        select(Visit.id)
        .where(Visit.state == VisitState.HELD, Visit.held_until < now - KEEP_HOLD)
        .order_by(Visit.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    ids = session.scalars(run_out).all()
    days = claiming.days_of(session, ids, zone)
    claiming.lock_days(session, days)
    session.execute(update(EarlierOffer).where(EarlierOffer.hold_id.in_(ids)).values(hold_id=None))
    for table in (Occupancy, Step, Member, Elsewhere):
        session.execute(delete(table).where(table.visit_id.in_(ids)))
    session.execute(delete(Visit).where(Visit.id.in_(ids)))
    claiming.refresh(session, days)
    return len(ids)
