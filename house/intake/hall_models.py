"""What the screens in the hall leave behind: the key of the kiosks."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from house.db import Model


class KioskKey(Model):
    """The key of a place's kiosks: a new generation shuts every screen that holds an older one."""

    __tablename__ = "kiosk_key"

    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"), primary_key=True)
    generation: Mapped[int] = mapped_column(default=1)
    made_at: Mapped[datetime]
    made_by: Mapped[str]
