"""Anonymous contacts, the exact cells of closed periods, and what was released of them.

Nothing here has a key of a person, visit, company or event, an order, or a time finer than the month.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from house.db import Model
from house.reporting.codes import NOT_APPLICABLE, UNKNOWN


class Contact(Model):
    """One anonymous use of the house. The key is random, so that it tells no order."""

    __tablename__ = "contact"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    month: Mapped[str] = mapped_column(index=True)
    service: Mapped[str] = mapped_column(default=NOT_APPLICABLE)
    service_group: Mapped[str] = mapped_column(default=NOT_APPLICABLE)
    authority: Mapped[str] = mapped_column(default=NOT_APPLICABLE)
    channel: Mapped[str] = mapped_column(default=NOT_APPLICABLE)
    outcome: Mapped[str] = mapped_column(default=NOT_APPLICABLE)
    failure_reason: Mapped[str] = mapped_column(default=NOT_APPLICABLE)
    region_of_origin: Mapped[str] = mapped_column(default=UNKNOWN)
    nationality: Mapped[str] = mapped_column(default=UNKNOWN)
    purpose: Mapped[str] = mapped_column(default=UNKNOWN)
    purpose_group: Mapped[str] = mapped_column(default=UNKNOWN)
    language: Mapped[str] = mapped_column(default=UNKNOWN)
    wait_band: Mapped[str] = mapped_column(default=NOT_APPLICABLE)
    response_band: Mapped[str] = mapped_column(default=NOT_APPLICABLE)
    cpr_band: Mapped[str] = mapped_column(default=NOT_APPLICABLE)
    same_day: Mapped[str] = mapped_column(default=NOT_APPLICABLE)
    score: Mapped[str] = mapped_column(default=NOT_APPLICABLE)
    audience: Mapped[str] = mapped_column(default=NOT_APPLICABLE)
    event_type: Mapped[str] = mapped_column(default=NOT_APPLICABLE)
    partner: Mapped[str] = mapped_column(default=NOT_APPLICABLE)
    referral_outcome: Mapped[str] = mapped_column(default=NOT_APPLICABLE)
    sector: Mapped[str] = mapped_column(default=NOT_APPLICABLE)
    company_size: Mapped[str] = mapped_column(default=NOT_APPLICABLE)
    record_key: Mapped[int]
    person_key: Mapped[bytes] = mapped_column(LargeBinary)


DIMENSIONS = tuple(
    column.name
    for column in Contact.__table__.columns
    if column.name not in ("id", "month", "record_key", "person_key")
)


class YearSecret(Model):
    """The secret that makes one year's person keys; without it they can never be made again.

    It rests sealed, and the keys need the house's secret too: the database alone tells nobody who was here.
    """

    __tablename__ = "year_secret"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    secret: Mapped[bytes] = mapped_column(LargeBinary)


class ClosedMonth(Model):
    """A month whose figures never change again."""

    __tablename__ = "closed_month"

    month: Mapped[str] = mapped_column(primary_key=True)
    closed_at: Mapped[datetime]


class ExactCell(Model):
    """The exact figures of a closed cell; n, k and p become NULL when they are burned."""

    __tablename__ = "exact_cell"

    cube: Mapped[str] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    dimensions: Mapped[str] = mapped_column(primary_key=True)
    coordinates: Mapped[str] = mapped_column(primary_key=True)
    n: Mapped[int | None]
    k: Mapped[int | None]
    p: Mapped[int | None]


class Release(Model):
    """One cube of one period as anybody may see it, signed over its canonical JSON."""

    __tablename__ = "release"

    cube: Mapped[str] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    made_at: Mapped[datetime]
    sha256: Mapped[str]


class ReleasedCell(Model):
    """One published row; `value` is NULL unless it is shown."""

    __tablename__ = "released_cell"

    cube: Mapped[str] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    dimensions: Mapped[str] = mapped_column(primary_key=True)
    coordinates: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int | None]
    status: Mapped[str]


SEPARATOR = "|"


def joined(parts: tuple[str, ...]) -> str:
    """Dimensions or coordinates as they are stored; codes never hold the separator."""
    return SEPARATOR.join(parts)


def parted(text: str) -> tuple[str, ...]:
    """Dimensions or coordinates again."""
    return tuple(text.split(SEPARATOR)) if text else ()
