"""Openings, closures and holidays as facts in rows; when something is open is the pure room's to say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from house import clock
from house.catalogue import opening
from house.catalogue.danish_days import house_holidays
from house.catalogue.directory import place
from house.catalogue.models import Closure, Opening, Place, Schedule
from house.catalogue.opening import DayException, OpeningRule, Span

Hours = Mapping[int, Iterable[tuple[str, str]]]
"""Weekday (0 = Monday) → spans of wall-clock times such as ("08:30", "15:00")."""


def open_spans(
    session: Session, schedule_ids: Iterable[int], first_day: date, last_day: date, tz: ZoneInfo
) -> dict[int, dict[date, tuple[Span, ...]]]:
    """When schedules are open on each day, both days included; three queries whatever the number."""
    ids = sorted(set(schedule_ids))
    kept = select(Schedule.id, Schedule.keeps_holidays).where(Schedule.id.in_(ids))
    keeps = dict(session.execute(kept).tuples().all())
    rules: dict[int, list[OpeningRule]] = {one: [] for one in ids}
    for row in session.execute(
        select(
            Opening.schedule_id, Opening.weekday, Opening.opens, Opening.closes, Opening.valid_from,
            Opening.valid_to, Opening.every_weeks,
        ).where(Opening.schedule_id.in_(ids))
    ):  # fmt: skip
        rules[row[0]].append(OpeningRule(*row[1:]))
    differ: dict[int, list[DayException]] = {one: [] for one in ids}
    for row in session.execute(
        select(Closure.schedule_id, Closure.day, Closure.opens, Closure.closes, Closure.reason).where(
            Closure.schedule_id.in_(ids), Closure.day.between(first_day, last_day)
        )
    ):
        differ[row[0]].append(DayException(*row[1:]))
    holidays = {day for year in range(first_day.year, last_day.year + 1) for day in house_holidays(year)}
    days = [first_day + timedelta(days=n) for n in range((last_day - first_day).days + 1)]
    return {
        one: {
            day: opening.open_spans(rules[one], differ[one], holidays if keeps.get(one) else (), day, tz)
            for day in days
        }
        for one in ids
    }


def hours_on(session: Session, schedule_id: int, day: date, timezone: str) -> list[tuple[datetime, datetime]]:
    """The open spans of one day on the wall of a place."""
    tz = clock.zone(timezone)
    spans = open_spans(session, [schedule_id], day, day, tz)[schedule_id][day]
    return [(span.start.astimezone(tz), span.end.astimezone(tz)) for span in spans]


def today_hours(session: Session) -> list[tuple[datetime, datetime]]:
    """Today's opening hours of the house, on its wall; none when it is closed."""
    house = place(session)
    return hours_on(session, house.schedule_id, clock.today(house.timezone), house.timezone)


def add_schedule(session: Session, name: str, hours: Hours, keeps_holidays: bool = True) -> Schedule:
    """A new schedule with weekly hours."""
    schedule = Schedule(name=name, keeps_holidays=keeps_holidays)
    schedule.openings = [
        Opening(
            weekday=day, opens=time.fromisoformat(opens), closes=time.fromisoformat(closes), every_weeks=1
        )
        for day, spans in hours.items()
        for opens, closes in spans
    ]
    session.add(schedule)
    session.flush()
    return schedule


def set_up_place(
    session: Session,
    name: str,
    address: str,
    phone: str | None,
    timezone: str,
    hours: Hours,
    phone_hours: Hours,
) -> Place:
    """A house with the hours of its door and of its phone."""
    door = add_schedule(session, f"{name}: door", hours)
    line = add_schedule(session, f"{name}: phone", phone_hours)
    house = Place(
        slug="house", name=name, address=address, phone=phone, timezone=timezone,
        schedule_id=door.id, phone_schedule_id=line.id,
    )  # fmt: skip
    session.add(house)
    session.flush()
    return house
