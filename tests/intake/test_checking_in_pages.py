"""The desk checks in who booked: from the list, by reference, by name, and what cannot be checked in."""

from __future__ import annotations

from house import clock
from house.intake import desk_queue
from house.intake import face as intake
from tests.hostile import nothing_changes, refuses_everything, send
from tests.intake.booking_house import (
    CPR,
    FRIDAY,
    THURSDAY,
    at,
    house_template,  # noqa: F401 - a fixture
    set_up,
)
from tests.intake.desk_house import (
    CHECK_IN,
    booked,
    numbers,
    the_day_before,
    the_desk,  # noqa: F401 - a fixture
    the_house,  # noqa: F401 - a fixture
    thursday,  # noqa: F401 - a fixture
)


def test_a_booking_is_checked_in_from_the_list_by_one_press(desk, arranging):
    with arranging() as session:
        reference = booked(session, name="Ada Lovelace").reference
    page = desk.client.get_page("/desk/")
    assert numbers(page, "coming") == ["10:00"]
    [button] = page.select("[data-part=coming] button")
    assert (button["name"], button["value"]) == ("reference", reference)
    page = page.submit(button.text).must_be(303).follow()
    assert numbers(page, "coming") == []
    assert numbers(page) == ["A1"]
    assert "booked 10:00" in page.one(".queue").text


def test_what_is_pressed_counts_more_than_what_was_typed(desk, arranging):
    with arranging() as session:
        reference = booked(session, name="Ada").reference
    page = desk.client.get_page("/desk/")
    send(page, CHECK_IN, {"reference": ["somebody else", reference]}).must_be(303)


def test_enter_in_the_line_presses_the_button_beside_it(desk, arranging):
    """The first button of a form is the one that Enter presses: it must have no value of the list's."""
    with arranging() as session:
        booked(session)
    page = desk.client.get_page("/desk/")
    every = [one for one in page.select("button") if one in page.buttons(page.form(CHECK_IN))]
    assert [one.get("name") for one in every] == [None, "reference"], "in the order of the page"


def test_the_next_ones_to_come_are_listed_and_the_others_found_by_name(desk, arranging):
    with arranging() as session:
        set_up(session, capacity=20)
        for number in range(desk_queue.SHOWN + 2):
            booked(session, "10:00" if number else "11:00", f"Guest {number}")
    page = desk.client.get_page("/desk/")
    assert numbers(page, "coming") == ["10:00"] * desk_queue.SHOWN
    assert "2 more come later. Find them by name." in page.one("[data-part=coming]").text
    assert page.select(".stats dd")[2].text == str(desk_queue.SHOWN + 2)
    page.submit(CHECK_IN, reference="guest 0").must_be(303)


def test_a_morning_of_no_shows_does_not_hide_who_comes_next(desk, arranging, thursday, monkeypatch):  # noqa: F811
    monkeypatch.setattr(desk_queue, "_COMING", desk_queue._COMING.limit(2))
    with arranging() as session:
        for wall in ("10:00", "10:20", "11:20", "11:40"):
            booked(session, wall, f"Guest of {wall}")
    thursday.move_to(clock.now().replace(hour=9, minute=30))  # 10:30 on the wall
    page = desk.client.get_page("/desk/")
    assert numbers(page, "coming") == ["10:00", "10:20"]
    assert "Late by 30 min: keeps the booked time" in page.one("[data-part=coming]").text
    thursday.move_to(clock.now().replace(minute=32))
    page = desk.client.get_page("/desk/")
    assert "Late by 32 min: waits like a walk-in" in page.one("[data-part=coming]").text
    page = page.submit(CHECK_IN, reference="Guest of 10:00").must_be(303).follow()
    assert "Late by 32 min: waits like a walk-in" in page.one("[data-part=waiting]").text
    thursday.move_to(clock.now().replace(hour=10, minute=30))
    assert numbers(desk.client.get_page("/desk/"), "coming") == ["11:20", "11:40"]


# --- refused ---------------------------------------------------------------------------------------------


def test_a_check_in_that_cannot_be_says_why_and_keeps_what_was_typed(desk, arranging):
    with arranging() as session:
        here, _twin = booked(session, name="Ada Lovelace"), booked(session, "10:20", "Ada King")
        with the_day_before():
            other = intake.book(session, CPR, 1, at(FRIDAY, "10:00"), "en", "Jan")
            gone = intake.book(session, CPR, 1, at(THURSDAY, "10:40"), "en", "Eva")
            intake.cancel(session, gone)
        codes = [one.reference for one in (here, other, gone)]
    desk = desk.client.get_page("/desk/")
    desk.submit(CHECK_IN, reference=codes[0]).must_be(303)
    desk.submit(CHECK_IN, reference=codes[0]).must_be(303)  # the same form: it says that it was done
    desk = desk.client.get_page("/desk/")
    for typed, status, says in (
        (codes[0], 409, "This visit is checked in already."),
        (codes[1], 409, "This visit is on another day: Friday 8 January 2027."),
        (codes[2], 409, "This visit was cancelled or is over."),
        ("Grace", 422, "We found no booking for that today."),
    ):
        with nothing_changes(desk.client.application, typed):
            page = desk.submit(CHECK_IN, reference=typed).must_be(status)
        assert page.one(".summary li").text.replace(",", "") == says
        assert page.one("#reference")["value"] == typed


def test_several_of_a_name_are_asked_for_the_reference(desk, arranging):
    with arranging() as session:
        booked(session, name="Ana Popescu"), booked(session, "10:20", "Ion Popescu")
    page = desk.submit(CHECK_IN, reference="popescu").must_be(422)
    assert page.one(".summary li").text == "Several bookings fit. Please use the reference."


def test_every_bad_check_in_is_refused(desk):
    refuses_everything(
        lambda: desk.client.get_page("/desk/"), CHECK_IN, {"reference": "K7M4QXT"},
        needed=["reference"], lines=["reference"],
    )  # fmt: skip
