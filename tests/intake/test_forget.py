"""What intake forgets, and that it forgets nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from house import clock
from house.catalogue import face as catalogue
from house.forgetting import fates
from house.intake.booking import book, give_contact
from house.intake.forget import forget
from house.intake.holding import hold
from house.intake.models import CounterDay, Elsewhere, Member, Occupancy, Step, Visit, VisitState
from tests.intake.booking_house import (
    CPR,
    FRIDAY,
    THURSDAY,
    WEDNESDAY,
    at,
    house_template,  # noqa: F401 - a fixture
    set_up,
    tick,
)


@pytest.fixture
def house(session, frozen):
    house = set_up(session)
    house.clock = frozen(WEDNESDAY)
    return house


def count(session, table):
    return session.scalar(select(func.count()).select_from(table))


def test_every_personal_column_here_has_a_test():
    assert {column for column in fates() if column.split(".")[0] in ("visit", "member", "elsewhere")} == {
        "visit.name", "visit.email", "visit.mobile", "visit.access", "member.name", "elsewhere.reference",
    }  # fmt: skip


def test_names_and_addresses_are_blanked_thirty_days_after_the_visit(session, house):
    early = book(session, CPR, 1, at(THURSDAY, "10:00"), "en", "Ada", "ada@example.org")
    late = book(session, CPR, 1, at(FRIDAY, "10:00"), "en", "Bo", "bo@example.org")
    session.add_all(
        [Member(visit_id=early.id, number=1, name="Ada"), Member(visit_id=late.id, number=1, name="Bo")]
    )
    for visit in (early, late):
        visit.access = "wheelchair"
        visit.mobile, visit.mobile_mark = "+4520123456", b"mark"
        siri = catalogue.service(session, "eu_residence_document").id
        session.add(
            Elsewhere(
                visit_id=visit.id, service_id=siri, starts_at=clock.now(), ends_at=clock.now(), reference="S1"
            )
        )
    session.flush()
    day = at(THURSDAY, "12:00")
    assert forget(session, day + timedelta(days=30)) == 0
    assert forget(session, day + timedelta(days=31)) == 3
    session.expire_all()
    assert (early.name, early.email, session.get(Member, (early.id, 1)).name) == (None, None, None)
    assert (late.name, late.email, session.get(Member, (late.id, 1)).name) == ("Bo", "bo@example.org", "Bo")
    assert (early.mobile, early.mobile_mark, early.email_mark) == (None, None, None)
    assert (late.mobile, late.mobile_mark) == ("+4520123456", b"mark")
    assert (early.access, early.elsewhere[0].reference) == (None, None)
    assert (late.access, late.elsewhere[0].reference) == ("wheelchair", "S1")
    assert forget(session, day + timedelta(days=31)) == 0


def test_a_hold_that_came_to_nothing_is_taken_away_after_a_day(session, house):
    came_to_nothing = hold(session, CPR, 1, tick(THURSDAY, "10:00"), "en", b"1")
    give_contact(session, came_to_nothing, "Ada", "ada@example.org")
    session.add(Member(visit_id=came_to_nothing.id, number=1, name="Ada"))
    house.clock.shift(timedelta(hours=1))
    kept = hold(session, CPR, 1, tick(FRIDAY, "11:00"), "en", b"2")
    booked = book(session, CPR, 1, at(FRIDAY, "10:00"), "en", "Bo", "bo@example.org")
    session.flush()
    house.clock.shift(timedelta(hours=23, minutes=14))
    assert forget(session, clock.now()) == 0
    house.clock.shift(timedelta(minutes=2))
    assert forget(session, clock.now()) == 1
    assert set(session.scalars(select(Visit.id))) == {kept.id, booked.id}
    assert set(session.scalars(select(Step.visit_id))) == {kept.id, booked.id}
    assert set(session.scalars(select(Occupancy.visit_id))) == {kept.id, booked.id}
    assert count(session, Member) == 0
    days = dict(session.execute(select(CounterDay.day, CounterDay.full)).all())
    assert [int.from_bytes(full, "little") for _, full in sorted(days.items())] == [
        0,
        0b1111 << 120 | 0b1111 << 132,
    ]
    assert booked.state is VisitState.BOOKED


def test_an_empty_house_has_nothing_to_forget(session):
    assert forget(session, clock.now()) == 0
