"""Checking in at the kiosk by a code: typed, scanned or written with the keys on the screen."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from house.intake.kiosk_forms import CodeForm
from house.intake.models import Ticket
from house.intake.views import kiosk as pages
from tests.hostile import MEGABYTE, nothing_changes
from tests.intake.booking_house import (
    CPR,
    at,
    house_template,  # noqa: F401 - a fixture
)
from tests.intake.desk_house import (
    booked,
    the_day_before,
    the_house,  # noqa: F401 - a fixture
    thursday,  # noqa: F401 - a fixture
)
from tests.intake.hall_house import KIOSK, visits
from tests.intake.kiosk_house import (
    check_in,
    the_key,  # noqa: F401 - a fixture
    the_number,
    the_screen,  # noqa: F401 - a fixture
    twenty_to_ten,  # noqa: F401 - a fixture
)


def test_a_booking_is_checked_in_by_its_code(screen, arranging, looking):
    with arranging() as session:
        reference = booked(session, name="Ada Lovelace").reference
    page = check_in(screen, f" {reference[:3].lower()}-{reference[3:]} ").follow()
    assert the_number(page) == "A1"
    assert "Ada" not in page.html and reference not in page.text
    assert visits(looking)[0].state == "arrived"


def test_a_scanner_types_the_link_of_the_confirmation(screen, arranging, looking):
    from house.intake.cards import card_of

    with arranging() as session:
        visit = booked(session)
        scanned = f"https://house.example/ar/visit/{card_of(session, visit).link}"
    assert the_number(check_in(screen, scanned).follow()) == "A1"


def test_a_code_scanned_twice_shows_the_same_ticket(screen, arranging, looking):
    with arranging() as session:
        reference = booked(session).reference
    first, second = check_in(screen, reference).follow(), check_in(screen, reference).follow()
    assert the_number(first) == the_number(second)
    with looking() as session:
        assert session.scalar(select(func.count()).select_from(Ticket)) == 1


def test_every_code_that_does_not_fit_is_refused_in_the_same_words(screen, arranging):
    with arranging() as session:
        tomorrow = None
        with the_day_before():
            from house.intake import face as intake
            from tests.intake.booking_house import FRIDAY

            tomorrow = intake.book(session, CPR, 1, at(FRIDAY, "10:00"), "en", "Grace Hopper").reference
        cancelled = booked(session, name="Alan Turing")
        intake.cancel(session, cancelled, "visitor")
        gone = cancelled.reference
    said = set()
    for typed in (tomorrow, gone, "K7M4QXT", "Grace Hopper", "/visit/", "https://x/visit/K7M4QXT.AAAA", "§"):
        with nothing_changes(screen.application, typed):
            page = check_in(screen, typed, 422)
        said.add(page.one(".summary li").text)
        assert "Grace" not in page.html.replace('value="Grace Hopper"', "")
    assert said == {"We cannot check in with this code. Please ask at the desk."}


def test_codes_cannot_be_tried_without_end(screen, monkeypatch):
    monkeypatch.setattr(pages, "MOST_CODES", 2)
    for _ in range(2):
        check_in(screen, "K7M4QXT", 422)
    page = check_in(screen, "K7M4QXT", 429)
    assert int(page.response.headers["Retry-After"]) > 0


@pytest.mark.parametrize("typed", [pytest.param(MEGABYTE, id="a megabyte"), "", "  ", "010203-1234"])
def test_a_line_that_is_no_code_is_refused(screen, typed):
    page = check_in(screen, typed, 422)
    assert page.one(".summary li").text and len(page.html) < 60_000


def test_the_keys_on_the_screen_write_without_a_script(screen, arranging):
    with arranging() as session:
        reference = booked(session).reference
    page = screen.get_page(f"{KIOSK}/en/check-in")
    for sign in f"{reference}7":
        page = page.submit(sign).must_be(200)
    assert page.one("#typed")["value"] == f"{reference}7"
    page = page.submit("Delete the last sign").must_be(200)
    assert page.one("#typed")["value"] == reference
    assert the_number(page.submit("Check in").must_be(303).follow()) == "A1"


def test_keys_that_are_not_on_the_screen_write_nothing(app):
    with app.test_request_context():
        form = CodeForm(formdata=None, data={"typed": "K7"})
        for key in ("a", "O", "<b>", MEGABYTE, ""):
            form.press(key)
        assert form.typed.data == "K7"
