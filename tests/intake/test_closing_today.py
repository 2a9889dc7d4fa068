"""We are closed today: what it meets, what it stops, whom it tells in which language, and taking it back."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from sqlalchemy import select

from house import clock, post
from house.catalogue import face as catalogue
from house.catalogue.face import ClosedFor, ClosedTime
from house.doors import Role
from house.intake import cancelling, closing_today, standing
from house.intake.models import Settlement, Visit
from house.intake.worklist import ASKS
from house.languages import speak
from house.post import Letter, LetterState
from house.problems import Moved
from tests.hostile import nothing_changes, refuses_everything
from tests.intake.booking_house import (
    CPR,
    THURSDAY,
    at,
    house_template,  # noqa: F401 - a fixture
)
from tests.intake.counter_house import close as close_as_a_manager
from tests.intake.counter_house import offered, on_the_list
from tests.intake.desk_house import DESK, booked, furnish, the_day_before
from tests.intake.desk_house import thursday as thursday

CLOSE, UNDO = "Close for today and write the letters", "Take it back"


@pytest.fixture
def house(session, thursday):
    return furnish(session)


def close(session, told=None):
    session.flush()
    seen = len(closing_today.preview(session).coming)
    row, asked = closing_today.close(session, ClosedFor.STAFF, told, seen, DESK)
    session.flush()
    return row, asked


def three(session):
    """Three who come today: one in Arabic, one in English, one without an address."""
    with the_day_before():
        from house.intake import face as intake

        intake.book(session, CPR, 2, at(THURSDAY, "10:00"), "ar", "Ada", "ada@example.dk")
    return booked(session, "10:40", "Ben", email="ben@example.dk"), booked(session, "11:20", "Carl")


def letters(session, kind=ASKS):
    return list(session.scalars(select(Letter).where(Letter.kind == kind).order_by(Letter.id)))


def after_a_wait(monkeypatch, thursday, until):
    """The locks on the counters come only then: somebody else had them."""
    alone = standing.alone

    def waited(session, counter_ids):
        thursday.move_to(max(clock.now(), until))
        return alone(session, counter_ids)

    monkeypatch.setattr(standing, "alone", waited)


def test_it_closes_from_the_moment_that_everything_is_locked(session, house, thursday, monkeypatch):
    """The house opened at ten, while it was waited: then it is not closed for the whole day."""
    three(session)
    thursday.move_to(at(THURSDAY, "09:59") + timedelta(seconds=50))
    after_a_wait(monkeypatch, thursday, at(THURSDAY, "09:59") + timedelta(seconds=70))
    seen = len(closing_today.preview(session).coming) - 1  # the one at ten has begun meanwhile
    row, _asked = closing_today.close(session, ClosedFor.STAFF, None, seen, DESK)
    assert (row.begins, row.closed_at) == (time(10), clock.now())


def test_who_waited_until_midnight_does_not_close_the_next_day(session, house, thursday, monkeypatch):
    thursday.move_to(at(THURSDAY, "23:59"))
    after_a_wait(monkeypatch, thursday, at("2027-01-08", "00:00"))
    with pytest.raises(Moved, match="more_met"):
        closing_today.close(session, ClosedFor.STAFF, None, 0, DESK)


def test_everybody_who_comes_today_is_shown_first(session, house):
    three(session)
    found = closing_today.preview(session)
    assert (len(found.coming), [one.name for one in found.unreached]) == (3, ["Carl"])


def test_it_stops_bookings_and_asks_who_was_coming(session, house):
    three(session)
    assert offered(session, THURSDAY)
    row, asked = close(session)
    assert (asked, row.last_day, row.ends) == (2, row.first_day, None)
    assert offered(session, THURSDAY) == [] and offered(session, "2027-01-08")
    assert [(one.language, one.due_at) for one in letters(session)] == [
        (tag, row.closed_at + timedelta(minutes=1)) for tag in ("ar", "en")
    ]
    assert {one.state.value for one in session.scalars(select(Visit))} == {"booked"}, "nobody is cancelled"
    assert [(one.name, one.answer) for one in on_the_list(session)] == [
        ("Ada", "asked"), ("Ben", "asked"), ("Carl", None),
    ]  # fmt: skip
    assert [one.name for one in closing_today.still_to_tell(session)] == ["Carl"]
    assert catalogue.today_hours(session) == [], "it reads as closed today"


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_letter_leads_to_another_time_in_the_visitors_language(session, house, language):
    three(session)
    close(session)
    letter = next(one for one in letters(session) if one.language == language)
    with speak(language):
        sheet = post.sheet_of(letter)
    assert f"/{language}/visit/" in sheet.button[1] and sheet.button[1].endswith("/move/")


def test_it_can_be_taken_back_within_the_minute_and_nobody_hears_of_it(session, house, thursday):
    three(session)
    row, _asked = close(session)
    thursday.shift(59)
    closing_today.undo(session, row.id, DESK)
    session.flush()
    assert letters(session) == on_the_list(session) == []
    assert session.scalars(select(Settlement)).all() == session.scalars(select(ClosedTime)).all() == []
    assert offered(session, THURSDAY)


def test_it_cannot_be_taken_back_once_a_letter_may_have_left(session, house, thursday):
    three(session)
    row, _asked = close(session)
    letters(session)[0].state = LetterState.SENT
    session.flush()
    with pytest.raises(Moved, match="too_late"):
        closing_today.undo(session, row.id, DESK)
    thursday.shift(60)
    with pytest.raises(Moved, match="too_late"):
        closing_today.undo(session, row.id, DESK)


def test_it_cannot_be_taken_back_while_a_worker_has_a_letter_in_its_hands(session, house, thursday):
    three(session)
    row, _asked = close(session)
    due = letters(session)[0].due_at
    while (taken := post.lease(session, due)) and taken.kind != ASKS:
        post.settle(taken, due, None)
    with pytest.raises(Moved, match="too_late"):
        closing_today.undo(session, row.id, DESK)


def test_who_was_told_before_for_another_reason_stays_told(session, house):
    """Only what this act asked is taken back."""
    three(session)
    first, _asked = close(session)
    first.closed_at -= timedelta(hours=1)
    for letter in letters(session):
        letter.due_at -= timedelta(hours=1)
    session.flush()
    before = session.scalars(select(Settlement)).all()
    assert len(before) == 2
    with pytest.raises(Moved):
        closing_today.undo(session, first.id, DESK)
    assert session.scalars(select(Settlement)).all() == before


def test_somebody_booked_meanwhile(session, house):
    three(session)
    with pytest.raises(Moved, match="more_met"):
        closing_today.close(session, ClosedFor.STAFF, None, 2, DESK)


def test_somebody_booked_and_another_cancelled_at_that_very_moment(session, house, monkeypatch):
    """As many as were seen, but not the same: the visits were looked at before the counters were locked."""
    ben, _carl = three(session)
    closing = closing_today.closings.close

    def late(session, *more):
        cancelling.cancel(session, ben)
        booked(session, "11:00", "Dora", email="dora@example.dk")
        session.flush()
        return closing(session, *more)

    monkeypatch.setattr(closing_today.closings, "close", late)
    with pytest.raises(Moved, match="more_met"):
        close(session)


def test_twice_is_once(session, house):
    three(session)
    close(session)
    with pytest.raises(Moved, match="closed_already"):
        closing_today.close(session, ClosedFor.STAFF, None, 3, DESK)
    assert len(letters(session)) == 2


def test_what_began_already_goes_on(session, house, thursday):
    three(session)
    thursday.shift(3600)  # ten past ten: Ada is being served
    row, asked = close(session)
    now = clock.local(clock.now(), "Europe/Copenhagen").time()
    assert asked == 1 and row.begins is not None and row.begins <= now


# --- the page --------------------------------------------------------------------------------------------


@pytest.fixture
def screen(app, thursday, arranging, desk_client):
    with arranging() as session:
        furnish(session)
        three(session)
    return desk_client.get_page("/desk/closed-today")


def test_one_button_closes_and_every_page_says_so(screen, looking):
    assert [one.text for one in screen.select(".stats dd")] == ["3", "2", "1"]
    page = screen.submit(CLOSE, told="technical").must_be(303).follow()
    assert "2 visitors are written to" in page.one(".notice.good").text
    assert "Carl" in page.one(".queue").text and "Ben" not in page.one(".queue").text
    client = page.client
    assert "Closed today" in client.get_page("/en/").text
    assert "Closed today" in client.get_page("/en/visit-us").text
    page = client.get_page("/desk/closed-today").submit(UNDO).must_be(303).follow()
    assert page.select(".stats") and "Closed today" not in client.get_page("/en/").text
    with looking() as session:
        assert letters(session) == []


def test_who_is_not_told_yet_stands_there_with_the_number_that_was_given(
    thursday, arranging, desk_client
):
    """A manager closed the day, so nobody was written to: the desk phones whom it can, and only those."""
    with arranging() as session:
        furnish(session)
        booked(session, "10:00", "Ada", email="ada@example.dk", mobile="+4520123456")
        booked(session, "10:40", "Ben", email="ben@example.dk")
        booked(session, "11:20", "Carl")
        assert close_as_a_manager(session) == 3
    page = desk_client.get_page("/desk/closed-today")
    ada, ben, carl = page.select("ol.queue li")
    assert [one for one in page.links if one[1].startswith("tel:")] == [("+4520123456", "tel:+4520123456")]
    assert "+4520123456" in ada.text
    assert "No address" not in ada.text + ben.text
    assert "No address was given. Please tell the visitor when they come or call." in carl.text


def test_every_bad_closing_is_refused(screen):
    refuses_everything(
        lambda: screen.client.get_page("/desk/closed-today"), CLOSE, {"reason": "training", "told": "event"},
        choices=["reason", "told"],
    )  # fmt: skip


def test_a_house_that_closes_in_the_middle_of_the_day_has_no_hours_any_more(
    desk_client, arranging, thursday
):
    with arranging() as session:
        furnish(session)
    thursday.move_to(clock.now().replace(hour=10, minute=30))  # 11:30 on the wall
    before = desk_client.get_page("/en/").text
    assert "Open today: " in before
    assert "\u2066" in desk_client.get_page("/ar/").one(".buttons span").text, "kept in order"
    with arranging() as session:
        close(session)
    thursday.shift(60)
    after = desk_client.get_page("/en/").text
    assert "Closed now" in after
    assert "Open today" not in after


def test_a_page_that_is_old_is_refused_with_what_stands_now(screen, arranging, thursday):
    with arranging() as session:
        booked(session, "11:00", "Dora", email="dora@example.dk")
    with nothing_changes(screen.client.application, "old page"):
        page = screen.submit(CLOSE, reason="event").must_be(409)
    assert page.select(".stats dd")[0].text == "4"
    assert page.one("#reason option[selected]")["value"] == "event"
    closed = page.submit(CLOSE).must_be(303).follow()
    page.submit(CLOSE).must_be(409)
    thursday.shift(61)
    late = closed.submit(UNDO).must_be(409)
    assert "The letters have left" in late.one(".summary li").text


def test_the_act_is_not_an_advisers(screen, app, sign_in, looking):
    screen.submit(CLOSE).must_be(303)
    with looking() as session:
        closing_id = session.scalars(select(ClosedTime.id)).one()
    other = app.test_client()
    sign_in(other, Role.ADVISER)
    other.get_page("/desk/closed-today", 403)
    token = screen.select("[name=csrf_token]")[0]["value"]
    screen.client.post_page(f"/desk/closed-today/{closing_id}/undo", {}, 422)
    screen.client.post_page("/desk/closed-today/99/undo", {"csrf_token": token}, 404)


def test_in_the_evening_there_is_nothing_to_close(screen, thursday):
    thursday.shift(10 * 3600)
    page = screen.client.get_page("/desk/closed-today")
    assert "Today is over" in page.text and not page.select("#reason")


# --- everybody is told ------------------------------------------------------------------------------------

SAID = "We are closed for the rest of today."
NEXT = "We open next: Friday, 8 January 2027, 10:00."
PUBLIC = ("/en/", "/en/visit-us", "/en/book/", f"/en/book/{CPR}/1/", f"/en/book/{CPR}/1/{THURSDAY}")


@pytest.fixture
def closing(arranging, thursday):
    """Closes a house that was open: at half past ten."""
    with arranging() as session:
        furnish(session)
    thursday.move_to(at(THURSDAY, "10:30"))

    def close_it(told=None):
        with arranging() as session:
            return close(session, told)[0].id

    return close_it


def test_every_public_page_of_today_says_that_it_is_closed(client, closing):
    assert not [path for path in PUBLIC if SAID in client.get_page(path).text]
    closing(ClosedFor.TECHNICAL)
    for path in PUBLIC:
        said = client.get_page(path).one(".notice.warn").text
        assert SAID in said and "We have technical problems." in said, path
        assert NEXT in said or path == "/en/visit-us", path
    assert "next open day is Friday, 8 January 2027" in client.get_page("/en/visit-us").text
    assert SAID not in client.get_page(f"/en/book/{CPR}/1/2027-01-08").text, "of another day"


def test_the_public_reads_no_reason_that_it_is_not_told(client, closing):
    closing()
    for path in PUBLIC:
        page = client.get_page(path)
        assert SAID in page.text and "short of staff" not in page.text.lower(), path


@pytest.mark.parametrize(("role", "path"), [(Role.DESK, "/desk/"), (Role.ADVISER, "/counter/")])
def test_who_works_there_is_told_also_on_a_page_that_is_open(client, closing, sign_in, role, path):
    sign_in(client, role)
    fresh = {"/desk/": "/desk/queue", "/counter/": "/counter/next"}[path]
    assert "closed" not in client.get_page(path).one("[data-part=closed]").text
    mark = client.get(fresh).headers["ETag"]
    closing()
    page = client.get_page(path)
    part = client.get(fresh, headers={"If-None-Match": mark})
    assert part.status_code == 200 and "The house is closed for the rest of today." in part.json["closed"]
    said = page.one("[data-part=closed]").text
    for words in ("The house is closed for the rest of today.", "Short of staff", NEXT, "A manager can open"):
        assert words in said
    leads = [one["href"] for one in page.select("[data-part=closed] a")]
    assert leads == (["/desk/closed-today"] if role is Role.DESK else [])


def test_after_the_minute_a_manager_finds_the_way_to_lift_the_closing(client, closing, sign_in, thursday):
    id_ = closing()
    thursday.shift(61)
    sign_in(client, Role.DESK)
    assert "A manager can open the house again." in client.get_page("/desk/closed-today").text
    sign_in(client, Role.MANAGER)
    page = client.get_page("/desk/closed-today").click("Open again")
    assert page.one(f"#closing-{id_} button").text.startswith("Open again")
    page = page.submit(page.one(f"#closing-{id_} button").text).must_be(303).follow()
    assert SAID not in client.get_page("/en/").text


def test_who_manages_one_authority_cannot_lift_it_and_is_not_shown_how(client, closing, sign_in, arranging):
    from house.people import face as people

    closing()
    with arranging() as session:
        body = people.authority_body(session, "skattestyrelsen", "Tax").id
    sign_in(client, Role.MANAGER, body_id=body)
    links = client.get_page("/desk/closed-today").links
    assert not [href for words, href in links if words == "Open again"]
