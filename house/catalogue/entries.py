"""One entry of a catalogue: finding it, putting another in its place, and where it stands in the file.

A catalogue here is the record form: the parts of the file as JSON holds them. Nothing given is changed; what
comes out shares what did not change. A source has its mark for a name; the routes out are one entry together,
for they have no names.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any

Record = dict[str, Any]
Where = tuple[str | int, ...]


class Kind(StrEnum):
    """What kind of entry it is."""

    SERVICE = "service"
    AUTHORITY = "authority"
    OFFER = "offer"
    ROUTES = "routes"
    SOURCE = "source"


SECTIONS = {
    Kind.SERVICE: "services",
    Kind.AUTHORITY: "authorities",
    Kind.OFFER: "offers",
    Kind.ROUTES: "routes_out",
    Kind.SOURCE: "sources",
}
ROUTES_SLUG = "routes_out"
ROWS = "rows"
"""The name under which the one entry of the routes out holds its list."""


def find(catalogue: Mapping[str, Any], kind: Kind, slug: str) -> Record | None:
    """The entry, or None."""
    section = catalogue.get(SECTIONS[kind])
    if kind is Kind.ROUTES:
        return {ROWS: section or []} if slug == ROUTES_SLUG else None
    if kind is Kind.SOURCE:
        return (section or {}).get(slug)
    return next((entry for entry in section or () if entry.get("id") == slug), None)


def slugs(catalogue: Mapping[str, Any], kind: Kind) -> list[str]:
    """The names of all entries of a kind, in the catalogue's order."""
    if kind is Kind.ROUTES:
        return [ROUTES_SLUG]
    section = catalogue.get(SECTIONS[kind]) or ()
    return list(section) if kind is Kind.SOURCE else [entry["id"] for entry in section]


def put(catalogue: Mapping[str, Any], kind: Kind, slug: str, record: Any) -> Record:
    """The catalogue with this entry in its place; None takes it out, a new one finds its place.

    A new service stands behind the last one whose `order` is not above its own, anything else at the end.
    """
    name = SECTIONS[kind]
    section = catalogue.get(name)
    if kind is Kind.ROUTES:
        made: Any = record[ROWS] if isinstance(record, dict) and ROWS in record else record or []
        if not made and name not in catalogue:
            return dict(catalogue)
    elif kind is Kind.SOURCE:
        made = {key: one for key, one in (section or {}).items() if key != slug or record is not None}
        made |= {slug: record} if record is not None else {}
    else:
        made = _put_in_list(list(section or ()), slug, record)
    return {**catalogue, name: made}


def _put_in_list(listed: list[Any], slug: str, record: Any) -> list[Any]:
    ids = [entry.get("id") for entry in listed]
    if slug in ids:
        at = ids.index(slug)
        return [*listed[:at], *([] if record is None else [record]), *listed[at + 1 :]]
    if record is None:
        return listed
    order = record.get("order") if isinstance(record, dict) else None
    before = [n for n, one in enumerate(listed) if isinstance(order, int) and one.get("order", 0) <= order]
    at = before[-1] + 1 if before else 0 if isinstance(order, int) else len(listed)
    return [*listed[:at], record, *listed[at:]]


def where(catalogue: Mapping[str, Any], kind: Kind, slug: str) -> Where:
    """The way to the entry in a catalogue that holds it."""
    if kind is Kind.ROUTES:
        return (SECTIONS[kind],)
    if kind is Kind.SOURCE:
        return (SECTIONS[kind], slug)
    section = catalogue.get(SECTIONS[kind]) or ()
    return (SECTIONS[kind], next(n for n, entry in enumerate(section) if entry.get("id") == slug))


def inside(way: Where, entry: Where, kind: Kind) -> Where | None:
    """The way from an entry to what is below it, or None when it leads elsewhere."""
    if way[: len(entry)] != entry:
        return None
    rest = way[len(entry) :]
    return (ROWS, *rest) if kind is Kind.ROUTES else rest


def with_dates(value: Any, names: frozenset[str], key: str = "") -> Any:
    """The value as a file holds it: what stands under the names of dates becomes one where it can."""
    if isinstance(value, dict):
        return {name: with_dates(one, names, name) for name, one in value.items()}
    if isinstance(value, list):
        return [with_dates(one, names) for one in value]
    return _date(value) if key in names and isinstance(value, str) else value


def _date(text: str) -> Any:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text
