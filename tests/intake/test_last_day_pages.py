"""Booking online from one's own list: the last day is told, and a later time refused unless one insists."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from house.intake.models import Visit
from tests.catalogue.plan_answers import PEOPLE
from tests.catalogue.plan_walking import walk_to_list
from tests.hostile import nothing_changes
from tests.intake.booking_house import (
    CPR,
    DRIVING,
    house_template,  # noqa: F401 - a fixture
    set_up,
    tick,
)

LAST, LATE = "2027-03-24", "2027-03-30"
HOURS = {day: [("09:00", "15:00")] for day in range(5)}
TOO_LATE = "This is after your last day, Wednesday, 24 March 2027. Please choose an earlier day."


@pytest.fixture
def moved_in(arranging, frozen, client):
    """The Müllers of case P06 have their list; the house books for them. Its clock."""
    clock_ = frozen("2027-03-22 12:00")
    with arranging() as session:
        set_up(session, services=[CPR, DRIVING], hours=HOURS)
    walk_to_list(client, PEOPLE["P06"])
    return clock_


def page_of(day, slug=CPR):
    return f"/en/book/{slug}/4/{day}"


def visits(looking):
    with looking() as session:
        return [visit.day for visit in session.scalars(select(Visit))]


def test_the_days_say_which_is_the_last_and_which_come_after(client, moved_in):
    page = client.get_page(page_of(""))
    assert "The last day for this is Wednesday, 24 March 2027: " in page.one("main .notice").text
    days = [one["datetime"] for one in page.select("ul.days time")]
    said = ["After your last day" in one.text for one in page.select("ul.days a")]
    assert len(days) > 3 and said == [day > LAST for day in days]


def test_a_day_after_it_is_refused_and_taken_only_by_who_insists(app, client, moved_in, looking):
    page = client.get_page(page_of(LATE))
    assert "This day is too late." in page.one(".notice.warn").text
    with nothing_changes(app, "a late time"):
        refused = page.submit(start=str(tick(LATE, "10:00"))).must_be(409)
    assert refused.one("#late-error").text.endswith(TOO_LATE) and "Somebody was faster" not in refused.text
    assert [one["value"] for one in refused.select("input[checked]")] == [str(tick(LATE, "10:00"))]
    refused.submit(late="y").must_be(303)
    assert visits(looking) == [date.fromisoformat(LATE)]


def test_the_time_counts_and_not_the_day_in_the_address(app, client, moved_in):
    page = client.get_page(page_of(LAST))
    assert not page.select("[name=late]")
    with nothing_changes(app, "a late time"):
        values = {**page.values("Take this time"), "start": str(tick(LATE, "10:00"))}
        refused = client.post_page(page_of(LAST), values, 409)
    assert TOO_LATE in refused.text


def test_in_time_nothing_is_asked(client, moved_in, looking):
    client.get_page(page_of(LAST)).submit(start=str(tick(LAST, "10:00"))).must_be(303)
    assert visits(looking) == [date.fromisoformat(LAST)]


def test_what_is_overdue_is_booked_as_soon_as_it_can(client, moved_in, looking):
    moved_in.move_to("2027-03-26 12:00")
    walk_to_list(client, PEOPLE["P06"])
    page = client.get_page(page_of(LATE))
    assert "The last day for this was Wednesday, 24 March 2027: " in page.one(".notice.warn").text
    page.submit(start=str(tick(LATE, "10:00"))).must_be(303)


@pytest.mark.parametrize("slug", [CPR, DRIVING])
def test_who_has_no_list_or_no_limit_is_told_of_none(app, client, moved_in, slug):
    browser = client if slug == DRIVING else app.test_client()
    page = browser.get_page(page_of(LATE, slug))
    assert "last day" not in page.text and not page.select("[name=late]")
    page.submit(start=str(tick(LATE, "10:00"))).must_be(303)
