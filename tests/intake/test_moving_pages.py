"""Moving a visit by its link, page by page: another day, another time, too late, off, counted."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from house.intake.cancelling import cancel
from house.intake.counters import all_counters
from house.intake.holding import hold
from house.intake.models import Answer, Visit
from house.intake.moving import move
from house.intake.views import moving as moving_pages
from house.intake.worklist import ask_all, settle, worklist
from tests.intake.booking_house import (
    CPR,
    DRIVING,
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
from tests.intake.counter_house import close, on_the_list


@pytest.mark.parametrize("lang", ["en", "ar", "uk"])
def test_a_visit_is_moved_by_its_link(client, booked, looking, lang):
    days = client.get_page(booked(lang=lang) + "/move/")
    assert len(days.select("ul.days a")) == 10
    times = client.get_page(days.select("ul.days a")[0]["href"])
    offered = [one["value"] for one in times.select("input[name=start]")]
    assert str(tick(THURSDAY, "10:00")) not in offered and str(tick(THURSDAY, "10:10")) in offered
    visit = times.submit(start=str(tick(THURSDAY, "10:10"))).follow()
    assert "10:10" in visit.text and visit.select("p.notice[role=status]")
    assert times_of(looking) == [at(THURSDAY, "10:10")]
    assert kinds(looking) == ["visit_booked", "visit_moved"]


def test_the_page_of_the_visit_leads_to_moving(client, booked):
    visit = client.get_page(booked())
    days = visit.click("Choose another time")
    assert days.h1 == "Choose another day" and "10:00" in days.text
    assert days.click("Later days").click("First days").h1 == days.h1


def test_a_visit_of_two_services_moves_as_a_whole(client, booked, looking):
    times = client.get_page(booked(services=[CPR, DRIVING]) + f"/move/{FRIDAY}")
    times.submit(start=str(tick(FRIDAY, "11:00"))).follow()
    with looking() as session:
        steps = session.scalars(select(Visit)).one().steps
        assert [step.starts_at for step in steps] == [at(FRIDAY, "11:00"), at(FRIDAY, "11:20")]


def test_who_comes_too_late_keeps_the_old_time_and_sees_the_nearest(client, booked, arranging, looking):
    times = client.get_page(booked() + f"/move/{FRIDAY}")
    with arranging() as session:
        hold(session, CPR, 1, tick(FRIDAY, "10:00"), "en", b"somebody else")
    refused = times.submit(start=str(tick(FRIDAY, "10:00"))).must_be(409)
    assert "Somebody was faster" in refused.text and "Your visit is as it was." in refused.text
    near = refused.select("button[name=start]")
    assert len(near) == 3
    assert times_of(looking) == [at(THURSDAY, "10:00")]
    assert kinds(looking) == ["visit_booked"]
    refused.submit(near[1].text).follow()
    assert times_of(looking) != [at(THURSDAY, "10:00")]


def test_pressing_twice_moves_once(client, booked, looking):
    times = client.get_page(booked() + f"/move/{FRIDAY}")
    for _ in range(2):
        times.submit(start=str(tick(FRIDAY, "10:00"))).must_be(303)
    assert kinds(looking) == ["visit_booked", "visit_moved"]


@pytest.mark.parametrize(
    ("start", "status"),
    [("", 422), (None, 422), ("soon", 422), ("0", 409), ("-1", 409), ("9" * 30, 409), (str(2**63), 409)],
)
def test_odd_times_are_refused_on_the_same_page(client, booked, looking, start, status):
    times = client.get_page(booked() + f"/move/{FRIDAY}")
    values = times.values() | {"start": start}
    answer = client.post_page(times.url, {k: v for k, v in values.items() if v is not None}, status)
    assert "Friday" in answer.h1
    assert times_of(looking) == [at(THURSDAY, "10:00")]


@pytest.mark.parametrize("day", ["tomorrow", "2027-13-01", "x" * 2000])
def test_a_day_that_is_none_is_not_found(client, booked, day):
    client.get_page(booked() + f"/move/{day}", 404)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2027-01-09"])
def test_a_day_without_times_says_so_and_shows_the_nearest(client, booked, day):
    page = client.get_page(booked() + f"/move/{day}")
    assert "no free times on this day" in page.text


def test_moving_needs_the_link_and_the_token(client, booked, looking):
    path = booked()
    client.get_page(path[:-2] + "xx/move/", 404)
    client.get_page(path[:-2] + f"xx/move/{FRIDAY}", 404)
    client.post_page(path[:-2] + f"xx/move/{FRIDAY}", {"start": tick(FRIDAY, "10:00")}, 404)
    client.post_page(path + f"/move/{FRIDAY}", {"start": tick(FRIDAY, "10:00")}, 422)
    assert times_of(looking) == [at(THURSDAY, "10:00")]


def test_a_visit_that_is_off_or_over_leads_back_to_its_page(client, house, booked, arranging):
    path = booked()
    times = client.get_page(path + f"/move/{FRIDAY}")
    with arranging() as session:
        cancel(session, session.scalars(select(Visit)).one())
    refused = times.submit(start=str(tick(FRIDAY, "10:00"))).must_be(409)
    assert refused.h1 == "This visit cannot be moved any more"
    assert client.get_page(path + "/move/", 302).follow().h1 == "Your visit is cancelled"
    other = booked()
    house.clock.move_to(at(THURSDAY, "10:00"))
    client.get_page(other + f"/move/{FRIDAY}", 302)
    client.get_page(other + "/move/", 302)


def test_moving_is_counted_like_holding(client, booked, monkeypatch):
    from house.intake import fairness

    monkeypatch.setattr(fairness, "HOLDS", 1)
    times = client.get_page(booked() + f"/move/{FRIDAY}")
    times.submit(start=str(tick(FRIDAY, "10:00"))).must_be(303)
    refused = times.submit(start=str(tick(FRIDAY, "10:30"))).must_be(429)
    assert int(refused.response.headers["Retry-After"]) > 0


def test_a_visit_has_four_pages(client, house, booked, arranging):
    first, second, third = booked(), booked("10:20"), booked("10:40")
    assert client.get_page(first).h1 == "Your visit is booked"
    client.get_page(first + "/cancel").submit().follow()
    with arranging() as session:
        visit = session.scalars(select(Visit).where(Visit.reference == reference_in(second))).one()
        cancel(session, visit, "staff 3")
    house.clock.move_to(at(THURSDAY, "12:00"))
    heads = {client.get_page(path).h1 for path in (first, second, third)}
    assert heads == {"Your visit is cancelled", "We had to cancel your visit", "This visit is over"}


def test_a_moved_page_says_whose_it_is():
    assert moving_pages.Way("/a", "/b/").times_page(at(FRIDAY, "10:00").date()) == f"/b/{FRIDAY}"


@pytest.mark.parametrize("answers", [{}, {"email": ""}])
def test_who_booked_for_a_counter_that_closed_is_warned_on_the_page_whatever_was_written(
    client, booked, arranging, answers
):
    path = booked(**answers)
    assert "We cannot see you" not in client.get(path).text
    with arranging() as session:
        close(session)
    page = client.get_page(path)
    warned = page.one(".notice.warn")
    assert "We cannot see you at the time that you booked." in warned.text
    assert [link["href"] for link in warned.select("a")] == [f"{path}/move/", f"{path}/cancel"]
    told = client.get("/api/v1/visits/" + path.rpartition("/")[2]).get_json()
    assert (told["must_move"], told["can_change"]) == (True, True)


def test_who_stays_all_the_same_is_not_warned_until_something_new_meets_the_visit(
    client, booked, arranging
):
    path = booked(email="")
    with arranging() as session:
        close(session)
        [found] = on_the_list(session)
        visit = session.get(Visit, found.visit_id)
        settle(session, visit, found, Answer.KEPT, "staff 1")
    assert "We cannot see you" not in client.get(path).text
    assert client.get("/api/v1/visits/" + path.rpartition("/")[2]).get_json()["must_move"] is False
    with arranging() as session:
        for counter in all_counters(session):
            counter.active = False
    assert "We cannot see you" in client.get(path).text


def test_whom_we_asked_to_move_sees_that_on_the_page_and_who_moved_does_not(client, booked, arranging):
    path = booked()
    with arranging() as session:
        close(session)
        everywhere = all_counters(session)
        found = [(one.visit_id, one.revision) for one in worklist(session, everywhere)]
        assert ask_all(session, everywhere, found, "staff 1") == 1
    page = client.get(path)
    assert "We cannot see you at the time that you booked." in page.text
    assert f"{path}/move/" in page.text
    with arranging() as session:
        move(session, session.scalars(select(Visit)).one(), tick(FRIDAY, "10:00"))
    assert "We cannot see you" not in client.get(path).text
