"""A mobile number in place of an e-mail address: only where a gateway is; it gets what a letter tells."""

from __future__ import annotations

import json
import statistics
import time
from datetime import timedelta
from itertools import product

import pytest
from sqlalchemy import select

from house import clock, post
from house.config import SmsGateway
from house.intake import nights, passing_on
from house.intake.booking import book, confirm, give_contact
from house.intake.cancelling import UNDO, cancel, undo_cancel
from house.intake.counters import all_counters
from house.intake.earlier import ask
from house.intake.fairness import SEARCHES_FOR_ONE, VISITS_AHEAD, EnoughVisits
from house.intake.finding import send_link
from house.intake.holding import hold
from house.intake.models import Visit
from house.intake.moving import move
from house.intake.reminding import remind
from house.intake.worklist import ask_all, worklist
from house.languages import LANGUAGES
from house.post import Letter, Way
from house.seals import keyring
from tests import houses
from tests.hostile import refuses_everything
from tests.intake.api.asking import Machine, errors
from tests.intake.booking_house import (
    CPR,
    DRIVING,
    FRIDAY,
    THURSDAY,
    WEDNESDAY,
    at,
    house_template,  # noqa: F401 - a fixture
    set_up,
    tick,
)
from tests.intake.counter_house import close
from tests.intake.test_public_pages import hold_time

ADA, MOBILE, OTHER = "ada@example.org", "+4520123456", "+380671234567"
SMS = SmsGateway("https://sms.example.dk/messages", "token", "House")


@pytest.fixture
def app(app_factory):
    """A house with a gateway."""
    return app_factory(sms=SMS, base_url="http://127.0.0.1:8000")


@pytest.fixture
def house(arranging, frozen):
    """One counter for CPR numbers and driving licences; it is Wednesday noon."""
    with arranging() as session:
        house = set_up(session, services=[CPR, DRIVING])
    house.clock = frozen(WEDNESDAY)
    return house


@pytest.fixture
def book_one(arranging, house):
    """Books a visit; answers its key, its reference and the path of its page."""

    def make(wall="10:00", day=THURSDAY, email=None, mobile=MOBILE, lang="en", slug=CPR):
        with arranging() as session:
            visit = book(session, slug, 1, at(day, wall), lang, "Ada", email, mobile=mobile)
            link = keyring().link("visit", visit.reference, visit.generation)
            return visit.id, visit.reference, f"/{lang}/visit/{link}"

    return make


def sent(looking):
    """What letters there are: kind, where to, which way."""
    with looking() as session:
        found = session.scalars(select(Letter).order_by(Letter.id))
        return [(one.kind, one.recipient, one.way) for one in found]


def texts(app):
    """The text messages as they would leave."""
    with houses.looking(app) as session:
        return [post.text_message(one).text for one in session.scalars(select(Letter).order_by(Letter.id))]


