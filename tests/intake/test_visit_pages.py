"""The page of a booked visit: its link, cancelling, the calendar entry, and what opens nothing."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from house.intake import following
from house.intake.booking import book
from house.intake.forget import forget
from house.intake.holding import hold
from house.intake.models import Visit
from house.intake.registration import check_in
from tests.intake.booking_house import (
    CPR,
    THURSDAY,
    at,
    house_template,  # noqa: F401 - a fixture
)
from tests.intake.booking_pages import (
    TEN,
    book_path,
    book_visit,
    stored,
    the_house,  # noqa: F401 - a fixture
)


def test_a_visit_is_cancelled_by_its_link_and_its_time_is_free_at_once(client, house, looking):
    visit = book_visit(client)
    assert "10:00" not in client.get_page(book_path(THURSDAY)).text
    cancel = visit.click("Cancel the visit")
    assert "10:00" in cancel.text
    gone = cancel.submit().follow()
    assert gone.h1 == "Your visit is cancelled"
    assert not gone.select("a.button.warn") and "Cancel the visit" not in gone.text
    assert "10:00" in client.get_page(book_path(THURSDAY)).text
    cancel.submit().follow()  # once more
    assert stored(looking) == (1, 2, 0)
    assert client.get(visit.url + "/cancel").status_code == 302


def test_cancelling_needs_the_token(client, house, looking):
    visit = book_visit(client)
    client.post_page(visit.url + "/cancel", {}, 422)
    assert stored(looking) == (1, 1, 4)


def test_a_past_visit_has_a_page_of_its_own_and_cannot_be_cancelled(client, house, looking):
    visit = book_visit(client)
    cancel = visit.click("Cancel the visit")
    house.clock.move_to(at(THURSDAY, "10:05"))
    assert "Cancel the visit" not in client.get_page(visit.url).text
    assert cancel.submit().status == 409
    house.clock.move_to(at(THURSDAY, "12:00"))
    assert client.get_page(visit.url).h1 == "This visit is over"
    assert stored(looking) == (1, 1, 4)


def test_the_calendar_entry_comes_by_link(client, house):
    visit = book_visit(client)
    answer = client.get(visit.url + ".ics")
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8; method=PUBLISH"
    assert "BEGIN:VEVENT" in answer.text


def test_links_that_open_nothing_are_not_found(client, house):
    visit = book_visit(client)
    token = visit.url.rsplit("/", 1)[1]
    reference, _, mac = token.partition(".")
    tampered = [
        reference, f"{reference}.", f"{reference}.{mac[:-1]}", f"{reference}.{mac[::-1]}", f"3333333.{mac}",
        "x.y", f"{reference}.æøå", f"{reference}.{mac}.ics.ics", "%00", "a" * 2000,
    ]  # fmt: skip
    for one in tampered:
        for path in (
            "/en/visit/{}",
            "/en/visit/{}/cancel",
            "/en/visit/{}.ics",
            "/en/book/hold/{}",
            "/en/book/hold/{}/check",
        ):
            assert client.get(path.format(one)).status_code == 404, (path, one)
    client.get_page(f"/en/book/hold/{token}", 404)  # a visit's link is no hold's link


def test_a_held_visit_has_no_page_yet(client, house, arranging):
    from house.seals import keyring

    with arranging() as session:
        visit = hold(session, CPR, 1, TEN, "en", b"x")
        token = keyring().link("visit", visit.reference, visit.generation)
    client.get_page(f"/en/visit/{token}", 404)


def test_an_older_link_is_gone(client, house, arranging):
    visit = book_visit(client)
    with arranging() as session:
        session.scalars(select(Visit)).one().generation = 2
    for path in ("", ".ics", "/cancel"):
        assert client.get(visit.url + path).status_code == 410


def test_no_name_or_link_is_in_a_page_for_others(app, client, house):
    visit = book_visit(client)
    other = app.test_client().get_page(book_path(THURSDAY))
    assert "Ada" not in other.html and visit.url not in other.html


def forget_at(arranging, moment):
    with arranging() as session:
        return forget(session, moment)


def test_a_link_dies_with_the_names_thirty_days_after_the_visit(client, house, arranging):
    visit = book_visit(client)
    ends = at(THURSDAY, "12:00") + timedelta(days=30)
    for days, status in ((0, 200), (1, 410), (371, 410)):
        forget_at(arranging, ends + timedelta(days=days))
        house.clock.move_to(ends + timedelta(days=days))
        assert client.get(visit.url + ".ics").status_code == status
        page = client.get_page(visit.url, status)
        assert ("Civil registration" in page.text or "10:00" in page.text) == (status == 200), page.text
    for way in ("/cancel", "/move/"):
        assert client.get(visit.url + way).status_code == 410
    assert forget_at(arranging, ends + timedelta(days=400)) == 0, "once"


def test_the_ticket_of_somebody_without_a_name_dies_too(client, house, arranging):
    with arranging() as session:
        booked = book(session, CPR, 1, at(THURSDAY, "10:00"), "en", "Ada", "ada@example.org")
        session.flush()
        house.clock.move_to(at(THURSDAY, "09:50"))
        check_in(session, booked, "house")
        booked.name = booked.email = booked.email_mark = None
        link = f"/en/ticket/{following.link_of(booked)}"
    assert client.get(link).status_code == 200
    forget_at(arranging, at(THURSDAY, "12:00") + timedelta(days=31))
    assert client.get(link).status_code == 410


def test_what_a_link_opens_is_stored_nowhere(client, house):
    visit = book_visit(client)
    for path in (visit.url, visit.url + ".ics", visit.url + "/cancel"):
        assert client.get(path).headers["Cache-Control"] == "no-store"
    assert client.get("/en/").headers["Cache-Control"] == "private, no-cache"
