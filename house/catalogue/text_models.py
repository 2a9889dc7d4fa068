"""Texts of the catalogue in other languages than its own, every version of them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from house.db import Model, one_of


class Origin(StrEnum):
    """Where a version of a text comes from."""

    WRITTEN = "written"
    MACHINE = "machine"
    CONFIRMED = "confirmed"
    """A person read what a machine had made and says that it is right."""


class Text(Model):
    """One text of the catalogue in one language: which of its versions counts.

    `subject` is a path such as "service/cpr_registration/name"; what a text is worth (up to date, outdated,
    missing) is computed by `language_tree.py` from what it was made from, never stored.
    """

    __tablename__ = "text"
    __table_args__ = (
        ForeignKeyConstraint(
            ["subject", "language", "number"],
            ["text_version.subject", "text_version.language", "text_version.number"],
        ),
    )

    subject: Mapped[str] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int]
    version: Mapped[TextVersion] = relationship()


class TextVersion(Model):
    """What a text once said, what it was made from, and who made it when; never changed, never removed.

    `made_by` names an actor as the audit does.
    """

    __tablename__ = "text_version"

    subject: Mapped[str] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    source_language: Mapped[str]
    source: Mapped[str]
    text: Mapped[str]
    origin: Mapped[Origin] = mapped_column(one_of(Origin))
    made_by: Mapped[str]
    made_at: Mapped[datetime]
