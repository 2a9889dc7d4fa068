"""Reminding visitors of what is to come: written by the worker when it is due, from what is stored then."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from house import clock, post
from house.catalogue import face as catalogue
from house.db import is_sqlite
from house.intake import claiming
from house.intake.booking import begins
from house.intake.cards import about, card_of
from house.intake.change_models import Reminder
from house.intake.models import Step, Visit, VisitState
from house.intake.nights import by_day
from house.intake.reaching import reachable, recipient
from house.intake.reminder_times import Due, reminders
from house.intake.worklist import must_move

AT_ONCE = 100


def remind(session: Session, now: datetime) -> bool:
    """Write the reminders that are due, each once; returns whether more are left for another transaction.

    Nothing is promised beforehand: a visit that was cancelled, or moved to another day, is not looked at.
    """
    waiting = _waiting(session, now)
    for visit_id, due in waiting[:AT_ONCE]:
        _write(session, session.get_one(Visit, visit_id), due)
    return len(waiting) > AT_ONCE


def _waiting(session: Session, now: datetime) -> list[tuple[int, Due]]:
    """What is due by the facts as they are read now, without a lock."""
    zone = clock.zone(catalogue.place(session).timezone)
    today = now.astimezone(zone).date()
    coming = (
        select(Visit.id, Visit.agreed_at, func.min(Step.starts_at), Visit.email.is_(None))
        .join(Step, Step.visit_id == Visit.id)
        .where(
            Visit.state == VisitState.BOOKED, reachable(), Visit.agreed_at.is_not(None),
            Visit.day.between(today, today + timedelta(days=1)), Step.starts_at.is_not(None),
        )
        .group_by(Visit.id, Visit.agreed_at, Visit.email.is_(None))
        .order_by(Visit.id)
    )  # fmt: skip
    done = select(Reminder.visit_id, Reminder.kind, Reminder.starts_at).where(Reminder.starts_at > now)
    written = {tuple(row) for row in session.execute(done)}
    return [
        (visit_id, due)
        for visit_id, agreed_at, starts_at, by_text in session.execute(coming)
        if agreed_at and starts_at
        for due in reminders(starts_at, agreed_at, zone, by_text)
        if due.at <= now < due.until and (visit_id, due.kind, starts_at) not in written
    ]


def _write(session: Session, visit: Visit, due: Due) -> None:
    """Write one reminder, if it is still due when nobody else can change the visit and nobody wrote it.

    Who can no longer be seen at that time is told so, not to come.
    """
    claiming.lock_visit(session, visit)
    to = recipient(visit)
    if visit.state is not VisitState.BOOKED or not to or not visit.agreed_at:
        return
    starts_at, zone, by_text = begins(visit), clock.zone(catalogue.place(session).timezone), not visit.email
    if due not in reminders(starts_at, visit.agreed_at, zone, by_text):
        return
    leaves = by_day(clock.now(), zone) if by_text else None
    if leaves and leaves >= due.until:  # the worker was away until it was night
        return
    dialect = sqlite if is_sqlite(session) else postgresql
    first = dialect.insert(Reminder).values(visit_id=visit.id, kind=due.kind, starts_at=starts_at)
    if session.scalar(first.on_conflict_do_nothing().returning(Reminder.visit_id)) is None:
        return
    facts = card_of(session, visit).facts() | {"to": visit.email, "asked": must_move(session, visit)}
    post.write(
        session, due.kind, to, visit.language, leaves, due.until, about=about(visit), **facts
    )
