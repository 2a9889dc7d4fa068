"""Managers' pages of closings, with a preview of whom they meet, and the worklist that follows."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from house import post
from house.catalogue.face import ClosedTime
from house.intake.models import Settlement, Visit
from house.post import Letter
from tests.hostile import MEGABYTE, nothing_changes
from tests.intake.booking_house import (
    FRIDAY,
    THURSDAY,
    house_template,  # noqa: F401 - a fixture
)
from tests.intake.counter_house import a_closing, booked, close
from tests.intake.manage_house import (
    LIST,
    NEW,
    WORKLIST,
    the_house,  # noqa: F401 - a fixture
    the_manager,  # noqa: F401 - a fixture
    the_tax_manager,  # noqa: F401 - a fixture
)

# --- closings ----------------------------------------------------------------------------------------------


def test_closing_shows_what_it_meets_before_it_closes(manager, house, app, arranging, looking):
    with arranging() as session:
        booked(session, "10:00", name="Ada Lovelace")
        booked(session, "11:00", FRIDAY)
    page = manager.get_page(NEW)
    with nothing_changes(app, "a page of managers"):
        page = page.submit("Go on", scope="house", first=THURSDAY).must_be(200)
    assert "This meets one booked visit." in page.text
    assert "Ada" not in page.text, "who comes is nobody's business yet"
    page = page.submit("Close").must_be(303).follow()
    assert page.h1 == "Visits that no longer fit"
    assert page.text.count("Closed at that time") == 1
    with looking() as session:
        closing = session.scalars(select(ClosedTime)).one()
        assert (closing.place_id, closing.told, closing.reason) == (house.place_id, None, "staff")
        assert closing.closed_by.startswith("staff ")
    assert "One booked visit no longer fits." in manager.get_page(LIST).text


def test_answers_can_be_changed_after_looking(manager, house, app):
    page = manager.get_page(NEW).submit(
        "Go on", scope="house", first=THURSDAY, begins="10:00", reason="event", told="event"
    )
    with nothing_changes(app, "a page of managers"):
        page = page.submit("Change").must_be(200)
    values = page.values("Go on")
    assert (values["first"], values["begins"], values["told"]) == (THURSDAY, "10:00", "event")


def test_we_are_closed_today_is_one_link_and_one_button(manager, house, looking):
    page = manager.get_page(LIST).click("We are closed today")
    assert (page.values("Go on")["scope"], page.values("Go on")["first"]) == ("house", "2027-01-06")
    page.submit("Go on").submit("Close").must_be(303)
    assert "Closed today" in manager.get_page("/en/visit-us").text


def test_a_booking_while_the_manager_looks_is_shown_again(manager, house, app, arranging):
    page = manager.get_page(NEW).submit("Go on", scope="house", first=THURSDAY)
    assert "No booked visit lies in this time." in page.text
    with arranging() as session:
        booked(session, "10:00")
    with nothing_changes(app, "a page of managers"):
        page = page.submit("Close").must_be(409)
    assert "The visits that this meets changed meanwhile." in page.one(".summary").text
    assert "This meets one booked visit." in page.text
    page.submit("Close").must_be(303)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"first": ""}, "Please write the first day."),
        ({"first": "tomorrow"}, "Please write a day like 2027-01-31."),
        ({"first": "2026-01-01"}, "This time is over already."),
        ({"last": "2027-01-01"}, "It must end after it begins."),
        ({"begins": "11:00", "ends": "10:00"}, "It must end after it begins."),
        ({"begins": "27:00"}, "Please write a time like 09:30"),
        ({"reason": "illness"}, "Not a valid choice."),
        ({"told": "illness"}, "Not a valid choice."),
        ({"scope": "counter-999"}, "Please choose what is closed."),
        ({"scope": "counter-"}, "Please choose what is closed."),
    ],
)
def test_a_wrong_closing_is_refused_and_kept(manager, house, app, wrong, words):
    values = manager.get_page(NEW).values("Go on") | {"scope": "house", "first": THURSDAY, "ends": "14:00"}
    with nothing_changes(app, "a page of managers"):
        page = manager.post_page(NEW, values | wrong, 422)
    assert words in page.one(".summary").text
    assert page.values("Go on")["ends"] == wrong.get("ends", "14:00")


def test_opening_again_takes_a_closing_back_once(manager, house, app, arranging, looking):
    with arranging() as session:
        close(session)
    page = manager.get_page(LIST)
    assert "The whole house" in page.text
    url = re.search(r'action="(/manage/counters/closings/\d+/open)"', page.html)[1]
    token = page.values("Add")["csrf_token"]
    with nothing_changes(app, "a page of managers"):
        manager.post_page(url, {}, 422)
        manager.post_page(url.replace("1", "99"), {"csrf_token": token}, 404)
    manager.post_page(url, {"csrf_token": token}, 303)
    manager.post_page(url, {"csrf_token": token}, 404)
    with looking() as session:
        assert session.scalars(select(ClosedTime)).all() == []


# --- the worklist ------------------------------------------------------------------------------------------


@pytest.fixture
def closed(manager, arranging):
    """Three people booked Thursday, one without an address; then the house closed."""
    with arranging() as session:
        booked(session, "10:00", name="Ada", language="uk")
        booked(session, "10:20", name="Bo", email=None)
        booked(session, "10:40", name="Cleo", mobile="+4520123456")
        close(session, a_closing())


def lines(page):
    return [one.text for one in page.select("ul.worklist li")]


def test_staff_say_what_becomes_of_each(manager, closed, looking):
    page = manager.get_page(WORKLIST)
    assert len(lines(page)) == 3
    assert "No address was given." in lines(page)[1]
    assert [one for one in page.links if one[1].startswith("tel:")] == [("+4520123456", "tel:+4520123456")]
    assert "+4520123456" in lines(page)[2]
    page = page.submit("asked").must_be(303).follow()
    assert "Asked to choose another time" in page.text
    page = page.submit("phoned").must_be(303).follow()
    page = page.submit("cancel").must_be(303).follow()
    assert page.one(".notice.good").text == "Every booked visit fits, or is settled."
    with looking() as session:
        answers = session.scalars(select(Settlement.how).order_by(Settlement.visit_id)).all()
        assert [one.value for one in answers] == ["asked", "phoned"]
        assert [one.value for one in session.scalars(select(Visit.state).order_by(Visit.id))] == [
            "booked", "booked", "cancelled",
        ]  # fmt: skip
        kinds = session.scalars(select(Letter.kind).order_by(Letter.id)).all()
        assert kinds.count("visit_asked_to_move") == 1


def test_everybody_can_be_asked_at_once(manager, closed, looking):
    page = manager.get_page(WORKLIST)
    assert "Offer other times to all 2 that we can write to" in page.text
    page = page.submit("Write the letters").must_be(303).follow()
    assert page.select(".notice.good")[0].text == "2 visitors are asked."
    with looking() as session:
        languages = session.scalars(select(Letter.language).where(Letter.kind == "visit_asked_to_move")).all()
        assert sorted(languages) == ["en", "uk"]


def test_who_follows_the_letter_has_another_time_and_is_off_the_list(manager, closed, app, looking):
    manager.get_page(WORKLIST).submit("asked").must_be(303)
    with looking() as session:
        letter = session.scalars(select(Letter).where(Letter.kind == "visit_asked_to_move")).one()
        message = post.message(letter)
    assert message["Content-Language"] == "uk"
    link = re.search(r"/uk/visit/\S+/move/", message.get_body(("plain",)).get_content())[0]
    visitor = app.test_client()
    days = visitor.get_page(link)
    page = visitor.get_page(next(where for _, where in days.links if where.endswith(f"/move/{FRIDAY}")))
    start = page.select("[name=start]")[0]["value"]
    page.submit(page.select("main button")[-1].text, start=start).must_be(303)
    assert len(lines(manager.get_page(WORKLIST))) == 2
    with looking() as session:
        assert str(session.get_one(Visit, 1).day) == FRIDAY


def test_two_managers_with_one_visit_and_nonsense(manager, closed, app):
    page = manager.get_page(WORKLIST)
    values = page.values("asked")
    url = page.form("asked")["action"]
    page.submit("cancel").must_be(303)
    with nothing_changes(app, "a page of managers"):
        again = manager.post_page(url, values, 409)
        assert "This visit changed meanwhile." in again.one(".summary").text
        for wrong in ({"how": "burnt"}, {"how": MEGABYTE}, {"csrf_token": "x"}):
            manager.post_page(url, values | wrong, 422)
        for wrong in ({"revision": ""}, {"revision": "-1"}, {"revision": MEGABYTE}):
            manager.post_page(url.replace("/1", "/2"), values | {"how": "kept"} | wrong, 409)
        manager.post_page("/manage/counters/worklist/999999", values | {"how": "kept"}, 404)
        manager.post_page("/manage/counters/worklist/ask", {"visits": "1.1"}, 422)
    token = {"csrf_token": values["csrf_token"]}
    for wrong in ("x", "1.", "1.1.1 7", "9" * 90 + ".1", MEGABYTE):
        manager.post_page("/manage/counters/worklist/ask", token | {"visits": wrong}, 303)


def test_a_strangers_worklist_is_empty(tax_manager, manager, closed, app):
    assert lines(tax_manager.get_page(WORKLIST)) == []
    values = manager.get_page(WORKLIST).values("kept")
    own = tax_manager.get_page(NEW).values("Go on")
    with nothing_changes(app, "a page of managers"):
        tax_manager.post_page(
            "/manage/counters/worklist/1", values | {"csrf_token": own["csrf_token"], "how": "cancel"}, 404
        )


def test_a_name_with_tags_and_turned_directions_is_harmless(manager, house, arranging):
    with arranging() as session:
        booked(session, name="<script>alert(1)</script> \u202eada")
        close(session)
    page = manager.get_page(WORKLIST)
    assert "<script>alert" not in page.html
