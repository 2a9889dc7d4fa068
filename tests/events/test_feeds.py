"""Calendars for machines, read back by icalendar."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from icalendar import Calendar

from house.events.publishing import call_off
from tests.events.scenes import an_event, an_onboarding_day, tomorrow
from tests.inspecting import InspectingClient

Arranging = Callable[[], Any]


def events_in(data: bytes) -> list[Any]:
    return list(Calendar.from_ical(data).walk("VEVENT"))


def test_the_feed_has_every_public_event_in_the_language_asked_for(
    client: InspectingClient, arranging: Arranging
) -> None:
    with arranging() as session:
        an_event(session)
        an_onboarding_day(session)
        call_off(session, an_event(session, "off", starts_at=tomorrow() + timedelta(days=1)).id, "staff 1")
        an_event(session, "long-ago", starts_at=tomorrow() - timedelta(days=40))
    for query, title in (("", "Language café"), ("?lang=da", "Sprogcafé"), ("?lang=xx", "Language café")):
        response = client.get(f"/events.ics{query}")
        assert (response.status_code, response.mimetype) == (200, "text/calendar")
        cafe, off = events_in(response.data)
        assert (str(cafe["SUMMARY"]), cafe["STATUS"]) == (title, "CONFIRMED")
        assert (off["STATUS"], off["SEQUENCE"]) == ("CANCELLED", 1)
        assert cafe["DTSTART"].dt == tomorrow()
        assert str(cafe["UID"]).startswith("event-cafe@")


def test_who_holds_the_same_bytes_is_not_sent_them_again(
    client: InspectingClient, arranging: Arranging
) -> None:
    with arranging() as session:
        an_event(session)
    etag = client.get("/events.ics").headers["ETag"]
    assert client.get("/events.ics", headers={"If-None-Match": etag}).status_code == 304
    with arranging() as session:
        an_event(session, "another")
    assert client.get("/events.ics", headers={"If-None-Match": etag}).status_code == 200


def test_one_event_comes_alone(client: InspectingClient, arranging: Arranging) -> None:
    with arranging() as session:
        an_event(session)
        an_event(session, "another")
    [event] = events_in(client.get("/events/cafe.ics").data)
    assert str(event["UID"]).startswith("event-cafe@")
    for slug in ("nothing", "%00", "../x"):
        client.get_page(f"/events/{slug}.ics", 404)


def test_an_empty_feed_is_a_calendar(client: InspectingClient) -> None:
    assert events_in(client.get("/events.ics").data) == []
