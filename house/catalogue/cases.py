"""Worked cases: people with facts and dates as YAML, their lists as rows, and where the two disagree.

A case is a mapping with `dates` and `members` (`who`, `facts`, own `dates`, perhaps what is `expect`ed). A
file holds one case, a list of them, several YAML documents, or text with cases in ```yaml blocks.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from typing import Any

import yaml

from house.catalogue.deadlines import IsOpen
from house.catalogue.plan import Item, Person, Plan, household
from house.catalogue.rulebook import Rulebook

Case = Mapping[str, Any]
Row = dict[str, Any]
_BLOCK = re.compile(r"^```ya?ml\s*\n(.*?)^```", re.MULTILINE | re.DOTALL)
COMPARED = ("authority", "obligation", "after", "due", "last_open_house_day")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class BadCase(ValueError):
    """A text that is no case; the message says what is missing."""


def read_cases(text: str) -> list[Case]:
    """The cases of a text in any of the forms above; BadCase when it holds none, or a broken one."""
    blocks = _BLOCK.findall(text) or [text]
    try:
        documents = [one for block in blocks for one in yaml.safe_load_all(block) if one is not None]
    except yaml.YAMLError as error:
        raise BadCase(f"This is not YAML: {error}") from None
    cases = [case for one in documents for case in (one if isinstance(one, list) else [one])]
    if not cases:
        raise BadCase("There is no case in it.")
    for case in cases:
        _check(case)
    return cases


def people_of(case: Case) -> list[Person]:
    """The people of a case; a member's own dates come before those of the whole case."""
    shared = _dates(case.get("dates"))
    return [
        Person(
            who=str(member.get("who") or number),
            facts=member.get("facts") or {},
            dates={**shared, **_dates(member.get("dates"))},
            done=frozenset(member.get("done") or ()),
            unknown=frozenset(member.get("unknown") or ()),
        )
        for number, member in enumerate(case["members"], start=1)
    ]


def lists_of(book: Rulebook, case: Case, is_open: IsOpen) -> tuple[Plan, ...]:
    """The lists of the people of a case, in their order."""
    return household(book, people_of(case), is_open)


def rows_of(plan: Plan) -> list[Row]:
    """A list as rows of COMPARED and who, n, service; dates as text, None where there is none."""
    return [
        {
            "who": plan.who, "n": item.n, "service": item.service, "authority": item.authority,
            "obligation": item.obligation, "after": list(item.after), "due": _text(item.due),
            "last_open_house_day": _text(item.last_open_house_day),
        }
        for item in plan.items
    ]  # fmt: skip


def disagreements(plan: Plan, member: Mapping[str, Any]) -> Iterator[str]:
    """Where a list is not what its case expects: the set, the order, and each expected value."""
    expected = member.get("expect")
    if expected is None:
        return
    rows = {row["service"]: row for row in rows_of(plan)}
    wanted = {row["service"]: row for row in expected}
    yield from (f"{one} is missing" for one in wanted if one not in rows)
    yield from (f"{one} is too much" for one in rows if one not in wanted)
    if set(rows) == set(wanted) and list(rows) != list(wanted):
        yield f"the order is {', '.join(rows)}"
    yield from (f"{one} must not be there" for one in member.get("must_not") or () if one in rows)
    for service in (one for one in wanted if one in rows):
        for key in COMPARED:
            right = _plain(wanted[service].get(key))
            found = rows[service][key] or None
            if (sorted(found or ()) if key == "after" else found) != (
                sorted(right or ()) if key == "after" else right
            ):
                yield f"{service}: {key} is {found}, not {right}"


def open_by(catalogue: Mapping[str, Any], holidays: Collection[date]) -> IsOpen:
    """Which days the house is open by the catalogue's own entry, closed on these holidays."""
    hours = ((catalogue.get("meta") or {}).get("house") or {}).get("opening_hours") or {}
    open_on = {n for n, day in enumerate(_WEEKDAYS) if "-" in str(hours.get(day, ""))}
    return lambda day: day.weekday() in open_on and day not in holidays


def _check(case: Any) -> None:
    if not isinstance(case, dict) or not isinstance(case.get("members"), list) or not case["members"]:
        raise BadCase("A case needs members, each with who and facts.")
    for member in case["members"]:
        if not isinstance(member, dict) or not isinstance(member.get("facts"), dict):
            raise BadCase("Each member needs facts.")
        for dates in (case.get("dates"), member.get("dates")):
            _dates(dates)


def _dates(found: Any) -> dict[str, date]:
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise BadCase("Dates are a name and a day each.")
    return {str(name): _day(name, value) for name, value in found.items() if value is not None}


def _day(name: Any, value: Any) -> date:
    if isinstance(value, datetime):
        return value.date()
    try:
        return value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError:
        raise BadCase(f"{name} must be a date such as 2027-01-13.") from None


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


__all__ = [
    "BadCase", "Case", "Item", "disagreements", "lists_of", "open_by", "people_of", "read_cases", "rows_of",
]  # fmt: skip
