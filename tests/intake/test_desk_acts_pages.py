"""What else the desk does on its pages: undo, break, pause, priority, hand over, find people; the counter."""

from __future__ import annotations

from sqlalchemy import select

from house import clock
from house.audit import Act
from house.catalogue.face import service as service_of
from house.doors import Role
from house.intake.desk_models import Deed
from house.intake.models import Counter, Outcome, Step, Visit, VisitState
from house.intake.registration import check_in
from house.people import face as people
from house.referrals.models import Referral
from tests.hostile import nothing_changes, refuses_everything
from tests.intake.booking_house import (
    CPR,
    DRIVING,
    house_template,  # noqa: F401 - a fixture
)
from tests.intake.desk_house import (
    CALL,
    FINISH,
    HAND_OVER,
    REGISTER,
    START,
    TAX,
    booked,
    miss,
    numbers,
    the_desk,  # noqa: F401 - a fixture
    the_house,  # noqa: F401 - a fixture
    thursday,  # noqa: F401 - a fixture
    walk_in,
)

UNDO = "Undo Called A1 Alt Z"


def serving(desk, arranging, *services, **more):
    """Somebody sits at my counter."""
    with arranging() as session:
        walk_in(session, *services, **more)
    return desk.client.get_page("/desk/").submit(CALL).follow().submit(START).follow()


# --- undo ------------------------------------------------------------------------------------------------


def test_what_i_did_last_is_taken_back_by_one_press_and_the_audit_keeps_both(desk, arranging, looking):
    with arranging() as session:
        walk_in(session, name="Olena")
    page = desk.client.get_page("/desk/").submit(CALL).follow()
    page = page.submit(UNDO).must_be(303).follow()
    assert page.one(".notice.good").text == "Taken back: Called"
    assert numbers(page) == ["A1"]
    assert page.select(".now .no") == []
    with looking() as session:
        verbs = session.scalars(select(Act.verb).order_by(Act.id)).all()
        assert verbs[-2:] == ["called", "undone"]


def test_a_whole_visit_is_taken_back_act_by_act(desk, looking):
    page = desk.submit(REGISTER, service=CPR, name="Olena").follow()
    for button in (CALL, START, FINISH):
        page = page.submit(button).must_be(303).follow()
    for verb in ("Finished", "Started", "Called", "Registered"):
        page = page.submit(f"Undo {verb} A1 Alt Z").must_be(303).follow()
    with looking() as session:
        visit = session.scalars(select(Visit)).one()
        assert (visit.state, visit.name, visit.steps[0].periods) == (VisitState.CANCELLED, None, [])


def test_what_somebody_else_went_on_with_cannot_be_taken_back(app, house, desk, arranging, sign_in):
    with arranging() as session:
        walk_in(session)
    mine = desk.client.get_page("/desk/").submit(CALL).follow()
    other = app.test_client()
    sign_in(other, Role.DESK)
    other.get_page("/desk/").submit(START).must_be(303)
    page = mine.submit(UNDO).must_be(409)
    assert "Somebody else did something with this visit" in page.one(".summary li").text
    assert page.one(".now .no").text == "A1"


def test_an_act_is_taken_back_once_by_its_own_person_and_in_time(
    app,
    desk,
    arranging,
    sign_in,
    looking,
    thursday,  # noqa: F811
):
    with arranging() as session:
        walk_in(session)
    page = desk.client.get_page("/desk/").submit(CALL).follow()
    with looking() as session:
        deed_id = session.scalars(select(Deed.id).where(Deed.verb == "called")).one()
    other = app.test_client()
    sign_in(other, Role.DESK)
    token = {"csrf_token": other.get_page("/desk/").values(REGISTER)["csrf_token"]}
    with nothing_changes(app, "a foreign act"):
        other.post_page(f"/desk/undo/{deed_id}", token, 404)
    for bad in (None, "forged"):
        desk.client.post_page(f"/desk/undo/{deed_id}", {"csrf_token": bad}, 422)
    thursday.shift(24 * 3600)
    assert page.submit(UNDO).must_be(409).one(".summary li").text == "It is too late to take this back."
    assert desk.client.get_page("/desk/").select(".undo") == []
    thursday.shift(-23 * 3600)
    page.submit(UNDO).must_be(303)
    again = page.submit(UNDO).must_be(409)
    assert again.one(".summary li").text == "This was taken back already."


