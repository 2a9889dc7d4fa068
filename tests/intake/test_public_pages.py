"""Booking online as a visitor does it, page by page."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from house.intake.holding import hold
from house.intake.models import Occupancy, Visit, VisitState
from house.post import Letter
from tests.intake.booking_house import (
    CPR,
    DRIVING,
    FRIDAY,
    THURSDAY,
    WEDNESDAY,
    at,
    house_template,  # noqa: F401 - a fixture
    set_up,
    statements,
    tick,
)

TEN = tick(THURSDAY, "10:00")
SEVEN = (CPR, DRIVING, "mitid", "tax_card", "housing_guidance", "partner_career", "leaving_denmark")


@pytest.fixture
def house(arranging, frozen):
    """One counter for CPR numbers and driving licences; it is Wednesday noon."""
    with arranging() as session:
        house = set_up(session, services=[CPR, DRIVING])
    house.clock = frozen(WEDNESDAY)
    return house


def book_path(day="", slug=CPR, party=1, lang="en"):
    return f"/{lang}/book/{slug}/{party}/{day}"


def hold_time(client, wall="10:00", day=THURSDAY, lang="en", party=1):
    """The page after a time was taken."""
    page = client.get_page(book_path(day, lang=lang, party=party))
    return page.submit(start=str(tick(day, wall))).follow()


def book_visit(client, wall="10:00", name="Ada", email="ada@example.org", lang="en"):
    """The page of a visit just booked."""
    check = hold_time(client, wall, lang=lang).submit(name=name, email=email).follow()
    return check.submit().follow()


def take_away(arranging, wall="10:00", day=THURSDAY, browser=b"somebody else"):
    with arranging() as session:
        hold(session, CPR, 1, tick(day, wall), "en", browser)


def stored(looking):
    """How many visits, letters and places there are."""
    with looking() as session:
        return tuple(
            session.scalar(select(func.count()).select_from(one)) for one in (Visit, Letter, Occupancy)
        )


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


# --- taking a time ----------------------------------------------------------------------------------------


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


# --- who are you, and the check ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ({"name": "", "email": ""}, "Please write your name."),
        ({"name": "   ", "email": ""}, "Please write your name."),
        ({"name": "Ada", "email": "nonsense"}, "Please write an e-mail address"),
        ({"name": "Ada", "email": "a@b"}, "Please write an e-mail address"),
        ({"name": "x" * 81, "email": ""}, "at most 80 signs"),
        ({"name": "x" * 1_000_000, "email": ""}, "at most 80 signs"),
        ({"name": "Ada 010190-1234", "email": ""}, "CPR number"),
        ({"name": "Ada", "email": "x" * 300 + "@example.org"}, "at most 254 signs"),
    ],
)
def test_wrong_answers_come_back_with_a_sentence_and_are_not_stored(client, house, looking, answers, says):
    page = hold_time(client).submit(**answers).must_be(422)
    assert says in page.said
    assert page.select("input[name=name]")[0]["value"].startswith(answers["name"].strip()[:3])
    with looking() as session:
        assert session.scalars(select(Visit)).one().name is None


def test_a_name_is_shown_as_a_name_and_never_as_html(client, house):
    visit = book_visit(client, name="<b>Ada</b> & Co", email="")
    assert "<b>Ada</b> & Co" in visit.text
    assert "Keep the link of this page" in visit.text


def test_without_an_address_there_is_no_letter(client, house, looking):
    book_visit(client, email="")
    assert stored(looking) == (1, 0, 4)


def test_answers_can_be_changed_from_the_check(client, house, looking):
    check = hold_time(client).submit(name="Ada", email="").follow()
    contact = check.click("Change Your name")
    check = contact.submit(name="Ada Lovelace", email="ada@example.org").follow()
    assert "Ada Lovelace" in check.text
    for words in ("Change What you need", "Change Who comes", "Change Day", "Change Time"):
        check.click(words)


def test_the_check_needs_a_name_first(client, house):
    contact = hold_time(client)
    assert client.get(contact.url + "/check").location == contact.url


def test_booking_twice_is_one_visit_and_one_letter(client, house, looking):
    check = hold_time(client).submit(name="Ada", email="ada@example.org").follow()
    first, second = check.submit(), check.submit()
    assert first.location == second.location
    assert stored(looking) == (1, 1, 4)
    hold_link = check.url.removesuffix("/check")
    assert client.get_page(hold_link, 303).follow().h1 == "Your visit is booked"
    assert client.get_page(check.url, 303).follow().h1 == "Your visit is booked"


def test_the_check_books_what_it_showed(client, house, looking):
    check = hold_time(client).submit(name="Ada", email="").follow()
    hold_time(client, "11:00")  # in another window
    again = check.submit().must_be(409)
    assert "11:00" in again.text and "another window" in again.text
    assert again.submit().follow().h1 == "Your visit is booked"


def test_without_the_token_nothing_is_booked(client, house, looking):
    check = hold_time(client).submit(name="Ada", email="").follow()
    client.post_page(check.url, {"shown": TEN}, 422)
    client.post_page(check.url.removesuffix("/check"), {"name": "Eve", "email": ""}, 422)
    check.submit(extra={"shown": "x"}).must_be(422)
    with looking() as session:
        visit = session.scalars(select(Visit)).one()
        assert (visit.state, visit.name) == (VisitState.HELD, "Ada")


def test_a_hold_that_ran_out_keeps_the_answers_and_offers_the_nearest(client, house, looking):
    check = hold_time(client).submit(name="Ada", email="ada@example.org").follow()
    house.clock.shift(16 * 60 + 1)
    for url in (check.url, check.url.removesuffix("/check")):
        over = client.get_page(url, 410)
        assert "Your answers are kept." in over.text
        near = over.select("button[name=start]")
        assert [one["value"] for one in near] == [
            str(tick(THURSDAY, wall)) for wall in ("10:00", "10:10", "10:20")
        ]
    again = over.submit(near[1].text).follow()
    assert again.h1 == "Check your answers" and "Ada" in again.text
    assert again.submit().follow().h1 == "Your visit is booked"
    assert stored(looking) == (1, 1, 4)


def test_answers_given_too_late_are_kept(client, house):
    contact = hold_time(client)
    house.clock.shift(20 * 60)
    over = contact.submit(name="Ada", email="")
    over = client.get_page(over.location, 410)
    assert over.submit(over.select("button[name=start]")[0].text).follow().h1 == "Check your answers"


def test_a_hold_that_somebody_took_over_is_refused_with_the_nearest(client, house, arranging, looking):
    check = hold_time(client).submit(name="Ada", email="ada@example.org").follow()
    house.clock.shift(20 * 60)
    take_away(arranging)
    over = check.submit().must_be(409)
    assert len(over.select("button[name=start]")) == 3
    assert stored(looking)[1] == 0


# --- my visit ---------------------------------------------------------------------------------------------


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
