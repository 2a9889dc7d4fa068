"""What the catalogue lets wings above it say; `app.py` plugs them in."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from sqlalchemy.orm import Session

from house.catalogue.schedule_rules import Whose


class AtCounter(NamedTuple):
    """One service at one counter: where, when, and what is spoken there."""

    service: str
    whose: Whose
    languages: tuple[str, ...]

    @property
    def place_id(self) -> int | None:
        return self.whose.place_id


bookable: list[Callable[[Session], frozenset[str]]] = []
"""Each answers the slugs of the services that can be booked in this house now."""

at_counters: list[Callable[[Session], tuple[AtCounter, ...]]] = []
"""Each answers which services are given at which counters, in an order that stays."""


def bookable_slugs(session: Session) -> frozenset[str]:
    """Every service that some wing takes bookings for."""
    return frozenset().union(*(ask(session) for ask in bookable))


def counters_here(session: Session) -> tuple[AtCounter, ...]:
    """Every service at every counter that some wing knows of."""
    return tuple(one for ask in at_counters for one in ask(session))
