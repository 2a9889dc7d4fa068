"""Booking for a caller: few keys, their language, what is read out, every refusal with its answers."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from house.catalogue import face as catalogue
from house.doors import Role
from house.intake.models import Step, Visit
from house.languages import speak
from house.people import face as people
from house.post import Letter
from tests.hostile import nothing_changes, refuses_everything, send, twice
from tests.intake.booking_house import (
    CPR,
    DRIVING,
    THURSDAY,
    house_template,  # noqa: F401 - a fixture
    tick,
)
from tests.intake.desk_house import (
    TAX,
    booked,
    the_house,  # noqa: F401 - a fixture
    thursday,  # noqa: F401 - a fixture
)

FIND, BOOK = "Find times ↵", "Book Alt N"


def times(client, *services, language="ar", **more):
    asked = "&".join(f"service={one}" for one in services or (CPR,))
    extra = "".join(f"&{key}={value}" for key, value in more.items())
    return client.get_page(f"/desk/caller?{asked}&party=1&language={language}{extra}")


def visits(looking):
    with looking() as session:
        found = list(session.scalars(select(Visit)))
        session.expunge_all()
    return found


def test_it_is_one_key_away_and_the_first_time_is_chosen(house, desk_client, looking):
    page = desk_client.get_page("/desk/")
    assert page.one("[accesskey=t]")["href"] == "/desk/caller"
    page = page.client.get_page("/desk/caller").submit(FIND, service=[CPR, DRIVING], language="uk")
    assert page.select("input[name=start][checked]")
    page = page.submit(BOOK, name="Olena").must_be(303).follow()
    assert page.h1 == "Booked: read this out"
    [visit] = visits(looking)
    assert (visit.channel, visit.state, visit.language, visit.name) == ("phoned", "booked", "uk", "Olena")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_what_is_read_out_is_in_the_callers_language_beside_mine(house, desk_client, looking, language):
    page = times(desk_client, language=language).submit(BOOK, name="Ada", email="ada@example.dk").follow()
    sides = page.select(".told-sides section")
    assert [one["lang"] for one in sides] == list(dict.fromkeys([language, "en"]))
    [visit] = visits(looking)
    with looking() as session, speak(language):
        [letter] = session.scalars(select(Letter))
        assert (letter.kind, letter.language) == ("visit_booked", language)
        for paper in catalogue.documents(catalogue.service(session, CPR)):
            assert paper.text in sides[0].text
    assert visit.reference in sides[0].text


def test_an_address_is_not_needed(house, desk_client, looking):
    page = times(desk_client).submit(BOOK, name="Ada").must_be(303).follow()
    assert "must write down the reference" in page.text
    with looking() as session:
        assert session.scalars(select(Letter)).all() == []


def test_the_same_page_sent_twice_books_once(house, desk_client, looking):
    first, second = twice(times(desk_client), BOOK, {"name": "Ada"})
    assert (first.response.status_code, second.response.status_code) == (303, 303)
    assert len(visits(looking)) == 1


def test_somebody_was_faster_and_the_answers_are_kept(house, desk_client, arranging):
    page = times(desk_client, CPR)
    with arranging() as session:
        for name in ("Ada", "Ben"):
            booked(session, "11:00", name)
    with nothing_changes(desk_client.application, "taken"):
        again = page.submit(BOOK, start=str(tick(THURSDAY, "11:00")), name="Cem", email="cem@example.dk")
    again.must_be(409)
    assert again.one(".summary li").text == "Somebody else has the time now."
    assert (again.one("#name")["value"], again.one("#email")["value"]) == ("Cem", "cem@example.dk")


def test_after_the_last_day_it_must_be_said_why(house, desk_client, looking):
    page = times(desk_client, since="2027-01-08")
    assert page.select("input[name=start]")
    with nothing_changes(desk_client.application, "late"):
        late = page.submit(BOOK, name="Ada", last_day="2027-01-07").must_be(409)
    assert "This is after the last day" in late.one(".summary li").text
    assert late.one("#last_day")["value"] == "2027-01-07" and late.select("details[open] #late")
    late.submit(BOOK, late="authority_agreed").must_be(303)
    assert len(visits(looking)) == 1
    times(desk_client).submit(BOOK, name="Ben", last_day="2027-01-07").must_be(303)


def test_what_cannot_be_had_together_is_said(house, desk_client):
    page = times(desk_client, CPR, TAX, since="2028-01-01")
    assert "There is no time for all of it in one visit." in page.text
    assert not page.select("input[name=start]")


def test_the_counters_language_is_said_where_it_is_not_the_callers(house, desk_client):
    assert "We can help you in" in times(desk_client, language="lt").text
    assert "We can help you in" not in times(desk_client, language="en").text


def test_every_bad_booking_is_refused(house, desk_client):
    good = {"name": "Ada", "email": "ada@example.dk", "last_day": "2027-06-01", "late": "nothing_before"}
    ways = refuses_everything(
        lambda: times(desk_client), BOOK, good, needed=["name"], lines=["name", "email"], choices=["late"],
    )  # fmt: skip
    assert ways > 12
    for start in ("", "x", "99999999999999999999"):
        send(times(desk_client), BOOK, {**good, "start": start}).must_be(422 if start in ("", "x") else 409)
    for start in ("-5", "0", "17", str(2**23)):
        with nothing_changes(desk_client.application, start):
            send(times(desk_client), BOOK, {**good, "start": start}).must_be(409)


@pytest.mark.parametrize(
    "asked",
    ["service=nothing", "service=&party=x", "party=0&service=" + CPR, "service=cpr_registration&language=xx",
     "service=cpr_registration&since=yesterday", "service=%00&party=9999999"],
)  # fmt: skip
def test_every_bad_question_is_refused_on_the_same_page(house, desk_client, asked):
    page = desk_client.get_page(f"/desk/caller?{asked}", 422)
    assert page.select(".summary li") and not page.select("input[name=start]")
    blank = {"csrf_token": desk_client.get_page("/desk/").select("[name=csrf_token]")[0]["value"]}
    desk_client.post_page(f"/desk/caller?{asked}", blank, 422)


def test_a_reference_that_is_none_is_not_here(house, desk_client):
    desk_client.get_page("/desk/caller/K7M4QXT", 404)


def test_the_missing_steps_of_a_visit_are_offered_another_time(
    app, house, desk_client, arranging, looking, sign_in
):
    """Papers were missing: what could not be done stands chosen, in the visitor's language."""
    from house.intake import closing
    from house.intake.models import Outcome
    from tests.intake.desk_house import DESK, serve, walk_in

    with arranging() as session:
        visit = walk_in(session, CPR, DRIVING, language="fa", party=2, name="Ada").visit
        visit.email = "ada@example.dk"
        step = serve(session, house)
        closing.finish(session, step, Outcome.PAPERS_MISSING, DESK, missing=[1])
        reference = step.visit.reference
    page = desk_client.get_page(f"/desk/person/{reference}").click("Book another time Alt K")
    chosen = [one["value"] for one in page.select("input[name=service][checked]")]
    assert chosen == [CPR, DRIVING] and page.one("#party")["value"] == "2"
    assert page.one("#language option[selected]")["value"] == "fa"
    told = lambda page: (page.one("#name").get("value", ""), page.one("#email").get("value", ""))  # noqa: E731
    assert told(page) == ("Ada", "ada@example.dk"), "the house knows them"
    assert {"Alt L", "Alt C", "Alt N"} <= {one.text for one in page.select("kbd")}
    assert told(page.submit(FIND)) == ("Ada", "ada@example.dk"), "another day keeps them"
    assert "Ada" not in page.url and reference in page.url
    adviser = app.test_client()
    with arranging() as session:
        body = people.authority_body(session, catalogue.service(session, TAX).authority_slug, "Tax").id
    sign_in(adviser, Role.ADVISER, body_id=body)
    assert told(adviser.get_page(page.url)) == ("", ""), "who may not see the visit learns nothing of it"
    for odd in ("AAAAAAA", "%00", "x" * 3000):
        assert told(times(desk_client, again=odd)) == ("", "")
    page.submit(BOOK).must_be(303)
    with looking() as session:
        assert session.scalars(select(Step.id).join(Visit).where(Visit.channel == "phoned")).all()
