"""Two workers at one moment, on PostgreSQL: a day is closed while a step of it is told; two seal the audit.

On SQLite one writes at a time, whatever the locks.
"""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import selectinload

from house import audit, clock, worker
from house.audit import Act
from house.intake import calling, closing, telling
from house.intake.models import Outcome, Period, Step, StepState, Visit
from house.reporting.models import Contact
from tests import houses
from tests.intake.booking_house import (
    CPR,
    DRIVING,
    FRIDAY,
    THURSDAY,
    house_template,  # noqa: F401 - a fixture
)
from tests.intake.desk_house import DESK, furnish, serve, walk_in
from tests.intake.racing import IN_VAIN, PATIENCE, act, wait_for

pytestmark = [pytest.mark.races, pytest.mark.postgres]


@pytest.fixture
def race(pg_app):
    return partial(houses.race, pg_app.extensions["house-config"])


@pytest.fixture
def yesterday(pg_app, frozen):
    """Half past midnight: somebody was served, waited for something else, and nobody closed the day."""
    there = frozen(f"{THURSDAY} 09:10", tick=True)
    with houses.arranging(pg_app) as session:
        house = furnish(session)
        walk_in(session, CPR, DRIVING)
        closing.finish(session, serve(session, house), Outcome.COMPLETED, DESK)
        assert calling.waiting_in(session, house.place_id, clock.today("Europe/Copenhagen"))
    there.move_to(f"{FRIDAY} 00:30+01:00")


# --- told once ---------------------------------------------------------------------------------------------


def tell(app):
    """Tell how the first step ended, and stop before that is written until its day was read, or in vain."""
    folder, tells = app.extensions["house-config"].data_dir, telling.tell

    def slowly(session, step):
        (folder / "telling").touch()
        wait_for((folder / "read").exists, IN_VAIN)
        tells(session, step)

    telling.tell = slowly
    told = act(app, lambda session: telling.tell_ended(session, clock.now()))
    (folder / "told").touch()
    return told


def close_days(app, careful):
    """Close yesterday; a careless one reads its steps, waits until one was told, and believes the reading."""
    folder, left_open = app.extensions["house-config"].data_dir, closing._left_open

    def read(session, today):
        if careful:
            found = left_open(session, today)
        else:
            whole = select(Visit).options(selectinload(Visit.steps).selectinload(Step.periods))
            found = session.scalars(whole.with_for_update(skip_locked=True)).all()
        (folder / "read").touch()
        wait_for((folder / "told").exists, IN_VAIN if careful else PATIENCE)
        return found

    closing._left_open = read
    wait_for((folder / "telling").exists)
    return act(app, lambda session: closing.close_days_before(session, clock.today("Europe/Copenhagen")))


def at_midnight(careful):
    return lambda app, number: close_days(app, careful) if number else tell(app)


@pytest.mark.parametrize(
    ("careful", "contacts"), [(True, 2), (False, 3)], ids=["as it is", "without the steps' locks"]
)
def test_a_step_told_while_its_day_is_closed_is_told_once(race, pg_app, yesterday, careful, contacts):
    assert race(at_midnight(careful), 2) == [True, 1]
    with houses.looking(pg_app) as session:
        assert session.scalar(select(func.count()).select_from(Contact)) == contacts
        states = session.scalars(select(Step.state).order_by(Step.id)).all()
        assert states == [StepState.DONE, StepState.MISSED]
        assert session.scalars(select(Period.id).where(Period.ended_at.is_(None))).all() == []


# --- sealed once -------------------------------------------------------------------------------------------


def seal(app, number, careful):
    """Both seal: the second sees an act more, which was written before and committed later."""
    folder, link = app.extensions["house-config"].data_dir, audit._link
    if not careful:
        worker.is_sqlite = lambda _session: True

    def slowly(*told):
        (folder / "sealing").touch()
        wait_for((folder / "sealed").exists, IN_VAIN if careful else PATIENCE)
        return link(*told)

    if number == 0:
        audit._link = slowly
    else:
        wait_for((folder / "sealing").exists)
        with houses.arranging(app) as session:
            session.add(Act(id=0, at=clock.now(), actor=DESK, verb="late", subject="", facts={}))
    with app.app_context():
        try:
            return worker._in_turn(lambda session, _now: audit.seal(session)) > 0
        except IntegrityError:
            return "clash"
        finally:
            (folder / "sealed").touch()


def test_two_workers_seal_one_after_the_other(race, pg_app, yesterday):
    assert race(lambda app, number: seal(app, number, careful=True), 2) == [True, True]
    with houses.looking(pg_app) as session:
        assert audit.first_broken(session) is None
        assert session.scalars(select(Act.id).where(Act.link.is_(None))).all() == []


def test_without_turns_their_seals_clash(race, yesterday):
    assert race(lambda app, number: seal(app, number, careful=False), 2) == ["clash", True]
