"""The plan's pages: questions one by one, answers that stay with the visitor, and the list itself."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from house.catalogue import face
from house.catalogue.kept_answers import COOKIE, LONGEST
from house.catalogue.persons import ME, PARTNER
from house.languages import LANGUAGES
from house.seals import Keyring
from house.setting_up import HOURS, PHONE
from tests.catalogue.plan_answers import ALONE, LATER, PEOPLE, Wanted, moving
from tests.catalogue.plan_walking import answer, question_of, walk_to_list
from tests.hostile import refuses_everything
from tests.inspecting import InspectingClient, Page

Arranging = Callable[[], AbstractContextManager[Session]]
LARGEST = moving("researcher", "third_country", things={ME: ["two_countries"], PARTNER: ["job", "licence"]},
    household={"partner": "married", "children": [0, 3, 7, 12, 15, 17], "mixed": False})  # fmt: skip


@pytest.fixture
def house(catalogue: Flask, arranging: Arranging, frozen: Callable[..., Any]) -> Flask:
    """A house with the catalogue and a place, in the first days of 2027."""
    frozen("2027-01-04 10:00", tick=True)
    with arranging() as session:
        face.set_up_place(
            session, "House", "Rantzausgade 4, 1.", "+45 99 31 00 00", "Europe/Copenhagen", HOURS, PHONE
        )  # fmt: skip
    return catalogue


@pytest.fixture
def bookable() -> Iterator[set[str]]:
    slugs = {"eu_residence_document", "cpr_registration", "mitid", "health_card_gp"}
    kept, face.bookable[:] = list(face.bookable), [lambda _session: frozenset(slugs)]
    yield slugs
    face.bookable[:] = kept


def cookie_of(client: InspectingClient) -> Any:
    return client.get_cookie(COOKIE, domain="127.0.0.1")


def step(page: Page, key: str) -> Any:
    return page.one(f"#{key}")


def tick(page: Page, key: str, undo: bool = False) -> Page:
    """Press the button of a step."""
    button = next(one for one in page.select("button") if one.get("value") == key)
    assert button["name"] == ("undone" if undo else "done")
    token = page.select("input[name=csrf_token]")[0]["value"]
    sent = {button["name"]: key, "csrf_token": token}
    return page.client.post_page("/en/plan/list", sent, 303).follow()


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


# --- the list -----------------------------------------------------------------------------------------------


def test_a_step_waits_for_what_comes_before_it_until_that_is_ticked(
    house: Flask, client: InspectingClient
) -> None:
    page = walk_to_list(client, PEOPLE["P01"])
    cpr = step(page, "me-cpr_registration")
    assert "waits" in cpr.classes and "Only after: EU residence document" in cpr.text
    page = tick(page, "me.eu_residence_document")
    assert "waits" not in step(page, "me-cpr_registration").classes
    assert "done" in step(page, "me-eu_residence_document").classes
    page = tick(page, "me.eu_residence_document", undo=True)
    assert "waits" in step(page, "me-cpr_registration").classes


def test_the_last_open_day_is_told_where_the_house_is_closed(house: Flask, client: InspectingClient) -> None:
    page = walk_to_list(client, PEOPLE["P01"])
    said = step(page, "me-eu_residence_document").text.replace(",", "")
    assert "By Saturday 10 April 2027. We are closed then: come by Friday 9 April 2027." in said
    assert "By Monday 18 January 2027." in step(page, "me-cpr_registration").text.replace(",", "")
    expected = step(page, "me-health_card_gp").text.replace(",", "")
    assert "It should come by about Wednesday 27 January 2027." in expected


def test_what_is_done_online_can_also_be_done_at_the_desk_before(
    house: Flask, client: InspectingClient
) -> None:
    said = step(walk_to_list(client, LATER["P01"]), "me-change_of_address").text.replace(",", "")
    assert "Online by Thursday 6 May 2027 or at our desk by Wednesday 5 May 2027." in said
    assert "You can do it from Saturday 3 April 2027 on." in said


def test_a_right_has_no_deadline(house: Flask, client: InspectingClient) -> None:
    said = step(walk_to_list(client, PEOPLE["P04"]), "me-cpr_registration").text
    assert "Your right" in said and "There is no deadline." in said


def test_a_group_day_takes_the_place_of_the_deadlines(house: Flask, client: InspectingClient) -> None:
    dates = {"entry_date": "2027-01-25", "group_day": "2027-02-03"}
    page = walk_to_list(client, {**PEOPLE["P04"], "dates": dates})
    said = step(page, "me-eu_residence_document").text.replace(",", "")
    assert "On your group day Wednesday 3 February 2027." in said
    assert "Between Wednesday 20 January 2027 and Tuesday 2 February 2027:" in said
    assert "April" not in said


def test_sources_that_disagree_give_no_date(house: Flask, client: InspectingClient) -> None:
    said = step(walk_to_list(client, PEOPLE["P02"]), "me-driving_licence_exchange").text
    assert "Our sources disagree about the date. Please ask the authority." in said


def test_papers_and_channels_are_those_of_this_person(house: Flask, client: InspectingClient) -> None:
    said = step(walk_to_list(client, PEOPLE["P02"]), "me-cpr_registration").text
    assert "letter stating the administrative CPR number" in said
    assert "book an appointment and appear; not the online route" in said
    assert "Nordic personal number" not in said
    said = step(walk_to_list(client, PEOPLE["P03"]), "me-cpr_registration").text
    assert "Nordic personal number" in said
    assert (
        "EU residence document"
        not in step(client.get_page("/en/plan/list"), "me-cpr_registration").select(".bring")[0].text
    )


def test_every_step_says_why_and_where_it_comes_from(house: Flask, client: InspectingClient) -> None:
    page = walk_to_list(client, PEOPLE["P01"])
    for one in page.select("main ol.plan li[id]"):
        assert (
            "Why it is on your list" in one.text and "You are moving to Denmark." in one.text
        ) or "work" in one.text
        assert "can confirm this, and has not done so yet." in one.text
        assert "We read the sources on" in one.text
        assert one.select(".more ul.small a[rel=external]")
        assert "You are a person." not in one.text


def test_a_household_gets_a_list_each_with_what_is_done_together(
    house: Flask, client: InspectingClient
) -> None:
    page = walk_to_list(client, PEOPLE["P06"])
    assert (
        "Together with: your partner, the child (7 years), the child (3 years)."
        in step(page, "me-cpr_registration").text
    )
    assert (
        "Together with: you, your partner, the child (7 years)." in step(page, "child1-cpr_registration").text
    )
    assert [one["id"] for one in page.select("ol.plan li[id]") if one["id"].startswith("child0-")][
        -1
    ] == "child0-school_enrolment"
    assert "Job search seminar" in page.text and "Spouse Space" in page.text
    assert "Job search seminar" not in walk_to_list(client, PEOPLE["P01"]).text


def test_a_couple_that_lives_together_for_too_short_is_warned(house: Flask, client: InspectingClient) -> None:
    said = step(walk_to_list(client, PEOPLE["P07"]), "partner-eu_residence_document").text
    assert "you need a basis of your own" in said and "Please ask: Danish Agency" in said


def test_who_is_handed_on_is_told_where_and_gets_no_list(house: Flask, client: InspectingClient) -> None:
    page = walk_to_list(client, PEOPLE["P10"])
    assert "Danish Immigration Service" in page.text and "integration unit" in page.text
    assert page.select("ol.plan") == []
    assert client.get_page("/en/plan/list.pdf", 302).location == "/en/plan/list"
    page = walk_to_list(client, moving("asylum_or_family_reunification_with_dane", "third_country"))
    assert "Danish Immigration Service" in page.text


def test_another_municipality_does_a_part_itself(house: Flask, client: InspectingClient) -> None:
    page = walk_to_list(client, moving("worker", "eu_eea_ch", where="Thisted"))
    assert "Your own municipality does a part of this" in page.text
    assert "The municipality where the person lives" in step(page, "me-cpr_registration").text


def test_what_is_not_known_is_said_with_who_can_tell(house: Flask, client: InspectingClient) -> None:
    wanted = moving("worker", "third_country", things={ME: ["fingerprints_not_known"]})
    said = walk_to_list(client, wanted).one(".notice.warn").text
    assert "Recording biometrics" in said and "if fingerprints and photo were taken" in said
    assert "Who can tell you: Danish Agency" in said


def test_what_is_not_for_her_says_why(house: Flask, client: InspectingClient) -> None:
    page = walk_to_list(client, PEOPLE["P01"])
    [refused] = [one for one in page.select("details") if "What is not for you" in one.text]
    assert "Recording biometrics" in refused.text
    assert "You are a citizen of a country outside the EU" in refused.text


def test_the_sponsors_paper_opens_the_family_members_step(house: Flask, client: InspectingClient) -> None:
    wanted = moving("accompanying_partner", "third_country", sponsor={"who": "eu_citizen", "how": "married"})
    page = walk_to_list(client, wanted)
    assert (
        "First the person you join needs: EU residence document" in step(page, "me-eu_family_residence").text
    )
    page = tick(page, "sponsor.eu_residence_document")
    assert "waits" not in step(page, "me-eu_family_residence").classes
    page = tick(page, "sponsor.eu_residence_document", undo=True)
    assert "waits" in step(page, "me-eu_family_residence").classes


def test_what_is_new_since_the_last_answers_is_marked(house: Flask, client: InspectingClient) -> None:
    walk_to_list(client, PEOPLE["P09"])
    page = client.get_page("/en/plan/purpose").submit("Continue", answer="worker").must_be(303).follow()
    while question_of(page) != "list":
        page = answer(page, PEOPLE["P01"])
    page = client.get_page("/en/plan/stay").submit("Continue", answer="7").must_be(303).follow()
    while question_of(page) != "list":
        page = answer(page, PEOPLE["P01"])
    assert "What is new is marked." in page.text
    new = [
        one["id"]
        for one in page.select("ol.plan li[id]")
        if any(tag.text == "New" for tag in one.select(".tag"))
    ]
    assert "me-eu_residence_document" in new and "me-tax_card" not in new
    assert "me-housing_guidance" not in new


def test_what_left_the_list_is_told(house: Flask, client: InspectingClient) -> None:
    walk_to_list(client, PEOPLE["P01"])
    page = client.get_page("/en/plan/stay").submit("Continue", answer="3").must_be(303).follow()
    while question_of(page) != "list":
        page = answer(page, PEOPLE["P01"])
    assert "No longer on this list: EU residence document" in page.text


def test_a_day_that_has_passed_is_said(house: Flask, client: InspectingClient) -> None:
    dates = {"entry_date": "2026-12-01", "move_in_date": "2026-12-01", "residence_basis_date": "2026-12-10"}
    page = walk_to_list(client, {**PEOPLE["P01"], "dates": dates})
    assert "The day has passed." in step(page, "me-cpr_registration").text
    assert "The day has passed." not in step(page, "me-eu_residence_document").text


# --- on from the list ---------------------------------------------------------------------------------------


def test_the_next_steps_lead_into_one_visit(
    house: Flask, client: InspectingClient, bookable: set[str]
) -> None:
    page = walk_to_list(client, PEOPLE["P06"])
    [(words, where)] = [one for one in page.links if one[0].startswith("Book these")]
    assert words == "Book these 3 steps in one visit"
    slugs = "service=eu_residence_document&service=cpr_registration&service=mitid"
    assert where == f"/en/book/?{slugs}&party=4"
    page = tick(page, "me.eu_residence_document")
    page = tick(page, "me.cpr_registration")
    page = tick(page, "me.mitid")
    [(_, where)] = [one for one in page.links if one[0].startswith("Book these")]
    assert where.endswith("party=3"), "what is done by one is still to be done by the others"
    bookable.clear()
    page = client.get_page("/en/plan/list")
    assert not [one for one in page.links if one[0].startswith("Book")][1:]


def test_the_home_page_and_every_page_lead_to_the_plan(house: Flask, client: InspectingClient) -> None:
    page = client.get_page("/en/")
    assert page.select("main a.button")[0].text == "See what you need"
    assert page.click("See what you need").url == "/en/plan/"
    assert client.get_page("/en/services/").click("My list").url == "/en/plan/"


def test_an_empty_house_asks_one_question_and_has_no_list(client: InspectingClient) -> None:
    page = client.get_page("/en/plan/").submit("Continue", answer="leaving").must_be(303).follow()
    assert "We found nothing that you must do here." in page.text


def test_the_answers_can_be_given_again_from_the_beginning(house: Flask, client: InspectingClient) -> None:
    walk_to_list(client, PEOPLE["P01"])
    page = client.get_page("/en/plan/")
    assert page.values("Continue")["answer"] == "moving"
    assert page.click("Go on").url == "/en/plan/list"


def wanted_of_mixed_family() -> Wanted:
    return moving("worker", "eu_eea_ch",
        household={"partner": "married", "children": [4], "mixed": True},
        family={"partner": "third_country", "children": ["eu_eea_ch"]})  # fmt: skip


def test_a_family_of_several_citizenships_is_asked_who_has_which(
    house: Flask, client: InspectingClient
) -> None:
    page = walk_to_list(client, wanted_of_mixed_family())
    assert step(page, "partner-eu_family_residence")
    assert step(page, "child0-eu_residence_document")
    assert (
        "First the person you join needs: EU residence document"
        in step(page, "partner-eu_family_residence").text
    )
    page = tick(page, "me.eu_residence_document")
    assert "waits" not in step(page, "partner-eu_family_residence").classes
    answers = client.get_page("/en/plan/list").one("dl.answers").text
    assert "Your partner: In another country" in answers
    page = client.get_page("/en/plan/household").submit("Continue", **{"children-1": "9"}).must_be(303)
    assert page.location == "/en/plan/family", "the new child's citizenship is asked too"


def test_nobody_moves_with_her(house: Flask, client: InspectingClient) -> None:
    page = walk_to_list(client, {**PEOPLE["P01"], "household": ALONE})
    assert "Nobody" in page.one("dl.answers").text


def test_the_first_question_does_not_promise_to_be_the_last(
    catalogue: Flask, client: InspectingClient
) -> None:
    assert "Question 1 of at most 8" in client.get_page("/en/plan/situation").text
