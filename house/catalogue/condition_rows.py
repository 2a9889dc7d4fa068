"""Conditions of the rule language as rows of answers, a fact of a person each, and as conditions again."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

AS_IS = "as_is"
"""How a row is compared that no form can ask: it is kept as it was written."""

HOWS = {
    "list": ("in", "not"),
    "string": ("in", "not"),
    "number": ("gt", "gte", "lt", "lte"),
    "boolean": ("yes", "no"),
}
_NUMBER = re.compile(r"-?[0-9]{1,9}")
_ENDINGS = {"not": "_not", "gt": "_gt", "gte": "_gte", "lt": "_lt", "lte": "_lte"}
_KEYS = re.compile(r"(?P<fact>.+?)_(?P<how>not|is|gte|gt|lte|lt)")


@dataclass(frozen=True)
class Known:
    """What can be chosen from: facts of a person with their values, services and authorities, in order."""

    facts: Mapping[str, Any]
    services: Sequence[str] = ()
    authorities: Sequence[str] = ()

    def kind(self, fact: str) -> str:
        """How a fact is compared: list, string, number or boolean; empty when there is no such fact."""
        values = self.facts.get(fact)
        return "list" if isinstance(values, list) else values if isinstance(values, str) else ""


def number(text: str) -> int | float | str:
    """The number that was typed, or the text when it is none."""
    if _NUMBER.fullmatch(text):
        return int(text)
    return float(text) if re.fullmatch(r"[0-9]{1,9}\.[0-9]{1,4}", text) else text


def asked(key: str, wanted: Any, known: Known) -> dict[str, Any]:
    """One part of a condition as a row of answers."""
    found = None if key in known.facts else _KEYS.fullmatch(key)
    fact, how = (found["fact"], found["how"]) if found else (key, "in")
    kind = known.kind(fact)
    if how == "is" and kind == "boolean" and isinstance(wanted, bool):
        return row_of(fact, "yes" if wanted else "no")
    if how in HOWS.get(kind, ()):
        if kind == "list" and isinstance(wanted, list):
            return row_of(fact, how, values=in_order(wanted, known.facts[fact]))
        if kind == "string" and isinstance(wanted, list):
            return row_of(fact, how, text=", ".join(wanted))
        if kind == "number" and isinstance(wanted, int | float):
            return row_of(fact, how, text=str(wanted))
    return row_of(key, AS_IS, text=json.dumps(wanted, ensure_ascii=False))


def row_of(fact: str, how: str, values: list[str] | None = None, text: str = "") -> dict[str, Any]:
    return {"fact": fact, "how": how, "values": values or [], "text": text}


def said(row: Mapping[str, Any], known: Known) -> tuple[str, Any]:
    """A row of answers as the part of a condition that it means."""
    fact, how, kind = row["fact"], row["how"], known.kind(row["fact"])
    if how == AS_IS:
        try:
            return fact, json.loads(row["text"])
        except (ValueError, RecursionError):
            return fact, row["text"]
    if kind == "boolean":
        return f"{fact}_is", how == "yes"
    key = fact + _ENDINGS.get(how, "")
    if kind == "number":
        return key, number(row["text"])
    if kind == "string":
        return key, [one.strip() for one in row["text"].split(",") if one.strip()]
    return key, list(row["values"])


def in_order(values: Iterable[str], known: Sequence[str]) -> list[str]:
    """The values in the order in which they are offered; unknown ones last."""
    wanted = list(values)
    return [*(one for one in known if one in wanted), *(one for one in wanted if one not in known)]
