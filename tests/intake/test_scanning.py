"""Checking in by what a scanner types: the link of the visitor's page, or the reference in any spelling."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from house.intake.cards import card_of
from house.intake.models import Visit
from house.seals import ALPHABET, Keyring, reference_scanned
from tests.hostile import nothing_changes
from tests.intake.booking_house import house_template  # noqa: F401 - a fixture
from tests.intake.desk_house import (
    CHECK_IN,
    booked,
    the_house,  # noqa: F401 - a fixture
    thursday,  # noqa: F401 - a fixture
)

RING = Keyring("a secret of this house, long enough")
DANISH = str.maketrans({"/": "-", ":": "Æ", "-": "+", "_": "?"})
"""What a scanner that is set to an American keyboard types where a Danish one is."""


@given(st.text(ALPHABET, min_size=7, max_size=7), st.sampled_from(["visit", "ticket"]), st.integers(1, 9))
def test_every_link_of_ours_names_its_reference_on_every_keyboard(reference, kind, generation) -> None:
    link = f"https://house.example.dk/uk/{kind}/{RING.link(kind, reference, generation)}"
    spelled = (link, link.swapcase(), link.translate(DANISH), f"  {link}\r", f"{link}?x=1", f"{link}/print")
    for typed in spelled:
        assert reference_scanned(typed) == reference, typed


def test_a_reference_is_read_in_any_spelling() -> None:
    for typed in ("K7M4QXT", "k7m4qxt", " k7m 4qxt ", "K7M-4QXT", "k7m.4qxt"):
        assert reference_scanned(typed) == "K7M4QXT"


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


def test_the_camera_is_offered_only_where_a_script_finds_it(house, desk_client):
    page = desk_client.get_page("/desk/")
    assert page.select("[data-scan][hidden]") and page.select("[data-scanner][hidden]")
    assert "camera=(self)" in page.response.headers["Permissions-Policy"]
    assert any("scan.js" in one["src"] for one in page.select("script"))
