"""Days that are over leave nothing behind but the visits; what is to come is left alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from house import clock
from house.intake.booking import book
from house.intake.cancelling import cancel
from house.intake.change_models import EarlierOffer, Freed, Reminder
from house.intake.closing import close_days_before
from house.intake.earlier import ask, decline
from house.intake.models import CounterDay, Occupancy, Step, Visit
from house.intake.passing_on import offer_next
from house.intake.reminding import remind
from house.intake.sweeping import KEEP, sweep
from tests import houses
from tests.intake.booking_house import (
    CPR,
    THURSDAY,
    at,
    house_template,  # noqa: F401 - a fixture
    set_up,
)
from tests.intake.bookkeeping import agree

MONDAY, LATER, LATEST = "2027-01-04 12:00", "2027-01-14", "2027-01-21"
SWEPT = (Occupancy, CounterDay, Reminder, EarlierOffer, Freed)


@pytest.fixture
def house(session, frozen):
    """A visit that came and was reminded, one that was offered something, one to come."""
    travel = frozen(MONDAY)
    house = set_up(session)
    house.clock = travel
    book(session, CPR, 1, at(THURSDAY, "11:00"), "en", "Came", "came@example.org")
    gone = book(session, CPR, 1, at(THURSDAY, "10:00"), "en", "Gone")
    waits = book(session, CPR, 1, at(LATEST, "10:00"), "en", "Waits", "waits@example.org")
    ask(session, waits, True)
    cancel(session, gone)
    session.flush()
    offer_next(session, clock.now())
    decline(session, session.scalars(select(EarlierOffer)).one())
    travel.move_to(at("2027-01-06", "11:00"))
    remind(session, clock.now())
    session.flush()
    return house


def left(session):
    session.flush()
    return [session.scalar(select(func.count()).select_from(table)) for table in SWEPT]


def test_a_week_is_kept_and_then_swept(session, house):
    before = left(session)
    assert all(before)
    assert sweep(session, at(THURSDAY, "10:30") + KEEP) < sum(before)
    assert sweep(session, at("2027-01-08", "12:00") + KEEP) > 0
    assert left(session) == [4, 1, 0, 0, 0]  # the visit to come has its places
    assert session.scalar(select(func.count()).select_from(Visit)) == 3
    assert session.scalar(select(func.count()).select_from(Step)) == 3
    house.clock.move_to(at("2027-01-15", "12:00"))
    close_days_before(session, clock.today("Europe/Copenhagen"))
    agree(session)
    assert sweep(session, clock.now()) == 0


def test_the_worker_sweeps_once_an_hour(app, frozen):
    from house import worker

    travel = frozen(MONDAY)
    with houses.arranging(app) as session:
        set_up(session)
        book(session, CPR, 1, at(THURSDAY, "11:00"), "en", "Came")
    travel.move_to(at(THURSDAY, "12:00") + KEEP + timedelta(days=1))
    with app.app_context():
        worker.housekeeping(app)
    with houses.looking(app) as session:
        assert session.scalar(select(func.count()).select_from(Occupancy)) == 0


def test_an_offer_still_open_is_not_swept_away_under_its_hold(session, house):
    offer = session.scalars(select(EarlierOffer)).one()
    offer.hold_id = session.scalars(select(Visit.id)).first()
    session.flush()
    sweep(session, at(LATEST, "10:00") + KEEP * 9)
    assert session.scalar(select(func.count()).select_from(EarlierOffer)) == 1


def test_a_house_that_is_not_set_up_does_nothing_every_minute(app_factory):
    from house import worker

    app = app_factory()
    with app.app_context():
        worker.every_minute(app)
