"""Booking online: who are you, checking the answers, and booking while the time is held."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from house.intake.models import Visit, VisitState
from tests.intake.booking_house import (
    THURSDAY,
    house_template,  # noqa: F401 - a fixture
    tick,
)
from tests.intake.booking_pages import (
    TEN,
    book_visit,
    hold_time,
    stored,
    take_away,
    the_house,  # noqa: F401 - a fixture
)


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


def wish_of(check):
    """What the check says of hearing of something earlier."""
    rows = [row for row in check.select("dl.answers div") if "Tell me if something earlier" in row.text]
    return rows[0].select("dd")[0].text


def test_who_wants_to_hear_of_something_earlier_says_where(client, house, looking):
    page = hold_time(client).submit(name="Ada", email="", earlier="y").must_be(422)
    assert page.one("#earlier-error").text.endswith("We need an e-mail address to write to you.")
    assert page.select("input[name=earlier][checked]") and page.one("input[name=name]")["value"] == "Ada"
    wrong = page.submit(name="Ada", email="nonsense", earlier="y").must_be(422)
    assert len(wrong.select(".summary li")) == 1, "what is wrong with the address is said once"
    check = wrong.submit(name="Ada", email="ada@example.org", earlier="y").must_be(303).follow()
    assert wish_of(check) == "Yes"
    check = check.click("Change Tell me").submit(name="Ada", email="", earlier=None).must_be(303).follow()
    assert wish_of(check) == "No"
    with looking() as session:
        assert session.scalars(select(Visit)).one().asked_earlier_at is None
