"""Events and seats as calendar entries: a UID that never changes, a SEQUENCE that counts changes.

Times are UTC instants, so no calendar has to know our time zone. Words are in the language spoken now.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from flask import current_app
from icalendar import Calendar, Event, vCalAddress, vText

from house.events.programme import EventCard
from house.languages import current
from house.pages import address


def feed(cards: Iterable[EventCard]) -> bytes:
    """Events for anybody's calendar. The same events give the same bytes, so that a reader may hold them."""
    config = current_app.extensions["house-config"]
    calendar = _calendar()
    calendar.add("x-wr-calname", config.house_name)
    for card in cards:
        link = address("events.event", lang_tag=current().tag, slug=card.slug)
        entry = _entry(card, f"event-{card.slug}", card.revision, card.changed_at, link, card.off)
        calendar.add_component(entry)
    return bytes(calendar.to_ical())


def seat_entry(card: EventCard, reference: str, token: str, sequence: int, off: bool, now: datetime) -> bytes:
    """One's own seat: the event with one's own link, or its cancelling."""
    config = current_app.extensions["house-config"]
    calendar = _calendar()
    calendar.add("method", method(off))
    link = address("events.seat", lang_tag=current().tag, token=token)
    entry = _entry(card, f"seat-{reference}", sequence, now, link, off)
    organizer = vCalAddress(f"MAILTO:{config.mail_from}")
    organizer.params["cn"] = vText(config.house_name)
    entry.add("organizer", organizer)
    calendar.add_component(entry)
    return bytes(calendar.to_ical())


def method(off: bool) -> str:
    """Publish, or cancel what was published."""
    return "CANCEL" if off else "PUBLISH"


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//International House//EN")
    calendar.add("version", "2.0")
    return calendar


def _entry(card: EventCard, uid: str, sequence: int, stamp: datetime, link: str, off: bool) -> Event:
    host = current_app.extensions["house-config"].mail_from.partition("@")[2]
    entry = Event()
    entry.add("uid", f"{uid}@{host}")
    entry.add("sequence", sequence)
    entry.add("dtstamp", stamp)
    entry.add("dtstart", card.starts_at)
    entry.add("dtend", card.ends_at)
    entry.add("summary", card.title)
    entry.add("location", f"{card.place}, {card.address}")
    entry.add("status", "CANCELLED" if off else "CONFIRMED")
    entry.add("url", link)
    entry.add("description", f"{card.summary}\n{link}")
    return entry
