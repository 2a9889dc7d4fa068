"""How days, times and foreign names are written: weekday with every date, 24-hour clock, names in one piece.

Formatting is Babel's; the results are remembered, because a page writes the same few days many times.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time
from functools import lru_cache
from urllib.parse import urlsplit

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time
from flask import Flask, current_app
from flask_babel.speaklater import LazyString
from markupsafe import Markup

from house import clock
from house.languages import BY_TAG, current

LOCALES = {"en": "en_GB"}
"""English as it is written in Europe: the day before the month."""

_HYPHENED = re.compile(r"(\([A-Za-zÀ-ɏ ]*{0}\)|{0})".format(r"[A-Za-zÀ-ɏ]+(?:-[A-Za-zÀ-ɏ]+)+"))
"""Latin words with a hyphen, with the brackets round them."""


_FROM_TO = re.compile(r"\d[\d:.]*–\d[\d:.]*")
"""From one number to another, such as 10:00–15:00 or 5–10."""


@lru_cache(maxsize=4096)
def _day(tag: str, day: date, skeleton: str) -> str:
    if skeleton == "full":
        return format_date(day, "full", locale=LOCALES.get(tag, tag))
    return format_skeleton(skeleton, day, locale=LOCALES.get(tag, tag))


@lru_cache(maxsize=4096)
def _time(tag: str, wall: time) -> str:
    return format_time(wall, "HH:mm", locale=LOCALES.get(tag, tag))


def day(value: date) -> str:
    """A day with its weekday and year: Wednesday, 13 January 2027."""
    return _day(current().tag, value, "full")


def short_day(value: date) -> str:
    """A day with its weekday, without the year: Wed, 13 Jan."""
    return _day(current().tag, value, "MMMEd")


def month(value: date) -> str:
    """A month with its year: January 2027."""
    return _day(current().tag, value, "yMMMM")


def wall(value: time | datetime) -> str:
    """A time on a 24-hour clock; a moment is shown on the house's wall clock."""
    if isinstance(value, datetime):
        value = clock.local(value, current_app.extensions["house-config"].timezone).time()
    return _time(current().tag, value.replace(tzinfo=None))


def moment(value: datetime) -> str:
    """A moment on the house's wall: the day, then the time."""
    local = clock.local(value, current_app.extensions["house-config"].timezone)
    comma = "، " if current().dir == "rtl" else ", "
    return f"{day(local.date())}{comma}{wall(local.time())}"


def short_moment(value: datetime) -> str:
    """A moment as a text message says it: Wed 13 Jan, 10:00."""
    local = clock.local(value, current_app.extensions["house-config"].timezone)
    comma = "، " if current().dir == "rtl" else ", "
    return f"{short_day(local.date())}{comma}{wall(local.time())}"


def own_name(tag: str) -> str:
    """A language's own name."""
    return BY_TAG[tag].own_name if tag in BY_TAG else tag


def language_name(tag: str) -> str:
    """What the reader calls a language: staff cannot tell two scripts apart that they do not read."""
    return _language_name(current().tag, tag)


@lru_cache(maxsize=512)
def _language_name(reader: str, tag: str) -> str:
    return Locale.parse(reader).languages.get(tag) or own_name(tag)


def both_names(tag: str) -> str:
    """The same with the language's own name, for a list that staff type in: Arabic · العربية."""
    name = language_name(tag)
    return name if name.casefold() == own_name(tag).casefold() else f"{name} · {own_name(tag)}"


def language_choices() -> list[tuple[str, LazyString]]:
    """All languages for a list that staff choose from; named when it is shown."""
    return [(language.tag, LazyString(both_names, language.tag)) for language in BY_TAG.values()]


def unbroken(text: str) -> str:
    """A text from right to left in which names such as EU-opholdsdokument stay in one piece.

    At its hyphen such a name would go on at the other end of the next line. The signs stay as they are, so
    that it is found and copied by its true name.
    """
    if current().dir != "rtl" or hasattr(text, "__html__"):
        return text
    pieces = _HYPHENED.split(str(text))
    return Markup("").join(
        Markup('<bdi class="whole">{}</bdi>').format(piece) if number % 2 else piece
        for number, piece in enumerate(pieces)
    )


def in_order(text: str) -> str:
    """A text in which 10:00–15:00 begins with its beginning: from right to left it would begin with its end.

    The marks round it are of the kind that is not seen, so that it can stand in a title, too.
    """
    if current().dir != "rtl":
        return text
    ordered = _FROM_TO.sub(lambda found: f"\u2066{found.group()}\u2069", text)
    return Markup(ordered) if hasattr(text, "__html__") else ordered  # noqa: S704 - only such marks were added


def own_path(link: str) -> str:
    """The path of a link to this house, so that the demo's letters open on whatever port it runs."""
    parts = urlsplit(link)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def init(app: Flask) -> None:
    """Offer these to the templates as filters."""
    shown = (
        day, short_day, month, wall, moment, own_name, language_name, both_names, own_path, unbroken,
        in_order,
    )  # fmt: skip
    app.jinja_env.filters.update({one.__name__: one for one in shown})
