"""Letters to attendees: a seat was booked, by oneself or a company; it was given back; the event is off."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from house import clock
from house.db import db
from house.events import ical, words
from house.events.programme import EventCard, by_id
from house.languages import current
from house.pages import address
from house.post import Enclosure, Render, Sheet
from house.seals import keyring


def seat_booked(facts: dict[str, Any]) -> Sheet:
    """You have a seat; the link to see it and to give it back."""
    card = _card(facts)
    return Sheet(
        subject=_("Your seat is booked"),
        paragraphs=[*_hello(facts), _("You have a seat. We look forward to seeing you.")],
        facts=_event(card),
        button=(_("See or cancel your seat"), _link(facts)),
        after=[_("Can you not come? Please cancel, so that somebody else can have the seat.")],
        enclosures=[_entry(facts, card, off=False)],
    )


def company_seat(facts: dict[str, Any]) -> Sheet:
    """Your employer signed you up; what the employer sees of you."""
    card = _card(facts)
    return Sheet(
        subject=_("Your employer signed you up"),
        paragraphs=[
            *_hello(facts),
            _("%(company)s has signed you up for this day.", company=facts["company"]),
            _("We look forward to seeing you."),
        ],
        facts=_event(card),
        button=(_("See or cancel your seat"), _link(facts)),
        after=[
            _("The link is yours alone. Your employer sees only whether you come."),
            _("Can you not come? Please cancel, so that somebody else can have the seat."),
        ],
        enclosures=[_entry(facts, card, off=False)],
    )


def seat_cancelled(facts: dict[str, Any]) -> Sheet:
    """You gave your seat back."""
    return _off(facts, _("Your seat is cancelled"), _("Your seat is cancelled. You do not need to come."))


def seat_withdrawn(facts: dict[str, Any]) -> Sheet:
    """Your employer gave your seat back."""
    sentence = _("%(company)s has cancelled your seat. You do not need to come.", company=facts["company"])
    return _off(facts, _("Your seat is cancelled"), sentence)


def event_called_off(facts: dict[str, Any]) -> Sheet:
    """The event does not take place."""
    return _off(facts, _("Your event is cancelled"), _("We are sorry: this event does not take place."))


def _off(facts: dict[str, Any], subject: str, sentence: str) -> Sheet:
    card = _card(facts)
    return Sheet(
        subject=subject,
        paragraphs=[*_hello(facts), sentence],
        facts=_event(card),
        button=(_("See other events"), address("events.calendar", lang_tag=current().tag)),
        enclosures=[_entry(facts, card, off=True)],
    )


def _hello(facts: dict[str, Any]) -> list[str]:
    """Greet by name whom a company named; anybody may write anything as the name of a stranger's address."""
    return [str(_("Hello %(name)s,", name=facts["name"]))] if facts["company"] else []


def _card(facts: dict[str, Any]) -> EventCard:
    return by_id(db.session(), facts["event_id"])


def _event(card: EventCard) -> list[tuple[str, str]]:
    return [
        (_("Event"), card.title),
        (_("When"), words.when(card)),
        (_("Where"), f"{card.place}, {card.address}"),
    ]


def _token(facts: dict[str, Any]) -> str:
    return keyring().link("seat", facts["reference"], facts["generation"])


def _link(facts: dict[str, Any]) -> str:
    return address("events.seat", lang_tag=current().tag, token=_token(facts))


def _entry(facts: dict[str, Any], card: EventCard, off: bool) -> Enclosure:
    content = ical.seat_entry(card, facts["reference"], _token(facts), facts["sequence"], off, clock.now())
    kind = f"text/calendar; charset=utf-8; method={ical.method(off)}"
    return Enclosure("event.ics", kind, content)


LETTERS: dict[str, Render] = {
    "seat_booked": seat_booked,
    "company_seat": company_seat,
    "seat_cancelled": seat_cancelled,
    "seat_withdrawn": seat_withdrawn,
    "event_called_off": event_called_off,
}
