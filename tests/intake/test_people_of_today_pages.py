"""Everybody of today: found, checked in and explained on the desk's pages, and whom an adviser sees."""

from __future__ import annotations

from house import clock
from house.catalogue.face import service as service_of
from house.doors import Role
from house.intake.registration import check_in
from house.people import face as people
from tests.hostile import nothing_changes
from tests.intake.booking_house import (
    CPR,
    house_template,  # noqa: F401 - a fixture
)
from tests.intake.desk_house import (
    CALL,
    HAND_OVER,
    START,
    TAX,
    booked,
    the_desk,  # noqa: F401 - a fixture
    the_house,  # noqa: F401 - a fixture
    thursday,  # noqa: F401 - a fixture
    walk_in,
)

# --- everybody of today ----------------------------------------------------------------------------------


def test_anybody_of_today_is_found_booked_or_not(desk, arranging):
    with arranging() as session:
        booked(session, name="Ana Popescu")
        booked(session, "10:20", "Łukasz Żak")
        walk_in(session, name="Anatol Weber")
    page = desk.client.get_page("/desk/today")
    assert len(page.select("#today li")) == 3
    for typed, names in (("ana", 2), ("zak", 1), ("A1", 1), ("nobody", 0)):
        found = page.submit("Find ↵", words=typed).must_be(200)
        assert len(found.select("#today li")) == names, typed
    assert "ana" not in page.submit("Find ↵", words="ana").url
    page.submit("Find ↵", words="x" * 70).must_be(422)
    person = desk.client.get_page(page.select("#today a")[0]["href"])
    assert person.one("h1").text.startswith("Visit ")
    done = page.submit("Check in Łukasz Żak").must_be(303).follow()
    assert done.one(".notice.good .no").text == "A2"
    booked_still = desk.client.get_page("/desk/today").select("#today button")
    assert [one.text for one in booked_still] == ["Check in Ana Popescu"]


def test_somebody_booked_is_checked_in_from_the_own_page(desk, arranging):
    with arranging() as session:
        reference = booked(session, name="Ada").reference
    page = desk.client.get_page(f"/desk/person/{reference}")
    done = page.submit("Check in").must_be(303).follow()
    assert "A1" in done.one(".lead").text
    assert page.submit("Check in").must_be(409).one(".summary li").text == "This visit is checked in already."
    desk.client.post_page(f"/desk/person/{reference}/pause", {"csrf_token": "forged"}, 422)
    desk.client.get_page("/desk/person/AAAAAAA", 404)


def test_the_rule_of_the_queue_stands_on_the_page_and_who_is_early_or_late(desk, arranging, thursday):  # noqa: F811
    with arranging() as session:
        early, late = booked(session, "10:00", "Early"), booked(session, "10:20", "Late")
        session.flush()
        check_in(session, early, "staff 1")
        thursday.move_to(clock.now().replace(hour=9, minute=45))  # 10:45 on the wall
        check_in(session, late, "staff 1")
        thursday.move_to(clock.now().replace(hour=8, minute=30))
    page = desk.client.get_page("/desk/")
    assert "Early: called when nobody else waits" in page.one(".queue").text
    thursday.move_to(clock.now().replace(hour=9, minute=46))
    page = desk.client.get_page("/desk/")
    assert "Late by 25 min: keeps the booked time" in page.one(".queue").text
    assert "Nobody is missed before 3 calls and 3 minutes." in page.text
    assert "Who has waited 120 minutes goes before all others." in page.text


# --- the adviser's own page ------------------------------------------------------------------------------


def test_the_counter_page_leads_through_a_visit(desk, arranging):
    with arranging() as session:
        walk_in(session, CPR, TAX, name="Olena", language="uk")
    page = desk.client.get_page("/counter/").must_be(200)
    assert [one.text for one in page.select("[data-part=next] .no")] == ["A1"]
    page = page.submit(CALL).must_be(303)
    assert page.location == "/counter/"
    page = page.follow().submit(START).follow()
    assert "Ukrainian" in page.one(".now").text
    assert len(page.select("ol li[aria-current=step]")) == 1
    assert page.select("#papers-title")
    page = page.submit(HAND_OVER).must_be(303).follow()
    assert page.url == "/counter/"
    page.submit("My break Alt P").must_be(303)
    refused = page.submit(CALL).must_be(409)
    assert refused.h1 == "My counter"
    fresh = desk.client.get("/counter/next")
    assert fresh.status_code == 200
    known = {"If-None-Match": fresh.headers["ETag"]}
    assert desk.client.get("/counter/next", headers=known).status_code == 304


def test_an_adviser_sees_only_whom_her_authority_has_a_step_for(app, house, arranging, sign_in):
    with arranging() as session:
        hers = walk_in(session, TAX).visit.reference
        other = walk_in(session, CPR, name="Grace of another waits").visit.reference
        booked(session, "10:00", "Grace of another")
        booked(session, "10:00", "Ada of tax", service=TAX)
        body = people.authority_body(session, service_of(session, TAX).authority_slug, "Tax").id
    client = app.test_client()
    sign_in(client, Role.ADVISER, body_id=body)
    page = client.get_page("/counter/")
    assert len(page.select("#counter option")) == 1
    assert [one.text for one in page.select("[data-part=next] .no")] == ["B1"]
    desk = client.get_page("/desk/")
    assert [one.text for one in desk.select("[data-part=waiting] .no")] == ["B1"]
    assert [one.text for one in desk.select("[data-part=coming] .who b")] == ["Ada of tax"]
    assert "Grace of another" not in desk.text
    assert "Grace of another" not in client.get("/desk/queue").text
    client.get_page(f"/desk/person/{hers}", 200)
    client.get_page(f"/desk/person/{other}", 404)
    assert "Grace of another" not in client.get_page("/desk/today", 200).text


def test_an_adviser_moves_and_cancels_only_what_her_authority_has_a_step_in(app, house, arranging, sign_in):
    with arranging() as session:
        other = booked(session, "10:00", "Grace").reference
        hers = booked(session, "10:00", "Ada", service=TAX).reference
        body = people.authority_body(session, service_of(session, TAX).authority_slug, "Tax").id
    client = app.test_client()
    sign_in(client, Role.ADVISER, body_id=body)
    client.get_page(f"/desk/visit/{hers}").submit("Cancel the visit").must_be(303)
    with nothing_changes(app, "a visit of another authority"):
        for way in ("", "/move/", "/move/2027-01-07"):
            client.get_page(f"/desk/visit/{other}{way}", 404)
        for act in ("cancel", "undo"):
            client.post_page(f"/desk/visit/{other}/{act}", {"csrf_token": "any"}, 404)
    client.get_page(f"/desk/caller/{hers}")
    client.get_page(f"/desk/caller/{other}", 404)
