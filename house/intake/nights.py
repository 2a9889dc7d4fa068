"""When a text message may make a noise: by day. Mail lies still at any hour. Pure."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

NIGHT, MORNING = time(21), time(7)
EVENING = time(20)
"""When that is said in the evening which cannot wait for the morning."""


def is_night(wall: datetime) -> bool:
    """Whether a moment on the wall is in the night, the half-open [21:00, 07:00)."""
    return not MORNING <= wall.time() < NIGHT


def by_day(now: datetime, zone: ZoneInfo) -> datetime:
    """When a text may leave that is ready now: at once, or at the end of the night."""
    wall = now.astimezone(zone)
    if not is_night(wall):
        return now
    return datetime.combine(wall.date() + timedelta(days=wall.time() >= NIGHT), MORNING, zone)
