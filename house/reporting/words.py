"""Words for the codes of a report, and how its numbers are written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from babel.dates import format_date
from babel.numbers import format_decimal, format_percent
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from house.languages import current
from house.reporting.codes import UNKNOWN, Channel
from house.reporting.reading import Figure

CHANNELS: dict[str, LazyString] = {
    Channel.BOOKED: _l("Booked"),
    Channel.PHONED: _l("By phone"),
    # Translators: a visit without an appointment
    Channel.WALK_IN: _l("Walk-in"),
    Channel.EVENT: _l("At an event"),
    Channel.REFERRAL: _l("Hand-over"),
    Channel.GUIDANCE: _l("Guidance"),
}


@lru_cache(maxsize=4096)
def _number(tag: str, value: int) -> str:
    return str(format_decimal(value, locale=tag))


@lru_cache(maxsize=1024)
def _percent(tag: str, share: float) -> str:
    return str(format_percent(share, locale=tag))


@lru_cache(maxsize=256)
def _short_month(tag: str, number: int) -> str:
    return format_date(date(2000, number, 1), "LLL", locale=tag)


def number(value: int) -> str:
    """A whole number with the separators of the language: 1,284."""
    return _number(current().tag, value)


def percent(share: float) -> str:
    """A share in whole per cent: 87%."""
    return _percent(current().tag, round(share, 2))


def short_month(day: date) -> str:
    """A month as short as the language allows: Oct."""
    return _short_month(current().tag, day.month)


def name_of(code: str, names: Mapping[str, str]) -> str:
    """A code's name; what was removed since keeps its code."""
    # Translators: a row of a table, for contacts whose service nobody noted
    return _("Not known") if code == UNKNOWN else names.get(code, code)


def figure(one: Figure) -> str:
    """A published figure in words: the number, or that it is hidden."""
    # Translators: stands in a table instead of a number
    return _("under 5") if one.value is None else number(one.value)


def chart_sentences(shown: list[tuple[str, Figure]]) -> list[str]:
    """What a chart of months says to who cannot see it; `shown` are months in words with their figures."""
    sentences = [_("From %(first)s to %(last)s.", first=shown[0][0], last=shown[-1][0])]
    counted = [(one.value, month) for month, one in shown if one.value is not None]
    if counted:
        most, least = max(counted), min(counted)
        sentences.append(_("Most: %(number)s, %(month)s.", number=number(most[0]), month=most[1]))
        sentences.append(_("Fewest: %(number)s, %(month)s.", number=number(least[0]), month=least[1]))
    if len(counted) < len(shown):
        sentences.append(_("A hatched stub stands for a month under 5."))
    return sentences
