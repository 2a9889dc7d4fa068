"""Words of the catalogue: kinds, duties, ways to get something done, levels, closed days."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from babel import Locale
from babel.numbers import format_currency
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from house.languages import current

# The groups of the directory, in the order in which people need them.
KINDS: dict[str, Any] = {
    "counter": _l("In person"),
    "online": _l("Online"),
    "automatic": _l("Comes by itself"),
    "guidance": _l("Help and advice"),
    "company": _l("For companies"),
}

OBLIGATIONS: dict[str, Any] = {
    "duty": _l("You must do this."),
    "right": _l("You have a right to this."),
    "practical": _l("You will need this in everyday life."),
    "automatic": _l("This comes by itself."),
    "optional": _l("You can choose this."),
    "conditional": _l("It depends on your situation whether you need this."),
}

_BY_APPOINTMENT = _lp("how a service is given", "By appointment")
_ONLINE = _lp("how a service is given", "Online")
_COME = _lp("how a service is given", "Just come")
_NO_VISIT = _lp("how a service is given", "No visit needed")
HERE = _lp("how a service is given", "Book here")

# How it is done in one or two words, for the list.
WAYS: dict[str, Any] = {
    "appointment": _BY_APPOINTMENT,
    "appointment_in_SIRI_system": _BY_APPOINTMENT,
    "appointment_or_visit_at_company": _BY_APPOINTMENT,
    "at_institution": _lp("how a service is given", "At your place of study"),
    "block_of_slots": _BY_APPOINTMENT,
    "none": _NO_VISIT,
    "online": _ONLINE,
    "online_or_appointment": _ONLINE,
    "referral": _COME,
    "walk_in": _COME,
    "walk_in_and_event_signup": _COME,
    "walk_in_or_appointment": _COME,
    "with_cpr": _NO_VISIT,
}

HERE_BOOKED = _l("You can book a visit here.")
FREE = _l("Free of charge")

# How it is done where it is not booked in this house.
MODES: dict[str, Any] = {
    "appointment": _l("You need an appointment with the authority."),
    "appointment_in_SIRI_system": _l("You book this with the authority itself."),
    "appointment_or_visit_at_company": _l("Make an appointment with us, or we visit your company."),
    "at_institution": _l("Your place of education does this with you."),
    "block_of_slots": _l("Talk to us. We find a day for the whole group."),
    "none": _l("You do not need to book this."),
    "online": _l("You do this online. You do not need a visit."),
    "online_or_appointment": _l("You do this online. Without MitID you need an appointment."),
    "referral": _l("We help you on to the right office. Come when we are open."),
    "walk_in": _l("You do not need a time. Come when we are open."),
    "walk_in_and_event_signup": _l("Come when we are open. For events you sign up."),
    "walk_in_or_appointment": _l("Come when we are open, or make an appointment."),
    "with_cpr": _l("You get this when you get your CPR number."),
}

LEVELS: dict[str, Any] = {
    "state": _lp("an authority", "State"),
    "region": _lp("an authority", "Region"),
    "municipality": _lp("an authority", "Municipality"),
    "education": _lp("an authority", "Education"),
}

SCOPES: dict[str, Any] = {
    "residence": _l("Do you live in another municipality? Then your own municipality does this."),
    "ics_north": _l("This house does it for people who live in these municipalities:"),
}

# Whom a service is for, as one ticks it of oneself.
WHO_GROUPS: dict[str, Any] = {
    # Translators: above a list to tick: a Nordic country, another EU country …
    "citizenship": _lp("who you are", "You are a citizen of"),
    # Translators: above a list to tick: an employee, a student …
    "purpose": _lp("who you are", "You are"),
    # Translators: above a list to tick: new here, living here, leaving
    "phase": _lp("who you are", "Right now you are"),
}
WHO: dict[str, Any] = {
    "nordic": _lp("who you are", "A Nordic country"),
    "eu": _lp("who you are", "Another EU or EEA country, or Switzerland"),
    "other": _lp("who you are", "Any other country"),
    "worker": _lp("who you are", "Employee"),
    "self_employed": _lp("who you are", "Self-employed"),
    "student": _lp("who you are", "Student"),
    "researcher": _lp("who you are", "Researcher"),
    "partner": _lp("who you are", "Partner who comes along"),
    "child": _lp("who you are", "Child"),
    "job_seeker": _lp("who you are", "Job seeker"),
    "au_pair": _lp("who you are", "Au pair"),
    "commuter": _lp("who you are", "Cross-border commuter"),
    "posted": _lp("who you are", "Posted worker"),
    "company": _lp("who you are", "Company"),
    "arriving": _lp("who you are", "Moving to Denmark"),
    "settled": _lp("who you are", "Living in Denmark"),
    "leaving": _lp("who you are", "Leaving Denmark"),
}

WHERE: dict[str, Any] = {
    "here": _l("You can meet this authority in our house."),
    "elsewhere": _l("This authority is not in our house."),
    "online": _l("You reach this authority online. We help you with it."),
    "via_citizen_service": _l("You meet this authority through Citizen Service in our house."),
}

CLOSED_DAYS: dict[str, Any] = {
    "new_years_day": _l("New Year's Day"),
    "maundy_thursday": _l("Maundy Thursday"),
    "good_friday": _l("Good Friday"),
    "easter_sunday": _l("Easter Sunday"),
    "easter_monday": _l("Easter Monday"),
    "ascension_day": _l("Ascension Day"),
    "pentecost": _l("Whit Sunday"),
    "pentecost_monday": _l("Whit Monday"),
    "constitution_day": _l("Constitution Day"),
    "christmas_eve": _l("Christmas Eve"),
    "christmas_day": _l("Christmas Day"),
    "second_day_of_christmas": _l("Second day of Christmas"),
    "new_years_eve": _l("New Year's Eve"),
    "house_day": _l("The house is closed"),
    "staff": _l("We are short of staff"),
    "training": _l("Our staff are at a course"),
    "technical": _l("We have technical problems"),
    "event": _l("There is an event in the house"),
    "holiday": _l("Holiday"),
    "other": _l("Closed for another reason"),
    "open_anyway": _l("Open on this holiday"),
}


def way(mode: str, bookable: bool) -> Any:
    """How something is done, in one or two words."""
    return HERE if bookable else WAYS.get(mode, _BY_APPOINTMENT)


def where(at_house: object) -> Any:
    """Whether an authority can be met in the house, as a sentence."""
    return WHERE.get({True: "here", False: "elsewhere"}.get(at_house, at_house), WHERE["elsewhere"])  # type: ignore[call-overload]


def closed_for(code: str) -> Any:
    """Why the house is closed or has other hours: a known code, or what staff wrote."""
    return CLOSED_DAYS.get(code, code)


def weekday(number: int) -> str:
    """The name of a weekday (0 = Monday) in the language of the moment."""
    return _weekdays(current().tag)[number]


@lru_cache(maxsize=16)
def _weekdays(tag: str) -> dict[int, str]:
    return dict(Locale.parse(tag).days["stand-alone"]["wide"])


def price(kroner: float) -> str:
    """An amount in Danish kroner, its digits as the language of the moment writes them."""
    return format_currency(kroner, "DKK", "¤¤ #,##0.##", locale=current().tag, currency_digits=False)
