"""A house to walk through: invented people, built by the same verbs as the pages call.

Nothing is written past the verbs, so what the demo shows is what the house does; days gone by are brought in.
The same day gives the same house.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from house import clock
from house.db import db, writing
from house.demo import days, gatherings, past, people, rooms, weeks
from house.intake import face as intake

SEED = 9000


def stands(session: Session) -> bool:
    """Whether a demo, or anything else, stands here already: it has a counter."""
    return session.scalar(select(intake.Counter.id).limit(1)) is not None


def build() -> Iterator[str]:
    """Build the house chapter by chapter, each in its own transaction; yields what was done."""
    chance = random.Random(f"{SEED} {clock.now():%Y-%m-%d}")  # noqa: S311 - the demo must be repeatable
    chapters = (
        rooms.furnish, people.employ, past.remember, weeks.remember, gatherings.invite,
        days.fill, rooms.close_soon, days.open_today,
    )  # fmt: skip
    for chapter in chapters:
        with writing(db.session()) as session:
            yield chapter(session, chance)
