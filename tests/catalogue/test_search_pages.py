"""Looking for a service: by words, by who one is, by both; and what is offered when nothing is found."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from house.catalogue import face
from house.languages import LANGUAGES
from house.setting_up import HOURS, PHONE
from tests.inspecting import InspectingClient, Page


def slugs(page: Page) -> list[str]:
    return [one["href"].split("/")[-1] for one in page.select("main h3 a")]


def test_the_best_comes_first_and_authorities_stand_apart(catalogue: Flask, client: InspectingClient) -> None:
    page = client.get_page("/en/services/").submit(q="tax office").must_be(200)
    assert slugs(page)[0] == "tax_card"
    assert [one.text for one in page.select("main h2")] == ["What we found", "Authorities"]
    assert ("Danish Tax Agency", "/en/authorities/skattestyrelsen") in page.links


def test_ticking_who_one_is_leaves_what_can_be_for_one(catalogue: Flask, client: InspectingClient) -> None:
    page = client.get_page("/en/services/?who=eu&who=student")
    assert "eu_residence_document" in slugs(page) and "student_enrolment" in slugs(page)
    assert not {"residence_card", "company_guidance", "partner_career"} & set(slugs(page))
    assert f"{len(slugs(page))} services can be for you." in page.text
    assert [one["value"] for one in page.select("input[checked]")] == ["eu", "student"]
    assert "Only what can be for me (2)" in page.text
    assert "You ticked: Another EU or EEA country, or Switzerland Student" in page.text


def test_the_number_beside_a_choice_is_what_it_shows(catalogue: Flask, client: InspectingClient) -> None:
    page = client.get_page("/en/services/?who=eu")
    numbers = {one.select("input")[0]["value"]: one.text for one in page.select("label.choice")}
    for choice in ("student", "worker", "leaving"):
        shown = slugs(client.get_page(f"/en/services/?who=eu&who={choice}"))
        assert numbers[choice].endswith(f"({len(shown)})")


def test_words_and_who_one_is_go_together_and_what_is_left_out_is_said(
    catalogue: Flask, client: InspectingClient
) -> None:
    both = client.get_page("/en/services/?q=residence+card&who=nordic")
    alone = client.get_page("/en/services/?q=residence+card")
    left_out = len([one for one in slugs(alone) if one not in slugs(both)])
    assert left_out > 0 and f"Show {left_out} more that you left out" in both.text
    assert slugs(both.click(f"Show {left_out} more that you left out")) == slugs(alone)
    none = client.get_page("/en/services/?q=kindergarten&who=company")
    assert "Nothing that we found for “kindergarten” fits what you ticked." in none.text


def test_ticks_that_are_none_are_left_aside(catalogue: Flask, client: InspectingClient) -> None:
    page = client.get_page("/en/services/?who=nonsense&who=%3Cb%3E&who=student")
    assert [one["value"] for one in page.select("input[checked]")] == ["student"]
    assert "nonsense" not in page.text and "<b>" not in page.html
    client.get_page("/en/services/?" + "&".join(["who=student"] * 2000))


def test_who_finds_nothing_is_helped_on(
    catalogue: Flask, client: InspectingClient, session: Session
) -> None:
    face.set_up_place(session, "House", "Street 1", "+45 99 31 00 00", "Europe/Copenhagen", HOURS, PHONE)
    session.commit()
    page = client.get_page("/en/services/?q=kommunikation")
    assert "We found no service for “kommunikation”." in page.text
    assert "Did you mean one of these?" in page.text
    assert ("+45 99 31 00 00", "tel:+4599310000") in page.links
    assert ("Come to the house", "/en/visit-us") in page.links
    page = client.get_page("/en/services/?q=xyzzy")
    assert "Did you mean" not in page.text and "We help you find it" in page.text


@pytest.mark.parametrize("language", [one.tag for one in LANGUAGES])
def test_nothing_found_can_be_read_in_every_language(
    catalogue: Flask, client: InspectingClient, language: str
) -> None:
    client.get_page(f"/{language}/services/?q=xyzzy&who=eu&who=company")


@pytest.mark.parametrize(
    "words", ["%E2%80%AEtfel", "${7*7}", "<script>alert(1)</script>", "' OR 1=1 --", "%00", "\\"]
)
def test_malicious_words_are_only_words(catalogue: Flask, client: InspectingClient, words: str) -> None:
    page = client.get_page(f"/en/services/?q={words}")
    assert "<script>alert" not in page.html and "49" not in page.text


def test_a_megabyte_is_refused_at_once(catalogue: Flask, client: InspectingClient) -> None:
    page = client.get_page("/en/services/", 422, query_string={"q": "skat " * 200_000, "who": "eu"})
    assert len(page.one("#q")["value"]) <= 80
    assert [one["value"] for one in page.select("input[checked]")] == ["eu"]
