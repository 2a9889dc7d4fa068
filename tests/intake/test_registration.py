"""Registering walk-ins and checking bookings in, by reference and by name."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from house import audit
from house.intake import face as intake
from house.intake.holding import hold
from house.intake.models import Channel, StepState, Visit, VisitState
from house.intake.registration import check_in, find_for_check_in, register_walk_in
from house.problems import Moved, NotHere, Problem
from tests.intake.booking_house import (
    CPR,
    DRIVING,
    FRIDAY,
    THURSDAY,
    at,
    house_template,  # noqa: F401 - a fixture
    tick,
)
from tests.intake.desk_house import (
    DESK,
    TAX,
    TODAY,
    booked,
    furnish,
    log_of,
    the_day_before,
    thursday,  # noqa: F401 - a fixture
    walk_in,
)


@pytest.fixture
def house(session, thursday):  # noqa: F811
    return furnish(session)


def find(session, typed):
    return find_for_check_in(session, typed, TODAY)


# --- walk-ins --------------------------------------------------------------------------------------------


def test_a_walk_in_gets_a_ticket_and_waits(session, house):
    ticket = walk_in(session, CPR, TAX, language="uk", party=3, name="Олена")
    visit = ticket.visit
    assert (ticket.letter, ticket.number, ticket.day) == ("A", 1, TODAY)
    assert (visit.channel, visit.state, visit.day) == (Channel.WALK_IN, VisitState.ARRIVED, TODAY)
    assert (visit.language, visit.party, visit.name, visit.email) == ("uk", 3, "Олена", None)
    assert [step.state for step in visit.steps] == [StepState.WAITING, StepState.PLANNED]
    now = datetime(2027, 1, 7, 8, 10, tzinfo=UTC)
    assert log_of(visit.steps[0]) == [("waiting", now, None)]
    assert log_of(visit.steps[1]) == []


@pytest.mark.parametrize("party", [0, -1, 13])
def test_a_party_nobody_brings_is_refused(session, house, party):
    with pytest.raises(Problem, match="odd_party"):
        walk_in(session, party=party)


def test_a_service_nobody_knows_is_refused(session, house):
    with pytest.raises(NotHere):
        walk_in(session, "no_such_service")
    with pytest.raises(Problem, match="odd_party"):
        register_walk_in(session, intake.WalkIn([], "en"), DESK)


def test_names_are_in_no_audit_and_no_repr(session, house):
    ticket = walk_in(session, name="Olena Koval")
    session.flush()
    acts = session.scalars(select(audit.Act).where(audit.Act.verb == "registered")).all()
    assert [(act.actor, act.subject) for act in acts] == [(DESK, f"visit {ticket.visit_id}")]
    shown = [str(vars(act)) for act in acts]
    shown += [repr(ticket), repr(ticket.visit), repr(intake.WalkIn([CPR], "en", name="Olena Koval"))]
    assert not any("Olena" in one for one in shown)


# --- bookings --------------------------------------------------------------------------------------------


def test_a_booking_is_checked_in_by_its_reference_however_it_is_typed(session, house):
    visit = booked(session)
    code = visit.reference
    for typed in (code, code.lower(), f" {code[:3]}-{code[3:]} ", " ".join(code)):
        assert find(session, typed) is visit
    ticket = check_in(session, visit, DESK)
    assert (ticket.letter, ticket.number) == ("A", 1)
    assert (visit.state, visit.channel, visit.steps[0].state) == ("arrived", "booked", "waiting")
    assert visit.arrived_at == visit.steps[0].periods[0].began_at


@pytest.mark.parametrize("typed", ["Núñez", "nunez", "MARÍA N", "maria nunez"])
def test_a_booking_is_found_by_name_typed_in_a_hurry(session, house, typed):
    visit = booked(session, name="María Núñez")
    booked(session, "10:20", "Jan Kowalski")
    assert find(session, typed) is visit


def test_when_several_fit_the_reference_is_asked_for(session, house):
    first, second = booked(session, name="Ana Popescu"), booked(session, "10:20", "Anatol Popescu")
    with pytest.raises(Problem, match="several"):
        find(session, "popescu")
    assert find(session, "anatol") is second
    assert find(session, first.reference) is first


def test_a_whole_name_wins_over_a_longer_one(session, house):
    short, _long = booked(session, name="Ana"), booked(session, "10:20", "Anatol")
    assert find(session, "ana") is short


@pytest.mark.parametrize("typed", ["Grace", "", "   ", "\u0301", "%", "_", "ZZZZZZZ", "7" * 5000])
def test_who_has_no_booking_is_not_found(session, house, typed):
    booked(session)
    with pytest.raises(NotHere):
        find(session, typed)


def test_a_booking_is_checked_in_once(session, house):
    visit = booked(session)
    check_in(session, visit, DESK)
    with pytest.raises(Moved, match="here_already"):
        check_in(session, find(session, visit.reference), DESK)
    with pytest.raises(NotHere):
        find(session, "Ada")  # by name only among those who are still to come


def test_a_booking_of_another_day_says_which(session, house):
    with the_day_before():
        visit = intake.book(session, CPR, 1, at(FRIDAY, "10:00"), "en", "Ada")
    with pytest.raises(Moved, match="other_day") as refused:
        check_in(session, find(session, visit.reference), DESK)
    assert refused.value.facts["day"] == TODAY + timedelta(days=1)
    with pytest.raises(NotHere):
        find(session, "Ada")


def test_a_cancelled_booking_is_not_checked_in(session, house):
    visit = booked(session)
    with the_day_before():
        intake.cancel(session, visit)
    with pytest.raises(Moved, match="not_booked"):
        check_in(session, find(session, visit.reference), DESK)


def test_a_time_that_was_only_held_is_no_booking(session, house):
    with the_day_before():
        visit = hold(session, CPR, 1, tick(THURSDAY, "10:00"), "en")
    with pytest.raises(NotHere):
        find(session, visit.reference)


def test_checking_in_counts_the_same_numbers_as_walk_ins(session, house):
    walk_in(session)
    assert check_in(session, booked(session), DESK).number == 2
    assert check_in(session, booked(session, "10:20", "Jan", service=DRIVING), DESK).number == 3


def test_the_row_says_the_same_after_the_commit(session, house, looking):
    ticket = walk_in(session, name="Ada")
    session.commit()
    with looking() as fresh:
        visit = fresh.scalars(select(Visit)).one()
        assert (visit.id, visit.name, visit.ticket.number) == (ticket.visit_id, "Ada", 1)
