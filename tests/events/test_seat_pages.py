"""My seat, by its link."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from house.events import forget
from house.events.attendees import token_of
from house.events.models import Attendee, AttendeeState, Seat
from house.events.publishing import call_off
from house.events.signing_up import sign_up
from house.languages import LANGUAGES
from house.seals import keyring
from tests.events.scenes import an_event, persons, tomorrow
from tests.inspecting import InspectingClient

Arranging = Callable[[], Any]


@pytest.fixture
def token(arranging: Arranging) -> str:
    """The link of somebody's seat at tomorrow's café."""
    with arranging() as session:
        return token_of(sign_up(session, an_event(session), persons(1)).attendees[0])


def entry(client: InspectingClient, token: str) -> tuple[str, Any]:
    response = client.get(f"/en/seat/{token}.ics")
    assert response.mimetype == "text/calendar"
    calendar = Calendar.from_ical(response.data)
    [event] = calendar.walk("VEVENT")
    return str(calendar["METHOD"]), event


def state_of(session: Session) -> AttendeeState:
    return session.scalars(select(Attendee.state)).one()


@pytest.mark.parametrize("tag", [language.tag for language in LANGUAGES])
def test_my_seat_opens_in_every_language(client: InspectingClient, token: str, tag: str) -> None:
    page = client.get_page(f"/{tag}/seat/{token}")
    assert "Person Number1" in page.text
    client.get_page(f"/{tag}/seat/{token}/cancel")


def test_cancelling_asks_first_and_then_says_so(
    client: InspectingClient, token: str, looking: Arranging
) -> None:
    page = client.get_page(f"/en/seat/{token}")
    ask = page.click("Cancel my seat")
    with looking() as session:
        assert state_of(session) is AttendeeState.COMING, "looking does nothing"
    gone = ask.submit("Yes, cancel my seat").follow()
    assert gone.h1 == "Your seat is cancelled"
    with looking() as session:
        assert state_of(session) is AttendeeState.CANCELLED
        assert not session.scalars(select(Seat)).all()
    assert ask.submit("Yes, cancel my seat").status == 303, "a repeated press is harmless"
    assert client.get(f"/en/seat/{token}/cancel").status_code == 302


def test_without_its_token_the_button_does_nothing(
    client: InspectingClient, token: str, looking: Arranging
) -> None:
    client.post_page(f"/en/seat/{token}/cancel", {}, 422)
    with looking() as session:
        assert state_of(session) is AttendeeState.COMING


def test_the_calendar_entry_is_published_and_taken_out_again(client: InspectingClient, token: str) -> None:
    method, event = entry(client, token)
    assert (method, event["STATUS"], event["SEQUENCE"]) == ("PUBLISH", "CONFIRMED", 0)
    assert event["DTSTART"].dt == tomorrow()
    assert str(event["URL"]).endswith(f"/en/seat/{token}")
    client.get_page(f"/en/seat/{token}/cancel").submit("Yes, cancel my seat")
    after, off = entry(client, token)
    assert (after, off["STATUS"], off["SEQUENCE"], off["UID"]) == ("CANCEL", "CANCELLED", 1, event["UID"])


def test_once_the_event_began_the_seat_is_kept(
    client: InspectingClient, token: str, looking: Arranging
) -> None:
    ask = client.get_page(f"/en/seat/{token}/cancel")
    with time_machine.travel(tomorrow() + timedelta(minutes=1), tick=False):
        page = client.get_page(f"/en/seat/{token}")
        assert "Cancel my seat" not in page.text
        refused = ask.submit("Yes, cancel my seat").must_be(409)
        assert "The event has begun" in refused.text
    with looking() as session:
        assert state_of(session) is AttendeeState.COMING


def test_an_event_that_is_over_says_so(client: InspectingClient, token: str) -> None:
    with time_machine.travel(tomorrow() + timedelta(hours=3), tick=False):
        assert client.get_page(f"/en/seat/{token}").h1 == "This event is over"


def test_an_event_that_was_called_off_says_so(
    client: InspectingClient, token: str, arranging: Arranging
) -> None:
    with arranging() as session:
        call_off(session, session.scalars(select(Attendee.event_id)).one(), "staff 1")
    assert client.get_page(f"/en/seat/{token}").h1 == "Your event is cancelled"
    assert entry(client, token)[0] == "CANCEL"
    assert client.get(f"/en/seat/{token}/cancel").status_code == 302


def test_only_the_very_link_opens_a_seat(client: InspectingClient, token: str, app: Flask) -> None:
    reference, _, mac = token.partition(".")
    with app.app_context():
        others = [keyring().link(kind, reference, 1) for kind in ("visit", "referral", "sign-in")]
        others.append(keyring().link("seat", reference, 2))
    wrong = [
        reference,
        f"{reference}.",
        f"{reference}.{mac[:-2]}xx",
        f"XXXXXXX.{mac}",
        "%00.x",
        "x" * 999,
        *others,
    ]
    for one in wrong:
        for path in (f"/en/seat/{one}", f"/en/seat/{one}.ics", f"/en/seat/{one}/cancel"):
            client.get_page(path, 404)
        client.post_page(f"/en/seat/{one}/cancel", {}, 404)


def test_a_link_is_no_longer_valid_after_the_data_is_forgotten(
    client: InspectingClient, token: str, arranging: Arranging
) -> None:
    with arranging() as session:
        forget.forget(session, tomorrow() + timedelta(days=31))
    client.get_page(f"/en/seat/{token}", 410)


def test_my_seat_costs_few_statements(
    client: InspectingClient, token: str, statements: Callable[[], Any]
) -> None:
    with statements() as said:
        client.get_page(f"/en/seat/{token}")
    assert len(said) == 2, said
