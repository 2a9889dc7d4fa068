"""How the time of a visit is told when an act is taken back: two pictures come in, intervals come out. Pure.

At once, the interval that was open before the act goes on as if nothing had happened. Later nobody knows what
really was in between: the interval ends where the act ended it, what follows was a pause, and now another one
of its kind begins. So no six hours of serving, and no wait, come from a mistake that was found late.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

Picture = dict[str, Any]
PAUSED = "paused"


class Told(NamedTuple):
    """An interval that is to be written: the step's key as in the picture, and no end for the open one."""

    step: str
    kind: str
    began: datetime
    ended: datetime | None


@dataclass(frozen=True)
class Retold:
    """The intervals that stay, by step and key, as they are to be; all others go, and `new` ones come."""

    kept: dict[str, dict[str, Picture]]
    new: tuple[Told, ...] = ()


def retold(current: Picture, before: Picture, late: bool, now: datetime) -> Retold | None:
    """How the time is told after an act was taken back; None: as it is, for the act did not touch it.

    `current` is the visit as the act left it, `before` as it was. Whoever was not here before has no time.
    """
    was, going = _open(before), _open(current)
    if was and going and was.step == going.step and was.kind == going.kind:
        return None
    kept = {step_id: dict(step["periods"]) for step_id, step in before["steps"].items()}
    if was is None or not late:
        return Retold(kept)
    told = current["steps"][was.step]["periods"][was.period]
    ended = datetime.fromisoformat(told["ended_at"])
    kept[was.step][was.period] = told
    begins = max(ended, now)
    pause = [Told(was.step, PAUSED, ended, begins)] if ended < begins else []
    return Retold(kept, (*pause, Told(was.step, was.kind, begins, None)))


class _Open(NamedTuple):
    step: str
    period: str
    kind: str


def _open(picture: Picture) -> _Open | None:
    """The interval that has no end; a visit that is here has one."""
    for step_id, step in picture["steps"].items():
        for period_id, period in step["periods"].items():
            if period["ended_at"] is None:
                return _Open(step_id, period_id, period["kind"])
    return None
