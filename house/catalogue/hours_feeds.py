"""The opening hours for machines, as booking computes them: as data, and as a calendar to subscribe to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app
from flask_babel import gettext as _
from icalendar import Calendar, Event

from house import clock
from house.catalogue.opening import Span
from house.catalogue.visiting import Ahead, DayHours, Visiting
from house.languages import current
from house.pages import address

Say = Callable[[str], Any]
"""Words for the code of a closed day."""
EVERY_DAY = timedelta(days=1)


def as_data(visit: Visiting, say: Say) -> dict[str, Any]:
    """The house and every day to come; times with the offset of the clock on its wall."""
    place, tz = visit.place, clock.zone(visit.place.timezone)
    return {
        "place": {
            "name": place.name, "address": place.address, "phone": place.phone, "timezone": place.timezone,
        },
        "url": address("catalogue.visit_us", lang_tag=current().tag),
        "language": current().tag,
        "opens_next": visit.opens_next.isoformat() if visit.opens_next else None,
        "days": _days(visit.ahead, tz, current().tag, say),
    }  # fmt: skip


@lru_cache(maxsize=64)
def _days(ahead: Ahead, tz: ZoneInfo, _language: str, say: Say) -> list[dict[str, Any]]:
    return [_day(one, tz, say) for one in ahead.days]


def _day(one: DayHours, tz: ZoneInfo, say: Say) -> dict[str, Any]:
    found: dict[str, Any] = {
        "date": one.day.isoformat(), "door": _times(one.door, tz), "phone": _times(one.phone, tz),
    }  # fmt: skip
    if one.reason is not None:
        found["differs"] = {"code": one.reason, "text": str(say(one.reason))}
    return found


def _times(spans: tuple[Span, ...], tz: ZoneInfo) -> list[dict[str, str]]:
    return [
        {"opens": start.astimezone(tz).isoformat(), "closes": end.astimezone(tz).isoformat()}
        for start, end in spans
    ]


def as_calendar(visit: Visiting, say: Say) -> bytes:
    """The days to come as a calendar: an entry for each opening, and one for each day closed for a reason.

    The same hours give the same bytes, so that a reader may hold them.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//International House//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _("Opening hours of %(house)s", house=visit.place.name))
    calendar.add("refresh-interval", EVERY_DAY, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "P1D")
    for one in visit.days:
        for entry in _entries(visit, one, say):
            calendar.add_component(entry)
    return bytes(calendar.to_ical())


def _entries(visit: Visiting, one: DayHours, say: Say) -> Iterator[Event]:
    house = visit.place.name
    for number, (opens, closes) in enumerate(one.door, start=1):
        entry = _entry(visit, f"open-{visit.place.slug}-{one.day:%Y%m%d}-{number}")
        entry.add("summary", _("%(house)s is open", house=house))
        entry.add("dtstart", opens)
        entry.add("dtend", closes)
        yield entry
    if not one.door and one.reason is not None:
        entry = _entry(visit, f"closed-{visit.place.slug}-{one.day:%Y%m%d}")
        reason = str(say(one.reason))
        closed = _("%(house)s is closed", house=house)
        entry.add("summary", f"{closed}: {reason}" if reason else closed)
        entry.add("dtstart", one.day)
        entry.add("dtend", one.day + EVERY_DAY)
        yield entry


def _entry(visit: Visiting, uid: str) -> Event:
    entry = Event()
    host = current_app.extensions["house-config"].mail_from.partition("@")[2]
    entry.add("uid", f"{uid}@{host}")
    entry.add("dtstamp", datetime.combine(visit.today, time(0), UTC))
    entry.add("location", visit.place.address)
    entry.add("url", address("catalogue.visit_us", lang_tag=current().tag))
    entry.add("transp", "TRANSPARENT")  # it takes none of the reader's time
    return entry
