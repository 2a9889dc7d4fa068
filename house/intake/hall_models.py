"""What the hall goes by all day: the key of the kiosks, and the letters on the tickets."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from house.db import Model


class KioskKey(Model):
    """The key of a place's kiosks: a new generation shuts every screen that holds an older one."""

    __tablename__ = "kiosk_key"

    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"), primary_key=True)
    generation: Mapped[int] = mapped_column(default=1)
    made_at: Mapped[datetime]
    made_by: Mapped[str]


class TicketLetter(Model):
    """The letter of an authority's tickets at a place: given once, and kept whatever counters come and go."""

    __tablename__ = "ticket_letter"
    __table_args__ = (UniqueConstraint("place_id", "letter"),)

    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"), primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"), primary_key=True)
    letter: Mapped[str]
