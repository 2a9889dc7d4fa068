"""Holding a time for a visitor while they tell us who comes: a visit that is not yet confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from house import audit, clock
from house.db import fresh_code
from house.intake import claiming
from house.intake.chains import Itinerary
from house.intake.daymap import DayFrame
from house.intake.models import Channel, Step, StepState, Visit, VisitState
from house.intake.offering import Offer, horizon_of, timetable
from house.intake.wishes import Wish, make_wish
from house.problems import Taken
from house.seals import new_reference

HOLD = timedelta(minutes=15)


def hold(
    session: Session,
    slugs: str | Sequence[str],
    party: int,
    start: int,
    language: str,
    browser: bytes | None = None,
) -> Visit:
    """Hold the visit that begins at a UTC tick for a quarter of an hour; `Taken` when it is not on offer.

    A browser holds one time: its earlier hold moves here, with what was already answered; the same wish again
    is the same hold, for another quarter of an hour. After `Taken` the caller rolls back, which leaves the
    earlier hold as it was.
    """
    wish = make_wish(session, [slugs] if isinstance(slugs, str) else slugs, party, language)
    frame = horizon_of(clock.today(wish.timezone), wish.reach, wish.timezone).frame_of(start)
    if frame is None or not wish.chain:
        raise Taken()
    visit = _held_by(session, browser)
    left = claiming.days_of(session, [visit.id], wish.timezone) if visit else set()
    locked = {(counter_id, frame.day) for counter_id in wish.counters} | left
    claiming.lock_days(session, locked)
    now = clock.now()
    if visit is None and (visit := _held_by(session, browser)):  # this browser was here a moment ago
        left = claiming.days_of(session, [visit.id], wish.timezone)
        if not left <= locked:
            raise Taken()
    if visit is not None:
        claiming.release(session, visit.id)
    changed = left | {(one, frame.day) for one in claiming.clear_run_out(session, wish.counters, frame, now)}
    taken = claiming.lanes_taken(session, wish.counters, frame)
    itinerary = offered(session, wish, frame, taken, start, now)
    if itinerary is None:
        raise Taken()
    visit = _write(session, visit, wish, frame.day, itinerary, now, browser)
    claiming.claim(session, visit.steps, itinerary, taken, visit.held_until)
    claiming.refresh(session, changed | {(step.counter, frame.day) for step in itinerary.steps})
    audit.record(session, "visitor", "visit_held", f"visit {visit.id}")
    return visit


def _held_by(session: Session, browser: bytes | None) -> Visit | None:
    """The visit this browser holds, locked."""
    if browser is None:
        return None
    held = select(Visit).where(Visit.browser == browser, Visit.state == VisitState.HELD)
    return session.scalar(held.with_for_update().execution_options(populate_existing=True))


def offered(
    session: Session, wish: Wish, frame: DayFrame, taken: claiming.Lanes, start: int, now: datetime
) -> Itinerary | None:
    """The same search that made the list, now with the truth of the rows."""
    capacities = {counter.id: counter.capacity for counter in wish.counters.values()}
    full = claiming.full_ticks(taken, capacities, frame)
    day = horizon_of(frame.day, 1, wish.timezone)
    return Offer(wish, timetable(session, wish, day, full, now)).at(start)


def _write(
    session: Session,
    visit: Visit | None,
    wish: Wish,
    day: date,
    itinerary: Itinerary,
    now: datetime,
    browser: bytes | None,
) -> Visit:
    """The visit and its steps, new or moved."""
    if visit is None:
        reference = fresh_code(session, Visit.reference, new_reference)
        visit = Visit(
            reference=reference, channel=Channel.BOOKED, state=VisitState.HELD, made_at=now, browser=browser
        )
        session.add(visit)
    visit.place_id, visit.day, visit.party, visit.language = wish.place.id, day, wish.party, wish.language
    visit.held_until = now + HOLD
    try:
        session.flush()
    except IntegrityError:
        raise Taken() from None
    lay_steps(session, visit, itinerary)
    return visit


def lay_steps(session: Session, visit: Visit, itinerary: Itinerary) -> None:
    """Write the steps of a visit as the itinerary has them, in place of those it had."""
    session.execute(delete(Step).where(Step.visit_id == visit.id))
    session.expire(visit, ["steps"])
    for position, time in enumerate(itinerary.steps):
        step = Step(
            visit_id=visit.id, position=position, service_id=time.service, counter_id=time.counter,
            starts_at=time.starts_at, ends_at=time.ends_at, state=StepState.PLANNED,
        )  # fmt: skip
        session.add(step)
    session.flush()
