"""Which languages the house speaks, how one is chosen, and speaking one while a letter is written.

The language of the moment is a context variable set for every request and by `speak()`. What is said in it is
`messages.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask import Flask, g, has_app_context, has_request_context, request, url_for
from flask_babel import Babel, force_locale
from markupsafe import Markup, escape
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header
from werkzeug.routing import BaseConverter

_HERE = Path(__file__).parent
_AROUND = _HERE if (_HERE / "migrations").is_dir() else _HERE.parent
"""What comes with the code: within it where a wheel is installed, beside it in a clone."""
TRANSLATIONS, MIGRATIONS = _AROUND / "translations", _AROUND / "migrations"
COOKIE = "house_language"
LONGEST_HEADER = 300
"""Signs of Accept-Language that are read; no browser sends more."""


@dataclass(frozen=True)
class Language:
    """One language of the house: its tag, its own name and its direction come from one place."""

    tag: str
    own_name: str
    dir: str = "ltr"


LANGUAGES = (
    Language("da", "Dansk"),
    Language("en", "English"),
    Language("de", "Deutsch"),
    Language("pl", "Polski"),
    Language("ro", "Română"),
    Language("uk", "Українська"),
    Language("lt", "Lietuvių"),
    Language("bg", "Български"),
    Language("es", "Español"),
    Language("tr", "Türkçe"),
    Language("ar", "العربية", "rtl"),
    Language("fa", "فارسی", "rtl"),
)
BY_TAG = {language.tag: language for language in LANGUAGES}
ENGLISH = BY_TAG["en"]
_current: ContextVar[Language] = ContextVar("house_language", default=ENGLISH)


def current() -> Language:
    """The language spoken now."""
    return _current.get()


def known(tag: str | None) -> Language | None:
    """The language with this tag, if the house speaks it."""
    return BY_TAG.get(tag or "")


@contextmanager
def speak(tag: str) -> Iterator[Language]:
    """Speak a language for a while: for letters, in the recipient's language, not the worker's."""
    language = BY_TAG.get(tag, ENGLISH)
    token = _current.set(language)
    try:
        if has_app_context():
            with force_locale(language.tag):
                yield language
        else:
            yield language
    finally:
        _current.reset(token)


def direction(tag: str) -> str:
    """In which direction a text in this language runs."""
    return BY_TAG.get(tag, ENGLISH).dir


def chosen() -> Language:
    """The language of a request without one in its path: cookie, then Accept-Language, then English."""
    by_cookie = known(request.cookies.get(COOKIE))
    return by_cookie or by_header()


def by_header() -> Language:
    """The language that Accept-Language prefers, else English."""
    return _preferred(request.headers.get("Accept-Language", "")[:LONGEST_HEADER])


@lru_cache(maxsize=512)
def _preferred(header: str) -> Language:
    """Remembered: visitors have few browsers between them, and reading the header anew is slow."""
    accepted = parse_accept_header(header, LanguageAccept)
    return known(accepted.best_match([language.tag for language in LANGUAGES])) or ENGLISH


def choose() -> None:
    """Set the language of this request: from its path where it carries one, even if no page is there."""
    named = known((request.view_args or {}).get("lang_tag") or request.path[1:].partition("/")[0])
    g.language = named or chosen()
    g.language_before = _current.get()
    _current.set(g.language)


def choose_by_header() -> None:
    """Set the language of this request as a machine asks for it: no cookie counts."""
    g.language = by_header()
    _current.set(g.language)


def fall_silent(_error: BaseException | None) -> None:
    """After a request the thread speaks as before: what runs in it next is not in a visitor's language."""
    if "language_before" in g:
        _current.set(g.language_before)


def language_url(tag: str) -> str:
    """This page in another language; from a page without a language in its path, the switch page."""
    before, after = _around_the_language()
    return f"{before}{tag}{after}"


def language_links() -> Markup:
    """This page in every language, as the items of a list: only the address is another on another page."""
    before, after = map(escape, _around_the_language())
    links = (f'<li><a href="{before}{tag}{after}"{link}</li>' for tag, link in _links(current().tag))
    return Markup("\n".join(links))  # noqa: S704 - the address is escaped, the rest is ours


@lru_cache(maxsize=len(LANGUAGES))
def _links(spoken: str) -> tuple[tuple[str, str], ...]:
    """For each language the link to it after its address, on a page in a language."""
    here = {spoken: ' aria-current="true"'}
    told = ' lang="{0.tag}" dir="{0.dir}" hreflang="{0.tag}"{1}>{0.own_name}</a>'
    return tuple((one.tag, told.format(one, here.get(one.tag, ""))) for one in LANGUAGES)


def _around_the_language() -> tuple[str, str]:
    """What stands before and after the language in the addresses of this page.

    Built once a request: every page leads to a dozen languages, and building an address is slow.
    """
    if "around_the_language" not in g:
        g.around_the_language = _build_around_the_language()
    around: tuple[str, str] = g.around_the_language
    return around


def _build_around_the_language() -> tuple[str, str]:
    mark = "-language-"
    values = (request.view_args or {}) if has_request_context() else {}
    if not has_request_context() or request.endpoint is None:
        address = url_for("front.home", lang_tag=mark)
    elif "lang_tag" in values:
        query = request.query_string.decode("ascii", "ignore") if request.method == "GET" else ""
        address = url_for(request.endpoint, **{**values, "lang_tag": mark}) + (f"?{query}" if query else "")
    else:
        address = url_for("front.switch_language", lang_tag=mark, next=request.path)
    before, _, after = address.partition(mark)  # the language is a path's first word, so this mark is ours
    return before, after


class LanguageConverter(BaseConverter):
    """`<lang:lang_tag>` in a path: only a language of the house matches, so nothing else is shadowed."""

    regex = "(?:" + "|".join(language.tag for language in LANGUAGES) + ")"


def init(app: Flask) -> None:
    """Teach the app its languages."""
    app.url_map.converters["lang"] = LanguageConverter
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", str(TRANSLATIONS))
    Babel(
        app,
        locale_selector=lambda: _current.get().tag,
        timezone_selector=lambda: app.extensions["house-config"].timezone,
    )
    app.teardown_request(fall_silent)
    app.jinja_env.globals.update(
        languages=LANGUAGES, language_url=language_url, language_links=language_links, direction=direction
    )
