"""The organisers' pages: the list at the door, changing, calling off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from house.events.models import Attendee, AttendeeState, Event, EventState
from house.events.signing_up import sign_up
from house.post import Letter
from house.reporting.models import Contact
from tests.events.scenes import an_event, persons, tomorrow
from tests.inspecting import InspectingClient

Arranging = Callable[[], Any]


@pytest.fixture(autouse=True)
def cafe(arranging: Arranging) -> list[str]:
    """Three people come to tomorrow's café; their references."""
    with arranging() as session:
        return [one.reference for one in sign_up(session, an_event(session), persons(3)).attendees]


def states(looking: Arranging) -> list[str]:
    with looking() as session:
        return [one.value for one in session.scalars(select(Attendee.state).order_by(Attendee.id))]


def test_the_desk_marks_who_came(desk_client: InspectingClient, looking: Arranging) -> None:
    with time_machine.travel(tomorrow(), tick=False):
        page = desk_client.get_page("/events/manage/").click("Language café")
        page = page.submit("Person Number2 came").follow()
        page = page.submit("Person Number3 did not come").follow()
        assert "1 of 3 are here." in page.text
        assert states(looking) == ["coming", "attended", "absent"]
        page.submit("Person Number3 came")
    assert states(looking) == ["coming", "attended", "attended"]
    with looking() as session:
        assert len(session.scalars(select(Contact)).all()) == 2


def test_too_early_and_nonsense_change_nothing(
    desk_client: InspectingClient, cafe: list[str], looking: Arranging
) -> None:
    page = desk_client.get_page("/events/manage/cafe")
    refused = page.submit("Person Number1 came").must_be(409)
    assert "Check-in opens two hours before the event." in refused.one(".summary").text
    values = page.values("Person Number1 came")
    for wrong in ("cancelled", "", "x" * 1_000_000):
        desk_client.post_page(f"/events/manage/cafe/{cafe[0]}", values | {"state": wrong}, 422)
    desk_client.post_page(f"/events/manage/cafe/{cafe[0]}", {"state": "attended"}, 422)
    desk_client.post_page("/events/manage/cafe/XXXXXXX", values, 404)
    desk_client.post_page("/events/manage/nothing/XXXXXXX", values, 404)
    desk_client.get_page("/events/manage/nothing", 404)
    assert states(looking) == ["coming"] * 3


def test_who_may_pass(
    client: InspectingClient, desk_client: InspectingClient, cafe: list[str], looking: Arranging
) -> None:
    for path in ("/events/manage/", "/events/manage/cafe", "/events/manage/cafe/call-off"):
        assert (client.get(path).location or "").startswith("/sign-in")
    assert "Call off" not in desk_client.get_page("/events/manage/cafe").text
    desk_client.get_page("/events/manage/cafe/call-off", 403)
    desk_client.post_page("/events/manage/cafe/capacity", {"capacity": "5"}, 403)
    assert states(looking) == ["coming"] * 3


def test_the_organiser_lets_fewer_in(organiser: InspectingClient, looking: Arranging) -> None:
    page = organiser.get_page("/events/manage/cafe")
    assert page.one("#capacity")["value"] == "10"
    for wrong in ("", "0", "2001", "many", "9" * 5000):
        refused = page.submit("Save", capacity=wrong).must_be(422)
        assert refused.select("#capacity-error")
    page.submit("Save", capacity="2").follow()
    with looking() as session:
        assert session.scalars(select(Event.capacity)).one() == 2
    organiser.post_page("/events/manage/nothing/capacity", {"capacity": "5"}, 404)


def test_the_organiser_calls_off_and_everybody_is_told(
    organiser: InspectingClient, looking: Arranging
) -> None:
    ask = organiser.get_page("/events/manage/cafe").click("Call off this event")
    assert "3 people get a letter." in ask.text
    organiser.post_page("/events/manage/cafe/call-off", {}, 422)
    page = ask.submit("Yes, call it off").follow()
    assert "Cancelled" in page.text
    with looking() as session:
        assert session.scalars(select(Event.state)).one() is EventState.CANCELLED
        assert len(session.scalars(select(Letter).where(Letter.kind == "event_called_off")).all()) == 3
    assert states(looking) == [AttendeeState.COMING] * 3


def test_what_is_over_is_not_called_off(organiser: InspectingClient, looking: Arranging) -> None:
    ask = organiser.get_page("/events/manage/cafe/call-off")
    with time_machine.travel(tomorrow().replace(hour=23), tick=False):
        assert "This event is over." in ask.submit("Yes, call it off").must_be(409).one(".summary").text
    with looking() as session:
        assert session.scalars(select(Event.state)).one() is EventState.PUBLISHED


def test_the_list_costs_few_statements(desk_client: InspectingClient, statements: Callable[[], Any]) -> None:
    for path in ("/events/manage/", "/events/manage/cafe"):
        with statements() as said:
            desk_client.get_page(path)
        assert len(said) <= 4, said
