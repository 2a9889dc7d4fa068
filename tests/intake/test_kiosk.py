"""The kiosk in the hall: who it opens to, tickets in every language, codes, and what it never tells."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import delete, func, select

from house.catalogue import face as catalogue
from house.catalogue.face import ClosedFor
from house.doors import Role
from house.intake import closing_today, kiosk, registration
from house.intake.models import Counter, Step, Visit
from house.intake.registration import WalkIn
from house.intake.views import kiosk as pages
from house.languages import LANGUAGES
from house.people.models import Attempt
from house.problems import NotHere
from tests.hostile import MEGABYTE, nothing_changes
from tests.intake.booking_house import (
    CPR,
    house_template,  # noqa: F401 - a fixture
    )
from tests.intake.desk_house import (
    DESK,
    TAX,
    TODAY,
    booked,
    the_house,  # noqa: F401 - a fixture
    thursday,  # noqa: F401 - a fixture
    walk_in,
)
from tests.intake.hall_house import KIOSK, SLUG, make_key, set_up_screen, visits
from tests.intake.kiosk_house import (
    check_in,
    take,
    the_key,  # noqa: F401 - a fixture
    the_number,
    the_screen,  # noqa: F401 - a fixture
    twenty_to_ten,  # noqa: F401 - a fixture
)

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
