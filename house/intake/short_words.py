"""What a text message says of a visit: one line, at most two parts of a text with the link after it.

Codes stand bare: the signs that would set them apart make every text twice as dear, and a reference reads
left to right by itself.
"""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from house.formats import short_moment
from house.intake.cards import VisitCard


def booked(card: VisitCard) -> str:
    """The visit is booked."""
    # Translators: a text message; keep it short. moment is such as "Wed 13 Jan, 10:00"
    return str(_("Your visit is booked: %(moment)s. Reference: %(reference)s.", **_of(card)))


def moved(card: VisitCard) -> str:
    """It has a new time."""
    # Translators: a text message; keep it short. moment is such as "Wed 13 Jan, 10:00"
    return str(_("Your visit has a new time: %(moment)s. Reference: %(reference)s.", **_of(card)))


def cancelled(card: VisitCard) -> str:
    """It is off; the link books another."""
    # Translators: a text message; keep it short. moment is such as "Wed 13 Jan, 10:00"
    return str(_("Your visit is cancelled: %(moment)s. Reference: %(reference)s.", **_of(card)))


def please_move(card: VisitCard) -> str:
    """We cannot see you then; the link lets you choose."""
    # Translators: a text message; keep it short. moment is such as "Wed 13 Jan, 10:00"
    return str(_("We cannot see you: %(moment)s. Please choose another time.", **_of(card)))


def tomorrow(card: VisitCard) -> str:
    """A reminder, the day before."""
    # Translators: a text message; keep it short. moment is such as "Wed 13 Jan, 10:00"
    return str(_("Your visit is tomorrow: %(moment)s. Reference: %(reference)s.", **_of(card)))


def today(card: VisitCard) -> str:
    """A reminder, two hours before."""
    # Translators: a text message; keep it short. moment is such as "Wed 13 Jan, 10:00"
    return str(_("Your visit is today: %(moment)s. Reference: %(reference)s.", **_of(card)))


def earlier(moment: datetime, until: datetime) -> str:
    """An earlier time is kept for you; the link answers."""
    times = {"moment": short_moment(moment), "until": short_moment(until)}
    # Translators: a text message; keep it short. moment and until are such as "Wed 13 Jan, 10:00"
    return str(_("An earlier time is free: %(moment)s. Please answer before %(until)s.", **times))


def _of(card: VisitCard) -> dict[str, str]:
    return {"moment": short_moment(card.starts_at), "reference": card.reference}
