"""What differs between two texts of one entry, piece by piece for people, and bringing two changes together.

Records come in, pieces come out; the words for names and conditions are `manage_words.py`'s.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

Way = tuple[str | int, ...]
WHOLE = frozenset({"when", "applies_also", "applies_when"})
"""Names whose contents are read as one: a condition in pieces says nothing."""
MISSING = object()


@dataclass(frozen=True)
class Change:
    """One piece that differs: the way to it, what stood there and what stands there now.

    None on a side where there is nothing; `parts` are the words of a changed text as (kind, words), kind
    being "same", "out" or "in".
    """

    way: Way
    before: Any
    after: Any
    parts: tuple[tuple[str, str], ...] = ()


def changes(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> list[Change]:
    """Every piece that differs between two texts of an entry, in the order of the newer one."""
    return list(_differ(dict(before or {}), dict(after or {}), ()))


def _differ(before: Any, after: Any, way: Way) -> Iterator[Change]:
    if _same(before, after):
        return
    name = next((part for part in reversed(way) if isinstance(part, str)), "")
    if isinstance(before, dict) and isinstance(after, dict) and name not in WHOLE:
        for key in (*after, *(key for key in before if key not in after)):
            yield from _differ(before.get(key, MISSING), after.get(key, MISSING), (*way, key))
    elif isinstance(before, list) and isinstance(after, list) and name not in WHOLE and _rows(before, after):
        yield from _differ_in_rows(before, after, way)
    else:
        yield _change(before, after, way)


def _rows(*lists: list[Any]) -> bool:
    return any(isinstance(one, dict) for listed in lists for one in listed)


def _differ_in_rows(before: list[Any], after: list[Any], way: Way) -> Iterator[Change]:
    """Rows that stayed are passed over, rows that changed are told piece by piece."""
    marks = (
        [json.dumps(one, sort_keys=True) for one in before],
        [json.dumps(one, sort_keys=True) for one in after],
    )
    for what, b0, b1, a0, a1 in SequenceMatcher(None, *marks, autojunk=False).get_opcodes():
        if what == "equal":
            continue
        both = min(b1 - b0, a1 - a0)
        for n in range(both):
            yield from _differ(before[b0 + n], after[a0 + n], (*way, a0 + n))
        yield from (_change(MISSING, after[n], (*way, n)) for n in range(a0 + both, a1))
        yield from (_change(before[n], MISSING, (*way, n)) for n in range(b0 + both, b1))


def _change(before: Any, after: Any, way: Way) -> Change:
    texts = isinstance(before, str) and isinstance(after, str)
    parts = tuple(_words(before, after)) if texts else ()
    return Change(way, None if before is MISSING else before, None if after is MISSING else after, parts)


def _words(before: str, after: str) -> Iterator[tuple[str, str]]:
    """Two texts word by word."""
    old, new = re.findall(r"\S+\s*", before), re.findall(r"\S+\s*", after)
    for what, b0, b1, a0, a1 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            yield "same", "".join(new[a0:a1])
        else:
            if b1 > b0:
                yield "out", "".join(old[b0:b1])
            if a1 > a0:
                yield "in", "".join(new[a0:a1])


def _same(one: Any, other: Any) -> bool:
    if one is MISSING or other is MISSING:
        return one is other
    return json.dumps(one) == json.dumps(other)


# --- bringing two changes together --------------------------------------------------------------------------


@dataclass(frozen=True)
class Merged:
    """Two changes of one text as one, and the names where both changed something: there `mine` stands."""

    record: dict[str, Any]
    disputed: tuple[str, ...]


def merge(base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> Merged:
    """Bring two changes of one text together, name by name at the top of the entry.

    What only one side changed is taken from that side. Names keep the order of `mine`; new ones of `theirs`
    come last.
    """
    record, disputed = {}, []
    for key in (*mine, *(key for key in theirs if key not in mine)):
        was, here, there = (side.get(key, MISSING) for side in (base, mine, theirs))
        taken = there if _same(here, was) else here
        if not (_same(here, was) or _same(there, was) or _same(here, there)):
            disputed.append(key)
        if taken is not MISSING:
            record[key] = taken
    return Merged(record, tuple(disputed))


def differing(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """The names at the top of an entry under which two texts differ."""
    names = (*one, *(key for key in other if key not in one))
    return [key for key in names if not _same(one.get(key, MISSING), other.get(key, MISSING))]
