"""Words of the desk without the net: decisions, and what is said of a registration that came before."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from house.intake.cases import Case, open_cases
from house.intake.desk_numbers import spoken
from house.intake.desk_words import DEEDS, refusal
from house.intake.outbox_models import EntryKind, EntryState, OutboxEntry, Settled
from house.intake.seeing import Seen
from house.problems import Problem

DECISIONS: dict[str, LazyString] = {
    Settled.REGISTERED.value: _l("Register the person now"),
    **{one.value: DEEDS[one.value] for one in (Settled.OTHER_TICKET, Settled.LEFT, Settled.MISTAKE)},
}
KINDS: dict[EntryKind, LazyString] = {
    EntryKind.WALK_IN: _l("Walk-in"),
    EntryKind.CHECK_IN: _l("Booking checked in"),
}


def why(entry: OutboxEntry | Case) -> str:
    """Why an entry could not be done as it was sent."""
    if entry.code == "other_day":
        return str(_("This visit is on another day."))
    return refusal(Problem(entry.code))


def case_lines(session: Session, seen: Seen = None) -> tuple[list[tuple[str, str | None, str]], int]:
    """What waits for a decision: its id, the number that the visitor holds, and why; and how many more."""
    found, there = open_cases(session, seen)
    lines = [(one.id, spoken(one.number) if one.number else None, why(one)) for one in found]
    return lines, there - len(lines)


def came_before(entry: OutboxEntry) -> str:
    """What the desk is told when the same form comes once more."""
    if entry.state is EntryState.CONFLICT:
        return str(_("This is waiting for your decision already."))
    if entry.kind is EntryKind.CHECK_IN:
        return str(_("This booking has a ticket already."))
    return str(_("This walk-in has a ticket already."))
