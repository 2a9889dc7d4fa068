"""What the catalogue lets wings above it say; `app.py` plugs them in."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

bookable: list[Callable[[Session], frozenset[str]]] = []
"""Each answers the slugs of the services that can be booked in this house now."""


def bookable_slugs(session: Session) -> frozenset[str]:
    """Every service that some wing takes bookings for."""
    return frozenset().union(*(ask(session) for ask in bookable))
