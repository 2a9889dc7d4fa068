"""Guidance that was given: about which entry of the catalogue, in which language, which texts that were."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from house.db import Key, Model, one_of


class GuidanceChannel(StrEnum):
    """How somebody asked."""

    HERE = "here"
    PHONE = "phone"
    EMAIL = "email"


class GuidanceEnd(StrEnum):
    """How it ended: told, told that a basis of one's own is needed, or led on to another authority."""

    ADVISED = "advised"
    OWN_BASIS = "own_basis"
    ROUTED = "routed"


class Guidance(Model):
    """Guidance given once: codes only, so that nothing in it can name a person.

    `about` is an entry's code in the catalogue and `entry_version` its published version then; `topics` are
    what was asked; `texts` are the [subject, language, number] that were given. Until `tell_at` it can be
    taken back, then reporting hears of it. The visit it belonged to is forgotten with the visitor's name.
    """

    __tablename__ = "guidance"

    id: Mapped[Key]
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    visit_id: Mapped[int | None] = mapped_column(ForeignKey("visit.id"), index=True)
    about: Mapped[str]
    entry_version: Mapped[int]
    topics: Mapped[list[str]]
    language: Mapped[str]
    channel: Mapped[GuidanceChannel] = mapped_column(one_of(GuidanceChannel))
    ended: Mapped[GuidanceEnd] = mapped_column(one_of(GuidanceEnd))
    texts: Mapped[list[list[Any]]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(index=True)
    actor: Mapped[str] = mapped_column(index=True)
    tell_at: Mapped[datetime | None] = mapped_column(index=True)
