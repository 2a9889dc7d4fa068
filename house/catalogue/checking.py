"""Whether a catalogue holds together: names that lead somewhere, rules that can be understood, no circles.

What shape each entry has is for `shapes.py` to say; reading a file is `catalogue_file.py`'s. All of it takes
data as it comes, however broken, so that every finding of a file is told at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from graphlib import CycleError, TopologicalSorter
from itertools import islice
from typing import Any, NamedTuple

from house.plain import has_cpr, turns_direction

Where = tuple[str | int, ...]
"""The way to an entry: `("services", 3, "deadline", "days")`."""

Lines = dict[Where, int]
Entries = list[tuple[Where, dict[str, Any]]]
DATES = frozenset({"compiled", "confirmed_on", "next_review_on"})
"""The names under which dates stand, and nowhere else: in the records they rest as text."""

ASSUMED = "A"
MOST_COMPARED = 100
_NAMES: dict[str | int, str] = {
    "authority": "authority", "other_authorities": "authority", "ask": "authority", "all_of": "service",
    "applies_when_same_as": "service",
}  # fmt: skip
_COMPARED = {"number": "_gt, _gte, _lt or _lte", "boolean": "_is"}
_RULES = re.compile(r"(?P<fact>.+?)(?P<how>_not|_is|_gt|_gte|_lt|_lte)?")


class Finding(NamedTuple):
    """What is wrong, and in which line; the file is refused."""

    line: int
    reason: str


def perhaps(word: object, known: Iterable[object]) -> str:
    """The known name that was probably meant, to be said at the end of a reason."""
    few = [str(one) for one in islice(known, MOST_COMPARED)]
    near = get_close_matches(str(word), few, 1)
    return f"; {near[0]} perhaps" if near else ""


def faults(data: Any) -> Iterator[tuple[Where, str]]:
    """What does not hold together, each with the way to it; nothing when the catalogue is sound."""
    yield from _dates(data)
    yield from deceptive_signs(data)
    if isinstance(data, dict):
        catalogue = _Known(data)
        for look in (_own_words, _repeated, _references, _conditions, _circles, _hours):
            yield from look(catalogue)


class _Known:
    """The names that a catalogue gives, as far as they can be made out in a broken one."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = data
        self.services = _entries(data, "services")
        self.ids = {
            "service": _ids(self.services),
            "authority": _ids(_entries(data, "authorities")),
            "source": dict.fromkeys([ASSUMED, *_group(data, "sources")]),
        }
        self.facts = _group(_group(data, "meta"), "person_facts")


