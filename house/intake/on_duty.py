"""The counters that are open now, or will be later today, as the waiting estimate plays them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from house import clock
from house.catalogue import face as catalogue
from house.intake.calling import BUSY
from house.intake.estimating import Open
from house.intake.models import Counter, CounterLanguage, CounterService, Period, PeriodKind, Step, Visit

NOT_SPOKEN = "none"

_HERE = (Counter.place_id == bindparam("place"), Counter.active, Counter.paused_at.is_(None))
_COUNTERS = (
    select(Counter.id, Counter.schedule_id, Counter.authority_id, CounterService.service_id)
    .join(CounterService, CounterService.counter_id == Counter.id)
    .where(*_HERE)
    .order_by(Counter.id)
)
_SPOKEN = (
    select(CounterLanguage.counter_id, CounterLanguage.language)
    .join(Counter, Counter.id == CounterLanguage.counter_id)
    .where(*_HERE)
)
_AT_WORK = (
    select(Step.counter_id, Step.service_id, func.max(Period.began_at).label("since"))
    .join(Visit, Step.visit_id == Visit.id)
    .join(Period, Period.step_id == Step.id)
    .where(
        Visit.place_id == bindparam("place"), Visit.day == bindparam("day"), Step.state.in_(BUSY),
        Period.kind == PeriodKind.CALLED,
    )
    .group_by(Step.id, Step.counter_id, Step.service_id)
)  # fmt: skip


def on_duty(session: Session, place: catalogue.Place, today: date, now: datetime) -> list[Open]:
    """The counters that are open, or will be later today, or are at work whatever their hours say."""
    whose: dict[int, catalogue.Whose] = {}
    gives: dict[int, set[int | str]] = {}
    for id_, schedule_id, authority_id, service_id in session.execute(_COUNTERS, {"place": place.id}):
        whose[id_] = catalogue.Whose(schedule_id, authority_id, place.id)
        gives.setdefault(id_, set()).add(service_id)
    spoken: dict[int, dict[str, str]] = {id_: {} for id_ in whose}
    for id_, language in session.execute(_SPOKEN, {"place": place.id}):
        spoken.get(id_, {})[language] = ""
    at_work = {row.counter_id: row for row in session.execute(_AT_WORK, {"place": place.id, "day": today})}
    shifts = catalogue.shifts_of(session, whose, today, today, clock.zone(place.timezone)) if whose else {}
    found = []
    for id_ in whose:
        shift = next((one for one in shifts[id_].days.get(today, ()) if one.end > now), None)
        busy = at_work.get(id_)
        if shift is None and busy is None:
            continue
        levels = {**spoken[id_], **dict(shift.languages if shift else ())}
        languages = frozenset(tag for tag, level in levels.items() if level != NOT_SPOKEN)
        found.append(
            Open(
                frozenset(gives[id_]), languages, busy.service_id if busy else None,
                minutes(busy.since, now) if busy else 0.0,
                max(minutes(now, shift.start), 0.0) if shift and not busy else 0.0, id_,
            )
        )  # fmt: skip
    return found


def minutes(since: datetime, until: datetime) -> float:
    """From one moment to another; negative when the second was first."""
    return (until - since).total_seconds() / 60
