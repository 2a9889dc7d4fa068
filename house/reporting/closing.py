"""Closing a month, releasing its figures, and burning the exact ones fifteen months later."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from flask import current_app
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from house import audit, clock
from house.reporting import cubes, disclosure, releasing
from house.reporting.contacts import following
from house.reporting.models import (
    DIMENSIONS,
    ClosedMonth,
    Contact,
    ExactCell,
    Release,
    ReleasedCell,
    joined,
)
from house.reporting.sources import code_lists

RESTS = timedelta(days=10)
EXACT_KEPT_MONTHS = 15


def close_month(session: Session, month: str) -> bool:
    """Close a month: store its exact cells, and those of the quarter and year it ends, and release them.

    Idempotent: a closed month stays as it is and the answer is False. The caller sees to it that months are
    closed in order; raises `ValueError` when an earlier one with contacts is open.
    """
    if session.get(ClosedMonth, month) is not None:
        return False
    last = session.scalar(select(func.max(ClosedMonth.month)))
    earlier = select(func.min(Contact.month)).where(Contact.month < month, Contact.month > (last or ""))
    if (open_one := session.scalar(earlier)) is not None:
        raise ValueError(f"{open_one} must be closed before {month}")
    session.add(ClosedMonth(month=month, closed_at=clock.now()))
    session.flush()
    lists = code_lists(session)
    ptable = disclosure.load_ptable(disclosure.PTABLE_PATH)
    for period in cubes.grains(month):
        facts = _facts(session, period)
        for cube in cubes.CUBES:
            if period.grain in cube.grains:
                _release(session, cube, period, cubes.tally(cube, facts), lists, ptable)
    audit.record(session, "house", "month_closed", month)
    return True


def _facts(session: Session, period: cubes.Period) -> list[cubes.Fact]:
    columns = [Contact.__table__.c[name] for name in (*DIMENSIONS, "month")]
    rows = session.execute(
        select(Contact.record_key, Contact.person_key, *columns).where(Contact.month.in_(period.months))
    )
    names = (*DIMENSIONS, "month")
    return [cubes.Fact(dict(zip(names, told, strict=True)), key, bytes(who)) for key, who, *told in rows]


def _release(
    session: Session,
    cube: cubes.Cube,
    period: cubes.Period,
    cells: dict[cubes.Address, cubes.Cell],
    lists: dict[str, tuple[str, ...]],
    ptable: disclosure.PTable,
) -> None:
    # A code that staff removed since still has its row: what was counted is never lost.
    lists = {
        name: tuple(dict.fromkeys((*known, *sorted(_used(name, cells)))))
        for name, known in lists.items()
    }
    rows = releasing.release(cube, period, cells, lists, ptable)
    if cells:
        session.execute(
            insert(ExactCell),
            [
                {
                    "cube": cube.name, "period": period.code, "dimensions": joined(where[0]),
                    "coordinates": joined(where[1]), "n": cell.n, "k": cell.key_sum, "p": cell.persons,
                }
                for where, cell in cells.items()
            ],
        )  # fmt: skip
    session.execute(
        insert(ReleasedCell),
        [
            {
                "cube": row.cube, "period": row.period, "dimensions": joined(row.dimensions),
                "coordinates": joined(row.coordinates), "value": row.value, "status": row.status.value,
            }
            for row in rows
        ],
    )  # fmt: skip
    signed = releasing.signature(releasing.canonical_json(rows))
    session.add(Release(cube=cube.name, period=period.code, made_at=clock.now(), sha256=signed))


def _used(dimension: str, cells: dict[cubes.Address, cubes.Cell]) -> set[str]:
    return {codes_[where.index(dimension)] for where, codes_ in cells if dimension in where}


def first_due(session: Session, now: datetime) -> str | None:
    """The oldest month that is over for ten days and not closed, or None."""
    last = session.scalar(select(func.max(ClosedMonth.month)))
    month = following(last) if last else session.scalar(select(func.min(Contact.month)))
    if month is None:
        return None
    begins = following(month)
    over = date(int(begins[:4]), int(begins[5:]), 1) + RESTS
    today = clock.local(now, current_app.extensions["house-config"].timezone).date()
    return month if today >= over else None


def close_due(session: Session, now: datetime) -> int:
    """Close every month that is due, in order; returns how many."""
    closed = 0
    while (month := first_due(session, now)) is not None:
        close_month(session, month)
        closed += 1
    return closed


def burn(session: Session, now: datetime) -> int:
    """Burn the exact figures of periods that ended fifteen months ago, and the contacts behind them.

    What was released remains. Returns the number of rows touched.
    """
    local = clock.local(now, current_app.extensions["house-config"].timezone)
    months = local.year * 12 + local.month - 1 - EXACT_KEPT_MONTHS
    before = f"{months // 12}-{months % 12 + 1:02}"
    closed = session.scalars(select(ClosedMonth.month).where(ClosedMonth.month < before)).all()
    periods = [period.code for month in closed for period in cubes.grains(month)]
    cells = session.execute(
        update(ExactCell)
        .where(ExactCell.period.in_(periods), ExactCell.n.is_not(None))
        .values(n=None, k=None, p=None)
    )
    # A contact stays until the year it belongs to was tallied and burned.
    whole_years = [period for period in periods if len(period) == 4]
    contacts = session.execute(delete(Contact).where(func.substr(Contact.month, 1, 4).in_(whole_years)))
    return int(cells.rowcount) + int(contacts.rowcount)  # type: ignore[attr-defined]
