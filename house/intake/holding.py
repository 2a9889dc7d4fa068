"""Holding a time for a visitor while they tell us who comes: a visit that is not yet confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from house import audit, clock
from house.catalogue import face as catalogue
from house.db import fresh_code
from house.intake import claiming, standing
from house.intake.chains import Itinerary
from house.intake.daymap import DayFrame
from house.intake.household import Household, access_text
from house.intake.models import Channel, Elsewhere, Step, StepState, Visit, VisitState
from house.intake.offering import horizon_of, offer
from house.intake.wishes import OtherTime, Wish, ends, make_wish
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
    *,
    household: Household | None = None,
    own_language: bool = False,
    others: Sequence[OtherTime] = (),
    own: Visit | None = None,
) -> Visit:
    """Hold the visit that begins at a UTC tick for a quarter of an hour; `Taken` when it is not on offer.

    A browser holds one time: its earlier hold moves here, with what was already answered; the same wish again
    is the same hold, for another quarter of an hour. After `Taken` the caller rolls back, which leaves the
    earlier hold as it was. `household` says more of who comes than how many; `own_language` asks for counters
    that speak theirs; `others` are steps that another system booked. `own` is the booked and locked visit
    that the hold is an offer to: its places do not count against it, and are not taken twice.
    """
    household, wanted = household or Household(party), [slugs] if isinstance(slugs, str) else slugs
    spoken = household.speaks or language
    wish = make_wish(session, wanted, party, spoken, own_language=own_language, others=others)
    frame = horizon_of(clock.today(wish.timezone), wish.reach, wish.timezone).frame_of(start)
    if frame is None or not wish.bookable:
        raise Taken()
    visit, left = _lock(session, wish, frame, browser)
    now = clock.now()
    changed = left | {(one, frame.day) for one in claiming.clear_run_out(session, wish.counters, frame, now)}
    taken = claiming.lanes_taken(session, wish.counters, frame, but=[own.id] if own else ())
    itinerary = offered(session, wish, frame, taken, start, now)
    if itinerary is None:
        raise Taken()
    visit = _write(session, visit, wish, frame.day, now, browser)
    _note_who_comes(session, visit, wish, household, language)
    mine = claiming.places_of(session, own) if own else set()
    _take(session, visit, itinerary, taken, mine)
    claiming.refresh(session, changed | {(step.counter, frame.day) for step in itinerary.steps})
    return visit


def _take(
    session: Session, visit: Visit, itinerary: Itinerary, taken: claiming.Lanes, mine: set[tuple[int, int]]
) -> None:
    """Lay the steps and take their places, but those that are one's own already."""
    lay_steps(session, visit, itinerary)
    claiming.claim(session, visit.steps, itinerary, taken, visit.held_until, mine)
    audit.record(session, "visitor", "visit_held", f"visit {visit.id}")


def _lock(
    session: Session, wish: Wish, frame: DayFrame, browser: bytes | None
) -> tuple[Visit | None, set[claiming.CounterDate]]:
    """The visit this browser holds, its places given back, and the days it had some; all days are locked."""
    visit = _held_by(session, browser)
    left = claiming.days_of(session, [visit.id], wish.timezone) if visit else set()
    locked = {(counter_id, frame.day) for counter_id in wish.counters} | left
    claiming.lock_days(session, locked)
    if visit is None and (visit := _held_by(session, browser)):  # this browser was here a moment ago
        left = claiming.days_of(session, [visit.id], wish.timezone)
        if not left <= locked:
            raise Taken()
    if visit is not None:
        claiming.release(session, visit.id)
    return visit, left


def _held_by(session: Session, browser: bytes | None) -> Visit | None:
    """The visit this browser holds, locked."""
    if browser is None:
        return None
    held = select(Visit).where(Visit.browser == browser, Visit.state == VisitState.HELD)
    return session.scalar(held.with_for_update().execution_options(populate_existing=True))


def offered(
    session: Session, wish: Wish, frame: DayFrame, taken: claiming.Lanes, start: int, now: datetime
) -> Itinerary | None:
    """The same search that made the list, now with the truth of the rows.

    Nothing where a manager changed a counter between the wish and the locks.
    """
    if standing.changed(session, {counter.id: counter.revision for counter in wish.counters.values()}):
        return None
    keys = [(counter_id, frame.day) for counter_id in wish.counters]
    lanes = claiming.lanes_on(session, keys, clock.zone(wish.timezone))
    full = claiming.full_ticks(taken, {one: lanes[one, frame.day] for one in wish.counters}, frame)
    return offer(session, wish, horizon_of(frame.day, 1, wish.timezone), full, now).at(start)


def _write(
    session: Session, visit: Visit | None, wish: Wish, day: date, now: datetime, browser: bytes | None
) -> Visit:
    """The visit, new or moved."""
    if visit is None:
        reference = fresh_code(session, Visit.reference, new_reference)
        visit = Visit(
            reference=reference, channel=Channel.BOOKED, state=VisitState.HELD, made_at=now, browser=browser,
            language=wish.language,
        )  # fmt: skip
        session.add(visit)
    visit.place_id, visit.day, visit.party = wish.place.id, day, wish.party
    visit.held_until, visit.extensions = now + HOLD, 0
    try:
        session.flush()
    except IntegrityError:
        raise Taken() from None
    return visit


def _note_who_comes(session: Session, visit: Visit, wish: Wish, household: Household, language: str) -> None:
    """Who comes, in codes, and what another system booked for them."""
    visit.language, visit.children = language, min(household.children, wish.party - 1)
    visit.speaks = household.speaks if household.speaks != language else None
    visit.interpreter, visit.access = household.interpreter, access_text(household.access)
    session.execute(delete(Elsewhere).where(Elsewhere.visit_id == visit.id))
    session.expire(visit, ["elsewhere"])
    for other in wish.others:
        service = catalogue.service(session, other.slug)
        session.add(
            Elsewhere(
                visit_id=visit.id, service_id=service.id, starts_at=other.starts_at,
                ends_at=ends(other, service, wish.party), reference=other.reference,
            )
        )  # fmt: skip


def lay_steps(session: Session, visit: Visit, itinerary: Itinerary) -> None:
    """Write the steps of a visit as the itinerary has them, in place of those it had."""
    session.execute(delete(Step).where(Step.visit_id == visit.id))
    session.expire(visit, ["steps"])
    for position, time in enumerate(itinerary.steps):
        step = Step(
            visit_id=visit.id, position=position, service_id=time.service, counter_id=time.counter,
            starts_at=time.starts_at, ends_at=time.ends_at, buffer=time.buffer, state=StepState.PLANNED,
        )  # fmt: skip
        session.add(step)
    session.flush()
