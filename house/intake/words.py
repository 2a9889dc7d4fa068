"""Words of booking: where to get what is not booked here, and in which languages a counter helps."""

from __future__ import annotations

from collections.abc import Collection

from babel import Locale
from babel.lists import format_list
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from house.catalogue.face import ServiceView
from house.languages import current

_ELSEWHERE = {
    "online": _l("You do this online. You do not need a visit."),
    "walk_in": _l("You do not need a time. Come when we are open."),
    "none": _l("You do not need to book this."),
    "with_cpr": _l("You get this when you get your CPR number."),
    "at_institution": _l("Your place of education does this with you."),
    "referral": _l("We help you on to the right office. Come when we are open."),
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
    return str(_("This address has enough visits ahead. Please cancel one first, or call us."))


def language_names(tags: Collection[str]) -> str:
    """The names of languages in the language of the page, joined as people join them."""
    tongue = Locale.parse(current().tag)
    names = sorted(tongue.languages.get(tag, tag) for tag in tags)
    return format_list(names, locale=tongue)


def help_in(tags: Collection[str]) -> str:
    """In which languages the counter can help, when the page's is not among them; else nothing."""
    if current().tag in tags:
        return ""
    if not tags:
        return str(_("We may need an interpreter. Please tell us when you come."))
    # Translators: languages is a list such as "Danish and English"
    return str(_("We can help you in %(languages)s.", languages=language_names(tags)))