def _group(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = data.get(name)
    return found if isinstance(found, dict) else {}


def _entries(data: Mapping[str, Any], section: str) -> Entries:
    found = data.get(section)
    listed = enumerate(found) if isinstance(found, list) else ()
    return [((section, n), entry) for n, entry in listed if isinstance(entry, dict)]


def _ids(entries: Entries) -> dict[str, None]:
    """The ids of entries, in order and quick to look up."""
    return dict.fromkeys(entry["id"] for _, entry in entries if isinstance(entry.get("id"), str))


def _walk(value: Any, where: Where) -> Iterator[tuple[Where, Any]]:
    """Every entry below, each with the way to it."""
    below: Any = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, one in below:
        yield (*where, key), one
        yield from _walk(one, (*where, key))


def _dates(data: Any) -> Iterator[tuple[Where, str]]:
    for way, value in _walk(data, ()):
        if way[-1] in DATES and not isinstance(value, date):
            yield way, f"{way[-1]} must be a date such as 2026-11-23, without quotes."
        elif isinstance(value, date) and way[-1] not in DATES:
            yield way, f"A date stands only under {' and '.join(sorted(DATES))}; put it in quotes."


def deceptive_signs(data: Any) -> Iterator[tuple[Where, str]]:
    """Texts go out to everybody: nothing in them may deceive the eye or betray a person."""
    for way, value in _walk(data, ()):
        for text in (value, way[-1]):
            if isinstance(text, str) and turns_direction(text):
                yield way, "A text holds a hidden sign that turns the reading direction; leave it out."
            if isinstance(text, str) and has_cpr(text):
                yield way, "A text holds something shaped like a CPR number; none is ever stored."


def _own_words(known: _Known) -> Iterator[tuple[Where, str]]:
    """Whoever writes a catalogue in a language names everything in it; other languages may stand beside."""
    meta = _group(known.data, "meta")
    language = str(meta.get("language_of_record", "en"))
    for where, entry in _entries(known.data, "authorities"):
        if f"name_{language}" not in entry:
            yield where, f"authorities: name_{language} must be there."
    for where, entry in known.services:
        if isinstance(entry.get("name"), dict) and language not in entry["name"]:
            yield (*where, "name"), f"name: {language} must be there."
        papers = entry.get("documents")
        for number, paper in enumerate(papers if isinstance(papers, list) else ()):
            if isinstance(paper, dict) and not {language, "note"} & set(paper):
                yield (
                    (*where, "documents", number),
                    f"documents: a document has a text ({language}) or is a note.",
                )


def _repeated(known: _Known) -> Iterator[tuple[Where, str]]:
    for section in ("authorities", "services", "offers"):
        seen = set()
        for where, entry in _entries(known.data, section):
            id_ = entry.get("id")
            if isinstance(id_, str) and id_ in seen:
                yield (*where, "id"), f"{id_} stands twice among the {section}."
            seen.add(id_ if isinstance(id_, str) else None)


def _references(known: _Known) -> Iterator[tuple[Where, str]]:
    """Every authority, service and source that is named must be there."""
    for where, value in _walk(known.data, ()):
        key, what = where[-1], ""
        if isinstance(key, str) and (key == "src" or key.endswith("_src")):
            what = "source"
        elif where[0] == "services":
            what = _NAMES.get(key, "")
        for one in (value if isinstance(value, list) else [value]) if what else ():
            if isinstance(one, str) and one not in known.ids[what]:
                yield where, f"{key}: there is no {what} {one}{perhaps(one, known.ids[what])}."


def _conditions(known: _Known) -> Iterator[tuple[Where, str]]:
    """Every condition of a service speaks of facts of a person, in their own values."""
    for way, value in _walk(known.data.get("services"), ("services",)):
        if way[-1] in ("when", "applies_also") or (len(way) > 1 and way[-2] == "applies_when"):
            for key, wanted in value.items() if isinstance(value, dict) else ():
                yield from (((*way, key), reason) for reason in _condition(key, wanted, known.facts))


def _condition(key: str, wanted: Any, facts: Mapping[str, Any]) -> Iterator[str]:
    parts = _RULES.fullmatch(key)
    fact, how = (key, None) if key in facts or not parts else (parts["fact"], parts["how"])
    if fact not in facts:
        yield f"{key}: there is no fact {fact}{perhaps(fact, facts)}."
        return
    values = facts[fact]
    if how in (None, "_not"):
        if isinstance(values, str) and values in _COMPARED:
            yield f"{key}: {fact} is compared by {_COMPARED[values]}."
        elif not isinstance(wanted, list) or not wanted or not all(isinstance(one, str) for one in wanted):
            yield f"{key} must be a list of values."
        elif isinstance(values, list):
            yield from (
                f"{key}: {one} is none of {', '.join(map(str, values))}."
                for one in wanted
                if one not in values
            )
    elif how == "_is" and not (values == "boolean" and isinstance(wanted, bool)):
        yield f"{key} must ask true or false of a fact that is true or false."
    elif how != "_is" and (
        values != "number" or isinstance(wanted, bool) or not isinstance(wanted, int | float)
    ):
        yield f"{key} must compare a number with a fact that is a number."


def _circles(known: _Known) -> Iterator[tuple[Where, str]]:
    """Nothing may come before itself, nor be for the same people as itself."""
    places = {entry.get("id"): where for where, entry in known.services if isinstance(entry.get("id"), str)}
    for key, words in (
        ("requires", "comes before itself"),
        ("applies_when_same_as", "is for the same people as itself"),
    ):
        arrows = {
            entry["id"]: _named(entry.get(key))
            for _, entry in known.services
            if isinstance(entry.get("id"), str)
        }
        try:
            TopologicalSorter(arrows).prepare()
        except CycleError as error:
            circle = error.args[1][:0:-1]  # the library tells it backwards, and its first one twice
            start = circle.index(next(id_ for id_ in places if id_ in circle))
            circle = circle[start:] + circle[: start + 1]
            yield (*places[circle[0]], key), f"{circle[0]} {words}: {' → '.join(circle)}."


def _named(value: Any) -> list[str]:
    """The services that an entry's `requires` or `applies_when_same_as` names."""
    if isinstance(value, str):
        return [value]
    groups = value if isinstance(value, list) else []
    named = (group.get("all_of") for group in groups if isinstance(group, dict))
    return [one for several in named if isinstance(several, list) for one in several if isinstance(one, str)]


def _hours(known: _Known) -> Iterator[tuple[Where, str]]:
    house = _group(_group(known.data, "meta"), "house")
    for name in ("opening_hours", "phone_hours"):
        for day, hours in _group(house, name).items():
            opens, _, closes = str(hours).partition("-")
            if closes and closes <= opens:
                yield ("meta", "house", name, day), f"{day}: it must open before it closes."
