"""A ticket and its page: where somebody stands, in every state, on paper and on the telephone."""

from __future__ import annotations

import pytest

from house.intake import calling, closing, parking
from house.intake.models import Outcome, Step
from house.languages import LANGUAGES
from tests.intake.booking_house import (
    DRIVING,
    house_template,  # noqa: F401 - a fixture
)
from tests.intake.desk_house import (
    CHECK_IN,
    DESK,
    REGISTER,
    booked,
    call,
    furnish,
    thursday,  # noqa: F401 - a fixture
    walk_in,
)
from tests.intake.hall_house import link


@pytest.fixture
def house(app, thursday, arranging):  # noqa: F811
    with arranging() as session:
        return furnish(session, counters=1)


@pytest.fixture
def token(house, arranging):
    """A ticket of two services, with somebody before it."""
    with arranging() as session:
        walk_in(session, name="Olena Koval")
        return link(walk_in(session, "cpr_registration", DRIVING, name="Ada Lovelace", party=2))


def now_on(client, token, tag=None):
    headers = {"If-None-Match": tag} if tag else {}
    return client.get(f"/en/ticket/{token}/now", headers=headers)


def end(session, step, outcome=Outcome.COMPLETED):
    calling.start(session, step, DESK)
    closing.finish(session, step, outcome, DESK)


def test_it_says_who_is_before_me_and_how_long(client, token):
    page = client.get_page(f"/en/ticket/{token}")
    assert page.h1 == "Ticket A2"
    assert "One person is before you." in page.text
    assert "minutes" in page.one(".answers dd").text
    assert len(page.select("main ul li")) >= 2, "both services are named"


def test_it_follows_the_visit_to_its_end(client, token, arranging, house):
    states = []

    def look():
        states.append(now_on(client, token).json["stands"])
        return client.get_page(f"/en/ticket/{token}").text

    with arranging() as session:
        end(session, call(session, house))
    assert "You are next." in look()
    with arranging() as session:
        call(session, house)
    assert "Please go to counter Counter 1" in look()
    with arranging() as session:
        calling.start(session, session.get_one(Step, 2), DESK)
    assert "You are at counter Counter 1." in look()
    with arranging() as session:
        closing.finish(session, session.get_one(Step, 2), Outcome.COMPLETED, DESK)
    assert "You are next." in look(), "the next step waits"
    with arranging() as session:
        end(session, call(session, house))
    assert "Your visit is finished." in look()
    assert states == ["waiting", "called", "serving", "waiting", "served"]


def test_who_did_not_come_is_sent_to_the_desk(client, token, arranging, house, thursday):  # noqa: F811
    with arranging() as session:
        end(session, call(session, house))
        step = call(session, house)
        for _ in range(2):
            calling.call_again(session, step, DESK)
    thursday.shift(240)
    with arranging() as session:
        closing.did_not_come(session, session.get_one(Step, 2), DESK)
    assert "We called you, but you did not come." in client.get_page(f"/en/ticket/{token}").text


def test_who_fills_in_a_form_is_parked(client, token, arranging):
    with arranging() as session:
        parking.park(session, session.get_one(Step, 2), DESK)
    assert "Take your time." in client.get_page(f"/en/ticket/{token}").text


def test_who_was_sent_to_one_counter_is_told_of_its_queue_alone(client, token, arranging, house):
    with arranging() as session:
        session.get_one(Step, 2).sent_to = house.counter_ids[0]
    assert "One person is before you." in client.get_page(f"/en/ticket/{token}").text


def test_the_answer_is_304_until_something_changes(client, token, arranging, house):
    tag = now_on(client, token).headers["ETag"]
    assert now_on(client, token, tag).status_code == 304
    with arranging() as session:
        end(session, call(session, house))
    changed = now_on(client, token, tag)
    assert changed.status_code == 200 and "You are next." in changed.json["now"]


def test_the_next_day_the_link_is_over(client, token, thursday):  # noqa: F811
    thursday.shift(24 * 3600)
    for path in ("", "/now", "/print"):
        client.get_page(f"/en/ticket/{token}{path}", 410)


def test_without_an_open_counter_it_says_so(client, token, thursday):  # noqa: F811
    thursday.shift(10 * 3600)
    assert "We cannot say how long." in client.get_page(f"/en/ticket/{token}").text


def test_it_speaks_every_language(client, token):
    for one in LANGUAGES:
        page = client.get_page(f"/{one.tag}/ticket/{token}")
        assert page.one("html")["dir"] == one.dir
        client.get_page(f"/{one.tag}/ticket/{token}/print")


def test_it_opens_nothing_else_and_nothing_else_opens_it(client, token, arranging):
    client.get_page(f"/en/visit/{token}", 404)
    with arranging() as session:
        visit = booked(session)
        from house.intake.cards import card_of

        client_link = card_of(session, visit).link
    client.get_page(f"/en/ticket/{client_link}", 404)


def test_a_booking_that_is_not_here_yet_has_no_ticket(client, house, arranging):
    with arranging() as session:
        from house.intake import following

        early = following.link_of(booked(session))
    client.get_page(f"/en/ticket/{early}", 404)


def test_my_visit_leads_to_my_ticket_once_i_am_checked_in(house, client, desk_client, arranging):
    with arranging() as session:
        from house.intake.cards import card_of

        visit = booked(session)
        mine, reference = card_of(session, visit).link, visit.reference
    assert client.get_page(f"/en/visit/{mine}").h1 == "Your visit is booked"
    desk_client.get_page("/desk/").submit(CHECK_IN, reference=reference).must_be(303)
    page = client.get_page(f"/en/visit/{mine}", 303).follow()
    assert page.h1 == "Ticket A1"


def test_no_name_stands_on_the_ticket(client, token):
    for path in ("", "/now", "/print"):
        said = client.get(f"/en/ticket/{token}{path}").text
        assert not [name for name in ("Ada", "Lovelace", "Olena", "Koval") if name in said]


def test_the_paper_has_number_wait_papers_and_the_way_to_follow(client, token):
    page = client.get_page(f"/en/ticket/{token}/print")
    assert page.one(".no").text == "A2"
    assert "One person is before you." in page.text and "2 people" in page.text
    assert page.select(".sheet li"), "what to bring"
    assert page.one(".qr svg").get("viewBox") or page.one(".qr svg").get("viewbox")


def test_the_desk_prints_the_ticket_of_whom_it_registered(house, desk_client):
    desk = desk_client.get_page("/desk/").submit(REGISTER, service="cpr_registration", language="ar")
    page = desk.follow()
    printed = page.click("A1").click("Print the ticket", 303).follow()
    assert printed.one("html")["lang"] == "ar" and printed.one(".no").text == "A1"
    desk_client.get_page("/desk/ticket/K7M4QXT", 404)


def test_the_desk_sees_how_long_each_will_wait(house, desk_client, thursday):  # noqa: F811
    for _ in range(2):
        desk_client.get_page("/desk/").submit(REGISTER, service="cpr_registration").must_be(303)
    assert desk_client.get("/desk/queue").json["waiting"].count("expected:") == 2
    assert "expected:" in desk_client.get_page("/desk/").one(".queue").text
    thursday.shift(10 * 3600)
    assert "expected:" not in desk_client.get("/desk/queue").json["waiting"]
    assert "expected:" not in desk_client.get_page("/desk/").one(".queue").text
