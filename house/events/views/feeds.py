"""Calendars for machines: all public events, or one. `?lang=` chooses the words, English without it."""

from __future__ import annotations

from flask import Response, request
from flask.typing import ResponseReturnValue

from house import doors
from house.db import db
from house.events import ical, programme
from house.events.views import bp
from house.languages import speak
from house.pages import conditional


@bp.get("/events.ics")
@doors.machine
def feed() -> ResponseReturnValue:
    """Every event that anybody may come to, as a calendar to subscribe to."""
    with speak(request.args.get("lang", "en")):
        cards = programme.recent_and_upcoming(db.session(), programme.FOR_EVERYBODY)
        return _answer(ical.feed(cards), "events.ics")


@bp.get("/events/<slug>.ics")
@doors.machine
def event_calendar(slug: str) -> ResponseReturnValue:
    """One event for one's own calendar."""
    with speak(request.args.get("lang", "en")):
        return _answer(ical.feed([programme.by_slug(db.session(), slug)]), f"{slug}.ics")


def _answer(content: bytes, name: str) -> Response:
    disposition = f'inline; filename="{name}"'
    headers = {"Content-Disposition": disposition}
    return conditional(Response(content, content_type="text/calendar; charset=utf-8", headers=headers))