# --- my break, pauses, priority --------------------------------------------------------------------------


def test_a_break_stops_calling_until_it_is_over(desk, arranging, looking):
    with arranging() as session:
        walk_in(session)
    before = desk.client.get_page("/desk/")
    page = before.submit("My break Alt P").must_be(303).follow()
    assert "You have a break since 09:10." in page.one(".now").text
    refused = before.submit(CALL).must_be(409)
    assert refused.one(".summary li").text == "Your counter has a break. Please end it first."
    page = page.submit("Back from the break Alt P").must_be(303).follow()
    busy = page.submit(CALL).must_be(303)
    assert busy.follow().one(".now .no").text == "A1"
    assert page.submit("My break Alt P").must_be(409).select(".summary li")
    desk.client.post_page("/desk/break/begin", {"csrf_token": "forged"}, 422)
    with looking() as session:
        assert set(session.scalars(select(Counter.paused_at))) == {None}


def test_somebody_pauses_and_keeps_the_place(desk, arranging, thursday):  # noqa: F811
    with arranging() as session:
        walk_in(session, name="First")
        thursday.shift(60)
        walk_in(session, name="Second")
    page = desk.client.get_page("/desk/").submit(CALL).follow().submit("Pause Alt P").must_be(303).follow()
    assert numbers(page) == ["A2", "A1"]
    assert page.select(".queue .tag")[1].text == "Pause"
    assert page.submit(CALL).follow().one(".now .no").text == "A2"
    person = desk.client.get_page(page.select("a.no")[1]["href"])
    person = person.submit("Back to the queue").must_be(303).follow()
    assert person.submit("Pause").must_be(303).follow().submit("Back to the queue").must_be(303)
    assert numbers(desk.client.get_page("/desk/")) == ["A1"]


def test_who_goes_first_is_called_first_and_the_reason_is_shown(desk, arranging):
    with arranging() as session:
        walk_in(session)
        walk_in(session)
    page = desk.client.get_page("/desk/")
    person = desk.client.get_page(page.select("a.no")[1]["href"])
    person.submit("Save", priority="small_children", party="3", service=TAX).must_be(303)
    page = desk.client.get_page("/desk/")
    assert numbers(page) == ["A2", "A1"]
    assert "3 people" in page.select(".queue li")[0].text
    assert "First: Small children" in page.select(".queue li")[0].text
    page = page.submit("Undo Details changed A2 Alt Z").must_be(303).follow()
    assert numbers(page) == ["A1", "A2"]


def test_every_bad_change_of_a_person_is_refused(desk, arranging):
    with arranging() as session:
        reference = walk_in(session).visit.reference
    refuses_everything(
        lambda: desk.client.get_page(f"/desk/person/{reference}"), "Save",
        {"party": "2", "priority": "last_day", "service": TAX},
        needed=["party"], choices=["priority", "service", "party"],
    )  # fmt: skip


def test_somebody_missed_is_here_after_all(desk, house, arranging, looking, thursday):  # noqa: F811
    with arranging() as session:
        walk_in(session, CPR, TAX, name="Olena")
        reference = miss(session, house, thursday).visit.reference
    thursday.shift(600)
    page = desk.client.get_page(f"/desk/person/{reference}")
    assert "Nobody came to this visit." in page.text
    page.submit("Is here after all").must_be(303)
    assert page.submit("Is here after all").must_be(409).select(".summary li")
    assert numbers(desk.client.get_page("/desk/")) == ["A1"]
    with looking() as session:
        step = session.scalars(select(Step).order_by(Step.id)).first()
        assert [period.kind for period in step.periods] == ["waiting", "called", "paused", "waiting"]


def test_a_quick_question_is_one_act(desk, looking):
    page = desk.submit(REGISTER, service=CPR, quick="advice_given").must_be(303).follow()
    assert page.one(".notice.good .given").text == "Ticket A1"
    assert page.select(".now .no") == []
    page = page.submit(REGISTER, service=CPR, quick="stay", priority="last_day").must_be(303).follow()
    assert page.one(".now .no").text == "A2"
    assert page.submit(REGISTER, service=CPR, quick="stay").must_be(409).select(".summary li")
    with looking() as session:
        assert session.scalars(select(Step.outcome).order_by(Step.id)).all() == [Outcome.ADVICE_GIVEN, None]
    page.submit("Undo Served at once A2 Alt Z").must_be(303)


