"""Findings at the fields they are about: who corrects an entry sees where."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from markupsafe import Markup
from wtforms import FieldList, FormField

from house.catalogue.judging import Judged
from house.catalogue.record_forms import ConditionForm, ConditionRow, EntryForm

_KEY_ENDINGS = ("", "_not", "_is", "_gt", "_gte", "_lt", "_lte")


def place(form: EntryForm, findings: Iterable[Judged]) -> None:
    """Say each finding at its field, or on top where there is none. Findings are told in English."""
    for one in findings:
        words = in_english(f"{one.elsewhere}: {one.reason}" if one.elsewhere else one.reason)
        field = None if one.elsewhere else _at(form, list(one.way))
        if field is None:
            form.form_errors.append(words)
        elif words not in field.errors:
            field.errors = [*field.errors, words]
    _gather(form)


def _gather(form: Any) -> None:
    """Let every list know of the errors in its rows, as validating would."""
    for field in form:
        if isinstance(field, FieldList):
            for entry in field.entries:
                _gather(entry.form)
            own = [one for one in field.errors if isinstance(one, str)]
            below = [entry.errors for entry in field.entries]
            field.errors = [*below, *own] if own or any(below) else []
        elif isinstance(field, FormField):
            _gather(field.form)


def in_english(reason: str) -> Markup:
    """Words that are English whatever the page's language is."""
    return Markup('<span lang="en" dir="ltr">{}</span>').format(reason)


def _at(form: Any, way: list[str | int]) -> Any:
    """The field that a way leads to, or the nearest one around it that can carry words."""
    here: Any = None
    there: Any = form
    for part in way:
        found = _step(there, part)
        if found is None:
            break
        here = found
        there = found.form if isinstance(found, FormField) else found
    return _carrier(here)


def _step(there: Any, part: str | int) -> Any:
    if isinstance(there, FieldList):
        return there.entries[part] if isinstance(part, int) and part < len(there.entries) else None
    if isinstance(there, ConditionForm) and isinstance(part, str):
        return next((row for row in there.rows.entries if _is_of(row.form, part)), None)
    return there[part] if isinstance(part, str) and hasattr(there, "_fields") and part in there else None


def _is_of(row: ConditionRow, key: str) -> bool:
    return key in {f"{row.fact.data}{ending}" for ending in _KEY_ENDINGS}


def _carrier(field: Any) -> Any:
    """The field itself, or the first in it that a person can fill in."""
    while isinstance(field, FormField):
        if isinstance(field.form, ConditionRow):
            shown = {"list": "values", "boolean": "how"}.get(field.form.kind, "text")
            return field.form[shown]
        if isinstance(field.form, ConditionForm):
            return field.form.add
        field = next((one for one in field.form if one.type != "HiddenField"), None)
    return field
