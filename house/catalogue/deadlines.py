"""By when: due dates from the dates of a person's life. No holiday ever moves a limit; where the house is
closed, the last open day before it is told beside it.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

Dates = Mapping[str, date]
IsOpen = Callable[[date], bool]
UNRESOLVED = "unresolved"
EXPECTED = "expected_event"
LOOK_BACK = 366


def due_date(deadline: Mapping[str, Any] | None, dates: Dates, purpose: str | None) -> date | None:
    """The last day; None where the sources disagree or a date it counts from is not known.

    `months_<purpose>` and `days_<purpose>` come before the general number; without a number the limit is the
    date it counts from.
    """
    begins = _begins(deadline, dates)
    if deadline is None or begins is None:
        return None
    months, days = (
        deadline.get(f"{unit}_{purpose}", deadline.get(unit, 0)) or 0 for unit in ("months", "days")
    )
    return months_after(begins, int(months)) + timedelta(days=int(days))


def earliest_date(deadline: Mapping[str, Any] | None, dates: Dates) -> date | None:
    """The first day on which it can be done, where the rule has one."""
    begins = _begins(deadline, dates)
    if deadline is None or begins is None or "earliest_days" not in deadline:
        return None
    return begins + timedelta(days=int(deadline["earliest_days"]))


def window(rule: Mapping[str, Any] | None, dates: Dates) -> tuple[date, date] | None:
    """The first and the last day between which something must be done, in days from a date."""
    begins = dates.get(str(rule["from"])) if rule else None
    if rule is None or begins is None:
        return None
    first, last = (begins + timedelta(days=int(rule[end])) for end in ("opens_days", "closes_days"))
    return first, last


def _begins(deadline: Mapping[str, Any] | None, dates: Dates) -> date | None:
    if deadline is None or deadline.get("status") == UNRESOLVED:
        return None
    return dates.get(str(deadline.get("from")))


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or that month's last: 30 November and three months is 28 February."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def conditions_met(dates: Dates, needs_document: bool) -> date | None:
    """The day from which a move must be reported: in the country lawfully and moved into an address.

    Who needs a residence document first is here lawfully, for this rule, from its date on (S17, S18, S06);
    everybody else from entry on, and nobody moves in before that. None as long as it is not known.
    """
    basis, moved_in = dates.get("residence_basis_date"), dates.get("move_in_date")
    if moved_in is None or (needs_document and basis is None):
        return None
    return max(moved_in, basis or moved_in, dates.get("entry_date") or moved_in)


def last_open(on_or_before: date, is_open: IsOpen) -> date | None:
    """The last open day up to and including a date; None when a whole year before it was closed."""
    days = (on_or_before - timedelta(days=n) for n in range(LOOK_BACK))
    return next((day for day in days if is_open(day)), None)
