"""What stands while one books and one closes: locks on counters, and whether booked times still fit.

Who books shares the rows of the counters (`share`), who changes their hours wants them alone (`alone`). So a
booking is either there before a counter closes, and then on the worklist, or it sees the counter closed.
SQLite has its one writer's lock instead.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session, joinedload, selectinload

from house import clock
from house.catalogue import face as catalogue
from house.db import is_sqlite
from house.intake.clashes import Openness, Planned, clashes
from house.intake.models import Counter, Step, StepState, Visit, VisitState

_SHARED = (
    select(Counter.id, Counter.revision, Counter.active)
    .where(Counter.id == any_(bindparam("ids", type_=ARRAY(BigInteger))))
    .order_by(Counter.id)
    .with_for_update(read=True, key_share=True)
)
"""For PostgreSQL, and built once. It waits for who has a counter alone, then reads what they made of it."""


def share(session: Session, counter_ids: Iterable[int]) -> dict[int, int] | None:
    """Hold these counters as they are until the end of the transaction; others who book may do so too.

    Answers the revisions of those in use as they stand now; None where nobody writes beside this transaction.
    """
    if is_sqlite(session):
        return None
    rows = session.execute(_SHARED, {"ids": sorted(set(counter_ids))})
    return {id_: revision for id_, revision, active in rows if active}


def changed(seen: Mapping[int, int], shared: Mapping[int, int] | None) -> bool:
    """Whether a counter is not as it was read (its revision) before it was shared."""
    return shared is not None and any(shared.get(id_) != revision for id_, revision in seen.items())


def alone(session: Session, counter_ids: Iterable[int]) -> list[Counter]:
    """These counters, read anew, for this transaction alone."""
    wanted = select(Counter).where(Counter.id.in_(sorted(set(counter_ids)))).order_by(Counter.id)
    both = (selectinload(Counter.services), selectinload(Counter.languages))
    locked = wanted.options(*both).with_for_update().execution_options(populate_existing=True)
    return list(session.scalars(locked))


def planned_steps(session: Session, counter_ids: Collection[int], since: datetime) -> list[Planned]:
    """The booked steps of these counters that begin after a moment."""
    rows = session.execute(
        select(
            Step.visit_id, Step.id, Step.counter_id, Step.service_id, Step.starts_at, Step.ends_at,
            Visit.made_at,
        )
        .join(Visit, Visit.id == Step.visit_id)
        .where(
            Step.counter_id.in_(counter_ids), Step.starts_at > since, Step.state == StepState.PLANNED,
            Visit.state == VisitState.BOOKED,
        )
    )  # fmt: skip
    return [
        Planned(row.visit_id, row.id, row.counter_id, row.service_id, row.starts_at, row.ends_at,
                (row.made_at, row.visit_id))
        for row in rows
        if row.counter_id is not None and row.starts_at and row.ends_at
    ]  # fmt: skip


def openness(
    session: Session, counters: Collection[Counter], first: date, last: date, timezone: str
) -> dict[int, Openness]:
    """What the pure room needs to know of counters on these days."""
    tz = clock.zone(timezone)
    whose = {one.id: catalogue.Whose(one.schedule_id, one.authority_id, one.place_id) for one in counters}
    rules = catalogue.rules_for(session, whose, first, last)
    return {one.id: _openness(one, rules[one.id], first, last, tz) for one in counters}


def _openness(counter: Counter, rules: catalogue.Rules, first: date, last: date, tz: ZoneInfo) -> Openness:
    usual = catalogue.shift_days(rules._replace(closings=()), first, last, tz)
    spans = [
        (shift.start, shift.end, shift.lanes or counter.capacity)
        for day in sorted(usual.days)
        for shift in usual.days[day]
    ]
    shut = zip(rules.closings, rules.shut(tz), strict=True)
    closings = [(closing.id, *span) for closing, span in shut]
    return Openness(counter.active, frozenset(one.service_id for one in counter.services), spans, closings)


def misfits(
    session: Session, counters: Collection[Counter], timezone: str, only: Iterable[Planned] | None = None
) -> dict[int, tuple[str, ...]]:
    """The steps to come of these counters that do not fit, with their reasons; two statements."""
    now = clock.now()
    steps = list(planned_steps(session, [one.id for one in counters], now) if only is None else only)
    if not steps:
        return {}
    days = [clock.local(step.start, timezone).date() for step in steps]
    return clashes(steps, openness(session, counters, min(days), max(days), timezone))


def still_fits(session: Session, visit: Visit, timezone: str) -> bool:
    """Whether every step of a visit lies in hours that its counter still has."""
    return not reasons_against(session, visit, timezone)


def reasons_against(session: Session, visit: Visit, timezone: str) -> frozenset[str]:
    """Why steps of a visit do not fit any more; none where all do."""
    steps = [
        Planned(visit.id, step.id, step.counter_id, step.service_id, step.starts_at, step.ends_at,
                (visit.made_at, visit.id))
        for step in visit.steps
        if step.counter_id is not None and step.starts_at and step.ends_at
    ]  # fmt: skip
    wanted = select(Counter).where(Counter.id.in_([step.counter for step in steps]))
    anew = wanted.options(joinedload(Counter.services)).execution_options(populate_existing=True)
    counters = session.scalars(anew).unique().all()
    found = misfits(session, counters, timezone, steps)
    return frozenset(reason for of_step in found.values() for reason in of_step)
