"""Numbers that a desk may give while the net is gone: blocks of a letter that no authority ever has."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from house import clock
from house.catalogue import face as catalogue
from house.db import is_sqlite
from house.intake import tickets
from house.intake.outbox_models import NumberBlock

LETTER = "Q"
"""Not among `tickets.LETTERS`, however many authorities there are."""
BLOCK = 100
DAYS = 8
"""Today and a week: the net may be gone on a Monday morning at a desk that last had it on Friday."""
MOST = 50
"""Blocks that one browser may have for one day."""


def numbers_of(block: NumberBlock) -> tuple[int, int]:
    """The first and the last number of a block."""
    return block.block * BLOCK + 1, block.block * BLOCK + BLOCK - 1


def blocks_for(session: Session, browser: str, nth: int) -> list[NumberBlock]:
    """The `nth` block of today for a browser, and its first one for each of the coming days.

    Asked again, or by two windows at once, it gives the same ones.
    """
    place = catalogue.place(session)
    today = clock.today(place.timezone)
    wanted = [(today, nth), *((today + timedelta(days=ahead), 1) for ahead in range(1, DAYS))]
    return [_block(session, place.id, day, browser, which) for day, which in wanted]


def _block(session: Session, place_id: int, day: date, browser: str, nth: int) -> NumberBlock:
    mine = select(NumberBlock).where(
        NumberBlock.place_id == place_id, NumberBlock.day == day, NumberBlock.browser == browser,
        NumberBlock.nth == nth,
    )  # fmt: skip
    known = session.scalar(mine)
    if known is not None:
        return known
    dialect = sqlite if is_sqlite(session) else postgresql
    block = tickets.count_up(session, place_id, LETTER, day)
    row = dialect.insert(NumberBlock).values(
        place_id=place_id, day=day, browser=browser, nth=nth, block=block
    )
    session.execute(row.on_conflict_do_nothing())  # another window of this browser was faster: its block
    return session.scalars(mine).one()


def owns(session: Session, place_id: int, browser: str, day: date, number: int) -> bool:
    """Whether this browser was given this number for this day."""
    block = session.get(NumberBlock, {"place_id": place_id, "day": day, "block": number // BLOCK})
    return block is not None and block.browser == browser and number % BLOCK != 0


def spoken(number: int) -> str:
    """A number as people read it."""
    return f"{LETTER}{number}"


def spare(blocks: list[NumberBlock]) -> Iterator[dict[str, str | int]]:
    """Blocks as a browser keeps them."""
    for block in blocks:
        first, last = numbers_of(block)
        yield {"day": block.day.isoformat(), "nth": block.nth, "first": first, "last": last}
