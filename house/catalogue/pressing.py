"""Buttons of a form that change its rows: add one, take one out, move one up. Answers in, answers out."""

from __future__ import annotations

import copy
from typing import Any

from house.catalogue.condition_rows import HOWS, Known, row_of


def press(answers: dict[str, Any], button: str, known: Known) -> dict[str, Any]:
    """The answers after a button such as `add documents-0-when`; what it does not fit changes nothing."""
    what, _, name = button.partition(" ")
    way = [int(part) if part.isdecimal() else part for part in name.split("-")]
    changed = copy.deepcopy(answers)
    if what == "add":
        _add(_at(changed, way), known)
        return changed
    rows, number = _at(changed, way[:-1]), way[-1]
    if isinstance(rows, list) and isinstance(number, int) and number < len(rows):
        if what == "remove":
            del rows[number]
        elif what == "up" and number:
            rows[number - 1 : number + 1] = rows[number], rows[number - 1]
    return changed


def _at(answers: Any, way: list[str | int]) -> Any:
    for part in way:
        if isinstance(answers, dict) and isinstance(part, str):
            answers = answers.get(part)
        elif isinstance(answers, list) and isinstance(part, int) and part < len(answers):
            answers = answers[part]
        else:
            return None
    return answers


def _add(there: Any, known: Known) -> None:
    """An empty row, or in a condition the fact that was chosen beside the button."""
    if isinstance(there, list):
        there.append({})
    elif isinstance(there, dict) and isinstance(there.get("rows"), list):
        fact = str(there.get("add") or "")
        if fact in known.facts:
            there["rows"].append(row_of(fact, HOWS[known.kind(fact)][0]))
