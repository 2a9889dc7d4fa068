"""The `<input>` of a field, as WTForms draws it, in a fifth of its time: every form has several."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup, escape
from wtforms.widgets import Input, NumberInput
from wtforms.widgets.core import clean_key  # type: ignore[attr-defined]

LIMITS = frozenset({"step", "min", "max"})
"""What a widget for numbers asks of the browser."""


def is_plain(field: Any) -> bool:
    """Whether the field is one `<input>` that its widget draws like any other."""
    how = type(field.widget).__call__
    return how in (Input.__call__, NumberInput.__call__) and getattr(field, "_datalist", None) is None


def drawn(field: Any, asked: Mapping[str, Any]) -> Markup:
    """The `<input>` with the attributes of the field and those asked for; these win."""
    widget, flags = field.widget, vars(field.flags)
    checked = {name: flags[name] for name in widget.validation_attrs if name in flags}
    told = {
        "id": field.id, "name": field.name, "type": widget.input_type, "value": field._value(),
        **{name: flag() if callable(flag) else flag for name, flag in checked.items()},
        **{name: value for name, value in vars(widget).items() if name in LIMITS and value is not None},
        **_named(field.render_kw or {}), **_named(asked),
    }  # fmt: skip
    return Markup(f"<input {' '.join(_said(told))}>")  # noqa: S704 - every value is escaped


def _named(attributes: Mapping[str, Any]) -> dict[str, Any]:
    return {clean_key(name): value for name, value in attributes.items()}


def _said(told: Mapping[str, Any]) -> list[str]:
    """Attributes by name; one that is just there has no value, one that is not is left out."""
    return [
        name if value is True else f'{name}="{_quoted(value)}"'
        for name, value in sorted(told.items())
        if value is not False
    ]


def _quoted(value: Any) -> str:
    """Markup is told as it is, but for the quotes that would end the attribute."""
    return str(escape(value)).replace('"', "&quot;")
