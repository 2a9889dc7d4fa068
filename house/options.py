"""The options of a list to choose from, drawn once: the same services and languages stand on every page."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from flask import Flask
from markupsafe import Markup


def options(field: Any) -> Markup:
    """What stands inside the `<select>` of a field, with what is chosen marked."""
    choices = list(field.iter_choices())
    chosen = tuple(number for number, one in enumerate(choices) if one.selected)
    return _drawn(tuple((str(one.value), str(one.label)) for one in choices), chosen)


@lru_cache(maxsize=256)
def _drawn(choices: tuple[tuple[str, str], ...], chosen: tuple[int, ...]) -> Markup:
    plain = Markup('<option value="{}">{}</option>')
    marked = Markup('<option value="{}" selected>{}</option>')
    return Markup("\n").join(
        (marked if number in chosen else plain).format(value, label)
        for number, (value, label) in enumerate(choices)
    )


def init(app: Flask) -> None:
    """Let templates draw options."""
    app.jinja_env.globals.update(options=options)
