"""Somebody who waits is scanned once more at the very moment in which an adviser calls them, on both engines.

Who scans locks the visit and then its steps; who calls has the step and then writes a deed, which leads to
the visit. Were all of the visit locked, one would wait for the other in a circle.
"""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from house.db import is_sqlite
from house.intake import calling, periods, registration
from house.intake.models import Step, StepState, Visit
from tests import houses
from tests.intake.booking_house import (
    house_template,  # noqa: F401 - a fixture
)
from tests.intake.desk_house import DESK, THURSDAY, TODAY, booked, furnish
from tests.intake.racing import IN_VAIN, act, wait_for

pytestmark = pytest.mark.races


@pytest.fixture
def waiting(engine_app, frozen):
    """Ten past nine: one who booked, was checked in and waits; their reference, and a counter."""
    frozen(f"{THURSDAY} 09:10", tick=True)
    with houses.arranging(engine_app) as session:
        house, visit = furnish(session), booked(session)
        registration.check_in(session, visit, DESK)
        return visit.reference, house.counter_ids[0]


def meet(app, mine, other):
    """Say that I have what I locked first, and let the other have theirs: on SQLite in vain."""
    folder = app.extensions["house-config"].data_dir
    (folder / mine).touch()
    wait_for((folder / other).exists, IN_VAIN)


def call(app, counter_id):
    """Call, and stop between taking the step and writing the deed."""
    begin = periods.begin

    def after_both(*all_):
        meet(app, "called", "scanned")
        return begin(*all_)

    periods.begin = after_both
    return act(app, lambda session: answer(session, calling.counter(session, counter_id)))


def answer(session, at):
    return calling.call_next(session, at, TODAY, DESK).state.value


def scan(app, reference, whole):
    """Scan at the desk; with `whole` all of the visit is locked, as it once was."""

    def again(session):
        if whole:
            session.execute(select(Visit.id).where(Visit.reference == reference).with_for_update())
        visit = registration.find_for_check_in(session, reference, TODAY)
        meet(app, "scanned", "called")
        return registration.check_in(session, visit, DESK)

    return act(app, again)


def at_once(reference, counter_id, whole):
    def work(app, number):
        try:
            return scan(app, reference, whole) if number else call(app, counter_id)
        except OperationalError as error:
            return "deadlock" if "deadlock" in str(error) else str(error)

    return work


def test_who_is_scanned_again_while_they_are_called_is_here_already(engine_app, race, waiting):
    assert race(at_once(*waiting, whole=False), 2) == ["called", "here_already"]
    with houses.looking(engine_app) as session:
        assert session.scalars(select(Step.state)).all() == [StepState.CALLED]


def test_were_the_whole_visit_locked_they_would_wait_in_a_circle(engine_app, race, waiting):
    """On SQLite one writes at a time; on PostgreSQL one of the two fails."""
    with houses.looking(engine_app) as session:
        fails = [] if is_sqlite(session) else ["deadlock"]
    found = race(at_once(*waiting, whole=True), 2)
    assert [one for one in found if one not in ("called", "here_already")] == fails
