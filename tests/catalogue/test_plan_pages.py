"""The questions of the plan: one by one, refused kindly, with answers that stay with the visitor."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from house.catalogue.kept_answers import COOKIE, LONGEST
from house.languages import LANGUAGES
from house.seals import Keyring
from tests.catalogue.plan_answers import PEOPLE
from tests.catalogue.plan_house import (
    LARGEST,
    cookie_of,
    the_house,  # noqa: F401 - a fixture
)
from tests.catalogue.plan_walking import answer, question_of, walk_to_list
from tests.hostile import refuses_everything
from tests.inspecting import InspectingClient, Page

# --- the way to the list ------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", PEOPLE)
def test_everybody_reaches_her_list(house: Flask, client: InspectingClient, case: str) -> None:
    page = walk_to_list(client, PEOPLE[case])
    assert page.h1 == ("Another office helps you" if case == "P10" else "Your list")


@pytest.mark.parametrize("language", [one.tag for one in LANGUAGES])
def test_the_questions_and_the_list_can_be_read_in_every_language(
    house: Flask, client: InspectingClient, language: str
) -> None:
    page = walk_to_list(client, PEOPLE["P08"], language)
    assert len(page.select("main section ol.plan")) == 2


def test_switching_the_language_at_every_question_loses_nothing(
    house: Flask, client: InspectingClient
) -> None:
    tongues = [one.tag for one in LANGUAGES]
    page, number = client.get_page("/en/plan/"), 0
    while question_of(page) != "list":
        number += 1
        language = tongues[number % len(tongues)]
        page = client.get_page(f"/{language}/{page.url.split('/', 2)[2]}")
        words = next(one.text for one in page.select("main .buttons button"))
        page = answer(page, PEOPLE["P06"], words)
        assert page.url.startswith(f"/{language}/plan/")
    page = client.get_page("/en/plan/list")
    assert [one.text for one in page.select("main section h2")][:4] == [
        "You", "Your partner", "Your child, 7 years old", "Your child, 3 years old",
    ]  # fmt: skip
    assert "By Monday 29 March 2027" in page.text.replace(",", "")


def test_every_question_shows_what_was_answered_and_can_be_changed(
    house: Flask, client: InspectingClient
) -> None:
    page = walk_to_list(client, PEOPLE["P06"])
    for words, where in [one for one in page.links if one[0].startswith("Change")]:
        again = client.get_page(where)
        before = again.values("Continue")
        assert again.submit("Continue").must_be(303).location == "/en/plan/list", words
        assert client.get_page(where).values("Continue").keys() == before.keys()
    assert client.get_page("/en/plan/purpose").values("Continue")["answer"] == "researcher"
    home = client.get_page("/en/plan/household").values("Continue")
    assert (home["partner"], home["children-0"], home["children-1"]) == ("married", "7", "3")
    assert client.get_page("/en/plan/dates").values("Continue")["entry_date"] == "2027-03-22"


def test_a_question_that_is_not_asked_leads_to_the_one_that_is(
    house: Flask, client: InspectingClient
) -> None:
    assert client.get_page("/en/plan/things", 303).location == "/en/plan/"
    assert client.get_page("/en/plan/list", 302).location == "/en/plan/"
    page = answer(client.get_page("/en/plan/"), PEOPLE["P01"])
    assert client.get_page("/en/plan/things", 303).location == page.url == "/en/plan/purpose"
    assert client.get_page("/en/plan/list", 302).location == "/en/plan/purpose"
    assert client.get_page("/en/plan/list.pdf", 302).location == "/en/plan/purpose"
    assert client.get_page("/en/plan/list.ics", 302).location == "/en/plan/purpose"
    assert client.get_page("/en/plan/").click("Go on").url == "/en/plan/purpose"


def test_no_address_tells_an_answer(house: Flask, client: InspectingClient) -> None:
    page = client.get_page("/en/plan/")
    while question_of(page) != "list":
        page = answer(page, PEOPLE["P01"])
        assert "?" not in page.url
    assert page.url == "/en/plan/list"


# --- bad input ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "good", "needed", "choices"),
    [
        ("purpose", {"answer": "worker"}, ("answer",), ("answer",)),
        ("home", {"where": "Aalborg"}, ("where",), ("where",)),
        ("household", {"partner": "married", "children-0": "7"}, (), ("partner", "children-0")),
        ("dates", {"entry_date": "2027-01-10"}, (), ("entry_date",)),
    ],
)
def test_bad_answers_are_refused_and_kept(
    house: Flask, client: InspectingClient, question: str, good: dict[str, str],
    needed: tuple[str, ...], choices: tuple[str, ...],
) -> None:  # fmt: skip
    walk_to_list(client, PEOPLE["P06"])
    before = cookie_of(client)

    def open_page() -> Page:
        return client.get_page(f"/en/plan/{question}")

    assert refuses_everything(open_page, "Continue", good, needed=needed, choices=choices) > 3
    assert cookie_of(client) == before


@pytest.mark.parametrize(
    ("field", "sent", "says"),
    [
        ("entry_date", "2127-01-10", "This day is too far away. Please look at the year."),
        ("entry_date", "31.12.2026", "Please give the day as day, month and year."),
        ("entry_date", "2027-02-30", "Please give the day as day, month and year."),
        ("cpr_date", "0001-01-01", "This day is too far away. Please look at the year."),
    ],
)
def test_a_day_that_cannot_be_is_refused(
    house: Flask, client: InspectingClient, field: str, sent: str, says: str
) -> None:
    walk_to_list(client, PEOPLE["P01"])
    page = client.get_page("/en/plan/dates").submit("Continue", **{field: sent}).must_be(422)
    assert says in page.text
    assert page.values("Continue")["first_payday"] == "2027-01-29"


def test_taken_and_not_known_are_not_both_true(house: Flask, client: InspectingClient) -> None:
    walk_to_list(client, PEOPLE["P02"])
    page = client.get_page("/en/plan/things")
    page = page.submit("Continue", me=["fingerprints", "fingerprints_not_known"]).must_be(422)
    assert "Please choose one of these two: taken, or not known." in page.text


@pytest.mark.parametrize(
    "sent", [{}, {"done": "me.teapot"}, {"done": "child0.cpr_registration"}, {"done": "x" * 100_000},
             {"undone": "me.cpr_registration\x00"}, {"done": "nobody.mitid"}],
)  # fmt: skip
def test_a_tick_that_nobody_can_press_changes_nothing(
    house: Flask, client: InspectingClient, sent: dict[str, str]
) -> None:
    page = walk_to_list(client, PEOPLE["P01"])
    before = cookie_of(client)
    token = {"csrf_token": page.select("input[name=csrf_token]")[0]["value"]}
    assert client.post_page("/en/plan/list", {**sent, **token}).status in (404, 422)
    client.post_page("/en/plan/list", {"done": "me.mitid"}, 422)
    assert cookie_of(client) == before


# --- the cookie ---------------------------------------------------------------------------------------------


def test_the_answers_lie_sealed_in_the_visitors_own_browser(house: Flask, client: InspectingClient) -> None:
    page = client.get_page("/en/plan/").submit("Continue", answer="moving")
    header = next(one for one in page.response.headers.getlist("Set-Cookie") if one.startswith(COOKIE))
    assert "HttpOnly" in header and "SameSite=Lax" in header and "Path=/" in header
    assert "Expires" not in header and "Max-Age" not in header, "it ends with the browser's session"
    walk_to_list(client, PEOPLE["P01"])
    cookie = cookie_of(client)
    assert cookie is not None and "worker" not in cookie.decoded_value
    assert client.get_page("/en/plan/list").response.headers["Cache-Control"] == "private, no-store"


def test_a_house_on_https_sends_the_answers_only_there(
    app_factory: Callable[..., Flask], catalogue_template: Any
) -> None:
    app = app_factory(template=catalogue_template, base_url="https://127.0.0.1:8000")
    page = app.test_client().get_page("/en/plan/")  # type: ignore[attr-defined]
    page = page.submit("Continue", answer="leaving")
    header = next(one for one in page.response.headers.getlist("Set-Cookie") if one.startswith(COOKIE))
    assert "Secure" in header


def test_the_largest_household_with_everything_ticked_fits_into_three_kilobytes(
    house: Flask, client: InspectingClient
) -> None:
    page = walk_to_list(client, LARGEST)
    keys = [one["value"] for one in page.select("button[name=done]")]
    assert len(keys) > 40
    for key in keys:
        token = {"csrf_token": page.select("input[name=csrf_token]")[0]["value"]}
        client.post("/en/plan/list", data={"done": key, **token})
    client.get_page("/en/plan/stay").submit("Continue", answer="6").must_be(303)
    cookie = cookie_of(client)
    assert cookie is not None and len(cookie.value) < LONGEST
    assert len(client.get_page("/en/plan/list").select("main .plan .done")) == len(keys)


@pytest.mark.parametrize("change", ["x", "tampered", "cut", "long", "foreign", "other purpose", "odd"])
def test_a_cookie_that_is_not_ours_politely_begins_again(
    house: Flask, client: InspectingClient, change: str
) -> None:
    walk_to_list(client, PEOPLE["P01"])
    cookie = cookie_of(client)
    assert cookie is not None
    ring = Keyring(house.extensions["house-config"].secret)
    told = json.dumps({"answers": {}})
    bad = {
        "x": "x", "tampered": cookie.value[:-5] + "AAAAA", "cut": cookie.value[:40], "long": "A" * 5000,
        "foreign": Keyring("s" * 48).carry("plan.answers", told), "odd": "%F0%9F%92%A9",
        "other purpose": ring.carry("something.else", told),
    }[change]  # fmt: skip
    client.set_cookie(COOKIE, bad, domain="127.0.0.1")
    page = client.get_page("/en/plan/list", 302).follow()
    assert "Your answers are not here any more. Please start again." in page.text
    assert cookie_of(client) is None
    client.set_cookie(COOKIE, bad, domain="127.0.0.1")
    page = client.get_page("/en/plan/stay", 303).follow()
    assert "Please start again." in page.text


def test_answers_are_forgotten_after_a_day(
    catalogue: Flask, client: InspectingClient, frozen: Callable[..., Any]
) -> None:
    clock = frozen("2027-01-04 10:00")
    walk_to_list(client, PEOPLE["P12"])
    clock.shift(24 * 3600 - 60)
    client.get_page("/en/plan/list")
    clock.shift(120)
    assert "Please start again." in client.get_page("/en/plan/list", 302).follow().text


def test_an_answer_after_the_cookie_was_lost_politely_begins_again(
    house: Flask, client: InspectingClient
) -> None:
    page = answer(client.get_page("/en/plan/"), PEOPLE["P01"])
    client.delete_cookie(COOKIE, domain="127.0.0.1")
    page = page.submit("Continue", answer="worker").must_be(303).follow()
    assert page.url == "/en/plan/" and "Please start again." in page.text


def test_start_again_forgets_at_once(house: Flask, client: InspectingClient) -> None:
    page = walk_to_list(client, PEOPLE["P01"])
    page = page.submit("Delete my answers and start again").must_be(303).follow()
    assert "Your answers are gone from this device." in page.text
    assert cookie_of(client) is None
    client.get_page("/en/plan/list", 302)
    page = client.post_page("/en/plan/", {}, 422)
    assert "Please press the button once more." in page.text
