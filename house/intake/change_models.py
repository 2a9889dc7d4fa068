"""What changes of visits leave behind: places given back, offers of earlier times, written reminders."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from house.db import Key, Model, one_of
from house.intake.models import Visit


class OfferState(StrEnum):
    """What became of an offer of an earlier time."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    OVER = "over"


class Freed(Model):
    """A stretch of a counter's time that was given back: ticks [first, until), free for others at `due_at`.

    The worker offers it to those who asked for something earlier, and then takes the row away.
    """

    __tablename__ = "freed"

    id: Mapped[Key]
    counter_id: Mapped[int] = mapped_column(ForeignKey("counter.id"))
    first: Mapped[int]
    until: Mapped[int]
    due_at: Mapped[datetime] = mapped_column(index=True)


class EarlierOffer(Model):
    """An earlier time offered to a visit, each time once; while it is open, `hold` is a held visit there."""

    __tablename__ = "earlier_offer"
    __table_args__ = (UniqueConstraint("visit_id", "starts_at"),)

    id: Mapped[Key]
    reference: Mapped[str] = mapped_column(unique=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"))
    hold_id: Mapped[int | None] = mapped_column(ForeignKey("visit.id"), unique=True)
    state: Mapped[OfferState] = mapped_column(one_of(OfferState))
    starts_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    visit: Mapped[Visit] = relationship(foreign_keys=[visit_id])
    hold: Mapped[Visit | None] = relationship(foreign_keys=[hold_id])


class Reminder(Model):
    """A reminder that was written, once for each kind and time of a visit."""

    __tablename__ = "reminder"

    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(primary_key=True)
