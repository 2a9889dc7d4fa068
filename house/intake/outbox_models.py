"""What desks without the net leave behind: the numbers each may give, and each registration by its own id."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from house.db import Model, one_of, personal

FATE = "blanked the day after somebody decided, and 30 days after it came"


class EntryKind(StrEnum):
    WALK_IN = "walk_in"
    CHECK_IN = "check_in"


class EntryState(StrEnum):
    """`conflict`: it could not be done as it was sent, and waits for somebody of the staff."""

    DONE = "done"
    CONFLICT = "conflict"
    SETTLED = "settled"


class Settled(StrEnum):
    """What staff did about a conflict."""

    REGISTERED = "registered"
    CHECKED_IN = "checked_in"
    OTHER_TICKET = "other_ticket"
    LEFT = "left"
    MISTAKE = "mistake"


class OutboxEntry(Model):
    """One press of a button at the desk, by the random id that the browser gave it: done once, however often
    and by whichever way it comes.

    Nothing in it tells who came; only the reference of a check-in that failed is kept sealed, `typed`, for
    whoever has to find out which one was meant. An ordinary form has only `id`, `kind` and `visit_id`. What
    came from a desk without the net has the browser's mark, the number it gave, `noted_at` by its own clock,
    `skew` (seconds that the house's clock was ahead) and `came_at`, which is what the house believes. `code`
    is why it is a conflict. Swept away a week later, except conflicts that nobody settled.
    """

    __tablename__ = "outbox_entry"

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[EntryKind] = mapped_column(one_of(EntryKind))
    state: Mapped[EntryState] = mapped_column(one_of(EntryState), index=True)
    received_at: Mapped[datetime] = mapped_column(index=True)
    visit_id: Mapped[int | None] = mapped_column(ForeignKey("visit.id"))
    code: Mapped[str | None]
    typed: Mapped[str | None] = personal("outbox_entry.typed", fate=FATE)
    browser: Mapped[str | None]
    number: Mapped[int | None]
    service: Mapped[str | None]
    language: Mapped[str | None]
    party: Mapped[int | None]
    noted_at: Mapped[datetime | None]
    skew: Mapped[int | None]
    came_at: Mapped[datetime | None]
    settled: Mapped[Settled | None] = mapped_column(one_of(Settled))
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[str | None]


class NumberBlock(Model):
    """Ninety-nine numbers of one day that one browser alone may give: block 3 is Q301 to Q399.

    `nth` is the how many-eth block of that browser on that day, so that asking twice gives the same one.
    """

    __tablename__ = "number_block"
    __table_args__ = (UniqueConstraint("place_id", "day", "browser", "nth"),)

    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    block: Mapped[int] = mapped_column(primary_key=True)
    browser: Mapped[str]
    nth: Mapped[int]
