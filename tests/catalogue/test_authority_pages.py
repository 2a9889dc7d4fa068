"""The pages of the authorities: what each does, where it is met, and who says so."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
import yaml
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from house.catalogue import face
from house.catalogue.models import Authority
from house.catalogue.shelf import new_edition
from house.languages import LANGUAGES
from tests.inspecting import InspectingClient

DATA = yaml.safe_load(face.bundled_catalogue().read_text("utf-8"))
AUTHORITIES = {one["id"]: one for one in DATA["authorities"]}
Arranging = Callable[[], AbstractContextManager[Session]]


def test_every_authority_is_listed_once_those_in_the_house_first(
    catalogue: Flask, client: InspectingClient
) -> None:
    page = client.get_page("/en/authorities/")
    slugs = [one["href"].split("/")[-1] for one in page.select("main h3 a")]
    assert sorted(slugs) == sorted(AUTHORITIES)
    here = [slug for slug in slugs if AUTHORITIES[slug]["at_house"] in (True, "via_citizen_service")]
    assert slugs[: len(here)] == here
    assert [one.text for one in page.select("main h2")] == ["In our house", "Elsewhere or online"]


@pytest.mark.parametrize("language", [one.tag for one in LANGUAGES])
def test_every_authority_can_be_read_in_every_language(
    catalogue: Flask, client: InspectingClient, language: str
) -> None:
    for path in ("authorities/", *(f"authorities/{slug}" for slug in AUTHORITIES)):
        client.get_page(f"/{language}/{path}")


def test_the_page_says_what_an_authority_does_and_where_it_is_met(
    catalogue: Flask, client: InspectingClient
) -> None:
    page = client.get_page("/en/authorities/aalborg_citizen_service")
    leads = dict(page.links)
    assert "You can meet this authority in our house." in page.text
    assert leads["Civil registration and CPR number"] == "/en/services/cpr_registration"
    assert leads["Find us, and see when we are open"] == "/en/visit-us"
    assert leads["www.aalborg.dk"] == "https://www.aalborg.dk"
    assert "Kind of authority Municipality" in page.text
    assert "Borgerservice, Aalborg Kommune (Folkeregister)" in page.text
    assert "Where it takes part" in page.text
    assert leads["ICS North in Aalborg, lifeindenmark.borger.dk"].startswith("https://")
    assert page.click("All authorities").h1 == "Authorities"


def test_every_service_stands_on_the_page_of_its_authority(
    catalogue: Flask, client: InspectingClient
) -> None:
    for slug in AUTHORITIES:
        page = client.get_page(f"/en/authorities/{slug}")
        shown = {one["href"].split("/")[-1] for one in page.select("main h3 a")}
        does = {one["id"] for one in DATA["services"] if one["authority"] == slug}
        helps = {one["id"] for one in DATA["services"] if slug in one.get("other_authorities", ())}
        assert shown == does | helps


@pytest.mark.parametrize(
    ("slug", "words"),
    [
        ("udbetaling_danmark", "This authority is not in our house."),
        ("skattestyrelsen", "You reach this authority online. We help you with it."),
        ("digst", "You meet this authority through Citizen Service in our house."),
    ],
)
def test_the_page_says_whether_one_can_come_for_it(
    catalogue: Flask, client: InspectingClient, slug: str, words: str
) -> None:
    assert words in client.get_page(f"/en/authorities/{slug}").text


def test_a_telephone_that_a_source_gives_is_told(catalogue: Flask, client: InspectingClient) -> None:
    page = client.get_page("/en/authorities/skattestyrelsen")
    assert ("+45 72 22 27 80", "tel:+4572222780") in page.links
    assert "skat.dk: tax when working in Denmark" in page.text
    assert "Sønderbro 12" in client.get_page("/en/authorities/aalborg_children_education").text


def test_an_unconfirmed_authority_says_so_and_a_confirmed_one_when(
    catalogue: Flask, client: InspectingClient, arranging: Arranging
) -> None:
    text = client.get_page("/en/authorities/region_nordjylland").text
    name = "North Denmark Region (GPs, hospitals)"
    assert f"Only {name} can confirm this, and has not done so yet." in text
    assert "Some of it is our assumption" in text
    with arranging() as session:
        row = session.scalars(select(Authority).where(Authority.slug == "region_nordjylland")).one()
        row.record = {**row.record, "confirmed_on": "2026-11-02"}
        new_edition(session)
    text = client.get_page("/en/authorities/region_nordjylland").text
    assert f"{name} confirmed this on Monday, 2 November 2026." in text


@pytest.mark.parametrize("slug", ["coffee", "siri%00", "..%2Fsiri", "%F0%9F%98%80", "x" * 5000])
def test_an_unknown_authority_is_not_found(catalogue: Flask, client: InspectingClient, slug: str) -> None:
    client.get_page(f"/en/authorities/{slug}", 404)


def test_an_empty_house_has_no_authorities(app: Flask, client: InspectingClient) -> None:
    assert "There are no authorities here yet." in client.get_page("/en/authorities/").text
