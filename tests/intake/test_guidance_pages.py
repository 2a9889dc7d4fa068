"""The page of guidance: what it shows in two languages, writing down, every refusal, the paper."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from house.catalogue import face as catalogue
from house.doors import Role
from house.intake.guidance_models import Guidance
from house.languages import speak
from house.people import face as people
from house.post import Letter
from tests.hostile import nothing_changes, refuses_everything, send, twice
from tests.intake.booking_house import (
    CPR,
    house_template,  # noqa: F401 - a fixture
)
from tests.intake.desk_house import (
    CALL,
    START,
    sit,
    the_house,  # noqa: F401 - a fixture
    thursday,  # noqa: F401 - a fixture
    walk_in,
)

SHOW, NOTE, BACK = "Show what to tell ↵", "Write down Alt N", "Take it back"


def about(client, code=f"service:{CPR}", language="ar"):
    return client.get_page(f"/desk/guidance?about={code}&language={language}")


def rows(looking, table=Guidance):
    with looking() as session:
        found = list(session.scalars(select(table)))
        session.expunge_all()
    return found


def test_guidance_is_one_key_away_and_opens_what_my_visitor_came_for(house, desk_client, arranging):
    with arranging() as session:
        walk_in(session, CPR, language="fa")
    page = sit(desk_client, house).submit(CALL).follow().submit(START).follow()
    assert page.one("[accesskey=g]").text.startswith("Guidance")
    page = page.client.get_page("/desk/guidance")
    theirs, mine = page.select(".told-sides section")
    assert (theirs["lang"], theirs["dir"], mine["lang"]) == ("fa", "rtl", "en")
    assert page.one("#visit option[selected]").text == "Ticket A1"
    page.submit(NOTE).must_be(303)


def test_the_advice_stands_in_both_languages(house, desk_client, looking):
    page = about(desk_client)
    theirs, mine = page.select(".told-sides section")
    with looking() as session:
        for section, tag in ((theirs, "ar"), (mine, "en")):
            with speak(tag):
                for paper in catalogue.documents(catalogue.service(session, CPR)):
                    assert paper.text in section.text
    assert len(about(desk_client, language="en").select(".told-sides section")) == 1


def test_it_is_written_down_and_sent(house, desk_client, looking):
    page = about(desk_client).submit(
        NOTE, topics=["bring", "cost"], channel="phone", email="Ada@Example.dk"
    )  # fmt: skip
    page = page.must_be(303).follow()
    assert page.one(".notice.good").text == "The guidance is written down."
    assert "By phone" in page.one(".queue").text and "ada@" not in page.html.lower()
    [row], [letter] = rows(looking), rows(looking, Letter)
    assert (row.topics, row.channel, row.ended) == (["bring", "cost"], "phone", "advised")
    assert (letter.kind, letter.language, letter.recipient) == ("guidance_given", "ar", "Ada@example.dk")


def test_the_same_page_sent_twice_is_one_entry(house, desk_client, looking):
    page = about(desk_client)
    first, second = twice(page, NOTE, {"topics": "bring"})
    assert (first.response.status_code, second.response.status_code) == (303, 303)
    assert len(rows(looking)) == 1


def test_a_way_out_has_nothing_to_tell_but_where_to_go(house, desk_client, looking):
    page = about(desk_client, "routes:1", "uk")
    assert page.one("input[name=ended][checked]")["value"] == "routed"
    page.submit(NOTE).must_be(303)
    [row] = rows(looking)
    assert (row.about, row.ended, row.topics, row.language) == ("routes:1", "routed", [], "uk")
    assert row.texts == [["route/1/to", "uk", 1]]


def test_an_entry_is_taken_back_by_who_made_it_only(house, desk_client, sign_in, looking, app, thursday):  # noqa: F811
    page = about(desk_client).submit(NOTE).must_be(303).follow()
    [row] = rows(looking)
    way = f"/desk/guidance/{row.id}/remove"
    token = {"csrf_token": page.select("[name=csrf_token]")[0]["value"]}
    other = app.test_client()
    sign_in(other, Role.DESK)
    foreign = {"csrf_token": other.get_page("/desk/").select("[name=csrf_token]")[0]["value"]}
    with nothing_changes(app, "somebody else's"):
        other.post_page(way, foreign, 404)
        other.get_page(f"/desk/guidance/{row.id}/paper", 404)
    desk_client.post_page(way, {}, 422)
    thursday.shift(600)
    late = desk_client.post_page(way, token, 409)
    assert late.one(".summary li").text == "It is too late to take this back."
    thursday.shift(-600)
    page = desk_client.post_page(way, token, 303).follow()
    assert page.one(".notice.good").text == "The entry is taken back."
    assert rows(looking) == []
    desk_client.post_page(way, token, 404)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_paper_is_a_pdf_in_the_visitors_language(house, desk_client, looking, language):
    about(desk_client, language=language).submit(NOTE).must_be(303)
    [row] = rows(looking)
    answer = desk_client.get(f"/desk/guidance/{row.id}/paper")
    assert answer.status_code == 200 and answer.data.startswith(b"%PDF-")
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    assert f"Lang({language})".encode() in answer.data.replace(b" ", b"")


def test_every_bad_entry_is_refused(house, desk_client):
    good = {"channel": "phone", "ended": "own_basis", "email": "ada@example.dk"}
    ways = refuses_everything(
        lambda: about(desk_client), NOTE, good,
        needed=["channel", "ended"], lines=["email"], choices=["channel", "ended"],
    )  # fmt: skip
    assert ways > 12
    wrongs = ({"topics": None}, {"topics": "x"}, {"visit": "77"}, {"about": "service:x"}, {"language": "xx"})
    for wrong in wrongs:
        with nothing_changes(desk_client.application, str(wrong)):
            page = send(about(desk_client), NOTE, {**good, "topics": "bring", **wrong}).must_be(422)
        assert page.one(".summary li").text


def test_somebody_who_left_meanwhile_is_said_so(house, desk_client, arranging):
    with arranging() as session:
        visit_id = walk_in(session, CPR).visit_id
    page = about(desk_client)
    with arranging() as session:
        from house.intake.models import Step, StepState

        session.scalars(select(Step).where(Step.visit_id == visit_id)).one().state = StepState.DONE
    send(page, NOTE, {"visit": str(visit_id)}).must_be(422)


def test_an_address_with_odd_signs_shows_the_page_to_choose(house, desk_client):
    for code in ("", "service:", "'\x00", "routes:99", "x" * 4000):
        page = desk_client.get_page(f"/desk/guidance?about={code}&language=zz")
        assert page.select(".told-sides") == []


def test_an_adviser_sees_nobody_elses_tickets(house, app, sign_in, arranging):
    with arranging() as session:
        walk_in(session, "tax_card")
        service = catalogue.service(session, CPR)
        body = people.authority_body(session, service.authority_slug, "Citizen Service").id
    client = app.test_client()
    sign_in(client, Role.ADVISER, body_id=body)
    assert [one.text for one in about(client).select("#visit option")] == ["Somebody without a ticket"]
