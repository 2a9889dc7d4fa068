"""Until when a visit should be, by the visitor's own list: told on every page where a day is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from house import clock
from house.catalogue import face as catalogue
from house.db import db
from house.intake import lateness
from house.intake.forms import TimeForm
from house.intake.lateness import LateReason
from house.intake.models import Visit


@dataclass(frozen=True)
class Limit:
    """The service of a visit that must be done first, and its last day; `over` when that has passed."""

    service: str
    day: date
    over: bool

    def before(self, day: date) -> bool:
        """Whether a day is after the limit, which can still be kept."""
        return not self.over and day > self.day


def limit_of(services: Sequence[catalogue.ServiceView]) -> Limit | None:
    """What the visitor's own list says of these services; None where nothing binds."""
    last_days = catalogue.own_last_days(db.session())
    due = sorted((last_days[one.slug], one.name) for one in services if one.slug in last_days)
    if not due:
        return None
    day, name = due[0]
    return Limit(name, day, day < clock.today(catalogue.place(db.session()).timezone))


def keep_limit(visit: Visit, slugs: Sequence[str], form: TimeForm) -> None:
    """Raises `TooLate` for a visit after the last day, unless the visitor says that it must be so.

    What is overdue already is not refused: it should be done as soon as it can.
    """
    today = clock.today(catalogue.place(db.session()).timezone)
    binding = {slug: day for slug, day in catalogue.own_last_days(db.session()).items() if day >= today}
    decided = LateReason.VISITOR_DECIDED if form.late.data else None
    lateness.judge(visit.day, slugs, binding, decided)
