"""What the house says in a language: its message catalogues, loaded once a process, for everything that asks.

Python code asks flask-babel, forms ask as WTForms does, templates have callables that give Markup.
"""

from __future__ import annotations

import gettext as stdlib_gettext
import os
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask
from flask_babel import Domain
from markupsafe import Markup, escape

from house.languages import TRANSLATIONS, current


def compile_catalogues(folder: Path = TRANSLATIONS) -> int:
    """Compile every catalogue whose source is newer; returns how many. Safe when several processes start."""
    compiled = 0
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns > source.stat().st_mtime_ns:
            continue
        with source.open("rb") as stream:
            catalogue = read_po(stream, locale=source.parts[-3])
        descriptor, partial = tempfile.mkstemp(dir=target.parent, suffix=".partial")
        with os.fdopen(descriptor, "wb") as stream:
            write_mo(stream, catalogue)
        os.chmod(partial, 0o644)
        os.replace(partial, target)
        compiled += 1
    return compiled


@lru_cache(maxsize=32)
def catalogue_of(tag: str) -> stdlib_gettext.NullTranslations:
    try:
        return stdlib_gettext.translation("messages", str(TRANSLATIONS), [tag])
    except FileNotFoundError:
        return stdlib_gettext.NullTranslations()


def _fill(text: str, values: dict[str, Any]) -> Markup:
    """As `Markup(text) % values`, which wraps every value in an object of its own."""
    if not values:
        return Markup(text.replace("%%", "%"))  # noqa: S704 - our own catalogue
    safe = {name: one if isinstance(one, int) else escape(one) for name, one in values.items()}
    return Markup(text % safe)  # noqa: S704 - our own catalogue, the values are escaped


def _gettext(message: str, **values: Any) -> Markup:
    tag = current().tag
    return _fill(catalogue_of(tag).gettext(message), values) if values else _said(tag, message)


@lru_cache(maxsize=8192)
def _said(tag: str, message: str) -> Markup:
    """Remembered, because every page says the same things again."""
    return _fill(catalogue_of(tag).gettext(message), {})


def _ngettext(one: str, many: str, num: int, **values: Any) -> Markup:
    return _fill(catalogue_of(current().tag).ngettext(one, many, num), {"num": num, **values})


def _pgettext(context: str, message: str, **values: Any) -> Markup:
    return _fill(catalogue_of(current().tag).pgettext(context, message), values)


class HouseDomain(Domain):  # type: ignore[misc]
    """The same catalogues for flask-babel: its own way to them asks who is served three times a message."""

    def gettext(self, string: str, **variables: Any) -> str:
        said = catalogue_of(current().tag).gettext(string)
        return said % variables if variables else said

    def ngettext(self, singular: str, plural: str, num: int, **variables: Any) -> str:
        return catalogue_of(current().tag).ngettext(singular, plural, num) % {"num": num, **variables}

    def pgettext(self, context: str, string: str, **variables: Any) -> str:
        said = catalogue_of(current().tag).pgettext(context, string)
        return said % variables if variables else said


class FormTranslations:
    """What WTForms asks for; its own ~40 messages stand in our catalogues, all twelve."""

    def gettext(self, message: str) -> str:
        return catalogue_of(current().tag).gettext(message)

    def ngettext(self, one: str, many: str, n: int) -> str:
        return catalogue_of(current().tag).ngettext(one, many, n)


def init(app: Flask) -> None:
    """Compile the catalogues and let everybody read them."""
    compile_catalogues()
    app.extensions["babel"].instance.domain_instance = HouseDomain()
    app.jinja_env.globals.update(_=_gettext, gettext=_gettext, ngettext=_ngettext, pgettext=_pgettext)
