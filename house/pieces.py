"""How templates are read, and pieces of pages that say the same whoever looks: drawn once in a process."""

from __future__ import annotations

from collections.abc import MutableMapping
from functools import lru_cache
from typing import Any

from flask import Flask, current_app, request
from flask.templating import Environment
from markupsafe import Markup

from house.languages import current


class Templates(Environment):
    """Flask's environment; each template has what is global in one dictionary, as it was when it was read.

    Jinja lays a chain of two in its place and goes through it, name by name, for every page and every import.
    """

    def make_globals(self, own: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return {**self.globals, **(own or {})}


def piece(template: str, **told: str) -> Markup:
    """A piece that depends on nothing but the language and these words: they are few, and nobody's own."""
    return _drawn(template, current().tag, request.root_path, tuple(sorted(told.items())))


@lru_cache(maxsize=512)
def _drawn(template: str, _tag: str, _root: str, told: tuple[tuple[str, str], ...]) -> Markup:
    """Drawn without what a page knows of its reader: what looks at that is no piece."""
    page = current_app.jinja_env.get_template(template).render(dict(told))
    return Markup(page)  # noqa: S704 - the template has escaped it


def init(app: Flask) -> None:
    """Let templates place pieces."""
    app.jinja_env.globals.update(piece=piece)
