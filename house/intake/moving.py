"""Moving a booked visit to another time, in one transaction; its own places never count against it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property

from sqlalchemy.orm import Session

from house import audit, clock
from house.catalogue import face as catalogue
from house.intake import claiming, freeing, offers, standing
from house.intake.booking import begins, take_back_reminders, tell
from house.intake.change_models import EarlierOffer, OfferState
from house.intake.daymap import DayFrame, utc_tick
from house.intake.holding import Found, lay_steps, offered
from house.intake.models import Elsewhere, Step, Visit, VisitState
from house.intake.offering import GRACE, HORIZON, Offer, Time, horizon_of, search
from house.intake.timetable import STRIDE, Timetable
from house.intake.wishes import OtherTime, Wish, make_wish
from house.problems import Moved, Taken


@dataclass(frozen=True)
class OtherTimes(Offer):
    """Every time on offer for a visit that is booked already, but the one it has."""

    present: int = 0
    """The UTC tick at which the visit begins now."""

    @cached_property
    def starts(self) -> dict[date, int]:
        """For each day a bitmap of the ticks at which the visit can begin instead."""
        found = dict(super().starts)
        frame = self.timetable.horizon.frame_of(self.present)
        if frame and frame.day in found:
            found[frame.day] &= ~(1 << (self.present - frame.first))
        return found

    def times(self, day: date, limit: int | None = None) -> list[Time]:
        """The other times of one day, earliest first."""
        return [time for time in super().times(day) if time.start != self.present][:limit]


def wish_of(session: Session, visit: Visit) -> Wish:
    """What a booked visit is for, as it would be wished for anew: services in the catalogue's order."""
    slug = {one: catalogue.service_by_id(session, one.service_id).slug for one in _wanted(visit)}
    others = [OtherTime(slug[one], one.starts_at, one.reference) for one in visit.elsewhere]
    spoken = visit.speaks or visit.language
    wanted = set(slug.values())
    slugs = [service.slug for service in catalogue.services(session) if service.slug in wanted]
    return make_wish(session, slugs, visit.party, spoken, others=others)


def _wanted(visit: Visit) -> list[Step | Elsewhere]:
    return [*visit.steps, *visit.elsewhere]


def can_change(visit: Visit) -> bool:
    """Whether a visit can still be moved or cancelled: it is booked, and its time has not come."""
    return visit.state is VisitState.BOOKED and begins(visit) > clock.now()


def other_times(
    session: Session, visit: Visit, first_day: date | None = None, days: int = HORIZON
) -> OtherTimes:
    """Every time a booked visit can move to, from a day on, never beyond the horizon."""
    wish = wish_of(session, visit)
    offer = search(session, wish, first_day, days)
    table = offer.timetable
    mine = _mine(visit, offers.open_offer(session, visit))
    for day in {day for _, day in claiming.days_of(session, mine, wish.timezone)}:
        if day in table.horizon:
            table = _without(session, table, wish, day, mine)
    return OtherTimes(wish, table, offer.chain, offer.tongues, utc_tick(begins(visit)))


def _without(
    session: Session, table: Timetable, wish: Wish, day: date, mine: Collection[int]
) -> Timetable:
    """The timetable with one day read anew from the rows, as if these visits had no places."""
    live = clock.now() - GRACE
    taken = claiming.lanes_taken(session, wish.counters, wish.frame(day), but=mine, live=live)
    there = claiming.lanes_on(session, [(one, day) for one in wish.counters], table.horizon.tz)
    lanes = {counter_id: found for (counter_id, _), found in there.items()}
    full = claiming.full_ticks(taken, lanes, wish.frame(day))
    shift = (day - table.horizon.first).days * STRIDE
    block = (1 << STRIDE) - 1 << shift
    counters = (replace(one, full=one.full & ~block | full[one.counter] << shift) for one in table.counters)
    return replace(table, counters=tuple(counters))


def move(session: Session, visit: Visit, start: int, actor: str = "visitor") -> Visit:
    """Move a booked visit to the time that begins at a UTC tick, and write the letter; again is harmless.

    Raises `Taken` when that time is not on offer: after the caller rolled back, the visit is as it was.
    Raises `Moved` for a visit that is not booked any more, or whose time has come.
    """
    claiming.lock_visit(session, visit)
    if visit.state is not VisitState.BOOKED:
        raise Moved()
    was = begins(visit)
    if utc_tick(was) == start:
        return visit
    wish, offer = wish_of(session, visit), offers.lock_offer(session, visit)
    frame = horizon_of(clock.today(wish.timezone), wish.reach, wish.timezone).frame_of(start)
    if frame is None or not wish.bookable:
        raise Taken()
    left = claiming.days_in(visit, wish.timezone) | offers.days_held(session, offer)
    wanted = {(counter_id, frame.day) for counter_id in wish.counters}
    if standing.changed(wish.revisions, claiming.lock_days(session, left | wanted)):
        raise Taken()
    now = clock.now()
    if was <= now:
        raise Moved("visit_began")
    found = offered(session, wish, frame, start, now, but=_mine(visit, offer))
    _resettle(session, visit, offer, frame, found, now)
    claiming.refresh(session, left | {(counter_id, frame.day) for counter_id in found.touched})
    take_back_reminders(session, visit)
    session.flush()
    audit.record(session, actor, "visit_moved", f"visit {visit.id}")
    tell(session, "visit_moved", visit, was=was.isoformat())
    return visit


def _resettle(
    session: Session, visit: Visit, offer: EarlierOffer | None, frame: DayFrame, found: Found, now: datetime
) -> None:
    """Leave the old places and take the new ones; an offer of this very time is accepted, another is over."""
    itinerary = found.itinerary
    places = {(one.counter, tick) for one in itinerary.steps for tick in one.taken}
    freeing.give_back(session, visit, now, but=places)
    if offer is not None:
        accepted = offer.starts_at == itinerary.steps[0].starts_at
        offers.close(session, offer, OfferState.ACCEPTED if accepted else OfferState.OVER, now, but=places)
        if accepted:
            visit.asked_earlier_at = None
    lay_steps(session, visit, itinerary)
    visit.day, visit.agreed_at, visit.revision = frame.day, now, visit.revision + 1
    claiming.claim(session, visit.steps, itinerary, found.taken, None)


def _mine(visit: Visit, offer: EarlierOffer | None) -> list[int]:
    """The visits whose places are this visit's own: itself, and the hold of an offer made to it."""
    return [visit.id, *([offer.hold_id] if offer and offer.hold_id else [])]
