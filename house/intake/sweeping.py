"""Sweeping up after days that are over: places, bitmaps, reminders, acts, offers nobody asks for any more."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from house import clock
from house.catalogue import face as catalogue
from house.intake.change_models import EarlierOffer, Freed, Reminder
from house.intake.counter_models import CounterDay
from house.intake.daymap import utc_tick
from house.intake.desk_models import Deed
from house.intake.models import Occupancy
from house.intake.outbox_models import EntryState, NumberBlock, OutboxEntry

KEEP = timedelta(days=7)
"""A week is kept, for whoever must find out what went wrong. What was booked stays with the visits' steps."""


def sweep(session: Session, now: datetime) -> int:
    """Take away what days that are over left behind; returns how many rows."""
    end = now - KEEP
    day = clock.local(end, catalogue.place(session).timezone).date()
    over = (
        delete(Occupancy).where(Occupancy.tick < utc_tick(end)),
        delete(CounterDay).where(CounterDay.day < day),
        delete(Reminder).where(Reminder.starts_at < end),
        delete(EarlierOffer).where(EarlierOffer.expires_at < end, EarlierOffer.hold_id.is_(None)),
        delete(Deed).where(Deed.at < end),
        delete(Freed).where(Freed.until < utc_tick(end)),
        delete(NumberBlock).where(NumberBlock.day < day),
        delete(OutboxEntry).where(
            OutboxEntry.received_at < end, OutboxEntry.state != EntryState.CONFLICT,
            OutboxEntry.id.not_in(select(Deed.entry_id).where(Deed.entry_id.is_not(None))),
        ),
    )  # fmt: skip
    return sum(session.execute(one).rowcount for one in over)  # type: ignore[attr-defined]
