"""The kiosk when the house is closed: no tickets, but bookings that a counter waits for."""

from __future__ import annotations

import pytest

from house.catalogue.face import ClosedFor
from house.intake import calling, closing_today
from house.intake.models import Counter
from tests.intake.booking_house import (
    CPR,
    THURSDAY,
    at,
    house_template,  # noqa: F401 - a fixture
    set_up,
)
from tests.intake.desk_house import (
    DESK,
    TODAY,
    booked,
    the_house,  # noqa: F401 - a fixture
    thursday,  # noqa: F401 - a fixture
    walk_in,
)
from tests.intake.hall_house import KIOSK, visits
from tests.intake.kiosk_house import (
    check_in,
    the_key,  # noqa: F401 - a fixture
    the_number,
    the_screen,  # noqa: F401 - a fixture
    twenty_to_ten,  # noqa: F401 - a fixture
)

OPENS_AT_TEN = "We open next: Thursday, 7 January 2027, 10:00."


def kiosk_at(screen, clock, moment):
    """The kiosk's own pages at a moment: the menu, taking a ticket, checking in."""
    clock.move_to(moment)
    return [screen.get_page(f"{KIOSK}/en/{step}") for step in ("", f"take/{CPR}", "check-in")]


@pytest.mark.parametrize(
    ("moment", "says"),
    [
        (at(THURSDAY, "06:06"), OPENS_AT_TEN),
        (at(THURSDAY, "09:29"), OPENS_AT_TEN),
        (at(THURSDAY, "12:00"), "We open next: Friday, 8 January 2027, 10:00."),
        (at("2027-01-10", "11:00"), "We open next: Thursday, 14 January 2027, 10:00."),  # a Sunday
        (at("2027-03-25", "11:00"), "We open next: Thursday, 1 April 2027, 10:00."),  # Maundy Thursday
    ],
)
def test_outside_its_hours_the_house_gives_no_ticket_and_says_when_it_opens(
    screen, soon_open, moment, says
):
    for page in kiosk_at(screen, soon_open, moment):
        assert "Closed now" in page.text and says in page.text and "desk" not in page.text
        assert not [href for _words, href in page.links if "/take/" in href or href.endswith("/check-in")]
        assert not page.select("button.key") and "minutes" not in page.text


def test_a_page_that_was_open_at_closing_time_gives_nothing_any_more(screen, soon_open, looking):
    soon_open.move_to(at(THURSDAY, "11:59"))
    take_page, coming = screen.get_page(f"{KIOSK}/en/take/{CPR}"), screen.get_page(f"{KIOSK}/en/check-in")
    soon_open.move_to(at(THURSDAY, "12:00"))
    for page in (take_page.submit("1"), coming.submit("Check in", typed="K7M4QXT")):
        assert "Closed now" in page.must_be(409).one(".summary").text
        assert "We open next: Friday" in page.text
    assert visits(looking) == []


@pytest.mark.parametrize("wall", ["09:30", "10:00", "11:59"])
def test_tickets_are_given_from_half_an_hour_before_the_door_opens(screen, soon_open, wall):
    menu, page, _check_in = kiosk_at(screen, soon_open, at(THURSDAY, wall))
    assert "Closed" not in menu.text
    assert the_number(page.submit("1").must_be(303).follow()) == "A1"


def test_a_ticket_taken_twice_around_closing_time_is_still_one(screen, soon_open):
    soon_open.move_to(at(THURSDAY, "11:59"))
    page = screen.get_page(f"{KIOSK}/en/take/{CPR}")
    page.submit("1").must_be(303)
    soon_open.move_to(at(THURSDAY, "12:00"))
    assert the_number(page.submit("1").must_be(303).follow()) == "A1"


def test_who_booked_before_the_door_opens_checks_in_when_the_counter_does(screen, soon_open, arranging):
    early = {3: [("08:00", "12:00")]}
    with arranging() as session:
        set_up(session, services=[CPR], hours=early)
        reference = booked(session, "08:20").reference
    [*_others, page] = kiosk_at(screen, soon_open, at(THURSDAY, "07:29"))
    assert "Closed now" in page.text and not page.select("button.key")
    menu, take_page, _check_in = kiosk_at(screen, soon_open, at(THURSDAY, "07:35"))
    assert "Closed now" in menu.text and not take_page.select("button.key"), "tickets come later"
    assert menu.click("I have booked a time").h1 == "I have booked a time"
    assert the_number(check_in(screen, reference).follow()) == "A1"


def test_on_a_closed_day_bookings_are_checked_in_while_somebody_still_serves(screen, soon_open, arranging):
    with arranging() as session:
        reference = booked(session, "11:00").reference
        walk_in(session)
    soon_open.move_to(at(THURSDAY, "10:30"))
    open_page = screen.get_page(f"{KIOSK}/en/check-in")
    with arranging() as session:
        seen = len(closing_today.preview(session).coming)
        closing_today.close(session, ClosedFor.STAFF, None, seen, DESK)
    assert "Closed today" in open_page.submit("Check in", typed=reference).must_be(409).text
    with arranging() as session:
        calling.call_next(session, session.get_one(Counter, 1), TODAY, DESK)
    assert the_number(check_in(screen, reference).follow()) == "A2"
