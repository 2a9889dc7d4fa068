"""When somebody came, as a desk without the net tells it. Its clock may be wrong, so its word is judged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

OLDEST = timedelta(hours=24)
"""What is older is not believed: a visit of yesterday is no visit of today."""
TOO_LONG = timedelta(days=366)
"""Further back nothing is told."""
FURTHEST = 2**31 - 1
"""Seconds that a clock may be wrong by, as a row can hold them: 68 years."""


@dataclass(frozen=True)
class Came:
    """A moment on the house's clock, and by how many seconds the house's clock is ahead of the device's."""

    at: datetime
    skew: int
    too_old: bool


def judge(noted_at: datetime, sent_at: datetime, now: datetime) -> Came:
    """What the house holds for true of a moment that a device noted, and sent when its clock said `sent_at`.

    Both are told by the same clock, so how wrong it is falls out; nobody comes in the future, and nobody
    so long ago that it cannot be told.
    """
    ahead, ago = now - sent_at, max(sent_at - noted_at, timedelta(0))
    at = now - min(ago, TOO_LONG)
    skew = max(-FURTHEST, min(round(ahead.total_seconds()), FURTHEST))
    return Came(at, skew, ago > OLDEST)
