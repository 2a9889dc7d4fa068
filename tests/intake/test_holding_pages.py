"""Booking online: taking a time, which is held for this browser, or is gone by then."""

from __future__ import annotations

import pytest

from tests.intake.booking_house import (
    CPR,
    FRIDAY,
    THURSDAY,
    house_template,  # noqa: F401 - a fixture
    tick,
)
from tests.intake.booking_pages import (
    TEN,
    book_path,
    hold_time,
    stored,
    take_away,
    the_house,  # noqa: F401 - a fixture
)


@pytest.mark.parametrize("start", ["", "10:00", "1e9", "²", "9" * 5000, "x" * 1_000_000])
def test_what_is_no_time_comes_back_with_a_sentence(client, house, looking, start):
    page = client.get_page(book_path(THURSDAY)).submit(extra={"start": start}).must_be(422)
    assert "Please choose a time." in page.said
    assert stored(looking) == (0, 0, 0)


def test_no_time_chosen_comes_back_with_a_sentence(client, house):
    page = client.get_page(book_path(THURSDAY)).submit().must_be(422)
    assert "Please choose a time." in page.said


def test_without_the_token_nothing_is_held(client, house, looking):
    page = client.post_page(book_path(THURSDAY), {"start": TEN}, 422)
    assert "Please press the button once more." in page.said
    assert stored(looking) == (0, 0, 0)
    assert page.submit(start=str(TEN)).status == 303


@pytest.mark.parametrize(
    "start", [tick(THURSDAY, "10:05"), tick("2027-01-06", "10:00"), tick("2027-01-11", "10:00"), -5, 10**40]
)
def test_a_time_that_was_made_up_is_refused_with_the_nearest(client, house, looking, start):
    page = client.get_page(book_path(THURSDAY)).submit(extra={"start": str(start)}).must_be(409)
    assert "This time is no longer free." in page.text
    assert len(page.select("[role=alert] button[name=start]")) == 3
    assert stored(looking) == (0, 0, 0)


def test_a_post_for_a_made_up_service_is_not_found(client, house, looking):
    token = client.get_page(book_path(THURSDAY)).values()["csrf_token"]
    for path, status in [("no_such_thing/1", 404), (f"{CPR}/9", 404), (f"{CPR}/0", 404), ("tax_card/1", 404)]:
        url = f"/en/book/{path}/{THURSDAY}"
        client.post_page(url, {"start": TEN, "csrf_token": token}, status)
    assert stored(looking) == (0, 0, 0)


def test_a_time_that_somebody_took_meanwhile_is_refused_kindly(client, house, arranging, looking):
    page = client.get_page(book_path(THURSDAY, party=1))
    take_away(arranging)
    page = page.submit(start=str(TEN)).must_be(409)
    assert "Somebody was faster" in page.text and page.h1.startswith("Choose a time")
    near = page.select("[role=alert] button[name=start]")
    assert [one["value"] for one in near] == [
        str(tick(THURSDAY, wall)) for wall in ("10:20", "10:30", "10:40")
    ]
    assert page.submit(near[0].text).follow().h1 == "Who are you?"


def test_pressing_the_button_twice_holds_once(client, house, looking):
    page = client.get_page(book_path(THURSDAY))
    first, second = (page.submit(start=str(TEN)) for _ in range(2))
    assert first.location == second.location
    assert stored(looking) == (1, 0, 4)


def test_another_time_replaces_the_held_one_and_keeps_the_answers(client, house, looking):
    check = hold_time(client).submit(name="Ada", email="ada@example.org").follow()
    assert check.h1 == "Check your answers"
    again = hold_time(client, "11:00", FRIDAY)
    assert again.h1 == "Check your answers"  # nothing to ask again
    assert "Ada" in again.text and "Fri" in again.text
    assert stored(looking) == (1, 0, 4)


def test_another_browser_holds_its_own_time(app, client, house, looking):
    hold_time(client)
    hold_time(app.test_client(), "10:20")
    assert stored(looking) == (2, 0, 8)