def units(text):
    """How many parts a text message has: 7-bit signs, else two bytes each."""
    plain = all((sign.isascii() and sign not in "^{}\\[~]|`") or sign in "æøåÆØÅéäöüß" for sign in text)
    length, one, more = (len(text), 160, 153) if plain else (len(text.encode("utf-16-le")) // 2, 70, 67)
    return 1 if length <= one else -(-length // more)


# --- the pages ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "way"),
    [
        ({"mobile": "20 12 34 56"}, ("visit_booked", MOBILE, Way.SMS)),
        ({"mobile": "\u202b٢٠١٢٣٤٥٦"}, ("visit_booked", MOBILE, Way.SMS)),
        ({"email": ADA, "mobile": OTHER}, ("visit_booked", ADA, Way.MAIL)),
        ({"email": ADA}, ("visit_booked", ADA, Way.MAIL)),
        ({}, None),
    ],
)
def test_one_address_is_enough_and_gets_one_message(client, house, looking, given, way):
    page = hold_time(client)
    assert page.one("#mobile")["type"] == "tel" and page.one("#mobile")["dir"] == "ltr"
    assert "One of these is enough" in page.text
    check = page.submit(name="Ada", **given).must_be(303).follow()
    if "mobile" in given:
        assert (OTHER if given["mobile"] == OTHER else MOBILE) in check.text
    visit = check.submit().follow()
    assert sent(looking) == ([way] if way else [])
    if way:
        assert way[1] in visit.text and "Would you like to come earlier?" in visit.text
    else:
        assert "Keep the link of this page" in visit.text


@pytest.mark.parametrize("number", ["12345", "+49 30 123456", "call me", "010190-1234", "2" * 900_000])
def test_a_number_that_is_none_is_refused_with_the_answers_kept(client, house, looking, number):
    page = hold_time(client).submit(name="Ada", email=ADA, mobile=number).must_be(422)
    assert page.select(".summary a[href=#mobile]")
    assert (page.one("#name")["value"], page.one("#email")["value"]) == ("Ada", ADA)
    assert page.one("#mobile")["value"].startswith(number[:5])
    with looking() as session:
        assert session.scalars(select(Visit)).one().mobile is None


def test_the_page_refuses_everything_else(client, house):
    path = hold_time(client).url
    good = {"name": "Ada", "mobile": MOBILE}
    refuses_everything(lambda: client.get_page(path), "Continue", good, needed=["name"], lines=["name"])


def test_the_answers_come_back_when_one_goes_back(client, house):
    page = hold_time(client)
    check = page.submit(name="Ada", mobile="20123456").follow()
    assert "Your mobile number" in check.text
    assert client.get_page(page.url).one("#mobile")["value"] == MOBILE


@pytest.mark.parametrize("lang", ["ar", "fa", "da"])
def test_a_number_reads_left_to_right_in_every_language(client, house, lang):
    check = hold_time(client, lang=lang).submit(name="Ada", mobile="20123456").follow()
    assert [one.text for one in check.select("bdi[dir=ltr]") if "+" in one.text] == [MOBILE]
    visit = check.submit().follow()
    assert [one.text for one in visit.select("bdi[dir=ltr]") if "+" in one.text] == [MOBILE]


def test_without_a_gateway_nothing_of_it_is_shown_or_taken(app_factory, frozen):
    app = app_factory()
    with houses.arranging(app) as session:
        set_up(session)
    frozen(WEDNESDAY)
    client = app.test_client()
    page = hold_time(client)
    assert not page.select("#mobile") and "mobile" not in page.text.lower()
    token = page.one("[name=csrf_token]")["value"]
    answer = client.post(page.url, data={"csrf_token": token, "name": "Ada", "mobile": MOBILE})
    assert answer.status_code == 303
    check = client.get_page(page.url + "/check")
    assert "mobile" not in check.text.lower()
    find = client.get_page("/en/find")
    assert not find.select("#mobile") and "mobile" not in find.text.lower()
    with houses.looking(app) as session:
        visit = session.scalars(select(Visit)).one()
        assert (visit.name, visit.mobile, visit.mobile_mark) == ("Ada", None, None)


# --- finding -----------------------------------------------------------------------------------------------


def test_reference_and_number_send_the_link_to_the_number(client, book_one, app, looking):
    _key, reference, path = book_one(email=ADA)
    page = client.get_page("/en/find").submit(reference=reference, mobile="20 12 34 56").must_be(303)
    assert page.follow().h1 == "Look in your mailbox or at your phone"
    client.get_page("/en/find").submit(reference=reference, email=ADA).must_be(303)
    assert sent(looking)[1:] == [("visit_link", MOBILE, Way.SMS), ("visit_link", ADA, Way.MAIL)]
    assert texts(app)[1].endswith(path) and "Ada" not in texts(app)[1]


def test_true_and_false_numbers_get_the_very_same_answer(client, book_one, looking):
    _key, reference, _path = book_one()
    seen = set()
    pairs = [(reference, MOBILE), (reference, OTHER), ("K7M4QXT", MOBILE), (reference[:-1], MOBILE)]
    for typed, mobile in pairs:
        page = client.get_page("/en/find").submit(reference=typed, mobile=mobile)
        seen.add((page.status, page.location, page.response.data))
    page = client.get_page("/en/find").submit(reference=reference, email=ADA)
    assert seen == {(page.status, page.location, page.response.data)}
    assert [kind for kind, *_ in sent(looking)] == ["visit_booked", "visit_link"]


def test_true_and_false_numbers_are_the_same_work(app, book_one):
    from house.db import db, writing

    _key, reference, _path = book_one()
    taken = {MOBILE: [], OTHER: []}
    with app.app_context():
        for _ in range(30):
            for number, found in taken.items():
                began = time.perf_counter()
                with writing(db.session()) as session:
                    send_link(session, reference, number)
                found.append(time.perf_counter() - began)
    right, wrong = (statistics.median(found) for found in taken.values())
    assert 0.5 < right / wrong < 2


def test_one_of_the_two_addresses_must_be_written(client, book_one, looking):
    _key, reference, _path = book_one()
    page = client.get_page("/en/find").submit(reference=reference).must_be(422)
    assert "Please write your e-mail address or your mobile number." in page.text
    assert page.one("#reference")["value"] == reference
    page = client.get_page("/en/find").submit(reference=reference, mobile="12").must_be(422)
    assert page.one("#mobile")["value"] == "12"
    assert len(sent(looking)) == 1


def test_searches_are_counted_for_one_number_however_it_is_written(client, book_one):
    _key, reference, _path = book_one()
    for _ in range(SEARCHES_FOR_ONE):
        client.get_page("/en/find").submit(reference=reference, mobile=MOBILE).must_be(303)
    client.get_page("/en/find").submit(reference="K7M4QXT", mobile="0045 2012 3456").must_be(429)


# --- the letters of a visit ---------------------------------------------------------------------------------


def test_every_change_is_one_short_text(app, arranging, book_one, looking, house):
    key, reference, path = book_one()
    with arranging() as session:
        move(session, session.get_one(Visit, key), tick(FRIDAY, "11:00"))
    with arranging() as session:
        cancel(session, session.get_one(Visit, key))
    assert [one[:2] for one in sent(looking)] == [
        (kind, MOBILE) for kind in ("visit_booked", "visit_moved", "visit_cancelled")
    ]  # fmt: skip
    booked, moved, cancelled = texts(app)
    link = f"http://127.0.0.1:8000{path}"
    assert booked == f"Your visit is booked: Thu 7 Jan, 10:00. Reference: {reference}.\n{link}"
    assert moved == f"Your visit has a new time: Fri 8 Jan, 11:00. Reference: {reference}.\n{link}"
    assert cancelled.startswith("Your visit is cancelled: Fri 8 Jan, 11:00.") and "/en/book/" in cancelled


def test_what_staff_cancel_can_be_taken_back_for_a_minute(house, session):
    visit = book(session, CPR, 1, at(THURSDAY, "10:00"), "en", "Ada", mobile=MOBILE)
    session.flush()
    cancel(session, visit, "staff 3")
    session.flush()
    letter = session.scalars(select(Letter).where(Letter.kind == "visit_cancelled")).one()
    assert (letter.due_at, letter.way) == (clock.now() + UNDO, Way.SMS)
    undo_cancel(session, visit, "staff 3")
    assert [one.kind for one in session.scalars(select(Letter))] == ["visit_booked"]


def test_reminders_come_by_text(app, arranging, book_one, looking, house):
    book_one(day=FRIDAY)
    for wall in (at(THURSDAY, "10:00"), at(FRIDAY, "08:01")):
        house.clock.move_to(wall)
        with arranging() as session:
            assert not remind(session, clock.now())
            assert not remind(session, clock.now())
    assert [one[:2] for one in sent(looking)[1:]] == [("visit_tomorrow", MOBILE), ("visit_soon", MOBILE)]
    assert texts(app)[1].startswith("Your visit is tomorrow: Fri 8 Jan, 10:00.")
    assert texts(app)[2].startswith("Your visit is today: Fri 8 Jan, 10:00.")


def test_an_earlier_time_is_offered_by_text(app, arranging, book_one, looking, house):
    first, *_ = book_one("10:00", mobile=OTHER)
    second, *_ = book_one("11:00", day=FRIDAY)
    with arranging() as session:
        ask(session, session.get_one(Visit, second), True)
        cancel(session, session.get_one(Visit, first))
    house.clock.shift(timedelta(minutes=1))
    with arranging() as session:
        while passing_on.offer_next(session, clock.now()):
            session.flush()
    assert sent(looking)[-1] == ("earlier_time", MOBILE, Way.SMS)
    text = texts(app)[-1]
    assert text.startswith("An earlier time is free: Thu 7 Jan, 10:") and "answer before Wed 6 Jan" in text


def test_who_gave_a_number_is_asked_for_another_time(app, arranging, book_one, looking, house):
    book_one()
    with arranging() as session:
        close(session)
        [found] = worklist(session, all_counters(session))
        assert found.writable
        ask_all(session, all_counters(session), [(found.visit_id, found.revision)], "staff 3")
    assert sent(looking)[-1] == ("visit_asked_to_move", MOBILE, Way.SMS)
    assert texts(app)[-1].startswith("We cannot see you: Thu 7 Jan, 10:00. Please choose another time.")


def test_a_text_is_short_in_every_language(app_factory, frozen):
    app = app_factory(sms=SMS, base_url="https://house.example.dk")
    frozen(WEDNESDAY)
    until, ten = at(WEDNESDAY[:10], "14:00").isoformat(), at(THURSDAY, "10:00").isoformat()
    kinds = ("visit_moved", "visit_cancelled", "visit_asked_to_move", "visit_tomorrow", "visit_soon")
    with houses.arranging(app) as session:
        set_up(session)
        book(session, CPR, 1, at(THURSDAY, "10:00"), "en", "Ada", mobile=MOBILE)
        session.flush()
        told = json.loads(session.scalars(select(Letter)).one().facts or "")
        facts = told | {"earlier": ten, "until": until, "offer": "x" * 30, "was": ten}
        for kind, tongue in product(("visit_booked", *kinds, "earlier_time"), LANGUAGES):
            post.write(session, kind, MOBILE, tongue.tag, **facts)
    for text in texts(app):
        assert units(text) <= 3, (units(text), len(text), text)
        assert "https://house.example.dk/" in text and "\u2066" not in text
    assert max(map(units, texts(app)[:1])) <= 2


# --- fair shares, machines, the desk ------------------------------------------------------------------------


def test_a_number_has_its_fair_share_whatever_the_address(house, session):
    walls = ["10:00", "10:20", "10:40", "11:00"]
    for number, wall in enumerate(walls[:VISITS_AHEAD]):
        book(session, CPR, 1, at(THURSDAY, wall), "en", "Ada", f"a{number}@example.org", mobile=MOBILE)
        session.flush()
    visit = hold(session, CPR, 1, tick(THURSDAY, walls[-1]), "en", b"1")
    give_contact(session, visit, "Ada", "new@example.org", mobile=MOBILE)
    with pytest.raises(EnoughVisits):
        confirm(session, visit, "en")
    give_contact(session, visit, "Ada", "new@example.org", mobile=OTHER)
    assert confirm(session, visit, "en").state == "booked"


def test_a_machine_may_name_a_number(app, house, looking):
    machine = Machine(app)
    hold_ = machine.hold()["hold"]
    body = {"hold": hold_, "name": "Amal", "mobile": "+45 2012 3456", "tell_earlier": True}
    assert errors(machine.ask("bookVisit", body | {"mobile": "12"}, 422)) == {"/mobile": "mobile"}
    assert errors(machine.ask("bookVisit", body | {"mobile": "010190-1234"}, 422)) == {"/mobile": "cpr"}
    assert errors(machine.ask("bookVisit", body | {"mobile": 12}, 422)) == {"/mobile": "type"}
    assert machine.ask("bookVisit", body)["tell_earlier"]
    assert sent(looking) == [("visit_booked", MOBILE, Way.SMS)]


def test_a_house_without_a_gateway_refuses_a_machines_number(app_factory, frozen):
    app = app_factory()
    with houses.arranging(app) as session:
        set_up(session)
    frozen(WEDNESDAY)
    machine = Machine(app)
    body = {"hold": machine.hold()["hold"], "name": "Amal", "mobile": MOBILE}
    assert errors(machine.ask("bookVisit", body, 422)) == {"/mobile": "no_mobile"}
    assert machine.ask("bookVisit", body | {"mobile": None})["state"] == "booked"


def test_the_desk_sees_the_number_it_can_phone(book_one, house, desk_client):
    _key, reference, _path = book_one()
    house.clock.move_to(at(THURSDAY, "09:30"))
    page = desk_client.get_page(f"/desk/person/{reference}")
    assert f"tel:{MOBILE}" in [one["href"] for one in page.select("main a")]


def test_a_caller_gives_a_number(house, desk_client, looking):
    path = f"/desk/caller?service={CPR}&party=1&language=uk"
    refused = desk_client.get_page(path).submit("Book Alt N", name="Olena", mobile="12").must_be(422)
    assert (refused.one("#name")["value"], refused.one("#mobile")["value"]) == ("Olena", "12")
    page = refused.submit("Book Alt N", mobile="20 12 34 56").must_be(303).follow()
    assert "The confirmation goes to the caller as a text message." in page.text
    assert sent(looking) == [("visit_booked", MOBILE, Way.SMS)]


def test_an_offer_by_text_waits_for_the_morning(app, arranging, book_one, looking, house):
    first, *_ = book_one("10:00", day=FRIDAY, mobile=OTHER)
    second, *_ = book_one("11:40", day=FRIDAY)
    third, *_ = book_one("11:00", day=FRIDAY, email=ADA, mobile=None, slug=DRIVING)
    house.clock.move_to(at(WEDNESDAY[:10], "23:00"))
    with arranging() as session:
        for key in (second, third):
            ask(session, session.get_one(Visit, key), True)
        cancel(session, session.get_one(Visit, first))
    house.clock.shift(timedelta(minutes=1))
    with arranging() as session:
        while passing_on.offer_next(session, clock.now()):
            session.flush()
    with looking() as session:
        offers = session.scalars(select(Letter).where(Letter.kind == "earlier_time")).all()
        due = {one.way: clock.local(one.due_at, "Europe/Copenhagen").strftime("%d %H:%M") for one in offers}
    assert due[Way.SMS] == "07 07:00"
    assert due.get(Way.MAIL, "06 23:01") == "06 23:01"


@pytest.mark.parametrize(
    ("wall", "leaves"),
    [
        ("20:59", "06 20:59"), ("21:00", "07 07:00"), ("00:00", "06 07:00"), ("06:59", "06 07:00"),
        ("07:00", "06 07:00"),
    ],
)  # fmt: skip
def test_a_noise_is_made_by_day(app, wall, leaves):
    zone = clock.zone("Europe/Copenhagen")
    assert nights.by_day(at(WEDNESDAY[:10], wall), zone).strftime("%d %H:%M") == leaves


def test_the_demos_mailbox_shows_texts_as_they_arrive(app_factory, frozen):
    app = app_factory(sms=SMS, demo=True, smtp_url=None)
    frozen(WEDNESDAY)
    with houses.arranging(app) as session:
        set_up(session)
        visit = book(session, CPR, 1, at(THURSDAY, "10:00"), "ar", "Ada", mobile=MOBILE)
        reference = visit.reference
    client = app.test_client()
    assert MOBILE in client.get_page("/demo/mailbox").text
    letter = client.get_page("/demo/mailbox/1")
    assert reference in letter.one("article").text and "Hello" not in letter.text
    assert client.get("/demo/mailbox/1/0").status_code == 404  # no calendar in a text message
    assert "We store your mobile number" in client.get_page("/en/about/privacy").text
