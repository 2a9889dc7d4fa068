"""Bringing in the log of days gone by, from another queue or for the demo: so that waits can be told at once.

Only times, services and languages come in; nobody's name, and nothing is told to reporting of it.
"""

from __future__ import annotations

from collections import Counter as Count
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import insert
from sqlalchemy.orm import Session

from house import clock
from house.catalogue import face as catalogue
from house.intake.models import (
    Channel,
    Outcome,
    Period,
    PeriodKind,
    Step,
    StepState,
    Ticket,
    Visit,
    VisitState,
)
from house.seals import new_reference

CALLING = timedelta(minutes=1)
"""From the call until somebody sits there."""
LETTER = "Z"
"""Numbers of elsewhere are not ours: no letter of an authority here comes so late."""


class Past(NamedTuple):
    """One service given to one person; `called_at` None for who had booked and never came.

    `expected` are the minutes of waiting that were foreseen when they came, where that is known.
    """

    service_id: int
    language: str
    planned_at: datetime | None
    arrived_at: datetime
    called_at: datetime | None
    ended_at: datetime | None
    counter_id: int | None = None
    expected: float | None = None


def bring_in(session: Session, stays: Iterable[Past]) -> int:
    """Write down visits of days before today, in the order they came; returns how many.

    ValueError for one that is not over, or is of today.
    """
    place = catalogue.place(session)
    today, stays = clock.today(place.timezone), list(stays)
    if any(_day(one, place.timezone) >= today or (one.called_at and not one.ended_at) for one in stays):
        raise ValueError("Only what is over can be brought in.")
    days = [_day(one, place.timezone) for one in stays]
    visits = _write(session, Visit, [
        {"place_id": place.id, "day": day, **_visit(one)} for day, one in zip(days, stays, strict=True)
    ])  # fmt: skip
    steps = _write(session, Step, [
        {"visit_id": visit, **_step(one)} for visit, one in zip(visits, stays, strict=True)
    ])  # fmt: skip
    periods = [
        {"step_id": step, **period}
        for step, one in zip(steps, stays, strict=True)
        for period in _periods(one)
    ]
    tickets, numbers = [], Count[date]()
    for day, visit, one in zip(days, visits, stays, strict=True):
        if one.called_at:
            numbers[day] += 1
            tickets.append({
                "place_id": place.id, "day": day, "letter": LETTER, "number": numbers[day], "visit_id": visit,
                "expected": one.expected,
            })  # fmt: skip
    for table, rows in ((Period, periods), (Ticket, tickets)):
        if rows:
            session.execute(insert(table), rows)
    return len(stays)


def _write(session: Session, table: type[Visit] | type[Step], rows: list[dict[str, Any]]) -> list[int]:
    """Insert rows; answers their keys, in order."""
    if not rows:
        return []
    return list(session.scalars(insert(table).returning(table.id, sort_by_parameter_order=True), rows))


def _day(one: Past, timezone: str) -> date:
    return clock.local(one.planned_at or one.arrived_at, timezone).date()


def _visit(one: Past) -> dict[str, Any]:
    return {
        "reference": new_reference(), "language": one.language, "party": 1, "made_at": one.arrived_at,
        "channel": Channel.BOOKED if one.planned_at else Channel.WALK_IN,
        "state": VisitState.DONE if one.called_at else VisitState.MISSED,
        "arrived_at": one.arrived_at if one.called_at else None,
    }  # fmt: skip


def _step(one: Past) -> dict[str, Any]:
    return {
        "position": 0, "service_id": one.service_id, "counter_id": one.counter_id,
        "starts_at": one.planned_at, "ends_at": one.planned_at and one.planned_at + timedelta(minutes=15),
        "state": StepState.DONE if one.called_at else StepState.MISSED,
        "outcome": Outcome.COMPLETED if one.called_at else None, "calls": 1 if one.called_at else 0,
    }  # fmt: skip


def _periods(one: Past) -> Iterable[dict[str, Any]]:
    if one.called_at is None or one.ended_at is None:
        return
    begins = min(one.called_at + CALLING, one.ended_at)
    marks = [one.arrived_at, max(one.called_at, one.arrived_at), begins, one.ended_at]
    kinds = (PeriodKind.WAITING, PeriodKind.CALLED, PeriodKind.SERVING)
    for kind, began, ended in zip(kinds, marks, marks[1:], strict=False):
        yield {"kind": kind, "began_at": began, "ended_at": ended}
