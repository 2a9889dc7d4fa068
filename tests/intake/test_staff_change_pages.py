"""Staff cancel, take back and move a visit on their own pages, before and after anybody heard of it."""

from __future__ import annotations

from datetime import timedelta

from house import worker
from tests.intake.booking_house import (
    CPR,
    FRIDAY,
    THURSDAY,
    at,
    house_template,  # noqa: F401 - a fixture
    tick,
)
from tests.intake.booking_pages import the_house  # noqa: F401 - a fixture
from tests.intake.changing_pages import (
    booking_a_visit,  # noqa: F401 - a fixture
    kinds,
    reference_in,
    times_of,
)


def test_staff_cancel_and_take_it_back_before_anybody_hears(house, desk_client, client, booked, app, looking):
    path = booked()
    page = desk_client.get_page(f"/desk/visit/{reference_in(path)}")
    assert "This visit is booked." in page.text and "Ada" in page.text
    off = page.submit("Cancel the visit").follow()
    assert client.get_page(path).h1 == "We had to cancel your visit"
    with app.app_context():
        while worker.send_one(worker.mailbox):
            pass
    back = off.submit("Take it back").follow()
    assert "The visit is booked as before." in back.text
    assert client.get_page(path).h1 == "Your visit is booked"
    assert kinds(looking) == ["visit_booked"]
    house.clock.shift(timedelta(minutes=5))
    with app.app_context():
        worker.every_minute(app)
        assert not worker.send_one(worker.mailbox)


def test_after_a_minute_it_is_too_late(house, desk_client, booked, app, looking):
    page = desk_client.get_page(f"/desk/visit/{reference_in(booked())}")
    off = page.submit("Cancel the visit").follow()
    house.clock.shift(timedelta(minutes=1))
    with app.app_context():
        while worker.send_one(worker.mailbox):
            pass
    refused = off.submit("Take it back").must_be(409)
    assert "too late" in refused.said
    assert kinds(looking) == ["visit_booked", "visit_cancelled"]


def test_nobody_gets_the_places_within_the_minute(house, desk_client, client, booked):
    desk_client.get_page(f"/desk/visit/{reference_in(booked())}").submit("Cancel the visit").follow()
    ten = f'value="{tick(THURSDAY, "10:00")}"'
    assert ten not in client.get_page(f"/en/book/{CPR}/1/{THURSDAY}").html
    house.clock.shift(timedelta(minutes=2, seconds=1))
    assert ten in client.get_page(f"/en/book/{CPR}/1/{THURSDAY}").html


def test_staff_move_a_visit_for_a_caller(house, desk_client, booked, looking):
    path = booked()
    days = desk_client.get_page(f"/desk/visit/{reference_in(path)}").click("Choose another time")
    times = desk_client.get_page(days.select("ul.days a")[1]["href"])
    moved = times.submit(start=str(tick(FRIDAY, "11:00"))).follow()
    assert "Your visit has a new time." in moved.text and "11:00" in moved.text
    assert times_of(looking) == [at(FRIDAY, "11:00")]
    times.submit(start=str(tick(FRIDAY, "11:00"))).must_be(303)
    client_post = {"start": "soon", "csrf_token": times.values()["csrf_token"]}
    desk_client.post_page(times.url, client_post, 422)


def test_what_staff_cannot_change_says_why(house, desk_client, booked):
    page = desk_client.get_page(f"/desk/visit/{reference_in(booked())}")
    house.clock.move_to(at(THURSDAY, "10:00"))
    refused = page.submit("Cancel the visit").must_be(409)
    assert "The time of this visit has come." in refused.said
    desk_client.get_page("/desk/visit/K7M4QXT", 404)
    desk_client.post_page(page.url + "/cancel", {}, 422)


def test_a_visit_at_the_desk_is_only_for_staff(client, booked):
    path = f"/desk/visit/{reference_in(booked())}"
    for page in ("", "/move/", f"/move/{FRIDAY}"):
        assert client.get_page(path + page, 303).location.startswith("/sign-in")
    client.post_page(path + "/cancel", {}, 303)
