"""Holding a time for a visitor while they tell us who comes: a visit that is not yet confirmed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from house import audit, clock
from house.catalogue import face as catalogue
from house.db import fresh_code
from house.intake import claiming, day_rows, standing, turns
from house.intake.chains import Itinerary
from house.intake.daymap import DayFrame
from house.intake.full_days import GRACE
from house.intake.household import Household, access_text
from house.intake.models import Channel, Elsewhere, Step, StepState, Visit, VisitState
from house.intake.offering import horizon_of, offer, shifts_of
from house.intake.wishes import OtherTime, Wish, ends, make_wish
from house.problems import Taken
from house.seals import new_reference

HOLD = timedelta(minutes=15)
Said = Callable[[datetime], Mapping[str, Any]]
"""What a visit says that is booked forthwith, by the moment in which it is: that is after the locks."""


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
    at_once: Said | None = None,
) -> Visit:
    """Hold the visit that begins at a UTC tick for a quarter of an hour; `Taken` when it is not on offer.

    A browser holds one time: its earlier hold moves here, with what was already answered; the same wish again
    is the same hold, for another quarter of an hour. After `Taken` the caller rolls back: the earlier hold is
    as it was. `household` says more of who comes, `own_language` asks for counters that speak it, `others`
    are steps that another system booked. `own` is the booked and locked visit that this is an offer to: its
    places do not count, and are not taken twice. With `at_once` the visit is booked forthwith, not held.
    """
    household, wanted = household or Household(party), [slugs] if isinstance(slugs, str) else slugs
    spoken = household.speaks or language
    wish = make_wish(session, wanted, party, spoken, own_language=own_language, others=others)
    frame = horizon_of(clock.today(wish.timezone), wish.reach, wish.timezone).frame_of(start)
    if frame is None or not wish.bookable:
        raise Taken()
    visit, left = _lock(session, wish, frame, browser)
    now = clock.now()
    found = offered(session, wish, frame, start, now, but=[own.id] if own else ())
    visit = _write(session, visit, wish, found.itinerary, now, browser, household, language, at_once)
    mine = claiming.places_of(session, own) if own else set()
    claiming.claim(session, visit.steps, found.itinerary, found.taken, visit.held_until, mine)
    if own is None and not left:  # then every row of the day is known here
        day_rows.write(session, {frame: found.full(frame)})
    else:
        claiming.refresh(session, left | {(counter_id, frame.day) for counter_id in found.touched})
    return visit


def _lock(
    session: Session, wish: Wish, frame: DayFrame, browser: bytes | None
) -> tuple[Visit | None, set[claiming.CounterDate]]:
    """The visit this browser holds, its places given back, and the days it had some; all days are locked.

    Raises `Taken` where a manager changed a counter between the wish and the locks.
    """
    if browser is not None:  # two clicks of one browser would lock its visit and the days in a circle
        turns.take(session, browser)
    visit = _held_by(session, browser)
    left = claiming.days_of(session, [visit.id], wish.timezone) if visit else set()
    locked = {(counter_id, frame.day) for counter_id in wish.counters} | left
    if standing.changed(wish.revisions, claiming.lock_days(session, locked)):
        raise Taken()
    if visit is not None:
        claiming.release(session, visit.id)
    return visit, left


def _held_by(session: Session, browser: bytes | None) -> Visit | None:
    """The visit this browser holds, locked."""
    if browser is None:
        return None
    held = select(Visit).where(Visit.browser == browser, Visit.state == VisitState.HELD)
    return session.scalar(held.with_for_update(key_share=True).execution_options(populate_existing=True))


class Found(NamedTuple):
    """A visit on offer, and what was there when it was found: the lanes taken, and those there are."""

    itinerary: Itinerary
    taken: claiming.Lanes
    lanes: Mapping[int, claiming.LanesOfDay]

    @property
    def touched(self) -> set[int]:
        """The counters whose places change when it is booked, or did when holds were cleared away."""
        return self.taken.run_out | {step.counter for step in self.itinerary.steps}

    def full(self, frame: DayFrame) -> dict[int, int]:
        """Their bitmaps."""
        return claiming.full_ticks(self.taken, {one: self.lanes[one] for one in self.touched}, frame)


def offered(
    session: Session, wish: Wish, frame: DayFrame, start: int, now: datetime, but: Collection[int] = ()
) -> Found:
    """The same search that made the list, now with the truth of the rows; `Taken` when it is not on offer.

    Holds of the day that ran out are cleared away; the places of the visits in `but` do not count.
    """
    taken = claiming.lanes_taken(session, wish.counters, frame, but=but, live=now - GRACE)
    claiming.clear_run_out(session, taken.run_out, frame, now)
    day = horizon_of(frame.day, 1, wish.timezone)
    shifts = shifts_of(session, wish, day)
    lanes = {one.id: claiming.lanes_in(one.capacity, shifts[one.id], frame) for one in wish.counters.values()}
    itinerary = offer(wish, day, shifts, claiming.full_ticks(taken, lanes, frame), now).at(start)
    if itinerary is None:
        raise Taken()
    return Found(itinerary, taken, lanes)


def _write(
    session: Session, visit: Visit | None, wish: Wish, itinerary: Itinerary, now: datetime,
    browser: bytes | None, household: Household, language: str, at_once: Said | None,
) -> Visit:  # fmt: skip
    """The visit with its steps, new or moved."""
    if visit is None:
        reference = fresh_code(session, Visit.reference, new_reference)
        visit = Visit(
            reference=reference, channel=Channel.BOOKED, state=VisitState.HELD, made_at=now, browser=browser
        )
    else:
        _strip(session, visit)
    day = clock.local(itinerary.steps[0].starts_at, wish.timezone).date()
    visit.place_id, visit.day, visit.party = wish.place.id, day, wish.party
    visit.held_until, visit.extensions = now + HOLD, 0
    _note_who_comes(session, visit, wish, household, language)
    visit.steps.extend(_steps_of(itinerary))
    for column, said in at_once(now).items() if at_once else ():
        setattr(visit, column, said)
    session.add(visit)
    try:
        session.flush()
    except IntegrityError:
        raise Taken() from None
    if at_once is None:
        audit.record(session, "visitor", "visit_held", f"visit {visit.id}")
    return visit


def _strip(session: Session, visit: Visit) -> None:
    """Take from a visit that moves what it was before."""
    for table, kept_in in ((Step, "steps"), (Elsewhere, "elsewhere")):
        session.execute(delete(table).where(table.visit_id == visit.id))
        set_committed_value(visit, kept_in, [])


def _note_who_comes(session: Session, visit: Visit, wish: Wish, household: Household, language: str) -> None:
    """Who comes, in codes, and what another system booked for them."""
    visit.language, visit.children = language, min(household.children, wish.party - 1)
    visit.speaks = household.speaks if household.speaks != language else None
    visit.interpreter, visit.access = household.interpreter, access_text(household.access)
    known = ((other, catalogue.service(session, other.slug)) for other in wish.others)
    visit.elsewhere = [
        Elsewhere(
            service_id=service.id, starts_at=other.starts_at, ends_at=ends(other, service, wish.party),
            reference=other.reference,
        )
        for other, service in sorted(known, key=lambda one: one[0].starts_at)
    ]  # fmt: skip


def lay_steps(session: Session, visit: Visit, itinerary: Itinerary) -> None:
    """Write the steps of a visit as the itinerary has them, in place of those it had."""
    session.execute(delete(Step).where(Step.visit_id == visit.id))
    set_committed_value(visit, "steps", [])
    visit.steps.extend(_steps_of(itinerary))
    session.flush()


def _steps_of(itinerary: Itinerary) -> list[Step]:
    return [
        Step(
            position=position, service_id=time.service, counter_id=time.counter, starts_at=time.starts_at,
            ends_at=time.ends_at, buffer=time.buffer, state=StepState.PLANNED,
        )
        for position, time in enumerate(itinerary.steps)
    ]  # fmt: skip
