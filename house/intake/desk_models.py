"""What the desk leaves behind: its acts as they can be taken back, and why somebody is called first."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from house.db import Key, Model, personal


class Priority(StrEnum):
    """Why somebody is called before others: a closed list that says nothing of health."""

    SMALL_CHILDREN = "small_children"
    CANNOT_WAIT_LONG = "cannot_wait_long"
    LAST_DAY = "last_day"
    EXPECTED_ELSEWHERE = "expected_elsewhere"
    OUR_MISTAKE = "our_mistake"


class Deed(Model):
    """One act of the desk on one visit: the visit before and after it (`pictures.py`), to take it back.

    `before` is empty where the act made the visit. `places` are the [counter, tick, step] it gave back.
    An act that decides what a desk without the net could not do has that entry, and the visit that it
    belonged to before; one that only dismisses it has no visit. Who acted is a key, and what is kept are
    states and times. An act that gave the visit another name keeps the one it had, "" for none, until it is
    taken back; else nobody is named. Swept away after a week.
    """

    __tablename__ = "deed"

    id: Mapped[Key]
    visit_id: Mapped[int | None] = mapped_column(ForeignKey("visit.id"), index=True)
    entry_id: Mapped[str | None] = mapped_column(ForeignKey("outbox_entry.id"), index=True)
    entry_visit_id: Mapped[int | None] = mapped_column(ForeignKey("visit.id"))
    actor: Mapped[str] = mapped_column(index=True)
    verb: Mapped[str]
    at: Mapped[datetime] = mapped_column(index=True)
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]
    places: Mapped[list[list[int]]] = mapped_column(JSON)
    undone_at: Mapped[datetime | None]
    name_was: Mapped[str | None] = personal("deed.name_was", fate="blanked a week after the act")
