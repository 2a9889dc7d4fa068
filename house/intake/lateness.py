"""Booking after the last day on which something must be done: refused, unless it is said why it must be so.

Pure. What the last days are comes out of the plans of those who come (`catalogue.last_days`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from enum import StrEnum

from house.problems import Problem


class LateReason(StrEnum):
    """Why staff book after the limit all the same; a code, for people write too much about people."""

    NOTHING_BEFORE = "nothing_before"
    AUTHORITY_AGREED = "authority_agreed"
    VISITOR_DECIDED = "visitor_decided"


class TooLate(Problem):
    """A service of the visit was due before: `service` and `last_day` say which, and until when."""

    status = 409
    code = "after_last_day"


def judge(day: date, slugs: Collection[str], last_days: Mapping[str, date], why: LateReason | None) -> bool:
    """Whether a visit on a day is later than it may be for one of its services, and it was said why.

    Raises `TooLate` with the service that was due first, where nobody said why.
    """
    missed = sorted((last_days[slug], slug) for slug in slugs if slug in last_days and day > last_days[slug])
    if missed and why is None:
        last_day, slug = missed[0]
        raise TooLate(service=slug, last_day=last_day)
    return bool(missed)
