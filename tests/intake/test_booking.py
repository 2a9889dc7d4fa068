"""Confirming and cancelling what was held, and what is true only once the locks are there."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select

from house.audit import Act
from house.intake import claiming, hooks
from house.intake.booking import book, confirm
from house.intake.cancelling import cancel
from house.intake.daymap import unpack
from house.intake.holding import hold
from house.intake.models import Channel, Counter, CounterDay, Occupancy, Step, StepState, Visit, VisitState
from house.intake.wishes import make_wish
from house.post import Letter
from house.problems import Gone, Moved, Problem
from tests.intake.booking_house import (
    CPR,
    FRIDAY,
    THURSDAY,
    at,
    house_template,  # noqa: F401 - a fixture
    tick,
)
from tests.intake.holding_house import (
    BROWSER,
    TEN,
    booked,
    rows,
    the_house,  # noqa: F401 - a fixture
    times,
)

# --- confirming -------------------------------------------------------------------------------------------


def test_confirming_keeps_the_places_and_writes_one_letter(session, house):
    told = []
    hooks.visit_changed.append(lambda _session, visit: told.append(visit.state))
    try:
        visit = booked(session)
        assert confirm(session, visit, "uk") is visit  # pressed twice
    finally:
        hooks.visit_changed.pop()
    session.flush()
    assert (visit.state, visit.revision, visit.held_until, visit.browser) == (
        VisitState.BOOKED,
        1,
        None,
        None,
    )
    assert set(session.scalars(select(Occupancy.expires_at))) == {None}
    [letter] = session.scalars(select(Letter)).all()
    assert (letter.kind, letter.recipient, letter.language) == ("visit_booked", "ada@example.org", "uk")
    assert told == [VisitState.BOOKED]
    assert list(session.scalars(select(Act.verb).order_by(Act.id)))[-2:] == ["visit_held", "visit_booked"]


def test_without_an_address_no_letter_is_written(session, house):
    booked(session, email=None)
    assert session.scalar(select(func.count()).select_from(Letter)) == 0


def test_without_a_name_nothing_is_confirmed(session, house):
    with pytest.raises(Problem, match="name_missing"):
        confirm(session, hold(session, CPR, 1, TEN, "en", BROWSER), "en")


def test_a_browser_may_hold_again_after_it_booked(session, house):
    first = booked(session)
    second = hold(session, CPR, 1, tick(FRIDAY, "10:00"), "en", BROWSER)
    assert second.id != first.id
    assert len(rows(session)) == 8


def test_staff_book_in_one_go(session, house):
    visit = book(
        session, CPR, 1, at(THURSDAY, "10:00"), "pl", "Jan", "jan@example.org", Channel.PHONED, "staff 3"
    )
    assert (visit.state, visit.channel, visit.name, visit.browser) == ("booked", "phoned", "Jan", None)
    session.flush()
    assert session.scalars(select(Act).where(Act.verb == "visit_booked")).one().actor == "staff 3"


# --- cancelling -------------------------------------------------------------------------------------------


def test_cancelling_frees_the_places_at_once_and_writes_a_letter(session, house):
    visit = booked(session)
    cancel(session, visit)
    cancel(session, visit)  # pressed twice
    assert rows(session) == []
    assert times(session)[0] == "10:00"
    assert session.scalar(select(CounterDay.full)).strip(b"\0") == b""
    assert (visit.state, visit.revision, visit.cancelled_by) == (VisitState.CANCELLED, 2, "visitor")
    assert [step.state for step in visit.steps] == [StepState.CANCELLED]
    assert list(session.scalars(select(Letter.kind).order_by(Letter.id))) == [
        "visit_booked",
        "visit_cancelled",
    ]


def test_a_visit_that_began_is_not_cancelled(session, house):
    visit = booked(session)
    house.clock.move_to(at(THURSDAY, "10:00"))
    with pytest.raises(Moved):
        cancel(session, visit)
    assert len(rows(session)) == 4


def test_a_visit_that_is_only_held_or_already_arrived_is_not_cancelled(session, house):
    visit = hold(session, CPR, 1, TEN, "en", BROWSER)
    with pytest.raises(Moved):
        cancel(session, visit)
    visit.state = VisitState.ARRIVED
    with pytest.raises(Moved):
        cancel(session, visit)


# --- what is true once the locks are there ------------------------------------------------------------------


def test_a_booking_in_one_go_is_agreed_when_it_is_made_after_the_locks(session, house, monkeypatch):
    """However long it waited for somebody else, it is not agreed before it is made."""
    locking = claiming.lock_days

    def after_a_wait(session, days):
        house.clock.shift(20)
        return locking(session, days)

    monkeypatch.setattr(claiming, "lock_days", after_a_wait)
    visit = book(session, CPR, 1, at(THURSDAY, "10:00"), "en", "Ada")
    assert visit.agreed_at == visit.made_at == at("2027-01-06", "12:00") + timedelta(seconds=20)


def test_what_staff_book_in_one_go_was_never_held_by_a_visitor(session, house):
    book(session, CPR, 1, at(THURSDAY, "10:00"), "en", "Ada", channel=Channel.PHONED, actor="staff 1")
    told = session.execute(select(Act.actor, Act.verb).where(Act.verb.startswith("visit_"))).all()
    assert told == [("staff 1", "visit_booked")]


def test_a_visit_that_was_taken_away_meanwhile_is_gone(session, house, monkeypatch):
    visit = hold(session, CPR, 1, TEN, "en", BROWSER)
    monkeypatch.setattr(claiming, "nobody_else_writes", lambda _: False)
    claiming.lock_visit(session, visit)
    claiming.locked(session).clear()
    for table in (Occupancy, Step, Visit):
        session.connection().execute(delete(table.__table__))
    with pytest.raises(Gone):
        claiming.lock_visit(session, visit)


def test_what_a_verb_has_set_counts_before_it_is_written(session, house):
    """The bitmap and the wish are read past the session: a second lane that was just given is there."""
    hold(session, CPR, 1, TEN, "en", BROWSER)
    session.flush()
    full = session.scalars(select(CounterDay)).one()
    assert unpack(full.full)
    with session.no_autoflush:
        session.get_one(Counter, house.counter_ids[0]).capacity = 2
        claiming.rebuild(session, house.counter_ids[0], full.day)
        session.get_one(Counter, house.counter_ids[0]).capacity = 3
        assert make_wish(session, [CPR], 1, "en").counters[house.counter_ids[0]].capacity == 3
    session.refresh(full)
    assert not unpack(full.full)


def test_a_days_bitmap_is_rebuilt_from_the_rows(session, house):
    visit = hold(session, CPR, 1, TEN, "en", BROWSER)
    counter_day = session.scalars(select(CounterDay)).one()
    right = counter_day.full
    counter_day.full = b"\xff" * 36
    session.flush()
    claiming.rebuild(session, house.counter_ids[0], visit.day)
    session.refresh(counter_day)
    assert counter_day.full == right
