"""All that I did today: the page, and taking back what lies longer back than a moment."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from house import audit
from house.doors import Role
from house.intake import calling, closing, done_today, parking, undoing
from house.intake.desk_models import Deed
from house.intake.models import Occupancy, Outcome, Step, StepState, Visit, VisitState
from house.intake.registration import WalkIn, check_in
from house.intake.serving_at_once import quick_serve
from house.problems import Moved, Taken
from tests.hostile import nothing_changes
from tests.intake.booking_house import (
    CPR,
    DRIVING,
    house_template,  # noqa: F401 - a fixture
)
from tests.intake.desk_house import (
    CALL,
    DESK,
    FINISH,
    REGISTER,
    START,
    booked,
    call,
    counter,
    furnish,
    log_of,
    serve,
    sit,
    thursday,  # noqa: F401 - a fixture
    walk_in,
)

HOURS = 3600


@pytest.fixture
def small(session, thursday):  # noqa: F811
    return furnish(session)


def last(session):
    return session.scalars(select(Deed).where(Deed.undone_at.is_(None)).order_by(Deed.id.desc())).first()


def take_back(session, *verbs):
    """Take back my last acts, which are these."""
    for verb in verbs:
        deed = last(session)
        assert deed.verb == verb
        undoing.undo(session, deed.id, DESK)


def kinds(step):
    return [kind for kind, *_ in log_of(step)]


# --- hours later -----------------------------------------------------------------------------------------


def test_a_whole_visit_is_taken_back_hours_later_and_no_hour_of_it_was_served(session, small, thursday):  # noqa: F811
    walk_in(session)
    thursday.shift(600)
    step = serve(session, small)
    thursday.shift(1200)
    closing.finish(session, step, Outcome.COMPLETED, DESK)
    thursday.shift(6 * HOURS)
    take_back(session, "finished")
    assert (step.state, kinds(step)) == (
        StepState.SERVING, ["waiting", "called", "serving", "paused", "serving"],
    )  # fmt: skip
    minutes = {kind: (ended - began).seconds // 60 for kind, began, ended in log_of(step)[:4]}
    assert minutes == {"waiting": 10, "called": 0, "serving": 20, "paused": 360}
    thursday.shift(60)
    take_back(session, "started", "called")
    assert (step.state, kinds(step)) == (StepState.WAITING, ["waiting", "paused", "waiting"])
    assert step.visit.arrived_at == step.periods[0].began_at
    take_back(session, "registered")
    assert step.visit.state is VisitState.CANCELLED
    assert kinds(step) == []


def test_after_taking_back_late_the_visit_goes_on_and_that_can_be_taken_back_too(session, small, thursday):  # noqa: F811
    walk_in(session)
    step = serve(session, small)
    parking.park(session, step, DESK)
    thursday.shift(2 * HOURS)
    take_back(session, "parked")
    thursday.shift(300)
    closing.finish(session, step, Outcome.COMPLETED, DESK)
    assert step.visit.state is VisitState.DONE
    thursday.shift(300)
    take_back(session, "finished", "started")
    assert (step.state, kinds(step)[-1]) == (StepState.CALLED, "called")


def test_a_check_in_hours_ago_was_none(session, small, thursday):  # noqa: F811
    visit = booked(session)
    check_in(session, visit, DESK)
    thursday.shift(3 * HOURS)
    take_back(session, "checked_in")
    assert (visit.state, visit.arrived_at, kinds(visit.steps[0])) == (VisitState.BOOKED, None, [])


def test_a_quick_question_hours_ago_was_none(session, small, thursday):  # noqa: F811
    step = quick_serve(session, counter(session, small), WalkIn([CPR], "en"), DESK, Outcome.ADVICE_GIVEN)
    thursday.shift(3 * HOURS)
    take_back(session, "served_at_once")
    assert (step.visit.state, kinds(step)) == (VisitState.CANCELLED, [])


def papers_missing(session, small):
    """A booked visit whose later step gave its time back."""
    visit = booked(session, service=[CPR, DRIVING])
    check_in(session, visit, DESK)
    closing.finish(session, serve(session, small), Outcome.PAPERS_MISSING, DESK)
    return visit


def places(session, visit):
    mine = select(Occupancy.tick).where(Occupancy.visit_id == visit.id).order_by(Occupancy.tick)
    return session.scalars(mine).all()


def test_times_given_back_hours_ago_are_had_again_when_nobody_has_them(session, small, thursday):  # noqa: F811
    visit = booked(session, "10:20", service=[CPR, DRIVING])
    had = places(session, visit)
    check_in(session, visit, DESK)
    closing.finish(session, serve(session, small), Outcome.PAPERS_MISSING, DESK)
    assert len(places(session, visit)) < len(had)
    thursday.shift(4 * HOURS)
    take_back(session, "finished")
    assert places(session, visit) == had
    assert [step.state for step in visit.steps] == [StepState.SERVING, StepState.PLANNED]


def test_a_hold_that_ran_out_keeps_nobody_from_their_time(session, small, thursday):  # noqa: F811
    visit = papers_missing(session, small)
    counter_id, tick, _ = last(session).places[0]
    when = session.scalars(select(Visit.arrived_at).where(Visit.id == visit.id)).one()
    session.add(Occupancy(counter_id=counter_id, tick=tick, lane=0, expires_at=when))
    thursday.shift(4 * HOURS)
    take_back(session, "finished")
    assert len(places(session, visit)) == len(set(places(session, visit)))


def test_a_time_that_somebody_else_has_now_is_gone(session, small, thursday):  # noqa: F811
    papers_missing(session, small)
    counter_id, tick, _ = last(session).places[0]
    session.add(Occupancy(counter_id=counter_id, tick=tick, lane=0))
    thursday.shift(4 * HOURS)
    with pytest.raises(Taken):
        undoing.undo(session, last(session).id, DESK)


@pytest.mark.parametrize("what", ["busy", "break", "closed"])
def test_nobody_comes_back_to_a_counter_that_is_not_free(session, small, thursday, what):  # noqa: F811
    walk_in(session)
    step = serve(session, small)
    closing.finish(session, step, Outcome.COMPLETED, DESK)
    deed, at = last(session), counter(session, small)
    if what == "busy":
        walk_in(session)
        call(session, small)
    elif what == "break":
        parking.pause_counter(session, at, DESK)
    else:
        at.active = False
    session.flush()
    with pytest.raises(Moved, match="counter_not_free"):
        undoing.undo(session, deed.id, DESK)
    session.expire_all()
    assert step.state is StepState.DONE


def test_only_the_last_act_of_a_visit_is_taken_back_and_why_is_said(session, small):
    walk_in(session)
    serve(session, small)
    done = done_today.all_of_mine(session, DESK)
    assert [(one.verb, one.hindered) for one in done] == [
        ("started", None), ("called", "later_first"), ("registered", "later_first"),
    ]  # fmt: skip
    with pytest.raises(Moved, match="later_first"):
        undoing.undo(session, done[1].id, DESK)


def test_what_somebody_else_went_on_with_or_left_the_house_says_so(session, small):
    walk_in(session)
    step = call(session, small)
    calling.start(session, step, "staff 2")
    assert {one.hindered for one in done_today.all_of_mine(session, DESK)} == {"moved"}
    session.add(Deed(visit_id=step.visit_id, actor="staff 2", verb="handed_outside", at=last(session).at,
                     before={}, after={}, places=[]))  # fmt: skip
    session.flush()
    assert {one.hindered for one in done_today.all_of_mine(session, DESK)} == {"left_the_house"}
    with pytest.raises(Moved, match="left_the_house"):
        undoing.undo(session, last(session).id, "staff 2")


# --- the page --------------------------------------------------------------------------------------------


@pytest.fixture
def desk(thursday, arranging, desk_client):  # noqa: F811
    with arranging() as session:
        house = furnish(session)
    sit(desk_client, house)
    return desk_client


def rows(page):
    return [one.text for one in page.select(".done li")]


def a_served_visit(desk):
    page = desk.get_page("/desk/").submit(REGISTER, service=CPR, name="Olena").follow()
    for button in (CALL, START, FINISH):
        page = page.submit(button).must_be(303).follow()
    return page


def test_everything_i_did_today_is_on_one_page_and_taken_back_there(desk, looking, thursday):  # noqa: F811
    assert "You have done nothing with a visit today." in desk.get_page("/desk/done").one("main").text
    a_served_visit(desk)
    thursday.shift(3 * HOURS)
    page = desk.get_page("/desk/")
    assert page.select(".undo") == [], "one key away is only what was just done"
    page = page.click("All I did today")
    assert len(rows(page)) == 4
    assert rows(page)[0].startswith("09:10 Finished A1")
    assert "Please take back first what you did later with this visit." in rows(page)[1]
    for verb in ("Finished", "Started", "Called", "Registered"):
        page = page.submit(f"Undo {verb} A1").must_be(303).follow()
        assert page.one(".notice.good").text == f"Taken back: {verb}"
        assert page.one("h1").text == "All I did today"
    assert all("Taken back at 12:10." in row for row in rows(page))
    assert page.select(".done form") == []
    with looking() as session:
        verbs = session.scalars(select(audit.Act.verb).order_by(audit.Act.id)).all()
        assert verbs.count("undone") == 4
        assert {"registered", "called", "started", "finished"} <= set(verbs)


def test_the_page_of_a_person_takes_back_what_i_did_with_them_today(desk, looking, thursday):  # noqa: F811
    a_served_visit(desk)
    thursday.shift(3 * HOURS)
    with looking() as session:
        reference = session.scalars(select(Visit.reference)).one()
    page = desk.get_page(f"/desk/person/{reference}")
    page = page.submit("Undo Finished A1 Alt Z").must_be(303).follow()
    assert page.one(".now .no").text == "A1"


def test_a_refusal_comes_back_on_the_same_page(app, desk, looking, sign_in):
    a_served_visit(desk)
    page = desk.get_page("/desk/done")
    page.submit("Undo Finished A1").must_be(303)
    again = page.submit("Undo Finished A1").must_be(409)
    assert again.one(".summary li").text == "This was taken back already."
    assert again.one("h1").text == "All I did today"
    with looking() as session:
        started = session.scalars(select(Deed.id).where(Deed.verb == "started")).one()
        registered = session.scalars(select(Deed.id).where(Deed.verb == "registered")).one()
    token = {"csrf_token": again.values("Undo Started A1")["csrf_token"], "page": "done"}
    with nothing_changes(app, "an earlier act first"):
        refused = desk.post_page(f"/desk/undo/{registered}", token, 409)
    assert refused.one(".summary li").text == "Please take back first what you did later with this visit."
    for bad in (None, "forged"):
        desk.post_page(f"/desk/undo/{started}", {**token, "csrf_token": bad}, 422)
    other = app.test_client()
    sign_in(other, Role.DESK)
    theirs = {**token, "csrf_token": other.get_page("/desk/").values(REGISTER)["csrf_token"]}
    with nothing_changes(app, "a foreign act"):
        other.post_page(f"/desk/undo/{started}", theirs, 404)
    assert rows(other.get_page("/desk/done")) == [], "each sees the own acts"


def test_nothing_of_yesterday_is_there_or_taken_back(app, desk, looking, thursday):  # noqa: F811
    a_served_visit(desk)
    page = desk.get_page("/desk/done")
    thursday.shift(15 * HOURS)
    with nothing_changes(app, "yesterday's"):
        late = page.submit("Undo Finished A1").must_be(409)
    assert late.one(".summary li").text == "It is too late to take this back."
    assert rows(late) == []
    with looking() as session:
        assert session.scalars(select(Step.state)).one() is StepState.DONE


def test_what_was_done_with_bookings_is_there_with_its_way_back_or_the_reason(desk, arranging, thursday):  # noqa: F811
    with arranging() as session:
        first, second = booked(session, "10:00", "Ada").reference, booked(session, "10:20", "Ben").reference
    desk.get_page(f"/desk/visit/{first}").submit("Cancel the visit").must_be(303)
    page = desk.get_page("/desk/done")
    assert rows(page)[0].startswith(f"09:10 Booking cancelled {first}")
    page.submit(f"Undo Booking cancelled {first}").must_be(303)
    page = desk.get_page("/desk/done")
    assert "Taken back at 09:10." in rows(page)[0] and not page.select(".done form")
    thursday.shift(60)
    desk.get_page(f"/desk/visit/{second}").submit("Cancel the visit").must_be(303)
    days = desk.get_page(f"/desk/visit/{first}").click("Choose another time")
    times = desk.get_page(next(where for _words, where in days.links if "/move/20" in where))
    start = times.select("main input[name=start]")[-1]["value"]
    times.submit(times.select("main form button")[-1].text, start=start).must_be(303)
    thursday.shift(61)
    told = rows(desk.get_page("/desk/done"))
    assert any(f"Booking moved {first}" in one and "Move or cancel the visit instead" in one for one in told)
    late = next(one for one in told if f"Booking cancelled {second}" in one)
    assert "It is too late to take this back." in late
    assert desk.get_page("/desk/done").click(first).h1 == f"Visit {first}"


def test_a_closing_of_today_is_there_and_opened_again_from_there(desk):
    page = desk.get_page("/desk/closed-today")
    closed = page.submit(page.select("main form button")[-1].text, reason="staff").must_be(303)
    assert closed.location.endswith("/desk/closed-today")
    page = desk.get_page("/desk/done")
    assert "Closed for today" in rows(page)[0]
    page.submit("Undo Closed for today").must_be(303)
    page = desk.get_page("/desk/done")
    assert "Taken back at 09:10." in rows(page)[0] and not page.select(".done form")


def test_a_long_day_is_read_in_pages(desk, arranging):
    page = desk.get_page("/desk/")
    for _ in range(2):
        page = page.submit(REGISTER, service=CPR).follow()
    with arranging() as session:
        one = session.scalars(select(Deed)).first()
        for _ in range(60):
            session.add(Deed(
                visit_id=one.visit_id, actor=one.actor, verb="counted", at=one.at, before=one.after,
                after=one.after, places=[],
            ))  # fmt: skip
    page = desk.get_page("/desk/done")
    assert len(rows(page)) == 50
    assert len(rows(page.click("Earlier today"))) == 12
    for odd in ("0", "-1", "x", "9" * 40):
        desk.get_page(f"/desk/done?before={odd}")
