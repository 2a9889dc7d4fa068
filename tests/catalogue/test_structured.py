"""What machines read of the directory's pages: schema.org as data, and where the other languages are."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from house.catalogue.models import Service
from house.catalogue.shelf import new_edition
from house.catalogue.structured import as_block
from house.languages import LANGUAGES
from tests.inspecting import BASE_URL, InspectingClient, Page

TAGS = [one.tag for one in LANGUAGES]
Arranging = Callable[[], AbstractContextManager[Session]]
EVIL = '</script><script>alert("1")</script><!-- & \u2028 ]]>'


def block(page: Page) -> dict[str, Any]:
    """The one block of data on a page."""
    [one] = page.select("script[type=application/ld+json]")
    found: dict[str, Any] = json.loads(one.raw_text)
    assert found["@context"] == "https://schema.org"
    return found


@pytest.mark.parametrize("tag", ["en", "ar", "da"])
def test_a_service_is_a_government_service(catalogue: Flask, client: InspectingClient, tag: str) -> None:
    page = client.get_page(f"/{tag}/services/cpr_registration")
    data = block(page)
    assert data["@type"] == "GovernmentService"
    assert data["name"] == page.h1
    assert data["url"] == f"{BASE_URL}/{tag}/services/cpr_registration"
    assert data["@id"] == f"{BASE_URL}/en/services/cpr_registration#service"
    assert data["provider"]["@type"] == "GovernmentOrganization"
    assert data["provider"]["name"] in page.text and data["provider"]["url"] == "https://www.aalborg.dk"
    assert data["serviceType"] and data["inLanguage"] == tag
    assert {"@type": "AdministrativeArea", "name": "Hjørring"} in data["areaServed"]
    assert data["availableChannel"]["availableLanguage"] == TAGS
    assert data["availableChannel"]["serviceUrl"].startswith(BASE_URL)


def test_every_service_has_its_data_in_every_language(catalogue: Flask, client: InspectingClient) -> None:
    for tag in TAGS:
        for slug in ("tax_card", "eu_residence_document", "company_guidance", "change_of_name"):
            data = block(client.get_page(f"/{tag}/services/{slug}"))
            assert all(data[key] for key in ("name", "provider", "areaServed", "url", "serviceType"))


def test_a_price_that_nobody_confirmed_is_not_told_to_machines(
    catalogue: Flask, client: InspectingClient
) -> None:
    assert "offers" not in block(client.get_page("/en/services/mitid"))
    paid = block(client.get_page("/en/services/driving_licence_exchange"))
    assert paid["offers"] == {"@type": "Offer", "price": 280, "priceCurrency": "DKK"}


def test_no_text_can_end_the_block(
    catalogue: Flask, client: InspectingClient, arranging: Arranging
) -> None:
    with arranging() as session:
        row = session.scalars(select(Service).where(Service.slug == "mitid")).one()
        row.record = {**row.record, "name": {**row.record["name"], "en": EVIL}, "outcome": EVIL}
        new_edition(session)
    page = client.get_page("/en/services/mitid")
    assert block(page)["name"] == EVIL
    assert "<script>alert" not in page.html and "<!-- &" not in page.html
    written = str(as_block({"name": EVIL}))
    assert written.count("<") == written.count(">") == 2 and "\u2028" not in written


def test_an_authority_is_a_government_organisation(catalogue: Flask, client: InspectingClient) -> None:
    page = client.get_page("/en/authorities/skattestyrelsen")
    data = block(page)
    assert (data["@type"], data["name"]) == ("GovernmentOrganization", page.h1)
    assert data["url"] == "https://skat.dk" and data["telephone"] == "+45 72 22 27 80"


@pytest.mark.parametrize("path", ["services/", "services/mitid", "authorities/", "authorities/siri"])
def test_a_page_says_where_its_other_languages_are(
    catalogue: Flask, client: InspectingClient, path: str
) -> None:
    page = client.get_page(f"/ar/{path}")
    others = {one["hreflang"]: one["href"] for one in page.select("link[rel=alternate]")}
    assert others == {tag: f"{BASE_URL}/{tag}/{path}" for tag in TAGS}
    assert page.one("link[rel=canonical]")["href"] == f"{BASE_URL}/ar/{path}"


def test_a_search_is_no_page_to_keep(catalogue: Flask, client: InspectingClient) -> None:
    assert not client.get_page("/en/services/?q=tax").select("link[rel=canonical]")
