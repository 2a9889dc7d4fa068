"""A change of an entry in words: what is it about, what stood there, what stands there now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from flask_babel import gettext as _

from house.catalogue import condition_words, words
from house.catalogue.changes import Change, Way
from house.catalogue.entries import ROWS
from house.catalogue.field_words import CHOICES, OBLIGATIONS, field_name
from house.languages import current

Facts = Mapping[str, Any]


class Said(NamedTuple):
    """One piece that differs, in words; `parts` are the words of a changed text as (kind, words)."""

    name: str
    before: list[str] | None
    after: list[str] | None
    parts: tuple[tuple[str, str], ...]


def said(changes: list[Change], facts: Facts) -> list[Said]:
    """Changes in words."""
    return [
        Said(way_words(one.way), _side(one, one.before, facts), _side(one, one.after, facts), one.parts)
        for one in changes
    ]


def way_words(way: Way) -> str:
    """`What to bring 3 · Only if`."""
    told: list[str] = []
    for part in way:
        if isinstance(part, int) and told:
            told[-1] = _("%(what)s %(number)s", what=told[-1], number=part + 1)
        elif part != ROWS:
            told.append(field_name(str(part)))
    return " · ".join(told)


def _side(change: Change, value: Any, facts: Facts) -> list[str] | None:
    if value is None:
        return None
    key = next((str(part) for part in reversed(change.way) if isinstance(part, str)), "")
    return list(value_words(value, key, facts))


def value_words(value: Any, key: str, facts: Facts) -> Iterator[str]:
    """A value as lines that a person can read."""
    if key == "applies_when" and isinstance(value, list):
        for group in value:
            yield " ".join(value_words(group, "when", facts))
    elif key in ("when", "applies_also", "applies_when") and isinstance(value, dict):
        yield " ".join(condition_words.sentences(value, facts))
    elif isinstance(value, dict):
        for name, one in value.items():
            yield f"{field_name(name)}: {' · '.join(value_words(one, name, facts))}"
    elif isinstance(value, list):
        listed = [" · ".join(value_words(one, key, facts)) for one in value]
        yield from listed if any(isinstance(one, dict) for one in value) else [", ".join(listed)]
    elif isinstance(value, bool):
        yield str(CHOICES["own_booking_system"]["yes" if value else "no"])
    elif value is not None:
        yield _word(str(value), key)


def _word(value: str, key: str) -> str:
    known = {"kind": words.KINDS, "mode": words.MODES, "level": words.LEVELS, "obligation": OBLIGATIONS}
    said = (known.get(key) or CHOICES.get(key) or {}).get(value)
    return str(said) if said else _as_it_runs(value)


def _as_it_runs(value: str) -> str:
    """A text of the record, kept in its own direction among words that run from right to left."""
    return f"\N{FIRST STRONG ISOLATE}{value}\N{POP DIRECTIONAL ISOLATE}" if current().dir == "rtl" else value
