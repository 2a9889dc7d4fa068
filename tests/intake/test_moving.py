"""Moving a booked visit: its own places never count, one transaction, the old time goes back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from house import clock, post
from house.db import begin_writing
from house.intake.booking import book
from house.intake.cancelling import cancel
from house.intake.change_models import Freed
from house.intake.counter_models import CounterService
from house.intake.holding import hold
from house.intake.household import Household
from house.intake.models import Occupancy, Step, Visit, VisitState
from house.intake.moving import move, other_times, wish_of
from house.intake.offering import find_times
from house.intake.wishes import OtherTime
from house.problems import Moved, Taken
from tests.intake.booking_house import (
    CPR,
    DRIVING,
    FRIDAY,
    THURSDAY,
    WEDNESDAY,
    at,
    house_template,  # noqa: F401 - a fixture
    set_up,
    tick,
)
from tests.intake.bookkeeping import agree


@pytest.fixture
def house(session, frozen):
    house = set_up(session, services=[CPR, DRIVING])
    house.clock = frozen(WEDNESDAY)
    return house


def booked(session, wall="10:00", day=THURSDAY, party=1, services=CPR, email="ada@example.org"):
    return book(session, services, party, at(day, wall), "en", "Ada", email)


def kinds(session):
    session.flush()
    return session.scalars(select(post.Letter.kind).order_by(post.Letter.id)).all()


def test_a_visit_moves_to_another_day_with_one_letter_and_the_next_revision(session, house):
    visit = booked(session)
    made = visit.agreed_at
    house.clock.shift(timedelta(minutes=5))
    assert move(session, visit, tick(FRIDAY, "11:00")) is visit
    assert (visit.day.isoformat(), visit.revision, visit.state) == (FRIDAY, 2, VisitState.BOOKED)
    assert visit.agreed_at == clock.now() != made
    assert kinds(session) == ["visit_booked", "visit_moved"]
    assert {row.tick for row in agree(session)} == {tick(FRIDAY, "11:00") + n for n in range(4)}
    assert tick(THURSDAY, "10:00") in starts(session)


def test_ones_own_places_never_count_against_oneself(session, house):
    """Ten minutes later overlaps with oneself; at the only counter there is."""
    visit = booked(session)
    listed = [time.start for time in other_times(session, visit).times(visit.day)]
    assert tick(THURSDAY, "10:10") in listed and tick(THURSDAY, "10:00") not in listed
    for time in listed:
        move(session, visit, time)
        agree(session)
    move(session, visit, tick(THURSDAY, "10:10"))
    assert [step.starts_at for step in visit.steps] == [at(THURSDAY, "10:10")]


def test_the_list_offers_what_moving_takes_and_nothing_else(session, house):
    visit = booked(session)
    booked(session, "10:50", email=None)
    hold(session, CPR, 1, tick(THURSDAY, "11:30"), "en", b"1")
    offer = other_times(session, visit)
    assert offer.days(visit.day)[0] == (visit.day, len(offer.times(visit.day)))
    listed = {time.start for time in offer.times(visit.day)}
    session.commit()
    for start in range(tick(THURSDAY, "09:00"), tick(THURSDAY, "12:30")):
        begin_writing(session)
        if start in listed or start == tick(THURSDAY, "10:00"):
            move(session, visit, start)
            agree(session)
        else:
            with pytest.raises(Taken):
                move(session, visit, start)
        session.rollback()


def test_a_visit_of_two_steps_moves_as_a_whole(session, house):
    visit = booked(session, services=[CPR, DRIVING])
    listed = [time.start for time in other_times(session, visit).times(visit.day)]
    assert tick(THURSDAY, "10:10") in listed
    move(session, visit, tick(THURSDAY, "10:10"))
    assert len(visit.steps) == 2 and session.scalar(select(func.count()).select_from(Step)) == 2
    assert [step.starts_at for step in visit.steps] == [at(THURSDAY, "10:10"), at(THURSDAY, "10:30")]
    agree(session)


def test_a_time_that_is_taken_leaves_the_visit_as_it_was(session, house):
    visit = booked(session)
    booked(session, "11:00", email=None)
    session.commit()
    begin_writing(session)
    with pytest.raises(Taken):
        move(session, visit, tick(THURSDAY, "11:10"))
    session.rollback()
    assert (visit.revision, visit.steps[0].starts_at) == (1, at(THURSDAY, "10:00"))
    assert kinds(session) == ["visit_booked"]
    agree(session)


@pytest.mark.parametrize("start", [0, 2**62, tick("2027-01-09", "10:00"), tick("2026-12-31", "10:00")])
def test_odd_times_are_refused(session, house, start):
    with pytest.raises(Taken):
        move(session, booked(session), start)


def test_moving_to_where_one_is_changes_nothing(session, house):
    visit = booked(session)
    move(session, visit, tick(THURSDAY, "10:00"))
    move(session, visit, tick(THURSDAY, "10:30"))
    move(session, visit, tick(THURSDAY, "10:30"))
    assert (visit.revision, kinds(session)) == (2, ["visit_booked", "visit_moved"])


def test_a_visit_that_began_or_is_off_does_not_move(session, house):
    visit, other = booked(session), booked(session, "11:00")
    cancel(session, other)
    with pytest.raises(Moved):
        move(session, other, tick(THURSDAY, "11:30"))
    house.clock.move_to(at(THURSDAY, "10:00"))
    with pytest.raises(Moved):
        move(session, visit, tick(FRIDAY, "10:00"))
    held = hold(session, CPR, 1, tick(FRIDAY, "10:00"), "en")
    with pytest.raises(Moved):
        move(session, held, tick(FRIDAY, "10:30"))


def test_a_party_moves_to_a_time_that_is_long_enough(session, house):
    visit = booked(session, party=3)  # 20 + 8 + 8 minutes: eight ticks
    listed = [time.start for time in other_times(session, visit).times(visit.day)]
    assert max(listed) == tick(THURSDAY, "11:20")
    move(session, visit, max(listed))
    assert len(agree(session)) == 8


def cool(session, minutes):
    session.query(CounterService).update({"cool_off_minutes": minutes})
    session.flush()


def test_places_left_behind_cool_off_where_the_service_says_so(session, house):
    cool(session, 30)
    visit = booked(session)
    move(session, visit, tick(THURSDAY, "10:10"))
    rows = session.execute(select(Occupancy.tick, Occupancy.visit_id, Occupancy.expires_at)).all()
    kept = [row for row in rows if row.visit_id is None]
    assert {row.tick for row in kept} == {tick(THURSDAY, "10:00"), tick(THURSDAY, "10:05")}
    assert {row.expires_at for row in kept} == {clock.now() + timedelta(minutes=30)}
    agree(session)
    early = tick(THURSDAY, "10:00")
    house.clock.shift(timedelta(minutes=32))
    move(session, visit, tick(FRIDAY, "10:00"))
    house.clock.shift(timedelta(minutes=29))
    assert early not in starts(session)
    house.clock.shift(timedelta(minutes=3))
    assert early in starts(session)
    hold(session, CPR, 1, early, "en")
    agree(session)


def starts(session, day=THURSDAY):
    return [time.start for time in find_times(session, CPR, 1, "en").times(at(day, "00:00").date())]


def test_what_was_freed_is_written_down_as_stretches(session, house):
    visit = booked(session)
    move(session, visit, tick(THURSDAY, "10:10"))
    cancel(session, visit)
    session.flush()
    found = session.scalars(select(Freed).order_by(Freed.id)).all()
    assert [(one.first, one.until) for one in found] == [
        (tick(THURSDAY, "10:00"), tick(THURSDAY, "10:10")),
        (tick(THURSDAY, "10:10"), tick(THURSDAY, "10:30")),
    ]


def test_staff_move_a_visit_and_the_audit_says_who(session, house):
    from house.audit import Act

    move(session, booked(session), tick(THURSDAY, "11:00"), "staff 7")
    session.flush()
    assert session.scalars(select(Act.actor).where(Act.verb == "visit_moved")).one() == "staff 7"
    assert session.scalars(select(Visit.cancelled_by)).one() is None


# --- around a time that another system gave -----------------------------------------------------------------

SIRI = "eu_residence_document"


@pytest.fixture
def around(session, house):
    """Three people whose residence document is made elsewhere on Thursday from 10:00, before the others."""
    wanted = [SIRI, CPR, DRIVING]
    others = [OtherTime(SIRI, at(THURSDAY, "10:00"), "SIRI-77")]
    household = Household(2, 1, "uk", True, ("wheelchair",))
    return book(session, wanted, 3, at(FRIDAY, "10:00"), "en", "Ada", household=household, others=others)


def test_a_booked_visit_is_wished_for_anew_as_it_was(session, around):
    wish = wish_of(session, around)
    assert wish.slugs == [SIRI, CPR, DRIVING] and [one.slug for one in wish.here] == [CPR, DRIVING]
    assert (wish.party, wish.language) == (3, "uk")
    assert wish.others == (OtherTime(SIRI, at(THURSDAY, "10:00"), "SIRI-77"),)


def test_it_moves_only_to_where_the_time_elsewhere_is_over_and_one_is_back(session, around):
    listed = [time.start for day in (THURSDAY, FRIDAY) for time in
              other_times(session, around).times(at(day, "00:00").date())]  # fmt: skip
    over = max(one.end_tick for one in wish_of(session, around).fixed)
    assert over >= tick(THURSDAY, "10:00") + 6, "the way from there counts"
    assert listed and min(listed) >= over
    for start in range(tick(THURSDAY, "10:00"), tick(THURSDAY, "12:00")):
        got = tried(session, around, start)
        assert got == (start in listed), start
    move(session, around, listed[-1])
    assert [one.reference for one in around.elsewhere] == ["SIRI-77"], "what another system gave stays"
    assert (around.children, around.interpreter, around.access) == (1, True, "wheelchair")
    agree(session)


def tried(session, visit, start):
    """Whether a visit can be moved there; taken back at once."""
    with session.begin_nested() as trying:
        try:
            move(session, visit, start)
            agree(session)
            return True
        except Taken:
            return False
        finally:
            trying.rollback()
            session.expire_all()
