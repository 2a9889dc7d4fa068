"""The pages of the directory: all that the catalogue knows of a service, in words; where we are and when."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
import yaml
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from house.catalogue import condition_words, face
from house.catalogue.describing import applies_when
from house.catalogue.models import Service
from house.catalogue.shelf import new_edition, shelf
from house.db import db
from house.languages import LANGUAGES, speak
from house.setting_up import HOURS, PHONE
from tests.inspecting import InspectingClient

DATA = yaml.safe_load(face.bundled_catalogue().read_text("utf-8"))
SLUGS = [one["id"] for one in DATA["services"]]
FACTS = DATA["meta"]["person_facts"]
Arranging = Callable[[], AbstractContextManager[Session]]


@pytest.fixture
def bookable() -> Iterator[set[str]]:
    """What can be booked, as the wing above would say it."""
    slugs: set[str] = set()
    kept, face.bookable[:] = list(face.bookable), [lambda _session: frozenset(slugs)]
    yield slugs
    face.bookable[:] = kept


@pytest.fixture
def house(catalogue: Flask, arranging: Arranging) -> Flask:
    """A house with the catalogue and a place."""
    with arranging() as session:
        face.set_up_place(
            session, "House", "Rantzausgade 4, 1.", "+45 99 31 00 00", "Europe/Copenhagen", HOURS, PHONE
        )  # fmt: skip
    return catalogue


# --- the directory ------------------------------------------------------------------------------------------


def test_the_directory_names_every_service_once_with_its_authority(
    catalogue: Flask, client: InspectingClient
) -> None:
    page = client.get_page("/en/services/")
    assert sorted(one["href"].split("/")[-1] for one in page.select("main h3 a")) == sorted(SLUGS)
    assert [one.text for one in page.select("main h2")] == [
        "In person", "Online", "Comes by itself", "Help and advice", "For companies",
    ]  # fmt: skip
    [row] = [one for one in page.select("main .list li") if "Tax card" in one.text]
    assert "Danish Tax Agency" in row.text
    assert row.text.endswith("Online")


@pytest.mark.parametrize("language", [one.tag for one in LANGUAGES])
def test_every_page_can_be_read_in_every_language(
    house: Flask, client: InspectingClient, language: str
) -> None:
    for path in ("services/", "services/?q=cpr", "visit-us", *(f"services/{slug}" for slug in SLUGS)):
        client.get_page(f"/{language}/{path}")


def test_what_can_be_booked_here_says_so(
    catalogue: Flask, client: InspectingClient, bookable: set[str]
) -> None:
    bookable.add("cpr_registration")
    page = client.get_page("/en/services/")
    assert [one.text for one in page.select(".list .tag") if one.text == "Book here"] == ["Book here"]
    page = client.get_page("/en/services/cpr_registration")
    assert ("Book a visit", "/en/book/?service=cpr_registration") in page.links
    bookable.clear()
    page = client.get_page("/en/services/")
    assert "Book here" not in page.text
    page = client.get_page("/en/services/cpr_registration")
    assert "/en/book/?service=cpr_registration" not in [where for _, where in page.links]
    assert "You need an appointment with the authority." in page.text


@pytest.mark.parametrize(
    ("language", "words", "slug"),
    [
        ("en", "doctor", "health_card_gp"),
        ("da", "laegevalg", "health_card_gp"),
        ("da", "LÆGEVALG", "health_card_gp"),
        ("ar", "mitid national", "mitid"),
        ("pl", "Udbetaling", "social_security_a1"),
        ("en", "kørekort", "driving_licence_exchange"),
        ("en", "korekort", "driving_licence_exchange"),
        ("en", "daycare", "daycare"),
    ],
)
def test_a_few_words_find_a_service_without_accents(
    catalogue: Flask, client: InspectingClient, language: str, words: str, slug: str
) -> None:
    page = client.get_page(f"/{language}/services/").submit(q=words).must_be(200)
    assert page.select("main h3 a")[0]["href"] == f"/{language}/services/{slug}"
    assert page.one("#q")["value"] == words


def test_words_that_find_nothing_say_so_and_lead_back(catalogue: Flask, client: InspectingClient) -> None:
    page = client.get_page("/en/services/?q=<b>teapot</b> 100%")
    assert "We found no service for “<b>teapot</b> 100%”." in page.text
    assert page.select("main h3") == []
    assert len(page.click("See all services").select("main h3")) == len(SLUGS)


@pytest.mark.parametrize("words", ["x" * 81, "x" * 10_000, "010190-1234"])
def test_words_that_are_no_search_are_refused_and_kept(
    catalogue: Flask, client: InspectingClient, words: str
) -> None:
    page = client.get_page(f"/en/services/?q={words}", 422)
    assert page.select(".summary")
    assert page.one("#q")["value"] == words[:80]
    assert len(page.select("main h3")) == len(SLUGS)


def test_an_empty_house_has_an_empty_directory(app: Flask, client: InspectingClient) -> None:
    assert "There are no services here yet." in client.get_page("/en/services/").text
    client.get_page("/en/services/mitid", 404)


# --- one service --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", ["coffee", "mitid%00", "..%2Fmitid", "%F0%9F%98%80", "x" * 5000])
def test_an_unknown_service_is_not_found(catalogue: Flask, client: InspectingClient, slug: str) -> None:
    client.get_page(f"/en/services/{slug}", 404)


def test_a_service_tells_everything_the_catalogue_knows(catalogue: Flask, client: InspectingClient) -> None:
    """Every fact of every record is on its page: nothing of the catalogue is kept back from the reader."""
    silent = {"id", "kind", "order", "authority", "kle", "verify", "company_batchable", "municipal_scope"}
    silent |= {"place_rule", "witness_rule", "requires_note", "booking", "src", "when", "link", "all_of"}
    silent |= {"applies_when_same_as", "obligation", "other_authorities", "applies_when", "from", "ask"}
    for record in DATA["services"]:
        if (record.get("deadline") or {}).get("status") == "unresolved":
            continue
        text = client.get_page(f"/en/services/{record['id']}").text
        for said in sayings(record, silent):
            assert " ".join(said.split()) in text, (record["id"], said)


def sayings(value: Any, silent: set[str]) -> Iterator[str]:
    """The English sentences of a record."""
    if isinstance(value, dict):
        for key, one in value.items():
            if (
                key not in silent
                and not key.endswith("_src")
                and key not in ("da", "formula", "status", "type")
            ):
                yield from sayings(one, silent) if key != "counter_minutes" else ()
    elif isinstance(value, list):
        for one in value:
            yield from sayings(one, silent)
    elif isinstance(value, str):
        yield value


def test_the_page_leads_to_what_must_be_done_first_and_to_the_sources(
    catalogue: Flask, client: InspectingClient
) -> None:
    page = client.get_page("/en/services/cpr_registration")
    leads = dict(page.links)
    assert leads["EU residence document"] == "/en/services/eu_residence_document"
    authority = "Citizen Service, Aalborg Municipality (civil registration)"
    assert leads[authority] == "/en/authorities/aalborg_citizen_service"
    assert leads["MitID (national electronic ID)"] == "/en/services/mitid"
    assert leads["ICS West in Aarhus"].startswith("https://lifeindenmark.borger.dk/")
    assert "Aarhus University: Getting Started in Denmark event, http://ias.au.dk/" in page.text
    assert f"Only {authority} can confirm this, and has not done so yet." in page.text
    assert "We read the sources on Monday, 23 November 2026." in page.text
    assert "Only if: You are a citizen of an EU or EEA country or Switzerland." in page.text
    assert "Aalborg, Brønderslev, Jammerbugt" in page.text
    assert "About 20 minutes" in page.text
    assert "8 minutes more for each further person" in page.text


def test_a_confirmed_service_says_when(
    catalogue: Flask, client: InspectingClient, arranging: Arranging
) -> None:
    with arranging() as session:
        row = session.scalars(select(Service).where(Service.slug == "mitid")).one()
        row.record = {**row.record, "confirmed_on": "2026-11-02"}
        new_edition(session)
    text = client.get_page("/en/services/mitid").text
    assert "(civil registration) confirmed this on Monday, 2 November 2026." in text
    assert "has not done so yet" not in text


def test_where_the_sources_disagree_no_date_is_told(catalogue: Flask, client: InspectingClient) -> None:
    page = client.get_page("/en/services/driving_licence_exchange")
    text, authority = page.text, "Citizen Service, Aalborg Municipality (civil registration)"
    assert f"Our sources disagree about the date. Please ask {authority}." in text
    assert (authority, "/en/authorities/aalborg_citizen_service") in page.links
    assert "180 days" not in text and "SOURCES" not in text


def test_prices_and_what_is_only_assumed_are_marked(catalogue: Flask, client: InspectingClient) -> None:
    text = client.get_page("/en/services/driving_licence_exchange").text
    assert "DKK 280 (old figure)" in text
    assert "About 15 minutes Not confirmed" in text
    assert "Free of charge Not confirmed" in client.get_page("/en/services/mitid").text
    assert "Free of charge" in client.get_page("/en/services/eu_residence_document").text


# --- whom it is for -----------------------------------------------------------------------------------------


def test_conditions_become_sentences() -> None:
    eu = {"citizenship": ["eu_eea_ch"], "stay_months_gt": 3, "purpose_not": ["job_seeker", "au_pair"]}
    assert condition_words.sentences(eu, FACTS) == [
        "You are a citizen of an EU or EEA country or Switzerland.",
        "You stay more than 3 months.",
        "You do not come as a job seeker or an au pair.",
    ]
    assert condition_words.sentences({"biometrics_recorded_is": False, "age_gte": 18}, FACTS) == [
        "Your fingerprints and photo were not taken yet.",
        "Age: 18 years or more.",
    ]
    assert condition_words.sentences({"cpr_status_not": ["none", "former"]}, FACTS) == [
        "You have an administrative CPR number or an active CPR number."
    ]
    assert condition_words.sentences({"municipality_not": ["Aalborg"]}, FACTS) == [
        "You do not live in Aalborg."
    ]


def test_what_all_alternatives_share_is_said_once() -> None:
    whom = condition_words.whom(
        [{"phase": ["arriving"], "age_lt": 6}, {"age_gt": 60, "phase": ["arriving"]}], FACTS
    )
    assert whom.all_of == ["You are moving to Denmark."]
    assert whom.one_of == [["Age: less than 6 years."], ["Age: more than 60 years."]]
    assert condition_words.whom([{"age_lt": 6}, {"age_lt": 6, "phase": ["leaving"]}], FACTS).one_of == []
    assert condition_words.whom([], FACTS) == ([], [])


@pytest.mark.parametrize("language", [one.tag for one in LANGUAGES])
def test_every_value_of_every_fact_has_words_in_every_language(app: Flask, language: str) -> None:
    """No name of the rule language ever reaches a reader, whatever a catalogue asks."""
    with app.test_request_context(), speak(language):
        for fact, values in FACTS.items():
            conditions: list[dict[str, Any]] = [{f"{fact}_is": True}, {f"{fact}_is": False}]
            if values == "number":
                conditions = [{f"{fact}_{how}": n} for how in ("gt", "gte", "lt", "lte") for n in (1, 2, 5)]
            elif values == "string":
                conditions = [{fact: ["Aalborg"]}, {f"{fact}_not": ["Aalborg", "Rebild"]}]
            elif isinstance(values, list):
                conditions = [{key: [one]} for one in values for key in (fact, f"{fact}_not")] + [
                    {fact: values}
                ]
            for condition in conditions:
                [said] = condition_words.sentences(condition, FACTS)
                assert (
                    said and "_" not in said and "%" not in said and fact.replace("_", " ") + ":" not in said
                )


def test_a_service_can_be_for_the_same_people_as_another(catalogue: Flask, looking: Arranging) -> None:
    with looking() as session:
        groups = list(applies_when(shelf(session), face.service(session, "mitid").record))
        like = list(applies_when(shelf(session), face.service(session, "cpr_registration").record))
    assert groups == [{**group, "age_gte": 15} for group in like]


# --- where we are and when ----------------------------------------------------------------------------------


def test_the_page_says_where_and_when(
    house: Flask, client: InspectingClient, frozen: Callable[[str], object]
) -> None:
    frozen("2027-03-22 10:00")
    page = client.get_page("/en/visit-us")
    assert "Rantzausgade 4, 1." in page.text
    assert "Open now Today: 08:30–15:00" in page.text
    assert "Maundy Thursday" in page.text and "Easter Monday" in page.text
    rows = [row.text for row in page.select("main table")[0].select("tbody tr")]
    assert rows[0] == "Monday 08:30–15:00 08:30–15:00" and rows[1] == "Tuesday Closed 08:30–15:00"
    coming = [row.text for row in page.select("main table")[1].select("tbody tr")]
    assert len(coming) == 14
    assert coming[0] == "Mon 22 Mar 08:30–15:00 08:30–15:00"
    assert coming[3] == "Thu 25 Mar Closed Maundy Thursday Closed"
    assert ("+45 99 31 00 00", "tel:+4599310000") in [
        (one.text, one["href"]) for one in page.select("main a")
    ]
    frozen("2027-03-22 16:00")
    text = client.get_page("/en/visit-us").text
    assert "Closed now" in text and "The next open day is Wed" in text


def test_before_the_house_is_set_up_there_is_nowhere_to_go(app: Flask, client: InspectingClient) -> None:
    client.get_page("/en/visit-us", 404)


# --- what it costs ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["services/", "services/?q=cpr", "services/cpr_registration", "visit-us"])
def test_pages_cost_few_statements_and_few_bytes(house: Flask, client: InspectingClient, path: str) -> None:
    client.get_page(f"/ar/{path}")
    sent: list[str] = []
    with house.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *args: sent.append(args[2]))
    page = client.get_page(f"/ar/{path}")
    assert len(sent) <= 6, sent
    assert len(zlib.compress(page.html.encode())) < 8 * 1024
