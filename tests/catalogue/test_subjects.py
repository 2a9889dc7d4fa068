"""Every text that a page can show has a path, the same whatever stands beside it, and is shown translated."""

from __future__ import annotations

import copy
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
import yaml
from flask import Flask
from sqlalchemy.orm import Session

from house.catalogue import face
from house.catalogue.describing import describe
from house.catalogue.language_tree import Made
from house.catalogue.models import Service
from house.catalogue.shelf import new_edition, shelf
from house.catalogue.stored_texts import add_version
from house.catalogue.subjects import subjects
from house.catalogue.text_models import Origin
from house.languages import speak
from tests.inspecting import InspectingClient

DATA = yaml.safe_load(face.bundled_catalogue().read_text("utf-8"))
SUBJECTS = dict(subjects(DATA))
SLUGS = [one["id"] for one in DATA["services"]]
Arranging = Callable[[], AbstractContextManager[Session]]


@pytest.mark.parametrize(
    ("path", "english"),
    [
        ("authority/siri/name", "Danish Agency for International Recruitment and Integration (SIRI)"),
        ("service/jobseeker_pdu2/requires_held/1", "PD U2 document"),
        ("service/cpr_registration/requires_held/2", "address actually moved into"),
        ("service/cpr_registration/place_rule/in_ics_north", "the house"),
        ("service/eu_family_residence/document/4/note", "older source (State Administration)"),
        ("service/health_card_gp/facts/3/note", "secondary source"),
        ("service/change_of_name/fee/note", "2020 level, adjusted yearly"),
        ("service/leaving_denmark/duty_when", "gone more than 6 months, or less but the home is sublet"),
        ("offer/spouse_space/rule", "twice a year"),
        ("route/3/to", "Danish Immigration Service"),
    ],
)
def test_a_text_has_a_path_that_can_be_read(path: str, english: str) -> None:
    assert SUBJECTS[path] == english


def test_every_path_is_there_once_and_leads_to_a_text() -> None:
    listed = list(subjects(DATA))
    assert len(listed) == len(SUBJECTS) > 250
    assert all(english.strip() for english in SUBJECTS.values())


def test_what_the_sources_disagree_about_and_what_is_for_machines_is_no_subject() -> None:
    told = " ".join(SUBJECTS.values())
    assert "SOURCES CONFLICT" not in told
    assert "https://" not in told and "[S" not in told


def test_a_caution_is_a_subject() -> None:
    data = copy.deepcopy(DATA)
    data["services"][0]["x_cautions"] = [{"text": "Ask first.", "ask": "siri", "src": ["A"]}]
    path = f"service/{data['services'][0]['id']}/x_cautions/1"
    assert dict(subjects(data))[path] == "Ask first."


def test_an_empty_catalogue_has_no_subjects() -> None:
    assert list(subjects({})) == []


def test_every_text_of_a_page_is_shown_in_the_readers_language(
    catalogue: Flask, arranging: Arranging
) -> None:
    """With a text for every subject, no page of a service tells anything in another language."""
    with arranging() as session:
        for path, english in SUBJECTS.items():
            add_version(session, path, "pl", Made(english, f"pl:{path}"), Origin.WRITTEN, "house")
        new_edition(session)
        with speak("pl"):
            stand = shelf(session)
            for slug in SLUGS:
                about = describe(stand, stand.by_slug[slug])
                assert about.languages == {"pl"}, slug
                texts = {one.said.text for one in (*about.good_to_know, *about.papers, *about.deadlines)}
                assert all(text.startswith(f"pl:service/{slug}/") for text in texts)


def test_a_page_shows_a_fact_translated_and_its_neighbour_marked(
    catalogue: Flask, arranging: Arranging, client: InspectingClient
) -> None:
    with arranging() as session:
        row = session.query(Service).where(Service.slug == "residence_card").one()
        row.record = {**row.record, "facts": [*row.record["facts"], {"text": "brand new", "src": ["A"]}]}
        path = "service/residence_card/facts/1"
        made = Made(SUBJECTS[path], "احملها دائما")
        add_version(session, path, "ar", made, Origin.WRITTEN, "house")
        new_edition(session)
    page = client.get_page("/ar/services/residence_card")
    [own] = [one for one in page.select("main li") if "احملها دائما" in one.text]
    assert own.select("[lang]") == []
    [other] = [one for one in page.select("main li [lang=en]") if one.text == "brand new"]
    assert other["dir"] == "ltr"
