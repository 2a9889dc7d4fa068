"""Which municipality does what: what this house can do for people who live somewhere, and where else it is.

The rules are those of the catalogue file's header: `residence` is the home municipality's for its own people
only, `ics_north` is done here for the municipalities that agreed on it; everything else is for all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

HOME = "Aalborg"
RESIDENCE, AGREED = "residence", "ics_north"
Record = Mapping[str, Any]


def asks_where(records: Iterable[Record]) -> bool:
    """Whether it matters for any of these services where a person lives."""
    return any(record.get("municipal_scope") in (RESIDENCE, AGREED) for record in records)


def done_here(record: Record, meta: Record, municipality: str | None) -> bool:
    """Whether this house does a service for somebody who lives there; None when that is not known."""
    if municipality is None:
        return True
    return municipality in _served(record, meta) if asks_where([record]) else True


def served(records: Iterable[Record], meta: Record) -> list[str]:
    """The municipalities for which this house does every one of these services; empty when for all."""
    lists = [_served(record, meta) for record in records if asks_where([record])]
    return [one for one in lists[0] if all(one in other for other in lists)] if lists else []


def municipalities(meta: Record) -> list[str]:
    """Every municipality that the catalogue names: those it serves, then the others of the region."""
    agreed = meta.get("ics_north_municipalities") or {}
    named = [HOME, *agreed.get("list", ()), *agreed.get("not_covered_in_region", ())]
    return list(dict.fromkeys(named))


def _served(record: Record, meta: Record) -> list[str]:
    if record.get("municipal_scope") == RESIDENCE:
        return [HOME]
    return list((meta.get("ics_north_municipalities") or {}).get("list", ()))
