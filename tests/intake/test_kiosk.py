"""The kiosk in the hall: who it opens to, tickets in every language, codes, and what it never tells."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import delete, func, select

from house.catalogue import face as catalogue
from house.catalogue.face import ClosedFor
from house.doors import Role
from house.intake import calling, closing_today, kiosk, registration
from house.intake.kiosk_forms import CodeForm
from house.intake.models import Counter, Step, Ticket, Visit
from house.intake.registration import WalkIn
from house.intake.views import kiosk as pages
from house.languages import LANGUAGES
from house.people.models import Attempt
from house.problems import NotHere
from tests.hostile import MEGABYTE, nothing_changes
from tests.intake.booking_house import (
    CPR,
    THURSDAY,
    at,
    house_template,  # noqa: F401 - a fixture
    set_up,
)
from tests.intake.desk_house import (
    DESK,
    TAX,
    TODAY,
    booked,
    the_day_before,
    the_house,  # noqa: F401 - a fixture
    thursday,  # noqa: F401 - a fixture
    walk_in,
)
from tests.intake.hall_house import KIOSK, SLUG, make_key, set_up_screen, visits


@pytest.fixture(autouse=True)
def soon_open(thursday):  # noqa: F811
    """Twenty minutes before the door opens, at ten."""
    thursday.move_to(at(THURSDAY, "09:40"))
    return thursday


@pytest.fixture
def key(house, arranging):
    with arranging() as session:
        return make_key(session)


@pytest.fixture
def screen(client, key):
    """A screen in the hall that a manager has made a kiosk."""
    set_up_screen(client, key)
    return client


def take(screen, party=1, service=CPR, language="en"):
    page = screen.get_page(f"{KIOSK}/{language}/take/{service}")
    return page.submit(str(party)).must_be(303).follow()


def check_in(screen, typed, status=303):
    return screen.get_page(f"{KIOSK}/en/check-in").submit("Check in", typed=typed).must_be(status)


def the_number(page):
    return page.one(".sheet .no").text


# --- the key ---------------------------------------------------------------------------------------------


def test_a_screen_without_the_key_is_no_kiosk(client, key):
    for path in ("", "/en/", f"/en/take/{CPR}", "/en/check-in", "/en/ticket/K7M4QXT.AAAA"):
        page = client.get_page(f"{KIOSK}{path}", 403)
        assert page.h1 == "This screen is not set up"
    with nothing_changes(client.application, "a ticket from the internet"):
        client.post_page(f"{KIOSK}/en/take/{CPR}", {"party": "1", "once": "x"}, 403)
        client.post_page(f"{KIOSK}/en/check-in", {"typed": "K7M4QXT"}, 403)


def test_before_a_manager_made_a_key_no_screen_is_a_kiosk(client, house):
    client.get_page(KIOSK, 403)
    client.set_cookie("house_kiosk", f"{SLUG}.", path="/kiosk/", domain="127.0.0.1")
    client.get_page(KIOSK, 403)


def test_looking_at_the_link_sets_nothing_up(client, key):
    client.get_page(f"{KIOSK}/key/{key}")
    client.get_page(KIOSK, 403)
    client.post_page(f"{KIOSK}/key/{key}", {}, 422)
    client.get_page(KIOSK, 403)


def test_the_key_lies_in_a_cookie_that_scripts_cannot_read(client, key):
    page = client.get_page(f"{KIOSK}/key/{key}").submit("Use this screen")
    [cookie] = [one for one in page.response.headers.getlist("Set-Cookie") if "house_kiosk" in one]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/kiosk/" in cookie
    assert key not in page.follow().html


def test_a_new_key_shuts_the_screens_that_hold_the_old_one(screen, key, arranging):
    screen.get_page(KIOSK)
    with arranging() as session:
        make_key(session)
    screen.get_page(KIOSK, 403)
    screen.get_page(f"{KIOSK}/key/{key}", 404)


def test_another_place_has_no_kiosk_here(screen, key):
    screen.get_page("/kiosk/elsewhere", 404)
    screen.get_page(f"/kiosk/elsewhere/key/{key}", 404)


def test_a_manager_finds_the_board_and_makes_the_key(client, house, sign_in):
    sign_in(client, Role.MANAGER)
    page = client.get_page("/manage/counters/").click("Screens in the hall")
    assert "No kiosk has a key yet." in page.text and f"/board/{SLUG}" in page.html
    page = page.submit("Make a new key").must_be(303).follow()
    assert page.one(".notice.good").text == "The kiosk has a new key."
    first = re.search(rf"{KIOSK}/key/([\w.-]+)", page.html)[1]
    assert client.get_page(f"{KIOSK}/key/{first}").h1 == "Make this screen a kiosk"
    page.submit("Make a new key").must_be(303)
    client.get_page(f"{KIOSK}/key/{first}", 404)
    client.post_page("/manage/screens", {}, 422)


def test_who_manages_one_authority_does_not_open_the_hall(client, house, sign_in, arranging):
    from house.people import face as people

    with arranging() as session:
        body = people.authority_body(session, "skattestyrelsen", "Tax").id
    sign_in(client, Role.MANAGER, body_id=body)
    client.get_page("/manage/screens", 403)
    client.post_page("/manage/screens", {}, 403)


# --- a ticket --------------------------------------------------------------------------------------------


def test_twelve_languages_are_offered_and_each_leads_to_its_own_pages(screen):
    page = screen.get_page(KIOSK)
    assert [one["lang"] for one in page.select(".tile")] == [one.tag for one in LANGUAGES]
    for one in LANGUAGES:
        menu = screen.get_page(f"{KIOSK}/{one.tag}/")
        assert menu.one("html")["lang"] == one.tag
        taken = screen.get_page(f"{KIOSK}/{one.tag}/take/{CPR}").submit("2").must_be(303).follow()
        assert taken.one("html")["dir"] == one.dir


def test_three_touches_take_a_ticket(screen, looking):
    menu = screen.get_page(KIOSK).click("English")
    page = menu.click(next(words for words, _ in menu.links if "CPR" in words))
    page = page.submit("3").must_be(303).follow()
    assert the_number(page) == "A1"
    [visit] = visits(looking)
    assert (visit.language, visit.party, visit.name, visit.channel) == ("en", 3, None, "walk_in")
    assert "3 people" in page.text and page.select(".qr svg")
    assert page.click("Done").h1 == "Choose your language"


def test_a_double_tap_takes_one_ticket(screen, looking):
    page = screen.get_page(f"{KIOSK}/en/take/{CPR}")
    first, second = page.submit("2").follow(), page.submit("2").follow()
    assert the_number(first) == the_number(second) == "A1"
    assert len(visits(looking)) == 1
    assert the_number(take(screen)) == "A2", "the next visitor gets a number of their own"


def test_a_form_that_came_to_nothing_can_be_sent_again(house, session):
    walk_in_ = WalkIn([CPR], "en")
    kiosk.take(session, walk_in_, "one form")
    session.rollback()
    again = kiosk.take(session, walk_in_, "one form")
    assert kiosk.take(session, walk_in_, "one form").visit_id == again.visit_id


@pytest.mark.parametrize(
    "wrong",
    [
        {"party": "0"}, {"party": "13"}, {"party": "many"}, {"party": MEGABYTE}, {"once": ""},
        {"csrf_token": "x"},
    ],
)  # fmt: skip
def test_what_no_button_sends_is_refused_on_the_same_page(screen, wrong):
    page = screen.get_page(f"{KIOSK}/en/take/{CPR}")
    with nothing_changes(screen.application, str(wrong)[:40]):
        answer = page.submit("2", **{"party": "2", **wrong}).must_be(422)
    assert answer.h1 == "How many people are you?" and len(answer.html) < len(page.html) + 4000


def test_a_service_that_no_counter_gives_cannot_be_taken(screen):
    screen.get_page(f"{KIOSK}/en/take/partner_career", 404)
    screen.get_page(f"{KIOSK}/en/take/no_such", 404)
    shown = [href for _, href in screen.get_page(f"{KIOSK}/en/").links if "/take/" in href]
    assert [href.rsplit("/", 1)[1] for href in shown][-1] == TAX and len(shown) == 3


def test_the_menu_says_how_long_each_takes(screen, arranging):
    with arranging() as session:
        for _ in range(6):
            walk_in(session, TAX)
    said = {one.text for one in screen.get_page(f"{KIOSK}/en/").select(".tile small")}
    assert any("minutes" in one for one in said)


def test_without_a_counter_the_menu_sends_to_the_desk(client, key, arranging):
    set_up_screen(client, key)
    with arranging() as session:
        for one in session.scalars(select(Counter)):
            one.active = False
    assert "Please ask at the desk" in client.get_page(f"{KIOSK}/en/").text


def test_closed_for_today_there_are_no_tickets_also_from_a_page_that_was_open(screen, arranging, looking):
    open_page = screen.get_page(f"{KIOSK}/en/take/{CPR}")
    before = visits(looking)
    with arranging() as session:
        closing_today.close(session, ClosedFor.STAFF, None, len(closing_today.preview(session).coming), DESK)
    menu = screen.get_page(f"{KIOSK}/en/")
    assert "Closed today" in menu.text and "Please ask at the desk" in menu.text
    assert not [href for _words, href in menu.links if "/take/" in href]
    for page in (
        open_page.submit("1").must_be(409),
        open_page.submit("1", party="13").must_be(422),
        screen.get_page(f"{KIOSK}/en/take/{CPR}"),
    ):
        assert page.h1 == "Take a ticket" and "Closed today" in page.text
        assert page.text.count("Please ask at the desk") == 1 and not page.select("button.key")
    assert visits(looking) == before


def test_too_many_tickets_in_ten_minutes_are_refused_until_later(screen, monkeypatch, looking):
    monkeypatch.setattr(pages, "MOST_TICKETS", 2)
    take(screen), take(screen)
    page = screen.get_page(f"{KIOSK}/en/take/{CPR}").submit("1").must_be(429)
    assert int(page.response.headers["Retry-After"]) > 0
    assert page.h1 == "How many people are you?" and "too many tries" in page.one(".summary").text
    assert len(visits(looking)) == 2


# --- when the house is closed ----------------------------------------------------------------------------

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


# --- a code ----------------------------------------------------------------------------------------------


def test_a_booking_is_checked_in_by_its_code(screen, arranging, looking):
    with arranging() as session:
        reference = booked(session, name="Ada Lovelace").reference
    page = check_in(screen, f" {reference[:3].lower()}-{reference[3:]} ").follow()
    assert the_number(page) == "A1"
    assert "Ada" not in page.html and reference not in page.text
    assert visits(looking)[0].state == "arrived"


def test_a_scanner_types_the_link_of_the_confirmation(screen, arranging, looking):
    from house.intake.cards import card_of

    with arranging() as session:
        visit = booked(session)
        scanned = f"https://house.example/ar/visit/{card_of(session, visit).link}"
    assert the_number(check_in(screen, scanned).follow()) == "A1"


def test_a_code_scanned_twice_shows_the_same_ticket(screen, arranging, looking):
    with arranging() as session:
        reference = booked(session).reference
    first, second = check_in(screen, reference).follow(), check_in(screen, reference).follow()
    assert the_number(first) == the_number(second)
    with looking() as session:
        assert session.scalar(select(func.count()).select_from(Ticket)) == 1


def test_every_code_that_does_not_fit_is_refused_in_the_same_words(screen, arranging):
    with arranging() as session:
        tomorrow = None
        with the_day_before():
            from house.intake import face as intake
            from tests.intake.booking_house import FRIDAY

            tomorrow = intake.book(session, CPR, 1, at(FRIDAY, "10:00"), "en", "Grace Hopper").reference
        cancelled = booked(session, name="Alan Turing")
        intake.cancel(session, cancelled, "visitor")
        gone = cancelled.reference
    said = set()
    for typed in (tomorrow, gone, "K7M4QXT", "Grace Hopper", "/visit/", "https://x/visit/K7M4QXT.AAAA", "§"):
        with nothing_changes(screen.application, typed):
            page = check_in(screen, typed, 422)
        said.add(page.one(".summary li").text)
        assert "Grace" not in page.html.replace('value="Grace Hopper"', "")
    assert said == {"We cannot check in with this code. Please ask at the desk."}


def test_codes_cannot_be_tried_without_end(screen, monkeypatch):
    monkeypatch.setattr(pages, "MOST_CODES", 2)
    for _ in range(2):
        check_in(screen, "K7M4QXT", 422)
    page = check_in(screen, "K7M4QXT", 429)
    assert int(page.response.headers["Retry-After"]) > 0


@pytest.mark.parametrize("typed", [pytest.param(MEGABYTE, id="a megabyte"), "", "  ", "010203-1234"])
def test_a_line_that_is_no_code_is_refused(screen, typed):
    page = check_in(screen, typed, 422)
    assert page.one(".summary li").text and len(page.html) < 60_000


def test_the_keys_on_the_screen_write_without_a_script(screen, arranging):
    with arranging() as session:
        reference = booked(session).reference
    page = screen.get_page(f"{KIOSK}/en/check-in")
    for sign in f"{reference}7":
        page = page.submit(sign).must_be(200)
    assert page.one("#typed")["value"] == f"{reference}7"
    page = page.submit("Delete the last sign").must_be(200)
    assert page.one("#typed")["value"] == reference
    assert the_number(page.submit("Check in").must_be(303).follow()) == "A1"


def test_keys_that_are_not_on_the_screen_write_nothing(app):
    with app.test_request_context():
        form = CodeForm(formdata=None, data={"typed": "K7"})
        for key in ("a", "O", "<b>", MEGABYTE, ""):
            form.press(key)
        assert form.typed.data == "K7"


# --- the ticket, and nothing about anybody ---------------------------------------------------------------


def test_the_ticket_on_the_kiosk_is_printed_where_there_is_a_printer(client, key):
    set_up_screen(client, key, prints="y")
    page = take(client)
    assert "prints" in page.one("body").classes
    assert "take your ticket from the printer" in page.text
    set_up_screen(client, key)
    assert "prints" not in take(client).one("body").classes


def test_a_ticket_that_is_over_leads_back_to_the_start(screen, thursday):  # noqa: F811
    address = take(screen).url
    thursday.shift(24 * 3600)
    assert screen.get_page(address, 303).location.endswith(KIOSK)


def test_every_page_goes_back_to_the_start_by_itself(screen):
    pages_ = [screen.get_page(f"{KIOSK}/en/"), screen.get_page(f"{KIOSK}/en/check-in"), take(screen)]
    for page in pages_:
        assert page.one(".again")["href"] == KIOSK
        assert f'content="60; url={KIOSK}"' in page.html
        assert page.click("Start again").h1 == "Choose your language"


def test_no_name_stands_on_any_page_of_the_kiosk(screen, arranging):
    with arranging() as session:
        first = booked(session, name="Ada Lovelace").reference
        registration.check_in(session, booked(session, "10:30", "Grace Hopper"), DESK)
        walk_in(session, name="Olena Koval")
    seen = [screen.get_page(f"{KIOSK}{path}").html for path in ("", "/en/", "/en/check-in")]
    seen += [check_in(screen, first).follow().html, take(screen).html]
    assert not [name for name in ("Ada", "Grace", "Olena", "Koval") if any(name in one for one in seen)]


def test_a_kiosk_finds_nobody_by_name(house, session):
    booked(session, name="KMN")
    with pytest.raises(NotHere):
        kiosk.check_in(session, "KMN", TODAY)
    assert session.scalar(select(func.count()).select_from(Step).where(Step.state == "waiting")) == 0
    assert catalogue.place(session).slug == SLUG and session.scalar(select(func.count(Visit.id))) == 1


def test_a_form_so_old_that_its_press_is_forgotten_still_is_one_ticket(house, session):
    ticket = kiosk.take(session, WalkIn([CPR], "en"), "an old form")
    session.execute(delete(Attempt))
    assert kiosk.take(session, WalkIn([CPR], "en"), "an old form") is ticket
