"""Closing a month, releasing its figures, and burning the exact ones fifteen months later."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from flask import current_app
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from house import audit, clock
from house.reporting import codes, cubes, disclosure, releasing
from house.reporting.contacts import following, hold_months
from house.reporting.models import (
    DIMENSIONS,
    ClosedMonth,
    Contact,
    ExactCell,
    Release,
    ReleasedCell,
    YearSecret,
    joined,
)
from house.reporting.sources import code_lists

RESTS = timedelta(days=10)
EXACT_KEPT_MONTHS = 15


def close_month(session: Session, month: str) -> bool:
    """Close a month: store its exact cells, and those of the quarter and year it ends, and release them.

    Idempotent: a closed month, and one before the first that was closed, stays as it is and the answer is
    False. Raises `ValueError` while the month before it is open.
    """
    hold_months(session, closing=True)
    last = session.scalar(select(func.max(ClosedMonth.month)))
    if last is not None and month <= last:
        return False
    due = following(last) if last else session.scalar(select(func.min(Contact.month)))
    if due is not None and due < month:
        raise ValueError(f"{due} must be closed before {month}")
    ever_released = _ever_released(session)
    session.add(ClosedMonth(month=month, closed_at=clock.now()))
    ptable = disclosure.load_ptable(disclosure.PTABLE_PATH)
    for period in cubes.grains(month):
        facts = _facts(session, period)
        lists = _code_lists(session, ever_released, facts)
        for cube in cubes.CUBES:
            if period.grain in cube.grains:
                _release(session, cube, period, cubes.tally(cube, facts), lists, ptable)
        if period.grain is cubes.Grain.YEAR:  # nobody is to be recognised in it again
            session.execute(delete(YearSecret).where(YearSecret.year <= int(period.code)))
    audit.record(session, "house", "month_closed", month)
    return True


def _ever_released(session: Session) -> set[tuple[str, str]]:
    """Dimension and code of every row there ever was, of the lists that staff keep."""
    rows = select(ReleasedCell.dimensions, ReleasedCell.coordinates).distinct()
    found = session.execute(rows.where(ReleasedCell.dimensions.in_(codes.DYNAMIC)))
    return {(dimension, code) for dimension, code in found}


def _code_lists(
    session: Session, ever_released: set[tuple[str, str]], facts: list[cubes.Fact]
) -> dict[str, tuple[str, ...]]:
    """The lists as they are now, and what is no longer in them: a row that comes back only when somebody
    used it would say that somebody did, and what was counted is never lost."""
    lists = code_lists(session)
    used = {(name, fact.codes[name]) for fact in facts for name in codes.DYNAMIC}
    for name, code in sorted(ever_released | used):
        if code != codes.NOT_APPLICABLE and code not in lists[name]:
            lists[name] = (*lists[name], code)
    return lists


def _facts(session: Session, period: cubes.Period) -> list[cubes.Fact]:
    names = (*DIMENSIONS, "month")
    columns = [Contact.__table__.c[name] for name in names]
    rows = session.execute(
        select(Contact.record_key, Contact.person_key, *columns).where(Contact.month.in_(period.months))
    )
    return [cubes.Fact(dict(zip(names, told, strict=True)), key, bytes(who)) for key, who, *told in rows]


def _release(
    session: Session,
    cube: cubes.Cube,
    period: cubes.Period,
    cells: dict[cubes.Address, cubes.Cell],
    lists: dict[str, tuple[str, ...]],
    ptable: disclosure.PTable,
) -> None:
    rows = releasing.release(cube, period, cells, lists, ptable)
    exact, released = [], []
    for row in rows:
        # Empty cells too: which rows are left after the burn must not tell a zero from a four.
        cell = cells.get((row.dimensions, row.coordinates), cubes.EMPTY)
        where = {
            "cube": row.cube, "period": row.period,
            "dimensions": joined(row.dimensions), "coordinates": joined(row.coordinates),
        }  # fmt: skip
        exact.append({**where, "n": cell.n, "k": cell.key_sum, "p": cell.persons})
        released.append({**where, "value": row.value, "status": row.status.value})
    session.execute(insert(ExactCell.__table__), exact)  # type: ignore[arg-type]
    session.execute(insert(ReleasedCell.__table__), released)  # type: ignore[arg-type]
    signed = releasing.signature(releasing.canonical_json(rows))
    session.add(Release(cube=cube.name, period=period.code, made_at=clock.now(), sha256=signed))


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
    closed = session.scalars(select(ClosedMonth.month).order_by(ClosedMonth.month)).all()
    if not closed:
        return 0
    periods = [period.code for month in closed if month < before for period in cubes.grains(month)]
    cells = session.execute(
        update(ExactCell)
        .where(ExactCell.period.in_(periods), ExactCell.n.is_not(None))
        .values(n=None, k=None, p=None)
    )
    # A contact stays until the year it belongs to was tallied: its quarter and year need it.
    untallied = f"{following(closed[-1])[:4]}-01"
    contacts = session.execute(delete(Contact).where(Contact.month < min(before, untallied)))
    return int(cells.rowcount) + int(contacts.rowcount)  # type: ignore[attr-defined]
