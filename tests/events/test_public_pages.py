"""The calendar and one event, as anybody sees them; signing up for oneself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from house import formats
from house.events.attendees import token_of
from house.events.models import Attendee, EventKind, Seat, Signup
from house.events.publishing import call_off
from house.events.signing_up import sign_up
from house.languages import LANGUAGES
from house.post import Letter
from tests.events.scenes import a_person, an_event, an_onboarding_day, persons, tomorrow
from tests.inspecting import InspectingClient

Arranging = Callable[[], Any]
PAGES = [f"/{language.tag}/events/" for language in LANGUAGES]


def sign_me_up(client: InspectingClient, slug: str = "cafe", **fields: Any) -> Any:
    page = client.get_page(f"/en/events/{slug}")
    return page.submit("Sign me up", **({"name": "Ada", "email": "ada@example.dk"} | fields))


def test_the_calendar_says_what_when_where_and_how_many_places(
    client: InspectingClient, arranging: Arranging
) -> None:
    with arranging() as session:
        an_event(session, starts_at=tomorrow().replace(year=2030, month=1, day=10))
        an_event(
            session,
            "seminar",
            kind=EventKind.SEMINAR,
            starts_at=tomorrow().replace(year=2030, month=2, day=1),
        )
    page = client.get_page("/en/events/")
    assert [one.text for one in page.select("h2")] == ["January 2030", "February 2030"]
    for words in (
        "Language café",
        f"{formats.day(date(2030, 1, 10))}, 13:00 to 15:00",
        "Main hall",
        "10 places left",
    ):
        assert words in page.text
    seminars = page.click("Seminar")
    assert [one.text for one in seminars.select("h2")] == ["February 2030"]
    assert len(seminars.click("All events").select(".list li")) == 2


def test_what_is_over_is_not_in_the_calendar(client: InspectingClient, arranging: Arranging) -> None:
    with arranging() as session:
        an_event(session, starts_at=tomorrow() - timedelta(days=3))
    assert "No events are planned" in client.get_page("/en/events/").text


@pytest.mark.parametrize("path", PAGES)
def test_the_calendar_and_an_event_stand_in_every_language(
    client: InspectingClient, arranging: Arranging, path: str
) -> None:
    with arranging() as session:
        an_event(session)
        an_onboarding_day(session)
    page = client.get_page(path)
    for _, where in page.links:
        if where.startswith(path) and where != path and "kind" not in where:
            client.get_page(where)


def test_there_is_no_such_kind_and_no_such_event(client: InspectingClient) -> None:
    client.get_page("/en/events/?kind=party", 404)
    for slug in ("nothing", "Upper", "%00", "x" * 500, "é", "a--b"):
        client.get_page(f"/en/events/{slug}", 404)
        client.post_page(f"/en/events/{slug}", {"name": "Ada"}, 404)


def test_who_signs_up_gets_a_seat_a_page_and_a_letter(
    client: InspectingClient, arranging: Arranging, looking: Arranging
) -> None:
    with arranging() as session:
        an_event(session)
    answer = sign_me_up(client)
    assert answer.status == 303
    assert "/seat/" not in answer.location, "the link goes to the address alone"
    assert "We have sent you a letter" in answer.follow().one(".notice.good").text
    with looking() as session:
        token = token_of(session.scalars(select(Attendee)).one())
    seat = client.get_page(f"/en/seat/{token}")
    assert seat.h1 == "You have a seat"
    assert "Ada" in seat.text and "Language café" in seat.text and "ada@example.dk" in seat.text
    with looking() as session:
        attendee = session.scalars(select(Attendee)).one()
        assert (attendee.name, attendee.email, attendee.language) == ("Ada", "ada@example.dk", "en")
        assert session.scalars(select(Seat.number)).all() == [1]
        letter = session.scalars(select(Letter)).one()
        assert (letter.kind, letter.recipient, letter.language) == ("seat_booked", "ada@example.dk", "en")
    assert "9 places left" in client.get_page("/en/events/cafe").text


def test_pressing_twice_gives_the_same_seat(
    client: InspectingClient, arranging: Arranging, looking: Arranging
) -> None:
    with arranging() as session:
        an_event(session)
    page = client.get_page("/en/events/cafe")
    first = page.submit("Sign me up", name="Ada", email="ada@example.dk")
    again = page.submit("Sign me up", name="Ada", email="ada@example.dk")
    assert first.location == again.location
    with looking() as session:
        assert len(session.scalars(select(Seat)).all()) == 1


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": ""}, "Please write your name."),
        ({"name": "   "}, "Please write your name."),
        ({"name": "x" * 81}, "Please use at most 80 signs."),
        ({"name": "x" * 1_000_000}, "Please use at most 80 signs."),
        ({"name": "Ada 010190-1234"}, "Please do not write a CPR number here. We do not need it."),
        ({"email": ""}, "Please write your e-mail address."),
        ({"email": "ada at home"}, "Please write an e-mail address like name@example.com."),
    ],
)
def test_a_bad_answer_is_said_at_its_field_and_nothing_is_stored(
    client: InspectingClient, arranging: Arranging, looking: Arranging, fields: dict[str, str], sentence: str
) -> None:
    with arranging() as session:
        an_event(session)
    page = sign_me_up(client, **fields).must_be(422)
    [name] = fields
    kept = {"name": "Ada", "email": "ada@example.dk"} | {name: page.one(f"#{name}")["value"]}
    assert sentence in page.one(f"#{name}-error").text
    assert page.one(".summary a")["href"] == f"#{name}"
    assert {key: page.one(f"#{key}")["value"] for key in kept} == kept
    with looking() as session:
        assert not session.scalars(select(Signup)).all()


def test_without_its_token_a_form_does_nothing_and_keeps_the_answers(
    client: InspectingClient, arranging: Arranging, looking: Arranging
) -> None:
    with arranging() as session:
        an_event(session)
    page = client.post_page("/en/events/cafe", {"name": "Ada", "email": "ada@example.dk"}, 422)
    assert "Please press the button once more." in page.text
    assert page.submit("Sign me up").status == 303, "the answers and a fresh token stand on the page"
    with looking() as session:
        assert len(session.scalars(select(Signup)).all()) == 1


def test_a_strange_mark_of_the_page_is_not_shown_again(
    client: InspectingClient, arranging: Arranging
) -> None:
    with arranging() as session:
        an_event(session)
    page = sign_me_up(client, name="", once="\x00<script>" + "x" * 100_000).must_be(422)
    assert len(page.one("#once")["value"]) < 30


def test_the_last_place_went_meanwhile_and_others_are_offered(
    client: InspectingClient, arranging: Arranging, looking: Arranging
) -> None:
    with arranging() as session:
        event_id = an_event(session, capacity=1).id
        an_event(session, "seminar", kind=EventKind.SEMINAR)
        an_event(session, "cafe-2", starts_at=tomorrow() + timedelta(days=7))
    page = client.get_page("/en/events/cafe")
    with arranging() as session:
        sign_up(session, event_id, persons(1))
    refused = page.submit("Sign me up", name="Ada", email="ada@example.dk").must_be(409)
    assert "Somebody was faster. All places are taken." in refused.one(".summary").text
    assert (refused.one("#name")["value"], refused.one("#email")["value"]) == ("Ada", "ada@example.dk")
    offered = [where for _, where in refused.links if where in ("/en/events/cafe-2", "/en/events/seminar")]
    assert offered == ["/en/events/cafe-2", "/en/events/seminar"], "the same kind first"
    with looking() as session:
        assert len(session.scalars(select(Attendee)).all()) == 1
    full = client.get_page("/en/events/cafe")
    assert "All places are taken" in full.text
    assert not full.select("main form")


def test_nobody_is_told_who_comes_and_the_address_that_has_a_seat_gets_its_link_again(
    client: InspectingClient, arranging: Arranging, looking: Arranging
) -> None:
    with arranging() as session:
        an_event(session)
    answers = [sign_me_up(client, name=name).must_be(303) for name in ("Ada", "Ada L.")]
    assert answers[0].location == answers[1].location
    first, again = (answer.follow() for answer in answers)
    assert "We have sent you a letter" in first.one(".notice.good").text
    assert "/seat/" not in again.html, "the page must not open somebody's seat"
    with looking() as session:
        assert len(session.scalars(select(Seat)).all()) == 1
        assert [one.kind for one in session.scalars(select(Letter))] == ["seat_booked"] * 2


@pytest.mark.parametrize("slug", ["onboarding", "off", "late"])
def test_where_one_cannot_sign_up_the_page_says_why_and_a_post_is_refused(
    client: InspectingClient, arranging: Arranging, looking: Arranging, slug: str
) -> None:
    with arranging() as session:
        an_event(session)
        an_onboarding_day(session)
        call_off(session, an_event(session, "off").id, "staff 1")
        an_event(session, "late", sign_up_until=tomorrow() - timedelta(days=2))
    said = {
        "onboarding": (
            "Ask your employer to sign you up.",
            "Only companies can sign up people for this event.",
        ),
        "off": ("This event is cancelled.", "This event is cancelled."),
        "late": ("It is too late to sign up for this event.", "It is too late to sign up for this event."),
    }[slug]
    page = client.get_page(f"/en/events/{slug}")
    assert said[0] in page.text
    assert not page.select("main form")
    values = client.get_page("/en/events/cafe").values("Sign me up")
    refused = client.post_page(f"/en/events/{slug}", values | {"name": "Ada", "email": "a@example.dk"}, 409)
    assert said[1] in refused.one(".summary").text
    with looking() as session:
        assert not session.scalars(select(Signup)).all()


def test_where_all_places_are_taken_who_has_one_is_told_the_same_as_who_has_none(
    client: InspectingClient, arranging: Arranging, looking: Arranging
) -> None:
    with arranging() as session:
        event_id = an_event(session, capacity=1).id
    page = client.get_page("/en/events/cafe")
    with arranging() as session:
        sign_up(session, event_id, [a_person(1)])
    said = []
    for number in (1, 2):
        refused = page.submit("Sign me up", name="Ada", email=a_person(number).email).must_be(409)
        said.append([one.text for one in refused.select(".summary li")])
    assert said[0] == said[1] == ["Somebody was faster. All places are taken."]
    with looking() as session:
        assert len(session.scalars(select(Letter)).all()) == 2, "the link went to its owner again"


def test_one_address_gets_few_letters_a_day_wherever_they_are_asked_for(
    app: Flask, arranging: Arranging, looking: Arranging
) -> None:
    with arranging() as session:
        for number in range(9):
            an_event(session, f"cafe-{number}")
    statuses = []
    for number in range(9):
        client: Any = app.test_client()
        page = client.get_page(f"/en/events/cafe-{number}")
        there = {"environ_overrides": {"REMOTE_ADDR": f"10.0.0.{number}"}}
        email = "Victim@example.dk" if number % 2 else "victim@example.dk"
        values = page.values("Sign me up") | {"name": "Ada", "email": email}
        statuses.append(client.post(f"/en/events/cafe-{number}", data=values, **there).status_code)
    assert statuses == [303] * 6 + [429] * 3
    with looking() as session:
        assert len(session.scalars(select(Letter)).all()) == 6


def test_many_tries_from_one_place_are_too_many(client: InspectingClient, arranging: Arranging) -> None:
    with arranging() as session:
        an_event(session, capacity=100)
    page = client.get_page("/en/events/cafe")
    client.inspects = False
    for number in range(60):
        page.submit("Sign me up", name="Ada", email=a_person(number).email)
    assert page.submit("Sign me up", name="Ada", email=a_person(99).email).status == 429


def test_a_page_costs_few_statements(
    client: InspectingClient, arranging: Arranging, statements: Callable[[], Any]
) -> None:
    with arranging() as session:
        for number in range(12):
            event = an_event(session, f"cafe-{number}", starts_at=tomorrow() + timedelta(days=number))
            sign_up(session, event.id, persons(5))
    for path, most in (("/en/events/", 1), ("/da/events/cafe-3", 1), ("/en/company/", 1), ("/events.ics", 1)):
        with statements() as said:
            client.get(path)
        assert len(said) <= most, said
