"""Opening rules as HSDS schedules, and the days that differ from them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from house.catalogue.hsds.ids import id_of
from house.catalogue.opening import OpeningRule, Span

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
COUNTED_FROM = date(2024, 1, 1)
"""A Monday to count every other week from, where a rule has no first day."""
Record = dict[str, Any]


@dataclass(frozen=True)
class Hours:
    """What one schedule says: its weekly rules, and its open days from today on as they really are."""

    rules: tuple[OpeningRule, ...]
    open_days: Mapping[date, tuple[Span, ...]]
    reasons: Mapping[date, str]
    today: date
    last_day: date
    tz: ZoneInfo


def schedules(hours: Hours, owner: Mapping[str, str]) -> list[Record]:
    """The weekly rules that hold today or later; `owner` names whose hours they are, for the table."""
    return [{**owner, **one} for one in _weekly(hours, *owner.values())]


def _weekly(hours: Hours, *owner: str) -> Iterator[Record]:
    days: dict[tuple[Any, ...], set[int]] = {}
    for rule in hours.rules:
        if rule.valid_to is None or rule.valid_to >= hours.today:
            same = (rule.opens, rule.closes, rule.valid_from, rule.valid_to, rule.every_weeks)
            days.setdefault(same, set()).add(rule.weekday)
    offset = _offset(hours)
    for (opens, closes, valid_from, valid_to, weeks), weekdays in sorted(days.items(), key=_in_order):
        byday = ",".join(DAYS[day] for day in sorted(weekdays))
        found: Record = {
            "id": id_of("schedule", *owner, byday, opens, closes, valid_from, valid_to, weeks),
            "timezone": offset.total_seconds() / 3600, "wkst": "MO", "freq": "WEEKLY", "interval": weeks,
            "byday": byday, "opens_at": _wall(opens, offset), "closes_at": _wall(_end(closes), offset),
        }  # fmt: skip
        if weeks > 1:
            found["dtstart"] = _first_day(valid_from, min(weekdays), weeks).isoformat()
        if valid_from:
            found["valid_from"] = valid_from.isoformat()
        if valid_to:
            found["valid_to"] = valid_to.isoformat()
        yield found


def _in_order(item: tuple[tuple[Any, ...], set[int]]) -> tuple[Any, ...]:
    (opens, closes, valid_from, valid_to, weeks), weekdays = item
    return (sorted(weekdays), opens, closes, valid_from or date.min, valid_to or date.max, weeks)


def _offset(hours: Hours) -> timedelta:
    """How far the wall clock is before UTC at noon today."""
    return datetime.combine(hours.today, time(12), hours.tz).utcoffset() or timedelta()


def _wall(moment: time, offset: timedelta) -> str:
    sign, seconds = "-" if offset < timedelta() else "+", abs(int(offset.total_seconds()))
    return f"{moment:%H:%M}{sign}{seconds // 3600:02}:{seconds % 3600 // 60:02}"


def _end(closes: time) -> time:
    """A day that ends at midnight ends a minute before, as HSDS has it."""
    return time(23, 59) if closes == time(0) else closes


def _first_day(valid_from: date | None, weekday: int, weeks: int) -> date:
    """A day on which a rule of every few weeks holds."""
    rule = OpeningRule(weekday, time(0), time(1), valid_from, None, weeks)
    start = valid_from or COUNTED_FROM
    return next(day for n in range(7 * weeks + 7) if rule.holds_on(day := start + timedelta(days=n)))


def phone_hours(hours: Hours) -> list[Record]:
    """When a telephone is answered, for which HSDS has no schedule."""
    return [{key: one[key] for key in ("byday", "opens_at", "closes_at")} for one in _weekly(hours)]


def differing_days(hours: Hours) -> list[Record]:
    """The days from today on whose hours are not those of the week, with the hours they have."""
    return list(_differing(hours, hours.open_days))


def _differing(hours: Hours, open_days: Mapping[date, Iterable[Span]]) -> Iterator[Record]:
    day = hours.today
    while day <= hours.last_day:
        usual = _merged((rule.opens, _end(rule.closes)) for rule in hours.rules if rule.holds_on(day))
        real = [
            (_local(start, hours.tz), _end(_local(end, hours.tz))) for start, end in open_days.get(day, ())
        ]
        if usual != real:
            told = [{"opens_at": f"{opens:%H:%M}", "closes_at": f"{closes:%H:%M}"} for opens, closes in real]
            reason = {"reason": hours.reasons[day]} if day in hours.reasons else {}
            yield {"date": day.isoformat(), **reason, "hours": told}
        day += timedelta(days=1)


def _local(instant: datetime, tz: ZoneInfo) -> time:
    return instant.astimezone(tz).time()


def _merged(spans: Iterable[tuple[time, time]]) -> list[tuple[time, time]]:
    """Hours of a day, joined where they touch, as the spans of real days are."""
    found: list[tuple[time, time]] = []
    for opens, closes in sorted(spans):
        if found and opens <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], closes))
        else:
            found.append((opens, closes))
    return found


def together(several: Iterable[Hours]) -> Hours:
    """What several schedules say as one: it is open when any of them is. At least one is needed."""
    first, *rest = several
    if not rest:
        return first
    days = sorted({day for one in (first, *rest) for day in one.open_days})
    open_days = {
        day: _joined(span for one in (first, *rest) for span in one.open_days.get(day, ())) for day in days
    }
    rules = tuple(dict.fromkeys(rule for one in (first, *rest) for rule in one.rules))
    reasons = {day: reason for one in (*rest, first) for day, reason in one.reasons.items()}
    return Hours(rules, open_days, reasons, first.today, first.last_day, first.tz)


def _joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    found: list[Span] = []
    for span in sorted(spans):
        if found and span.start <= found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return tuple(found)
