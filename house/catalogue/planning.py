"""Plans in a living house: the rules as staff keep them now, and the days its own schedule is open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from house import clock
from house.catalogue import opening
from house.catalogue.cases import Case, Row, lists_of, open_by, rows_of
from house.catalogue.catalogue_file import read_file
from house.catalogue.danish_days import house_holidays
from house.catalogue.deadlines import IsOpen
from house.catalogue.hours import rules_of
from house.catalogue.places import place
from house.catalogue.plan import Person, Plan, household
from house.catalogue.rulebook import Rulebook
from house.catalogue.shelf import shelf
from house.problems import NotHere

DUTY = "duty"
FAR = timedelta(days=5 * 366)
"""So far back and ahead a schedule's exceptions are looked at."""


def plans_for(session: Session, people: Sequence[Person]) -> tuple[Plan, ...]:
    """The lists of a household by the rules as they stand."""
    return household(shelf(session).rulebook, people, is_open(session))


def last_days(plans: Iterable[Plan]) -> dict[str, date]:
    """The last open day for each duty with a limit in the plans of a household, by slug; the earliest counts.

    What is done, comes by itself or is in dispute has none.
    """
    found: dict[str, date] = {}
    for item in (item for one in plans for item in one.items):
        day = item.last_open_house_day or item.due
        if item.obligation == DUTY and day and not (item.done or item.expected or item.unresolved):
            found[item.service] = min(day, found.get(item.service, day))
    return found


def try_cases(session: Session, cases: Sequence[Case]) -> list[Row]:
    """The lists of the people of cases by the rules as they stand, one row a step."""
    return _rows(shelf(session).rulebook, cases, is_open(session))


def try_cases_with(path: Path, cases: Sequence[Case]) -> list[Row]:
    """The same by a catalogue file and the hours it states, where no house stands."""
    catalogue = read_file(path).data
    return _rows(Rulebook.of(catalogue), cases, open_by_file(catalogue))


def is_open(session: Session) -> IsOpen:
    """Whether the house is open on a day, by its own schedule; before the place is set up, by the catalogue's
    entry."""
    try:
        here = place(session)
    except NotHere:
        return open_by_file(shelf(session).sections)
    tz = clock.zone(here.timezone)
    today = clock.today(here.timezone)
    rules = rules_of(session, [here.schedule_id], today - FAR, today + FAR)[here.schedule_id]
    shut = rules.shut(tz)

    def opens(day: date) -> bool:
        closed = _closed_in(day.year) if rules.keeps_holidays else {}
        return bool(opening.open_spans(rules.openings, rules.exceptions, closed, day, tz, shut))

    return opens


def open_by_file(catalogue: Mapping[str, Any]) -> IsOpen:
    """Which days the house is open by its entry in the catalogue and the closed days of the country."""
    usual = open_by(catalogue, ())
    return lambda day: usual(day) and day not in _closed_in(day.year)


@lru_cache(maxsize=64)
def _closed_in(year: int) -> dict[date, str]:
    return house_holidays(year)


def _rows(book: Rulebook, cases: Sequence[Case], opens: IsOpen) -> list[Row]:
    """Of several cases, each row says whose case it is of."""
    of = [{"case": case.get("id")} if len(cases) > 1 else {} for case in cases]
    lists = [lists_of(book, case, opens) for case in cases]
    found = zip(of, lists, strict=True)
    return [{**case, **row} for case, plans in found for one in plans for row in rows_of(one)]
