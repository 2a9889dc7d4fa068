"""Ending a step: outcomes and what is told of them, the next step, no-shows, what the evening leaves open."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from house import audit
from house.intake import calling, closing, hooks
from house.intake import face as intake
from house.intake.models import Outcome, VisitState
from house.intake.registration import check_in
from house.problems import Moved
from tests.intake.booking_house import (
    CPR,
    DRIVING,
    at,
    house_template,  # noqa: F401 - a fixture
)
from tests.intake.desk_house import (
    DESK,
    TAX,
    TODAY,
    booked,
    call,
    contacts,
    ended_steps,
    furnish,
    log_of,
    miss,
    serve,
    the_day_before,
    thursday,  # noqa: F401 - a fixture
    ticket_of,
    told,
    walk_in,
)

FRIDAY = TODAY + timedelta(days=1)


@pytest.fixture
def house(session, thursday):  # noqa: F811
    return furnish(session)


def states(visit):
    return [step.state.value for step in visit.steps]


# --- outcomes --------------------------------------------------------------------------------------------

TOLD = [
    (Outcome.COMPLETED, "done", "served", "not_applicable"),
    (Outcome.ADVICE_GIVEN, "done", "served", "not_applicable"),
    (Outcome.PAPERS_MISSING, "failed", "failed", "paper_missing"),
    (Outcome.WRONG_AUTHORITY, "failed", "failed", "wrong_authority"),
    (Outcome.LEFT, "failed", "failed", "left"),
]


@pytest.mark.parametrize(("outcome", "state", "told", "reason"), TOLD)
def test_each_outcome_is_told_in_codes_and_nothing_more(
    session,
    house,
    thursday,  # noqa: F811
    outcome,
    state,
    told,
    reason,
):
    walk_in(session, CPR, language="uk", name="Olena Koval")
    thursday.shift(21 * 60)
    step = serve(session, house)
    thursday.shift(600)
    closing.finish(session, step, outcome, DESK)
    assert (step.state, step.outcome, step.visit.state) == (state, outcome, VisitState.DONE)
    [contact] = contacts(session)
    assert (contact.month, contact.service, contact.language) == ("2027-01", CPR, "uk")
    assert (contact.authority, contact.channel) == ("aalborg_citizen_service", "walk_in")
    assert (contact.outcome, contact.failure_reason) == (told, reason)
    assert contact.wait_band == "20_29"
    assert "Olena" not in str(vars(contact))


def test_a_booking_is_told_as_booked_and_two_steps_are_one_person(session, house):
    visit = booked(session, email="ada@example.dk")
    check_in(session, visit, DESK)
    walk_in(session, CPR, TAX)
    for number in (0, 0, 2):
        closing.finish(session, serve(session, house, number), Outcome.COMPLETED, DESK)
    known = contacts(session)
    assert sorted(one.channel for one in known) == ["booked", "walk_in", "walk_in"]
    assert len({one.person_key for one in known}) == 2


def test_whoever_left_no_address_may_have_been_one_person_all_day(session, house):
    for _ in range(3):
        walk_in(session, CPR)
        closing.finish(session, serve(session, house), Outcome.COMPLETED, DESK)
    known = contacts(session)
    assert len(known) == 3 and len({one.person_key for one in known}) == 1


@pytest.mark.parametrize("begin", [False, True])
def test_only_who_is_being_served_is_finished_and_only_once(session, house, begin):
    walk_in(session)
    step = call(session, house)
    if begin:
        calling.start(session, step, DESK)
        closing.finish(session, step, Outcome.COMPLETED, DESK)
    with pytest.raises(Moved):
        closing.finish(session, step, Outcome.COMPLETED, DESK)
    assert len(contacts(session)) == ended_steps(session) == int(begin)


def test_wings_above_hear_of_an_end_when_it_is_final(session, house, monkeypatch):
    heard = []
    monkeypatch.setattr(hooks, "step_ended", [lambda session, step: heard.append((step.id, step.outcome))])
    walk_in(session)
    step = serve(session, house)
    closing.finish(session, step, Outcome.ADVICE_GIVEN, DESK)
    assert heard == [], "it can still be taken back"
    told(session)
    assert heard == [(step.id, Outcome.ADVICE_GIVEN)]


# --- the next step ---------------------------------------------------------------------------------------


def test_the_next_step_waits_with_the_same_number(session, house, thursday):  # noqa: F811
    ticket = walk_in(session, CPR, TAX)
    first = serve(session, house)
    thursday.shift(600)
    closing.finish(session, first, Outcome.COMPLETED, DESK)
    assert states(ticket.visit) == ["done", "waiting"]
    assert ticket.visit.state is VisitState.ARRIVED
    second = serve(session, house, 2)
    assert ticket_of(second) == ticket_of(first)
    closing.finish(session, second, Outcome.COMPLETED, DESK)
    assert ticket.visit.state is VisitState.DONE
    assert len(contacts(session)) == 2


def test_missing_papers_end_the_visit_unless_something_else_can_be_done(session, house):
    ticket, other = walk_in(session, CPR, DRIVING), walk_in(session, CPR, DRIVING)
    closing.finish(session, serve(session, house), Outcome.PAPERS_MISSING, DESK, missing=[0, 2])
    assert states(ticket.visit) == ["failed", "cancelled"]
    assert (ticket.visit.state, ticket.visit.steps[0].missing) == (VisitState.DONE, "0 2")
    then = other.visit.steps[1]
    closing.finish(session, serve(session, house), Outcome.PAPERS_MISSING, DESK, then=then)
    assert states(other.visit) == ["failed", "waiting"]


def test_who_leaves_misses_what_was_still_to_come(session, house):
    ticket = walk_in(session, CPR, DRIVING, TAX)
    closing.finish(session, serve(session, house), Outcome.LEFT, DESK)
    assert states(ticket.visit) == ["failed", "missed", "missed"]
    assert ticket.visit.state is VisitState.DONE
    assert sorted(one.outcome for one in contacts(session)) == ["failed", "missed", "missed"]
    assert call(session, house) is None


def test_who_does_not_come_misses_the_whole_visit(session, house, thursday):  # noqa: F811
    ticket = walk_in(session, CPR, TAX)
    step = miss(session, house, thursday)
    assert states(ticket.visit) == ["missed", "missed"]
    assert ticket.visit.state is VisitState.MISSED
    assert [one.wait_band for one in contacts(session)] == ["not_applicable"] * 2
    assert [kind for kind, *_ in log_of(step)] == ["waiting", "called"]
    assert log_of(step)[-1][2] is not None
    with pytest.raises(Moved):
        closing.did_not_come(session, step, DESK)


def test_who_was_served_once_was_here(session, house, thursday):  # noqa: F811
    ticket = walk_in(session, CPR, TAX)
    closing.finish(session, serve(session, house), Outcome.COMPLETED, DESK)
    miss(session, house, thursday, 2)
    assert (states(ticket.visit), ticket.visit.state) == (["done", "missed"], VisitState.DONE)


def test_who_is_being_served_does_not_fail_to_come(session, house):
    walk_in(session)
    with pytest.raises(Moved):
        closing.did_not_come(session, serve(session, house), DESK)


# --- the day after ---------------------------------------------------------------------------------------


def test_what_yesterday_left_open_is_closed(session, house, thursday):  # noqa: F811
    never_came = booked(session, email="ada@example.dk")
    waited = walk_in(session, CPR, TAX).visit
    serving = walk_in(session, DRIVING).visit
    calling.start(session, call(session, house), DESK)  # `waited` is at the counter
    called = call(session, house, 1)  # and `serving` was called
    calling.start(session, called, DESK)
    done = walk_in(session).visit
    calling.back_to_queue(session, waited.steps[0], DESK)
    tomorrow = _book_for_tomorrow(session)
    thursday.shift(24 * 3600)
    assert closing.close_days_before(session, FRIDAY) == 4
    assert (never_came.state, states(never_came)) == (VisitState.MISSED, ["missed"])
    assert (waited.state, states(waited)) == (VisitState.MISSED, ["missed", "missed"])
    assert (done.state, states(done)) == (VisitState.MISSED, ["missed"])
    assert (serving.state, states(serving)) == (VisitState.DONE, ["done"]), "only the button was forgotten"
    assert tomorrow.state is VisitState.BOOKED
    known = contacts(session)
    assert len(known) == ended_steps(session) == 5
    assert sorted(one.outcome for one in known) == ["missed"] * 4 + ["served"]
    assert serving.steps[0].periods[-1].ended_at == at(TODAY.isoformat(), "23:59")
    assert closing.close_days_before(session, FRIDAY) == 0


def _book_for_tomorrow(session):
    with the_day_before():
        return intake.book(session, CPR, 1, at(FRIDAY.isoformat(), "10:00"), "en", "Jan")


def test_today_is_left_alone(session, house):
    visit = booked(session)
    ticket = walk_in(session)
    assert closing.close_days_before(session, TODAY) == 0
    assert (visit.state, ticket.visit.state) == (VisitState.BOOKED, VisitState.ARRIVED)


def test_the_last_day_of_a_month_is_told_of_that_month(session, frozen):
    clock = frozen("2027-01-31 10:00")
    furnish(session)
    walk_in(session)
    clock.shift(24 * 3600)
    closing.close_days_before(session, TODAY + timedelta(days=25))
    assert [one.month for one in contacts(session)] == ["2027-01"]


def test_the_evening_names_nobody(session, house, thursday):  # noqa: F811
    booked(session, name="Ada Lovelace")
    thursday.shift(24 * 3600)
    closing.close_days_before(session, FRIDAY)
    session.flush()
    acts = session.scalars(select(audit.Act).where(audit.Act.verb == "closed")).all()
    assert [(act.actor, act.facts["state"]) for act in acts] == [("worker", "missed")]
    assert "Ada" not in str([vars(act) for act in acts])


def test_no_step_ends_without_being_told(session, house):
    walk_in(session, CPR, TAX, DRIVING)
    walk_in(session, TAX)
    for outcome in (Outcome.WRONG_AUTHORITY, Outcome.COMPLETED, Outcome.LEFT):
        for number in (0, 2):
            step = call(session, house, number)
            if step is not None:
                calling.start(session, step, DESK)
                closing.finish(session, step, outcome, DESK)
    assert ended_steps(session) == len(contacts(session)) == 4
