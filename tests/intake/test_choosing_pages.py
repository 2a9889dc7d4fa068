"""Booking online: what there is to choose, which day and which time; the whole way once, and its cost."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from house.intake.models import Visit
from house.post import Letter
from tests.intake.booking_house import (
    CPR,
    DRIVING,
    THURSDAY,
    WEDNESDAY,
    house_template,  # noqa: F401 - a fixture
    set_up,
    statements,
)
from tests.intake.booking_pages import (
    TEN,
    book_path,
    book_visit,
    hold_time,
    the_house,  # noqa: F401 - a fixture
)

SEVEN = (CPR, DRIVING, "mitid", "tax_card", "housing_guidance", "partner_career", "leaving_denmark")


def test_a_visit_is_booked_from_the_first_page_to_the_letter(client, house, looking):
    need = client.get_page("/en/book/")
    who = need.submit(service=CPR).follow()
    assert who.h1 == "Who comes?"
    days = who.submit(adults="1", children="1", municipality="Aalborg").follow()
    assert days.h1 == "Choose a day"
    assert "2 people" in days.text and "10 times" in days.text
    assert days.select("ul.days time")[0]["datetime"] == THURSDAY
    times = client.get_page(days.select("ul.days a")[0]["href"])
    assert times.h1.startswith("Choose a time: Thu") and "2027" in times.h1
    contact = times.submit(start=str(TEN)).follow()
    assert "until 12:15" in contact.text and "10:00" in contact.text
    check = contact.submit(name="Ада", email="Ada@Example.org").follow()
    assert "Ада" in check.text and "Ada@example.org" in check.text
    visit = check.submit().follow()
    assert visit.h1 == "Your visit is booked"
    with looking() as session:
        stored_visit = session.scalars(select(Visit)).one()
        assert (stored_visit.state, stored_visit.name, stored_visit.party) == ("booked", "Ада", 2)
        assert (stored_visit.children, stored_visit.speaks, stored_visit.access) == (1, None, None)
        assert session.scalars(select(Letter)).one().recipient == "Ada@example.org"
        assert stored_visit.reference in visit.text
    assert "Rantzausgade 4" in visit.text and "What to bring" in visit.text
    assert visit.select(".qr svg path")


@pytest.mark.parametrize("lang", ["da", "ar", "fa", "uk"])
def test_every_page_is_there_in_other_languages(client, house, lang):
    """The inspecting client sees language and direction of each."""
    client.get_page(f"/{lang}/book/?service={CPR}")
    client.get_page(book_path(lang=lang))
    visit = book_visit(client, lang=lang)
    visit.client.get_page(visit.url + "/cancel").submit().follow()


def test_a_page_says_in_which_languages_the_counter_helps(client, house):
    assert "Danish" not in client.get_page(book_path(THURSDAY)).text
    assert "duński" in client.get_page(book_path(THURSDAY, lang="pl")).text
    assert "duński" in hold_time(client, lang="pl").text


def test_only_what_counters_take_bookings_for_is_offered(client, house):
    page = client.get_page("/en/book/")
    assert [one["value"] for one in page.select("input[name=service]")] == [CPR, DRIVING]
    assert page.select("label .hint")  # the authority


def test_a_house_without_counters_says_so(client, catalogue):
    assert "Nothing can be booked" in client.get_page("/en/book/").text


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("on=1", "Please choose what you need."),
        ("party=1", "Please choose what you need."),
        ("service=&on=1", "Please choose what you need."),
        (f"service={CPR}&service=no_such_thing&on=1", "Please choose what you need."),
        ("service=" + "x" * 5000 + "&on=1", "Please choose what you need."),
        ("on=1" + "".join(f"&service={slug}" for slug in SEVEN), "Please choose at most six."),
    ],
)
def test_a_wrong_first_answer_comes_back_with_a_sentence(client, house, query, says):
    page = client.get_page(f"/en/book/?{query}", 422)
    assert says in page.said
    if CPR in query:
        assert page.select(f'input[value="{CPR}"]')[0].get("checked") is not None


def test_a_service_can_be_chosen_beforehand(client, house):
    page = client.get_page(f"/en/book/?service={DRIVING}")
    assert page.select(f'input[value="{DRIVING}"]')[0].get("checked") is not None


@pytest.mark.parametrize(
    ("slug", "says"),
    [
        ("tax_card", "You do this online."),
        ("eu_residence_document", "You book this with the authority itself."),
        ("housing_guidance", "Come when we are open."),
        ("digital_post", "You do not need to book this."),
        ("health_card_gp", "when you get your CPR number"),
    ],
)
def test_what_is_not_booked_here_says_where_to_go(client, house, slug, says):
    page = client.get_page(book_path(slug=slug))
    assert says in page.text
    assert any(where.startswith("https://") for _words, where in page.links)


def test_ten_days_are_shown_and_then_later_ones(client, house):
    page = client.get_page(book_path())
    assert len(page.select("ul.days li")) == 10
    later = page.click("Later days")
    assert len(later.select("ul.days li")) == 8  # sixty days hold eighteen Thursdays and Fridays
    assert later.click("First days").url == page.url
    shown = [one["datetime"] for one in page.select("ul.days time") + later.select("ul.days time")]
    assert shown == sorted(set(shown))


@pytest.mark.parametrize("since", ["2026-01-01", "x", "", "0001-01-01"])
def test_a_strange_first_day_shows_the_first_days(client, house, since):
    assert client.get_page(book_path() + f"?from={since}").select("ul.days time")[0]["datetime"] == THURSDAY


@pytest.mark.parametrize("since", ["2027-12-31", "9999-12-31"])
def test_after_the_last_day_there_is_a_way_back(client, house, since):
    page = client.get_page(book_path() + f"?from={since}")
    assert page.click("First days").select("ul.days")


def test_without_any_time_the_page_says_what_to_do(client, arranging, frozen):
    with arranging() as session:
        set_up(session, hours={6: [("10:00", "10:05")]})
    frozen(WEDNESDAY)
    page = client.get_page(book_path())
    assert page.h1 == "There are no free times"
    assert "Or come to us" in page.text and "+45 99 30 00 00" in page.text
    assert not page.select("ul.days")


@pytest.mark.parametrize(
    "day", ["2027-01-06", "2027-01-09", "2026-01-01", "2027-12-31", "0001-01-01", "9999-12-31"]
)
def test_a_day_without_times_offers_the_nearest(client, house, day):
    page = client.get_page(book_path(day))
    assert "There are no free times on this day." in page.text
    assert len(page.select("button[name=start]")) == 3


def test_the_nearest_times_can_be_taken_at_once(client, house):
    page = client.get_page(book_path("2027-01-09"))
    words = page.select("button[name=start]")[-1].text
    contact = page.submit(words).follow()
    assert contact.h1 == "Who are you?"


@pytest.mark.parametrize(
    "path",
    [
        "no_such_thing/1/", f"{CPR}/0/", f"{CPR}/9/", f"{CPR}/99999999999999999999/", f"{CPR}/1/tomorrow",
        f"{CPR}/1/2027-02-30", f"no_such_thing/1/{THURSDAY}", f"{CPR}/0/{THURSDAY}", f"tax_card/1/{THURSDAY}",
        "../../1/", f"{CPR}/1/{THURSDAY}/x",
    ],
)  # fmt: skip
def test_an_address_that_was_made_up_is_not_found(client, house, path):
    client.get_page(f"/en/book/{path}", 404)


# --- cost -------------------------------------------------------------------------------------------------


def test_no_page_needs_more_than_twelve_statements(app, client, arranging, frozen):
    with arranging() as session:
        set_up(session, counters=20)
    frozen(WEDNESDAY)
    contact = hold_time(client)
    check = contact.submit(name="Ada", email="").follow()
    counts = {}
    for name, url in [
        ("need", "/en/book/"), ("days", book_path()), ("times", book_path(THURSDAY)),
        ("contact", contact.url), ("check", check.url), ("nothing on this day", book_path("2027-01-09")),
        ("last days", book_path() + "?from=2027-02-28"),
    ]:  # fmt: skip
        with statements(app) as sent:
            client.get_page(url)
        counts[name] = len([one for one in sent if not re.match(r"BEGIN|PRAGMA", one)])
    visit = check.submit().follow()
    for name, url in [("visit", visit.url), ("cancel", visit.url + "/cancel")]:
        with statements(app) as sent:
            client.get_page(url)
        counts[name] = len([one for one in sent if not re.match(r"BEGIN|PRAGMA", one)])
    assert max(counts.values()) <= 12, counts
