"""Who is next at a desk: a waiting room comes in, an order comes out. Calling somebody is `calling.py`.

The rule: priority first; then whose time has come, by that time; then walk-ins by arrival; last who came
early for a booking, so that they are called only when nobody else waits. A booking's time comes as planned; a
walk-in's time comes `PATIENCE` after the arrival. Who comes late keeps the booked time, who comes later than
`TOO_LATE` waits like a walk-in (`appointment`). Who has waited for this step longer than `LONGEST`, from the
booked time at the earliest, goes before all others, whatever their priority: nobody is passed over for ever.
Somebody sent to one counter is called by that one alone, for `PATIENCE` at most (`calling.sent_to_open`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

PATIENCE = timedelta(minutes=45)
LONGEST = timedelta(hours=2)
BEFORE_ALL = 100
"""Higher than any priority that is given for a reason."""
ON_TIME = timedelta(minutes=5)
"""Who comes so much too early or too late is on time."""
TOO_LATE = timedelta(minutes=30)
"""Who comes later than this has given the booked time up."""
CALLS, CALLING = 3, timedelta(minutes=3)
"""Nobody is missed before so many calls, and so long after the first."""


@dataclass(frozen=True)
class Waiting:
    """A step that waits for a desk. `ticket` is the order of the tickets; instants are aware.

    The visit began at `arrived_at`, the wait for this step at `since`. `planned_at` is None where no time was
    promised. The higher `priority` is called first; 0 is none, and why somebody has any is recorded where it
    was given. `sent_until` tells how long the counter that somebody was `sent_to` calls them alone.
    """

    step_id: int
    ticket: int
    arrived_at: datetime
    since: datetime
    planned_at: datetime | None
    channel: str
    language: str
    service: int | str
    priority: int = 0
    sent_to: int | None = None
    sent_until: datetime | None = None


@dataclass(frozen=True)
class Desk:
    """What one desk, or several counted together, can serve, and in which languages; `counter` for one."""

    services: frozenset[int | str]
    languages: frozenset[str]
    counter: int | None = None

    def serves(self, step: Waiting) -> bool:
        """Whether somebody who waits can be called here."""
        return step.service in self.services and step.sent_to in (None, self.counter)


def in_order(waiting: Iterable[Waiting], desk: Desk, now: datetime) -> list[Waiting]:
    """Those this desk can serve, the next one first; among equals by a shared language, then by ticket."""
    return sorted((step for step in waiting if desk.serves(step)), key=lambda step: _place(step, desk, now))


def ahead_of(step_id: int, waiting: Iterable[Waiting], desk: Desk, now: datetime) -> list[Waiting]:
    """Those this desk calls before a step, the next one first; LookupError if it does not wait here."""
    order = in_order(waiting, desk, now)
    for place, step in enumerate(order):
        if step.step_id == step_id:
            return order[:place]
    raise LookupError(f"Step {step_id} does not wait for this desk.")


def may_be_missed(calls: int, first_call: datetime, now: datetime) -> bool:
    """Whether somebody who was called so often, first at an instant, may be taken for not coming."""
    return calls >= CALLS and now - first_call >= CALLING


def appointment(planned_at: datetime | None, arrived_at: datetime) -> datetime | None:
    """The booked time as it counts in the queue; None without one, and for who came later than `TOO_LATE`."""
    return None if planned_at is None or arrived_at - planned_at > TOO_LATE else planned_at


class Timing(NamedTuple):
    """How a booked person stands to the booked time: minutes too early (still to wait) or too late."""

    early: int = 0
    late: int = 0
    too_late: bool = False
    """So late that they wait like a walk-in."""


def timing(planned_at: datetime | None, arrived_at: datetime, now: datetime) -> Timing:
    """Early while the booked time has not come, late by when they came; nothing within `ON_TIME`."""
    if planned_at is None:
        return Timing()
    ahead, behind = planned_at - now, arrived_at - planned_at
    if ahead > ON_TIME:
        return Timing(early=ahead // timedelta(minutes=1))
    if behind <= ON_TIME:
        return Timing()
    return Timing(late=behind // timedelta(minutes=1), too_late=appointment(planned_at, arrived_at) is None)


def _place(step: Waiting, desk: Desk, now: datetime) -> tuple[int, int, datetime, bool, int, int]:
    """The sort key: priority, kind of waiting, time that counts, language, ticket, step."""
    if step.planned_at is not None:
        kind, counts = (0 if step.planned_at <= now else 2), step.planned_at
    elif now - step.arrived_at > PATIENCE:
        kind, counts = 0, step.arrived_at + PATIENCE
    else:
        kind, counts = 1, step.arrived_at
    # Who comes late for a booking, or was served elsewhere before, has not waited meanwhile.
    begins = max(step.planned_at or step.since, step.since)
    first = BEFORE_ALL if now - begins > LONGEST else step.priority
    return -first, kind, counts, step.language not in desk.languages, step.ticket, step.step_id
