"""What editing needs beside the catalogue: versions of entries, drafts, staff's own cases, link checks."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Select, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from house.catalogue.entries import Kind
from house.db import Key, Model, one_of


class How(StrEnum):
    """How a version came about."""

    STOOD = "stood"  # what stood there before the first change in this house
    SAVED = "saved"  # the text of a draft
    PUBLISHED = "published"
    IMPORTED = "imported"
    CONFIRMED = "confirmed"


PUBLIC = (How.PUBLISHED, How.IMPORTED, How.CONFIRMED)


class Version(Model):
    """One text that an entry had, as a draft or published; None where it was taken out."""

    __tablename__ = "catalogue_version"
    __table_args__ = (UniqueConstraint("kind", "slug", "number"),)

    id: Mapped[Key]
    kind: Mapped[Kind] = mapped_column(one_of(Kind))
    slug: Mapped[str]
    number: Mapped[int]
    how: Mapped[How] = mapped_column(one_of(How))
    record: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class DraftState(StrEnum):
    DRAFT = "draft"
    IN_REVIEW = "in_review"


class Draft(Model):
    """The one change of an entry that is being worked on.

    `base` is the number of the published version it began from, 0 where none was written down yet; `number`
    is the version that holds its text. `authors` are the accounts that wrote it.
    """

    __tablename__ = "catalogue_draft"

    kind: Mapped[Kind] = mapped_column(one_of(Kind), primary_key=True)
    slug: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[DraftState] = mapped_column(one_of(DraftState))
    base: Mapped[int]
    number: Mapped[int]
    authors: Mapped[list[int]] = mapped_column(JSON)
    changed_at: Mapped[datetime]


class StaffCase(Model):
    """A worked case that staff added to the bundled ones: YAML of the same form, about invented people."""

    __tablename__ = "staff_case"

    id: Mapped[Key]
    title: Mapped[str] = mapped_column(unique=True)
    yaml: Mapped[str]
    changed_at: Mapped[datetime]


class LinkCheck(Model):
    """What the worker found when it last looked at an address; `trouble` is a code, None when it answered."""

    __tablename__ = "link_check"

    url: Mapped[str] = mapped_column(primary_key=True)
    looked_at: Mapped[datetime]
    status: Mapped[int | None]
    trouble: Mapped[str | None]
    failing_since: Mapped[datetime | None]


def versions_of(kind: Kind, slug: str) -> Select[Version]:
    """All versions of an entry, newest first."""
    return (
        select(Version)
        .where(Version.kind == kind, Version.slug == slug)
        .order_by(Version.number.desc())
        .execution_options(populate_existing=True)
    )
