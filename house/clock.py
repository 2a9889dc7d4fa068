"""The only room that asks the time; tests move it with time-machine, pure rooms get it as an argument."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo


def now() -> datetime:
    """This instant, aware, UTC."""
    return datetime.now(UTC)


@lru_cache(maxsize=16)
def zone(name: str) -> ZoneInfo:
    """The time zone of a place by its IANA name."""
    return ZoneInfo(name)


def local(moment: datetime, zone_name: str) -> datetime:
    """A moment on the clock on the wall of a place."""
    return moment.astimezone(zone(zone_name))


def today(zone_name: str) -> date:
    """The date on the wall of a place."""
    return local(now(), zone_name).date()


def midnight(day: date, zone_name: str) -> datetime:
    """When a day begins at a place; UTC."""
    return datetime.combine(day, time(0), zone(zone_name)).astimezone(UTC)
