"""A quick question: one act, no time measured, taken back as one."""

from __future__ import annotations

import pytest

from house.catalogue import face as catalogue
from house.intake import deeds, measured, undoing
from house.intake.models import Outcome, VisitState
from house.intake.registration import WalkIn
from house.intake.serving_at_once import quick_serve
from house.problems import Moved
from tests.intake.booking_house import (
    CPR,
    house_template,  # noqa: F401 - a fixture
)
from tests.intake.desk_house import (
    DESK,
    TODAY,
    contacts,
    counter,
    furnish,
    log_of,
    serve,
    thursday,  # noqa: F401 - a fixture
    walk_in,
)


@pytest.fixture
def house(session, thursday):  # noqa: F811
    return furnish(session)


def quickly(session, house, outcome=Outcome.ADVICE_GIVEN):
    return quick_serve(session, counter(session, house), WalkIn([CPR], "uk"), DESK, outcome)


def test_it_is_done_told_and_took_no_time(session, house):
    step = quickly(session, house)
    assert (step.visit.state, step.outcome) == (VisitState.DONE, Outcome.ADVICE_GIVEN)
    assert [kind for kind, *_ in log_of(step)] == ["waiting", "serving"]
    [contact] = contacts(session)
    assert (contact.outcome, contact.wait_band) == ("served", "0_4")


def test_it_teaches_nothing_about_how_long_the_service_takes(session, house):
    place, service = catalogue.place(session), catalogue.service(session, CPR)
    before = measured.measure(session, place, TODAY).times[service.id]
    for _ in range(measured.ENOUGH + 1):
        quickly(session, house)
    session.flush()
    assert measured.measure(session, place, TODAY).times[service.id] == before


def test_it_goes_on_beside_somebody_at_the_counter_unless_they_are_to_stay(session, house):
    walk_in(session)
    serve(session, house)
    quickly(session, house)
    with pytest.raises(Moved, match="busy"):
        quickly(session, house, None)


def test_it_is_taken_back_as_one(session, house):
    visit = quickly(session, house).visit
    [deed] = deeds.mine(session, DESK)
    assert deed.verb == "served_at_once"
    undoing.undo(session, deed.id, DESK)
    assert (visit.state, contacts(session), log_of(visit.steps[0])) == (VisitState.CANCELLED, [], [])
