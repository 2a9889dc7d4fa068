"""A visit as one calendar entry: a UID that stays, a SEQUENCE that counts revisions, CANCEL when off."""

from __future__ import annotations

from datetime import datetime

from flask import current_app
from flask_babel import gettext as _
from icalendar import Calendar, Event, vCalAddress, vText

from house.catalogue import face as catalogue
from house.intake.cards import VisitCard
from house.intake.models import VisitState
from house.pages import address


def calendar_of(
    card: VisitCard, place: catalogue.Place, lines: list[str], language: str, now: datetime,
    reader: str | None = None,
) -> bytes:  # fmt: skip
    """The `.ics` of a visit, in the language spoken now; `lines` say each step.

    With a reader it is a letter's, and asks that reader's calendar to take it in, change it or take it out.
    Times are UTC instants, so no calendar has to know our time zone.
    """
    config = current_app.extensions["house-config"]
    off = card.state is VisitState.CANCELLED
    host = config.mail_from.partition("@")[2]
    event = Event()
    event.add("uid", f"visit-{card.reference}@{host}")
    event.add("sequence", card.revision)
    event.add("dtstamp", now)
    event.add("dtstart", card.starts_at)
    event.add("dtend", card.ends_at)
    # Translators: the title of a calendar entry; house is the name of the house
    event.add("summary", _("Visit to %(house)s", house=place.name))
    event.add("location", place.address)
    event.add("status", "CANCELLED" if off else "CONFIRMED")
    link = address("intake.visit", lang_tag=language, token=card.link)
    reference = _("Your reference: %(reference)s", reference=card.reference)
    event.add("url", link)
    event.add("description", "\n".join([*lines, reference, link]))
    organizer = vCalAddress(f"MAILTO:{config.mail_from}")
    organizer.params["cn"] = vText(config.house_name)
    event.add("organizer", organizer)
    if reader:
        event.add("attendee", _attendee(reader))
    calendar = Calendar()
    calendar.add("prodid", "-//International House//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method_of(card, reader))
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def method_of(card: VisitCard, reader: str | None = None) -> str:
    """Take out what was taken in; else ask a letter's reader to take it in, or publish it."""
    if card.state is VisitState.CANCELLED:
        return "CANCEL"
    return "REQUEST" if reader else "PUBLISH"


def _attendee(reader: str) -> vCalAddress:
    """The reader, who has said yes already and need not answer."""
    attendee = vCalAddress(f"MAILTO:{reader}")
    attendee.params["partstat"] = vText("ACCEPTED")
    attendee.params["rsvp"] = vText("FALSE")
    return attendee