# --- handing over ----------------------------------------------------------------------------------------


def test_the_next_step_is_chosen_and_so_is_the_counter(desk, house, arranging, looking):
    page = serving(desk, arranging, CPR, DRIVING, TAX)
    later = [one["value"] for one in page.select("#then option") if one["value"].startswith("step-")]
    page = page.submit(HAND_OVER, then=later[1], where=str(house.counter_ids[2])).must_be(303).follow()
    assert "They wait for: Tax card" in page.one(".notice.good").text
    with looking() as session:
        states = [step.state.value for step in session.scalars(select(Step).order_by(Step.id))]
        assert states == ["done", "planned", "waiting"]
    assert "Counter Counter 1" in page.one(".queue li").text


def test_who_is_handed_over_is_here_since_the_first_arrival(desk, arranging, thursday):  # noqa: F811
    page = serving(desk, arranging, CPR, DRIVING)
    assert "here since" not in page.text
    thursday.shift(20 * 60)
    page = page.submit(HAND_OVER).must_be(303).follow()
    line = page.one("[data-part=waiting] .queue li").text
    assert "here since 09:10" in line
    assert "0 min" in line
    assert "here since 09:10" in desk.client.get_page("/counter/").one("[data-part=next]").text


def test_a_further_service_is_added_and_handed_over_to(desk, arranging, looking):
    page = serving(desk, arranging, CPR)
    page.submit(FINISH, then=f"service-{DRIVING}").must_be(303)
    assert desk.client.get_page("/desk/").submit(CALL).follow().one(".now .no").text == "A1"
    with looking() as session:
        assert len(session.scalars(select(Step)).all()) == 2


def test_a_counter_that_does_not_give_it_is_refused(desk, house, arranging):
    page = serving(desk, arranging, CPR, DRIVING)
    with nothing_changes(desk.client.application, "hand over"):
        refused = page.submit(HAND_OVER, where=str(house.counter_ids[2])).must_be(422)
    assert refused.one(".summary li").text == "That counter does not give this service."


def test_missing_papers_give_the_later_steps_back_and_a_new_time_is_offered(desk, arranging):
    page = serving(desk, arranging, CPR, DRIVING)
    where = page.one(".now .who a")["href"]
    done = page.submit(HAND_OVER, outcome="papers_missing", missing=["0"]).must_be(303).follow()
    offered = done.one(".notice.warn a")
    person = desk.client.get_page(where)
    assert "Papers are missing: " in person.one(".log").text
    [link] = [link for words, link in person.links if words == "Book another time"]
    assert link == f"/desk/caller?service={CPR}&service={DRIVING}&language=en&party=1"
    assert (offered["href"], offered["accesskey"]) == (link, "k")
    desk.client.get_page(link)


def test_somebody_is_handed_over_to_an_authority_outside_and_that_is_final(desk, arranging, looking):
    page = serving(desk, arranging, CPR, name="Olena")
    good = {"wanted": TAX, "ground": "consent", "matter": "Tax card"}
    refuses_everything(
        lambda: desk.client.get_page("/desk/"), "Hand over to the authority", good,
        needed=["ground"], choices=["wanted", "ground"], lines=["matter"],
    )  # fmt: skip
    page = page.submit("Hand over to the authority", **good).must_be(303).follow()
    assert "Undo Handed" not in page.one(".undo").text
    with looking() as session:
        referral = session.scalars(select(Referral)).one()
        reference = session.scalars(select(Visit.reference)).one()
        assert (referral.name, referral.visit_reference) == ("Olena", reference)
        step_id = session.scalars(select(Step.id)).one()
    token = {"csrf_token": page.values(REGISTER)["csrf_token"], **good}
    desk.client.post_page(f"/desk/step/{step_id}/outside", token, 409)
    desk.client.post_page(f"/desk/step/{step_id + 99}/outside", token, 404)


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
    assert "Українська" in page.one(".now").text
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
