"""Checking in by what a scanner types: the link of the visitor's page, or the reference in any spelling."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from house.intake.cards import card_of
from house.intake.models import Visit
from house.seals import ALPHABET, reference_scanned
from tests.hostile import nothing_changes
from tests.intake.booking_house import house_template  # noqa: F401 - a fixture
from tests.intake.desk_house import (
    CHECK_IN,
    CPR,
    REGISTER,
    booked,
    rows,
    the_house,  # noqa: F401 - a fixture
    thursday,  # noqa: F401 - a fixture
)
from tests.intake.spellings import ALL, DANISH, REFERENCE, RING, links


@given(st.text(ALPHABET, min_size=7, max_size=7), st.sampled_from(["visit", "ticket"]), st.integers(1, 9))
def test_every_link_of_ours_names_its_reference_on_every_keyboard(reference, kind, generation) -> None:
    for typed in links(kind, reference, generation):
        assert reference_scanned(typed) == reference, typed


def test_a_reference_is_read_in_any_spelling() -> None:
    for typed in ALL:
        assert reference_scanned(typed) == REFERENCE, typed


def spellings(link: str, reference: str) -> list[str]:
    page = f"https://a-long-name-of-an-international-house.example.dk/ar/visit/{link}"
    return [page, page.upper(), page.translate(DANISH), f"{reference[:3].lower()} {reference[3:].lower()} "]


@pytest.mark.parametrize("spelling", range(4))
def test_the_desk_takes_what_a_scanner_types(house, desk_client, arranging, looking, spelling):
    with arranging() as session:
        visit = booked(session)
        typed = spellings(card_of(session, visit).link, visit.reference)[spelling]
    page = desk_client.get_page("/desk/").submit(CHECK_IN, reference=typed).must_be(303).follow()
    assert page.one(".notice.good .given").text == "Ticket A1"
    with looking() as session:
        assert session.scalars(select(Visit.state)).one() == "arrived"


def test_a_link_to_nothing_is_refused_as_it_was_scanned(house, desk_client):
    typed = f"https://house.example.dk/en/visit/{RING.link('visit', 'K7M4QXT', 1)}"
    page = desk_client.get_page("/desk/")
    with nothing_changes(desk_client.application, typed):
        refused = page.submit(CHECK_IN, reference=typed).must_be(422)
    assert refused.one(".summary li").text == "We found no booking for that today."
    assert refused.one("#reference")["value"] == typed


SHORT = "https://h.dk/uk/visit/K7M4QXT.abcdef"
CODES = [
    *links("visit", REFERENCE, 1), *links("ticket", REFERENCE, 2), SHORT, SHORT.translate(DANISH),
    links("visit", REFERENCE, 1)[0][:40], links("visit", REFERENCE, 1)[2][:40], "https://example.org",
]  # fmt: skip


@pytest.mark.parametrize("code", CODES)
def test_what_a_scanner_typed_is_nobodys_name(house, desk_client, looking, code):
    page = desk_client.get_page("/desk/").submit(REGISTER, service=CPR, party="2", name=code).must_be(422)
    assert page.one(".summary li").text == "This is a scanned code, not a name."
    assert page.form(REGISTER).select("#party")[0]["value"] == "2", "the other answers are kept"
    assert rows(looking, Visit) == 0


@pytest.mark.parametrize("name", ["Æ. H. Visit-Hansen", "Ticket Q. Https", "J.-P. K7M4QXT", "Ana-María Dž."])
def test_a_name_is_a_name(house, desk_client, looking, name):
    desk_client.get_page("/desk/").submit(REGISTER, service=CPR, name=name).must_be(303)
    assert rows(looking, Visit) == 1


def test_the_camera_is_offered_only_where_a_script_finds_it(house, desk_client):
    page = desk_client.get_page("/desk/")
    assert page.select("[data-scan][hidden]") and page.select("[data-scanner][hidden]")
    assert "camera=(self)" in page.response.headers["Permissions-Policy"]
    assert any("scanner.js" in one["src"] for one in page.select("script"))
