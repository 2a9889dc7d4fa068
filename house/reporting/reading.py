"""Reading what was released: closed months, published figures, their signature; never an exact figure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from house.problems import NotHere
from house.reporting import cubes
from house.reporting.models import ClosedMonth, Release, ReleasedCell, joined, parted
from house.reporting.releasing import Status

CUBE = "ops"
"""The cube of the report: service, channel, outcome."""
SHAPES = ((), ("service",), ("channel",), ("outcome",), ("service", "channel"))
"""The only cells the report needs: its table with both margins, and how it ended."""
MONTHS_SHOWN = 12
REMEMBERED = 48
_STORED = {joined(shape): shape for shape in SHAPES}


@dataclass(frozen=True)
class Figure:
    """One published figure; `value` is None unless it is shown."""

    value: int | None
    status: Status


HIDDEN = Figure(None, Status.UNDER_5)
Figures = Mapping[cubes.Address, Figure]
_remembered: dict[str, Figures] = {}


@dataclass(frozen=True)
class Signed:
    """When a release was made, and the SHA-256 over its canonical JSON."""

    made_at: datetime
    sha256: str


def releases(session: Session) -> dict[str, Signed]:
    """Every closed month, oldest first, with the signature of its release."""
    rows = session.execute(
        select(ClosedMonth.month, Release.made_at, Release.sha256)
        .join(Release, Release.period == ClosedMonth.month)
        .where(Release.cube == CUBE)
        .order_by(ClosedMonth.month)
    )
    return {month: Signed(made_at, sha256) for month, made_at, sha256 in rows}


def chosen(months: Sequence[str], wanted: str | None) -> str:
    """The month somebody asked for, or the newest; raises `NotHere` for one that is not closed."""
    month = wanted or (months[-1] if months else "")
    if month not in months:
        raise NotHere()
    return month


def months_shown(months: Sequence[str], month: str) -> Sequence[str]:
    """The last twelve months, or, when the chosen one is older, the twelve that end with it."""
    if month in months[-MONTHS_SHOWN:]:
        return months[-MONTHS_SHOWN:]
    after = months.index(month) + 1
    return months[max(0, after - MONTHS_SHOWN) : after]


def figures(session: Session, month: str, sha256: str) -> Figures:
    """The report's published cells of the month whose release has this signature.

    They are remembered by it: the same signature is the same figures, in any house and for ever.
    """
    found = _remembered.get(sha256)
    if found is None:
        if len(_remembered) >= REMEMBERED:
            _remembered.clear()
        found = _remembered[sha256] = _read(session, month)
    return found


def _read(session: Session, month: str) -> Figures:
    cell = ReleasedCell
    rows = session.execute(
        select(cell.dimensions, cell.coordinates, cell.value, cell.status).where(
            cell.cube == CUBE, cell.period == month, cell.dimensions.in_(_STORED)
        )
    )
    return {
        (_STORED[dimensions], parted(coordinates)): _figure(value, status)
        for dimensions, coordinates, value, status in rows
    }


def totals(session: Session, months: Iterable[str]) -> Mapping[str, Figure]:
    """All contacts of each of these months, as published."""
    cell = ReleasedCell
    rows = session.execute(
        select(cell.period, cell.value, cell.status).where(
            cell.cube == CUBE, cell.period.in_(list(months)), cell.dimensions == ""
        )
    )
    return {month: _figure(value, status) for month, value, status in rows}


def _figure(value: int | None, status: str) -> Figure:
    return HIDDEN if value is None and status == HIDDEN.status else Figure(value, Status(status))
