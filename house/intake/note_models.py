"""Notes: what somebody at a counter writes about a visit, for the counters of the same authority alone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from house.db import Key, Model, personal


class Note(Model):
    """A few words about a visit. Who reads them is decided by the authority of the counter one sits at.

    They are kept where nothing else looks: no letter, hand-over, export, figure or log has a note in it.
    """

    __tablename__ = "note"

    id: Mapped[Key]
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"), index=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"))
    words: Mapped[str | None] = personal("note.words", fate="removed 30 days after the visit")
    actor: Mapped[str]
    at: Mapped[datetime]
