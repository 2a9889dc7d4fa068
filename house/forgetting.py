"""Runs the forget rooms of the wings, which `app.py` hands it: every personal column has a stated fate."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from house.db import Model

Forget = Callable[[Session, datetime], int]
"""A wing's `forget(session, now)`: blanks what is due, returns how many rows it touched, does not commit."""


def forget_all(session: Session, now: datetime, rooms: tuple[Forget, ...]) -> int:
    """Run every forget room once; returns the number of rows touched."""
    return sum(room(session, now) for room in rooms)


def fates() -> dict[str, str]:
    """Every personal column of the house, "table.column", with the fate stated for it."""
    return {
        f"{table.name}.{column.name}": column.info["fate"]
        for table in Model.metadata.sorted_tables
        for column in table.columns
        if "fate" in column.info
    }
