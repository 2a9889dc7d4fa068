"""Who is next at a desk: a waiting room comes in, an order comes out. Calling somebody is `calling.py`.

The rule: priority first; then whose time has come, by that time; then walk-ins by arrival; last who came
early for a booking, so that they are called only when nobody else waits. A booking's time comes as planned; a
walk-in's time comes when it has waited longer than `PATIENCE`: nobody is passed over for ever.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

PATIENCE = timedelta(minutes=45)


@dataclass(frozen=True)
class Waiting:
    """A step that waits for a desk. `ticket` is the order of the tickets; instants are aware.

    `planned_at` is None where no time was promised. The higher `priority` is called first; 0 is none, and why
    somebody has any is recorded where it was given.
    """

    step_id: int
    ticket: int
    arrived_at: datetime
    planned_at: datetime | None
    channel: str
    language: str
    service: int | str
    priority: int = 0


@dataclass(frozen=True)
class Desk:
    """What one desk, or several counted together, can serve, and in which languages."""

    services: frozenset[int | str]
    languages: frozenset[str]


def in_order(waiting: Iterable[Waiting], desk: Desk, now: datetime) -> list[Waiting]:
    """Those this desk can serve, the next one first; among equals by a shared language, then by ticket."""
    return sorted(
        (step for step in waiting if step.service in desk.services), key=lambda step: _place(step, desk, now)
    )


def ahead_of(step_id: int, waiting: Iterable[Waiting], desk: Desk, now: datetime) -> list[Waiting]:
    """Those this desk calls before a step, the next one first; LookupError if it does not wait here."""
    order = in_order(waiting, desk, now)
    for place, step in enumerate(order):
        if step.step_id == step_id:
            return order[:place]
    raise LookupError(f"Step {step_id} does not wait for this desk.")


def _place(step: Waiting, desk: Desk, now: datetime) -> tuple[int, int, datetime, bool, int, int]:
    """The sort key: priority, kind of waiting, time that counts, language, ticket, step."""
    if step.planned_at is not None:
        kind, counts = (0 if step.planned_at <= now else 2), step.planned_at
    elif now - step.arrived_at > PATIENCE:
        kind, counts = 0, step.arrived_at + PATIENCE
    else:
        kind, counts = 1, step.arrived_at
    return -step.priority, kind, counts, step.language not in desk.languages, step.ticket, step.step_id
