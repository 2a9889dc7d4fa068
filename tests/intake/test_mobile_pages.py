"""A mobile number in place of an e-mail address, on the pages: written, refused, found again by it."""

from __future__ import annotations

import statistics
import time

import pytest
from sqlalchemy import select

from house.intake.fairness import SEARCHES_FOR_ONE
from house.intake.finding import send_link
from house.intake.models import Visit
from house.post import Way
from tests import houses
from tests.hostile import refuses_everything
from tests.intake.booking_house import (
    CPR,
    THURSDAY,
    WEDNESDAY,
    at,
    house_template,  # noqa: F401 - a fixture
    set_up,
)
from tests.intake.booking_pages import (
    hold_time,
    the_house,  # noqa: F401 - a fixture
)
from tests.intake.mobile_house import (
    ADA,
    MOBILE,
    OTHER,
    booking_one,  # noqa: F401 - a fixture
    sent,
    texts,
    the_house_with_a_gateway,  # noqa: F401 - a fixture
)

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


def test_who_wants_to_hear_of_something_earlier_gives_one_of_both(client, house):
    page = hold_time(client).submit(name="Ada", earlier="y").must_be(422)
    assert "We need an e-mail address or a mobile number to write to you." in page.said
    page.submit(name="Ada", mobile="20 12 34 56", earlier="y").must_be(303)


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


# --- the desk -----------------------------------------------------------------------------------------------


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
