"""When somebody came, as a desk without the net tells it. Its clock may be wrong, so its word is judged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

OLDEST = timedelta(hours=24)
"""What is older is not believed: a visit of yesterday is no visit of today."""


@dataclass(frozen=True)
class Came:
    """A moment on the house's clock, and by how many seconds the house's clock is ahead of the device's."""

    at: datetime
    skew: int
    too_old: bool


def judge(noted_at: datetime, sent_at: datetime, now: datetime) -> Came:
    """What the house holds for true of a moment that a device noted, and sent when its clock said `sent_at`.

    Both are told by the same clock, so how wrong it is falls out; nobody comes in the future.
    """
    ahead = now - sent_at
    at = min(noted_at + ahead, now)
    return Came(at, round(ahead.total_seconds()), now - at > OLDEST)
