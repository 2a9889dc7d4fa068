"""The company's room: signing employees up, and the wall between employer and employee."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from house.doors import Role
from house.events.attending import mark_absent, mark_attended
from house.events.cancelling import cancel
from house.events.models import Attendee, AttendeeState, Seat, Signup
from house.events.publishing import call_off
from house.events.signing_up import sign_up
from house.languages import LANGUAGES
from house.people import face as people
from house.post import Letter
from tests.conftest import synthetic_cvr
from tests.events.scenes import a_person, an_event, an_onboarding_day, persons, tomorrow
from tests.inspecting import InspectingClient, Page

Arranging = Callable[[], Any]
THREE = {
    "people_0_name": "Олена Коваль", "people_0_email": "olena@example.dk", "people_0_language": "uk",
    "people_1_name": "Jan Kowalski", "people_1_email": "jan@example.dk", "people_1_language": "pl",
    "people_2_name": "ليلى حداد", "people_2_email": "layla@example.dk", "people_2_language": "ar",
}  # fmt: skip


@pytest.fixture(autouse=True)
def onboarding(arranging: Arranging) -> int:
    """An onboarding day tomorrow with ten places."""
    with arranging() as session:
        return int(an_onboarding_day(session).id)


def form_of(company: SimpleNamespace, slug: str = "onboarding") -> Page:
    page: Page = company.client.get_page(f"/en/company/events/{slug}")
    return page


def signed_up(company: SimpleNamespace) -> Page:
    """Three employees signed up, and the page that says so."""
    return form_of(company).submit("Sign them up", **THREE).follow()


def rows_of(session: Any) -> tuple[int, int, int]:
    tables = (Signup, Attendee, Seat)
    return tuple(len(session.scalars(select(table)).all()) for table in tables)  # type: ignore[return-value]


def test_the_way_in_says_what_a_company_can_do(client: InspectingClient, company: SimpleNamespace) -> None:
    page = client.get_page("/en/company/")
    assert "Onboarding day" in page.text
    assert page.click("Sign in for companies").h1 == "Sign in for companies"
    assert company.client.get_page("/en/company/").click("To your company's room").h1 == "Your company's room"


def test_three_employees_get_letters_in_their_own_languages_with_their_own_links(
    company: SimpleNamespace, looking: Arranging, app: Flask
) -> None:
    room = company.client.get_page("/en/company/room")
    answer = room.click("Onboarding day").submit("Sign them up", **THREE)
    assert answer.status == 303
    done = answer.follow()
    assert "3 people got a letter" in done.text
    for name in ("Олена Коваль", "Jan Kowalski", "ليلى حداد"):
        assert name in done.text
    with looking() as session:
        letters = session.scalars(select(Letter).order_by(Letter.id)).all()
        assert [(one.kind, one.recipient, one.language) for one in letters] == [
            ("company_seat", "olena@example.dk", "uk"),
            ("company_seat", "jan@example.dk", "pl"),
            ("company_seat", "layla@example.dk", "ar"),
        ]
        assert {one.company_id for one in session.scalars(select(Signup))} == {company.body_id}
        assert rows_of(session) == (1, 3, 3)
    room = company.client.get_page("/en/company/room")
    assert room.text.count("Comes") == 3
    assert "7 places left" in room.text


def test_more_rows_come_without_a_script_and_keep_the_answers(
    company: SimpleNamespace, looking: Arranging
) -> None:
    page = form_of(company)
    for rows in (6, 9, 12, 15, 18, 20):
        page = page.submit("Add more rows", people_0_name="Ada", people_1_email="half").must_be(200)
        assert len(page.select("fieldset")) == rows
        assert page.one("#people-0-name")["value"] == "Ada"
        assert page.one("#people-1-email")["value"] == "half"
    assert "Add more rows" not in page.text
    with looking() as session:
        assert rows_of(session) == (0, 0, 0)


def test_empty_rows_do_not_count(company: SimpleNamespace, looking: Arranging) -> None:
    answer = form_of(company).submit("Sign them up", people_2_name="Ada", people_2_email="ada@example.dk")
    assert "One person got a letter" in answer.follow().text


def test_all_errors_are_said_at_once_at_their_rows(company: SimpleNamespace, looking: Arranging) -> None:
    page = form_of(company).submit(
        "Sign them up",
        people_0_name="Ada", people_0_email="",
        people_1_name="", people_1_email="bo at home",
        people_2_name="Cæsar 010190-1234", people_2_email="c@example.dk",
    ).must_be(422)  # fmt: skip
    said = {one["id"]: one.text for one in page.select(".error[id]")}
    assert said == {
        "people-0-email-error": "Error: Please write the e-mail address of this person.",
        "people-1-name-error": "Error: Please write the name of this person.",
        "people-1-email-error": "Error: Please write an e-mail address like name@example.com.",
        "people-2-name-error": "Error: Please do not write a CPR number here. We do not need it.",
    }
    assert [one["href"] for one in page.select(".summary a")] == [f"#{key[:-6]}" for key in said]
    assert page.one("#people-1-email")["value"] == "bo at home"
    with looking() as session:
        assert rows_of(session) == (0, 0, 0)


def test_nobody_is_nobody(company: SimpleNamespace) -> None:
    page = form_of(company).submit("Sign them up").must_be(422)
    assert page.one(".summary a").text == "Please write at least one person."


def test_an_address_that_stands_there_twice_is_said_at_both_rows(company: SimpleNamespace) -> None:
    twice = THREE | {"people_2_email": "Olena@example.dk"}
    page = form_of(company).submit("Sign them up", **twice).must_be(422)
    assert [one["id"] for one in page.select(".error[id]")] == [
        "people-0-email-error",
        "people-2-email-error",
    ]


def test_who_is_signed_up_already_is_said_at_the_row_and_nobody_else_gets_in(
    company: SimpleNamespace, looking: Arranging
) -> None:
    signed_up(company)
    page = form_of(company).submit(
        "Sign them up",
        people_1_name="Ada", people_1_email="ada@example.dk",
        people_2_name="Jan", people_2_email="JAN@example.dk",
    ).must_be(409)  # fmt: skip
    [error] = page.select(".error[id]")
    assert (error["id"], error.text) == (
        "people-2-email-error",
        "Error: This e-mail address already has a seat here.",
    )
    assert page.one("#people-1-name")["value"] == "Ada"
    with looking() as session:
        assert rows_of(session) == (1, 3, 3)


def test_too_few_places_left_says_how_many_and_keeps_the_answers(
    company: SimpleNamespace, arranging: Arranging, looking: Arranging
) -> None:
    with arranging() as session:
        an_onboarding_day(session, "small", capacity=2)
    page = form_of(company, "small").submit("Sign them up", **THREE).must_be(409)
    assert "Only 2 places are left. You asked for more." in page.one(".summary").text
    assert page.one("#people-2-name")["value"] == "ليلى حداد"
    assert page.one("#people-2-language option[selected]")["value"] == "ar"
    with looking() as session:
        assert rows_of(session) == (0, 0, 0)


def test_pressing_twice_is_one_act(company: SimpleNamespace, looking: Arranging) -> None:
    page = form_of(company)
    first, again = (page.submit("Sign them up", **THREE) for _ in range(2))
    assert first.location == again.location
    with looking() as session:
        assert rows_of(session) == (1, 3, 3)
        assert len(session.scalars(select(Letter)).all()) == 3


def test_more_than_twenty_are_refused_not_dropped(
    company: SimpleNamespace, arranging: Arranging, looking: Arranging
) -> None:
    with arranging() as session:
        an_onboarding_day(session, "large", capacity=100)
    values = form_of(company, "large").values("Sign them up")
    many = {f"people-{row}-{key}": value for row in range(25) for key, value in (
        ("name", f"N{row}"), ("email", f"n{row}@example.dk"), ("language", "en"))}  # fmt: skip
    page = company.client.post_page("/en/company/events/large", values | many, 422)
    assert "Please sign up at most 20 people at once." in page.one(".summary").text
    with looking() as session:
        assert rows_of(session) == (0, 0, 0)


@pytest.mark.parametrize(
    "nonsense",
    [
        {"people-²-name": "x"},
        {"people-" + "9" * 5000 + "-name": "x"},
        {"people-name": "x"},
        {"people-0": "x"},
        {"people-0-language": "xx", "people-0-name": "Ada", "people-0-email": "ada@example.dk"},
        {"people-0-name": "x" * 1_000_000, "people-0-email": "y" * 1_000_000},
        {"once": "\x00" * 5000},
    ],
)
def test_nonsense_is_refused_and_nothing_stored(
    company: SimpleNamespace, looking: Arranging, nonsense: dict[str, str]
) -> None:
    values = form_of(company).values("Sign them up")
    company.client.post_page("/en/company/events/onboarding", values | nonsense, 422)
    with looking() as session:
        assert rows_of(session) == (0, 0, 0)


def test_without_its_token_the_form_does_nothing(company: SimpleNamespace, looking: Arranging) -> None:
    values = form_of(company).values("Sign them up") | {
        key.replace("_", "-"): said for key, said in THREE.items()
    }
    values.pop("csrf_token")
    page = company.client.post_page("/en/company/events/onboarding", values, 422)
    assert page.one("#people-0-name")["value"] == "Олена Коваль"
    with looking() as session:
        assert rows_of(session) == (0, 0, 0)


def test_a_company_takes_one_employee_back_and_the_employee_is_told(
    company: SimpleNamespace, looking: Arranging
) -> None:
    done = signed_up(company)
    ask = done.click("Cancel this seat Jan Kowalski")
    gone = ask.submit("Yes, cancel the seat").follow()
    assert gone.text.count("Does not come") == 1
    assert ask.submit("Yes, cancel the seat").status == 303, "a repeated press is harmless"
    assert company.client.get(ask.url).status_code == 302
    with looking() as session:
        letter = session.scalars(select(Letter).order_by(Letter.id.desc())).first()
        assert (letter.kind, letter.recipient, letter.language) == ("seat_withdrawn", "jan@example.dk", "pl")
        assert rows_of(session) == (1, 3, 2)


def test_once_the_day_began_nobody_is_taken_back(company: SimpleNamespace, looking: Arranging) -> None:
    ask = signed_up(company).click("Cancel this seat Jan Kowalski")
    with time_machine.travel(tomorrow() + timedelta(minutes=1), tick=False):
        assert "The event has begun" in ask.submit("Yes, cancel the seat").must_be(409).text
    company.client.post_page(ask.url, {}, 422)
    with looking() as session:
        assert rows_of(session) == (1, 3, 3)


def test_what_is_no_day_for_companies_is_not_here(company: SimpleNamespace, arranging: Arranging) -> None:
    with arranging() as session:
        an_event(session)
    for slug in ("cafe", "nothing", "%00"):
        company.client.get_page(f"/en/company/events/{slug}", 404)
        company.client.post_page(f"/en/company/events/{slug}", {}, 404)


def test_for_a_day_that_is_off_or_over_nobody_is_signed_up(
    company: SimpleNamespace, arranging: Arranging, onboarding: int
) -> None:
    page = form_of(company)
    with arranging() as session:
        call_off(session, onboarding, "staff 1")
    assert "Nobody can be signed up for this day now." in form_of(company).text
    refused = page.submit("Sign them up", **THREE).must_be(409)
    assert "This event is cancelled." in refused.one(".summary").text


@pytest.mark.parametrize("tag", [language.tag for language in LANGUAGES])
def test_the_room_stands_in_every_language(company: SimpleNamespace, tag: str) -> None:
    done = signed_up(company)
    for path in ("company/", "company/room", "company/events/onboarding", done.url.removeprefix("/en/")):
        company.client.get_page(f"/{tag}/{path}")


# --- the wall ----------------------------------------------------------------------------------------------


def test_another_company_finds_nothing_of_it(
    app: Flask, company: SimpleNamespace, sign_in: Callable[..., Any], looking: Arranging
) -> None:
    done = signed_up(company)
    withdraw = done.click("Cancel this seat Jan Kowalski").url
    other: InspectingClient = app.test_client()  # type: ignore[assignment]
    sign_in(other, Role.COMPANY)
    for path in (done.url, withdraw):
        other.get_page(path, 404)
    other.post_page(withdraw, {"csrf_token": "x"}, 404)
    assert "You have not signed up anybody yet." in other.get_page("/en/company/room").text
    with looking() as session:
        assert rows_of(session) == (1, 3, 3)


def test_the_reference_of_another_sign_up_of_the_own_company_does_not_fit_either(
    company: SimpleNamespace, arranging: Arranging
) -> None:
    done = signed_up(company)
    with arranging() as session:
        other = an_onboarding_day(session, "later")
        attendee = sign_up(session, other, persons(1), company_id=company.body_id).attendees[0].reference
    company.client.get_page(f"{done.url}/withdraw/{attendee}", 404)
    for wrong in ("AAAAAAA", "%00", "x" * 500, "é"):
        company.client.get_page(f"/en/company/signups/{wrong}", 404)
        company.client.get_page(f"{done.url}/withdraw/{wrong}", 404)


def test_strangers_and_staff_do_not_pass(client: InspectingClient, desk_client: InspectingClient) -> None:
    for path in ("/en/company/room", "/en/company/events/onboarding", "/en/company/signups/XXXXXXX"):
        assert "/company/sign-in" in (client.get(path).location or "")
        desk_client.get_page(path, 403)


def test_of_an_employee_a_company_sees_the_name_and_whether_the_person_comes(
    company: SimpleNamespace, arranging: Arranging
) -> None:
    done = signed_up(company)
    with arranging() as session:
        jan = session.scalars(select(Attendee).order_by(Attendee.id)).all()[1]
        links = [one.reference for one in session.scalars(select(Attendee))]
        cancel(session, jan)
    pages = [company.client.get_page(path) for path in ("/en/company/room", done.url)]
    for page in pages:
        assert [row.text for row in page.select("tbody tr")][1].startswith("Jan Kowalski Does not come")
        assert page.text.count("Does not come") == 1
        for secret in ("@example.dk", "/seat/", "Polski", "Українська"):
            assert secret not in page.select("main")[0].text
        assert not re.search(r"/seat/|@example\.dk", page.html)
    assert not any(reference in pages[0].html for reference in links)


def test_whether_somebody_was_there_is_not_the_companys_business(
    company: SimpleNamespace, arranging: Arranging
) -> None:
    done = signed_up(company)
    with time_machine.travel(tomorrow() + timedelta(hours=1), tick=False):
        before = [company.client.get_page(path).html for path in ("/en/company/room", done.url)]
        with arranging() as session:
            olena, jan, _ = session.scalars(select(Attendee).order_by(Attendee.id)).all()
            mark_attended(session, olena, "staff 1")
            mark_absent(session, jan, "staff 1")
            assert jan.state is AttendeeState.ABSENT
        assert [company.client.get_page(path).html for path in ("/en/company/room", done.url)] == before


def test_a_company_does_not_learn_from_a_refusal_who_else_comes(
    company: SimpleNamespace, arranging: Arranging, onboarding: int
) -> None:
    with arranging() as session:
        other = people.add_company(session, "Other A/S", synthetic_cvr(500)).id
        sign_up(session, onboarding, [a_person(1)], company_id=other)
    answer = form_of(company).submit("Sign them up", people_0_name="N", people_0_email="number1@example.dk")
    assert answer.status == 303


def test_the_room_costs_few_statements(
    company: SimpleNamespace, arranging: Arranging, statements: Callable[[], Any]
) -> None:
    with arranging() as session:
        for number in range(8):
            event = an_onboarding_day(session, f"day-{number}", starts_at=tomorrow() + timedelta(days=number))
            sign_up(session, event, persons(5), company_id=company.body_id)
    done = signed_up(company)
    for path in ("/en/company/room", "/en/company/events/onboarding", done.url):
        with statements() as said:
            company.client.get_page(path)
        assert len(said) <= 6, said
