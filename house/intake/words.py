"""Words of booking: where to get what is not booked here, and in which languages a counter helps."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from babel import Locale
from babel.lists import format_list
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from house.catalogue.face import ServiceView
from house.intake.household import HEARING, OTHER, QUIET, SIGHT, WHEELCHAIR
from house.intake.offering import Offer, Time
from house.languages import current

_ELSEWHERE = {
    "online": _l("You do this online. You do not need a visit."),
    "walk_in": _l("You do not need a time. Come when we are open."),
    "none": _l("You do not need to book this."),
    "with_cpr": _l("You get this when you get your CPR number."),
    "at_institution": _l("Your place of education does this with you."),
    "referral": _l("We help you on to the right office. Come when we are open."),
}


A_WHILE = 90
"""Minutes up to which nobody counts in hours."""
ACCESS_NEEDS = {
    WHEELCHAIR: _l("Room for a wheelchair"),
    HEARING: _l("I do not hear well"),
    SIGHT: _l("I do not see well"),
    QUIET: _l("A quiet place to wait"),
}


def booked_elsewhere(service: ServiceView) -> str:
    """Where to go for a service that cannot be booked in this house."""
    mode = str((service.record.get("booking") or {}).get("mode", ""))
    if mode in _ELSEWHERE:
        return str(_ELSEWHERE[mode])
    if mode.startswith("walk_in"):
        return str(_ELSEWHERE["walk_in"])
    if mode.startswith("online"):
        return str(_ELSEWHERE["online"])
    return str(_("You book this with the authority itself."))


def enough_visits() -> str:
    """Why an address cannot have one more visit of this kind."""
    return str(_("This address has enough visits ahead. Please cancel one first, or talk to us."))


def language_names(tags: Collection[str]) -> str:
    """The names of languages in the language of the page, joined as people join them."""
    tongue = Locale.parse(current().tag)
    names = sorted(tongue.languages.get(tag, tag) for tag in tags)
    return format_list(names, locale=tongue)


def help_in(tags: Collection[str], speaks: str | None = None) -> str:
    """In which languages the counter can help, when the visitor's is not among them; else nothing."""
    if (speaks or current().tag) in tags:
        return ""
    if not tags:
        return str(_("We may need an interpreter. Please tell us when you come."))
    # Translators: languages is a list such as "Danish and English"
    return str(_("We can help you in %(languages)s.", languages=language_names(tags)))


def languages_of(speaks: str, time: Time) -> str:
    """In which languages a visit goes: at each step the visitor's where it can be, else English, else one."""
    best = [
        next((tag for tag in (speaks, "en", *sorted(tags)) if tag in tags), None) for tags in time.spoken
    ]
    return language_names({tag for tag in best if tag})


@dataclass(frozen=True)
class Tongues:
    """What the visitor's own language costs: when it is spoken first, and the earlier time without it."""

    language: str
    other: str
    first: Time
    own: Time | None


def tongues(speaks: str, offers: Iterable[Offer]) -> Tongues | None:
    """When the visitor's own language is first spoken, if there are earlier times without it."""
    first = own = None
    for offer in offers:
        first = first or offer.first()
        own = own or offer.in_own_language().first()
    if first is None or speaks in first.languages or (own and own.start <= first.start):
        return None
    if not any(offer.speak(speaks) for offer in offers):
        return None
    return Tongues(language_names([speaks]), languages_of(speaks, first), first, own)


def not_for_your_municipality(served: Sequence[str]) -> str:
    """That one's own municipality does this, and for whom the house does."""
    said = _("Your own municipality does this for you.")
    here = _("This house does it for people who live in %(places)s.", places=in_a_row(served))
    return f"{said} {here}"


def in_a_row(names: Sequence[str]) -> str:
    """Names as people join them; nothing for none."""
    return format_list(list(names), locale=Locale.parse(current().tag)) if names else ""


def access_names(codes: Iterable[str]) -> list[str]:
    """What the visitor needs, in words."""
    return [str(ACCESS_NEEDS[code]) for code in codes]


def spoken_name(tag: str) -> str:
    """The language that a visitor chose to speak."""
    return str(_("Another language")) if tag == OTHER else language_names([tag])


def lasting(minutes: int) -> str:
    """A length of time: 45 minutes; 3 hours 10 minutes."""
    hours, rest = divmod(minutes, 60) if minutes > A_WHILE else (0, minutes)
    parts = [
        ngettext("One hour", "%(num)s hours", hours) if hours else "",
        ngettext("One minute", "%(num)s minutes", rest) if rest else "",
    ]
    return " ".join(str(part) for part in parts if part)
