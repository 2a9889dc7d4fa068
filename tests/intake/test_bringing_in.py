"""The log of days gone by, brought in: the waits can be told at once, and nothing else changes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from house.catalogue import face as catalogue
from house.intake import day_log, replay, waits
from house.intake.bringing_in import Past, bring_in
from house.intake.estimating import FEWEST
from house.intake.measured import measure
from house.intake.models import Ticket, Visit, VisitState
from house.reporting.models import Contact
from tests import houses
from tests.intake.booking_house import (
    CPR,
    house_template,  # noqa: F401 - a fixture
)
from tests.intake.desk_house import (
    TODAY,
    furnish,
    thursday,  # noqa: F401 - a fixture
    walk_in,
)

TUESDAY = datetime(2027, 1, 5, 9, tzinfo=UTC)


def stay(session, number, wait=10.0, lasts=20.0, **more):
    service = catalogue.service(session, CPR).id
    came = TUESDAY + timedelta(minutes=number)
    called = came + timedelta(minutes=wait)
    told = Past(service, "uk", None, came, called, called + timedelta(minutes=lasts), None, 8.0)
    return told._replace(**more)


@pytest.fixture
def house(session, thursday):  # noqa: F811
    return furnish(session)


def test_how_long_it_took_and_how_expectations_turned_out_is_known_at_once(session, house):
    absent = {"planned_at": TUESDAY, "called_at": None, "ended_at": None}
    stays = [stay(session, number) for number in range(FEWEST)] + [stay(session, 0, **absent)]
    assert bring_in(session, stays) == FEWEST + 1
    place = catalogue.place(session)
    found = measure(session, place, TODAY)
    service = catalogue.service(session, CPR).id
    assert found.times[service] == [20.0] * FEWEST
    assert len(found.ratios) == FEWEST
    assert len(set(found.ratios)) == 1
    states = dict(session.execute(select(Visit.state, func.count()).group_by(Visit.state)).all())
    assert states == {VisitState.DONE: FEWEST, VisitState.MISSED: 1}


def test_the_log_is_sound_and_nobody_is_told_or_named(session, house):
    bring_in(session, [stay(session, number) for number in range(5)])
    visits = session.scalars(select(Visit)).all()
    log = day_log.log_of(session, house.place_id, TUESDAY.date())
    assert replay.faults(log, {visit.id: visit.arrived_at for visit in visits}) == []
    assert replay.figures(log, TUESDAY).waits == dict.fromkeys(range(1, 6), 10.0)
    assert not session.scalar(select(func.count()).select_from(Contact))
    assert {(visit.name, visit.email, visit.mobile) for visit in visits} == {(None, None, None)}


def test_who_comes_today_has_the_next_key_and_a_wait(session, house):
    bring_in(session, [stay(session, number) for number in range(FEWEST)])
    ticket = walk_in(session, CPR)
    assert ticket.visit_id == FEWEST + 1
    [step] = ticket.visit.steps
    assert waits.look(session, catalogue.place(session)).of_step(step.id)


@pytest.mark.parametrize(
    "more",
    [
        {"ended_at": None},
        {"arrived_at": TUESDAY + timedelta(days=2)},
        {"planned_at": TUESDAY + timedelta(days=2), "called_at": None},
    ],
)
def test_what_is_not_over_is_refused(session, house, more):
    with pytest.raises(ValueError, match="over"):
        bring_in(session, [stay(session, 0, **more)])
    assert not session.scalar(select(func.count()).select_from(Visit))


@pytest.mark.races
def test_on_both_engines_keys_go_on_behind_what_was_brought_in(engine_app, frozen):
    frozen(f"{TODAY} 09:10")
    with houses.arranging(engine_app) as session:
        furnish(session)
        assert bring_in(session, [stay(session, number) for number in range(3)]) == 3
    with houses.arranging(engine_app) as session:
        assert walk_in(session, CPR).visit_id == 4
        rows = session.execute(select(Ticket.visit_id, Visit.arrived_at).join(Visit).order_by(Visit.id)).all()
    assert rows[0] == (1, TUESDAY)
    assert [visit for visit, _ in rows] == [1, 2, 3, 4]
