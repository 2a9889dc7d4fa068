"""Whether the catalogue would hold together with one entry changed: asked as of a whole file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain, islice
from typing import Any, NamedTuple

from house.catalogue.checking import DATES, Where, faults
from house.catalogue.entries import SECTIONS, Kind, inside, put, where, with_dates
from house.catalogue.shapes import misshapen

MOST_TOLD = 30


class Judged(NamedTuple):
    """What is wrong: the way inside the entry, or the words for where else; and the reason, in English."""

    way: Where
    elsewhere: str
    reason: str


def judge(catalogue: Mapping[str, Any], kind: Kind, slug: str, record: Any) -> list[Judged]:
    """Everything that would not hold with this entry in its place; None takes it out.

    The catalogue is given as rows hold it, dates as text, and so is the record.
    """
    after = with_dates(put(catalogue, kind, slug, record), DATES)
    if record is not None and not isinstance(record, dict):
        return [Judged((), "", "An entry is a group of named parts.")]
    if record is not None and kind not in (Kind.SOURCE, Kind.ROUTES) and record.get("id") != slug:
        return [Judged(("id",), "", f"The short name of this entry is {slug} and stays so.")]
    entry = where(after, kind, slug) if record is not None else (SECTIONS[kind], -1)
    found = chain(misshapen(after), faults(after))
    return list(dict.fromkeys(islice(_placed(found, after, entry, kind), MOST_TOLD)))


def _placed(
    found: Iterator[tuple[Where, str]], after: Mapping[str, Any], entry: Where, kind: Kind
) -> Iterator[Judged]:
    for way, reason in found:
        within = inside(way, entry, kind)
        yield Judged(within or (), "" if within is not None else _name(way, after), reason)


def _name(way: Where, after: Mapping[str, Any]) -> str:
    """Where something stands, in words: `services mitid requires`."""
    said = []
    value: Any = after
    for part in way:
        value = value[part] if isinstance(value, dict) and part in value else (
            value[part] if isinstance(value, list) and isinstance(part, int) and part < len(value) else None
        )  # fmt: skip
        id_ = value.get("id") if isinstance(value, dict) else None
        said.append(str(id_ or part))
    return " ".join(said)
