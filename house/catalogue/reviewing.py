"""When an entry must be looked at again, and what in it nobody has confirmed yet: the editors' work lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from house.catalogue.changes import Way
from house.catalogue.checking import ASSUMED
from house.catalogue.entries import SECTIONS, Kind

REVIEWED = (Kind.SERVICE, Kind.AUTHORITY)


@dataclass(frozen=True)
class Review:
    """When an entry was confirmed and by whom, and when it must be looked at again: at once if never."""

    confirmed_on: date | None
    confirmed_by: str | None
    due_on: date | None
    due: bool


@dataclass(frozen=True)
class Due:
    """An entry that must be looked at."""

    kind: Kind
    slug: str
    review: Review


@dataclass(frozen=True)
class Unconfirmed:
    """What is only assumed in an entry, and what is noted as to be verified."""

    kind: Kind
    slug: str
    assumed: tuple[tuple[Way, str], ...]
    verify: tuple[str, ...]


def review_of(record: Mapping[str, Any], today: date) -> Review:
    """The review of an entry: on its own date, or a year after it was confirmed."""
    confirmed, own = (_day(record.get(name)) for name in ("confirmed_on", "next_review_on"))
    due_on = own or (_year_after(confirmed) if confirmed else None)
    return Review(confirmed, record.get("confirmed_by"), due_on, due_on is None or due_on <= today)


def due(catalogue: Mapping[str, Any], today: date) -> list[Due]:
    """Every service and authority that must be looked at: those never confirmed last, for they are many."""
    found = [
        Due(kind, entry["id"], review)
        for kind in REVIEWED
        for entry in catalogue.get(SECTIONS[kind]) or ()
        if (review := review_of(entry, today)).due
    ]
    return sorted(found, key=lambda one: one.review.due_on or date.max)


def unconfirmed(catalogue: Mapping[str, Any]) -> dict[str, list[Unconfirmed]]:
    """What nobody has confirmed, by the authority that could; authorities without any are left out."""
    found: dict[str, list[Unconfirmed]] = {}
    for kind in REVIEWED:
        for entry in catalogue.get(SECTIONS[kind]) or ():
            assumed, verify = tuple(assumptions(entry)), tuple(entry.get("verify") or ())
            if assumed or verify:
                owner = entry["authority"] if kind is Kind.SERVICE else entry["id"]
                found.setdefault(owner, []).append(Unconfirmed(kind, entry["id"], assumed, verify))
    return found


def assumptions(value: Any, way: Way = ()) -> Iterator[tuple[Way, str]]:
    """Everything marked as assumed, with the way to it and its text in the language of record."""
    if isinstance(value, list):
        for number, one in enumerate(value):
            yield from assumptions(one, (*way, number))
    elif isinstance(value, dict):
        for key, one in value.items():
            if key == "src" and ASSUMED in one:
                yield way, _text(value)
            elif key.endswith("_src") and ASSUMED in one:
                about = key.removesuffix("_src")
                yield (*way, about), _text(value.get(about))
            else:
                yield from assumptions(one, (*way, key))


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        named = (value.get(name) for name in ("text", "en", "rule", "value", "item", "to", "name_en", "name"))
        text = next((one for one in named if isinstance(one, str)), None)
        return text or ", ".join(str(one) for key, one in value.items() if key not in ("src", "when"))
    return value if isinstance(value, str) else ""


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else None


def _year_after(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year + 1, day=28)
