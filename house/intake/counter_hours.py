"""When a counter is open: reading and changing its weekly openings and the days that differ."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from house import audit, clock
from house.catalogue import face as catalogue
from house.catalogue.face import Closure, DayException, Opening, OpeningRule, Rules
from house.intake.counters import count_anew, own_schedule, take
from house.intake.models import Counter
from house.problems import Problem

FAR = timedelta(days=3 * 366)
OPEN_ANYWAY = "open_anyway"


def hours_of(session: Session, counter: Counter) -> Rules:
    """A counter's hours: its rules, the days to come that differ, and every closing that it shares."""
    today = clock.today(catalogue.place(session).timezone)
    whose = catalogue.Whose(counter.schedule_id, counter.authority_id, counter.place_id)
    return catalogue.rules_for(session, {0: whose}, today, today + FAR)[0]


def change_hours(session: Session, counter: Counter, wanted: Rules, seen: int, actor: str) -> None:
    """Give a counter other hours; days that are over stay as they were, closings are not touched.

    Raises `Problem` for rows that are open at the same time, and `Moved` when somebody changed the counter
    since it was `seen`. Booked visits stay; what does not fit any more comes to the worklist.
    """
    refuse_overlaps(wanted)
    take(session, counter, seen)
    schedule = session.get_one(catalogue.Schedule, own_schedule(session, counter))
    schedule.keeps_holidays = wanted.keeps_holidays
    schedule.openings = [_opening(rule) for rule in wanted.openings]
    today = clock.today(catalogue.place(session).timezone)
    session.execute(delete(Closure).where(Closure.schedule_id == schedule.id, Closure.day >= today))
    session.expire(schedule, ["closures"])
    session.add_all(_closure(schedule.id, day) for day in wanted.exceptions if day.day >= today)
    session.flush()
    count_anew(session, counter)
    audit.record(session, actor, "hours_changed", f"counter {counter.id}", revision=counter.revision)


def refuse_overlaps(wanted: Rules) -> None:
    """Raise `Problem` for rules or days that are open at the same time."""
    pairs = [*catalogue.overlapping_rules(wanted.openings), *catalogue.overlapping_days(wanted.exceptions)]
    if pairs:
        raise Problem("overlap")


def _opening(rule: OpeningRule) -> Opening:
    return Opening(
        weekday=rule.weekday, opens=rule.opens, closes=rule.closes, valid_from=rule.valid_from,
        valid_to=rule.valid_to, every_weeks=rule.every_weeks, lanes=rule.lanes,
        languages=dict(rule.languages) or None,
    )  # fmt: skip


def _closure(schedule_id: int, day: DayException) -> Closure:
    return Closure(
        schedule_id=schedule_id, day=day.day, opens=day.opens, closes=day.closes, lanes=day.lanes,
        reason=day.reason or (OPEN_ANYWAY if day.opens else ""), languages=dict(day.languages) or None,
    )  # fmt: skip
