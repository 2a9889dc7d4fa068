"""Passing freed times on: each is held for the first who asked for something earlier and whom it suits.

The worker calls these, a transaction each time, as long as they say that there is more to do. Two people
never get one place: an offer is a hold like any other, and who does not answer lets the next have it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Select, delete, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from house import audit, clock, post
from house.catalogue import face as catalogue
from house.db import fresh_code
from house.intake import claiming, earlier, freeing, offers
from house.intake.booking import begins
from house.intake.cards import about, card_of
from house.intake.change_models import EarlierOffer, Freed, OfferState
from house.intake.counter_models import Counter, CounterService
from house.intake.daymap import DayFrame, tick_begins, utc_tick
from house.intake.holding import hold
from house.intake.models import Occupancy, Step, Visit, VisitState
from house.intake.moving import other_times, wish_of
from house.intake.nights import by_day
from house.intake.offering import Time, search
from house.intake.reaching import reachable, recipient
from house.problems import Taken
from house.seals import new_reference

ANSWER_IN, SHORTEST = timedelta(hours=2), timedelta(minutes=30)
"""So long an offer is open; who would have less than the shortest time to answer is not asked."""
EVENING, MORNING = time(21), time(9)
"""An answer is due by day: an offer that would end at night ends in the morning."""
KEPT_LATE = timedelta(minutes=10)
"""So long a hold that ran out is left to its holder, who may only have been slow."""
WORTHWHILE = 6
"""So many ticks earlier it must be; nobody wants a letter for ten minutes."""
Found = dict[tuple[object, ...], Sequence[Time]]


def offer_next(session: Session, now: datetime) -> bool:
    """Offer one freed stretch to the first whom it suits; False when there is none to offer.

    A stretch that suits nobody, or nobody any more, is forgotten.
    """
    due = select(Freed).where(Freed.due_at <= now).order_by(Freed.first, Freed.id).limit(1)
    freed = session.scalar(due.with_for_update(skip_locked=True))
    if freed is None:
        return False
    zone = clock.zone(catalogue.place(session).timezone)
    day = clock.local(tick_begins(freed.first), str(zone)).date()
    searched: Found = {}
    for visit in session.scalars(_who_asked(freed, day)).all():
        suits = _suits(session, visit, freed, day, searched)
        if suits and _try(session, visit, suits, now, zone):
            return True
    session.delete(freed)
    return True


def let_lapse(session: Session, now: datetime) -> bool:
    """Close one offer that nobody answered in time, or whose visit is not to come any more; False if none."""
    over = or_(EarlierOffer.expires_at < now, Visit.state != VisitState.BOOKED)
    offer = session.scalar(
        select(EarlierOffer)
        .join(Visit, Visit.id == EarlierOffer.visit_id)
        .where(EarlierOffer.state == OfferState.OPEN, over)
        .order_by(EarlierOffer.id)
        .limit(1)
    )
    if offer is None:
        return False
    claiming.lock_visit(session, offer.visit)
    earlier.close(session, offer.visit, OfferState.OVER, "worker")
    return True


def clear_run_out(session: Session, now: datetime) -> bool:
    """Clear one counter's day of holds that ran out a while ago, so that others hear of it; False if none."""
    limit = now - KEPT_LATE
    oldest = select(Occupancy.counter_id, Occupancy.tick).where(Occupancy.expires_at < limit)
    row = session.execute(oldest.order_by(Occupancy.expires_at).limit(1)).one_or_none()
    if row is None:
        return False
    zone = catalogue.place(session).timezone
    frame = DayFrame(clock.local(tick_begins(row.tick), zone).date(), clock.zone(zone))
    claiming.lock_days(session, [(row.counter_id, frame.day)])
    cleared = session.execute(
        delete(Occupancy)
        .where(
            Occupancy.counter_id == row.counter_id, Occupancy.expires_at < limit,
            Occupancy.tick.between(frame.first, frame.first + frame.n - 1),
        )
        .returning(Occupancy.counter_id, Occupancy.tick, Occupancy.visit_id)
    ).all()  # fmt: skip
    # A cool-off, which has no visit, was noted when it began.
    freeing.note(session, [(counter, tick) for counter, tick, visit in cleared if visit is not None], now)
    claiming.refresh(session, [(row.counter_id, frame.day)])
    return True


def answer_by(now: datetime, latest: datetime, zone: ZoneInfo) -> datetime:
    """Until when an offer is open: two hours, then by day, and never later than one can still book."""
    wall = (now + ANSWER_IN).astimezone(zone)
    if not MORNING <= wall.time() <= EVENING:
        morning = wall.date() + timedelta(days=wall.time() > EVENING)
        wall = datetime.combine(morning, MORNING, zone) + timedelta(hours=1)
    return min(wall, latest)


def _who_asked(freed: Freed, day: date) -> Select[Visit]:
    """Who waits for something earlier that this counter takes part in: first asked, first served."""
    gives = select(CounterService.service_id).where(
        CounterService.counter_id == freed.counter_id, CounterService.bookable
    )
    waiting = select(Visit).where(
        Visit.asked_earlier_at.is_not(None), Visit.state == VisitState.BOOKED, reachable(),
        Visit.day >= day, Visit.steps.any(Step.service_id.in_(gives)),
    )  # fmt: skip
    return waiting.order_by(Visit.asked_earlier_at, Visit.id)


def _suits(session: Session, visit: Visit, freed: Freed, day: date, searched: Found) -> list[Time]:
    """The times that are earlier for this visit, thanks to the freed stretch; none it was offered before."""
    wish = wish_of(session, visit)
    own = visit.id if visit.day == day else None  # that day its own places are free for it, for nobody else
    same = (tuple(wish.slugs), wish.party, wish.language, wish.others, own)
    if same not in searched:
        found = other_times(session, visit, day, 1) if own else search(session, wish, day, 1)
        searched[same] = [time for time in found.times(day) if _touches(time, freed)]
    before = session.scalars(select(EarlierOffer.starts_at).where(EarlierOffer.visit_id == visit.id))
    offered, present = {utc_tick(one) for one in before}, utc_tick(begins(visit))
    if not searched[same] or offers.open_offer(session, visit):
        return []
    worth = (time for time in searched[same] if time.start <= present - WORTHWHILE)
    return [time for time in worth if not any(abs(time.start - one) < _length(time) for one in offered)]


def _length(time: Time) -> int:
    """The ticks from the beginning to the end of a visit."""
    return time.itinerary.steps[-1].end_tick - time.start


def _touches(time: Time, freed: Freed) -> bool:
    steps = (step for step in time.itinerary.steps if step.counter == freed.counter_id)
    return any(step.start_tick < freed.until and freed.first < step.end_tick for step in steps)


def _try(session: Session, visit: Visit, suits: Sequence[Time], now: datetime, zone: ZoneInfo) -> bool:
    """Offer one of these times to a visit, or let go of every lock before the next visit is looked at.

    Those who wait are not asked in the order of their keys; who kept one and waited for the next could wait
    for somebody who waits for it.
    """
    with session.begin_nested() as trying:
        offered = _offer(session, visit, suits, now, zone)
        if not offered:
            trying.rollback()
    return offered


def _offer(session: Session, visit: Visit, suits: Sequence[Time], now: datetime, zone: ZoneInfo) -> bool:
    """Hold the first of these times for a visit and write the letter; False when it cannot be."""
    claiming.lock_visit(session, visit)
    if offers.open_offer(session, visit):  # another worker was here while we looked
        return False
    for found in suits:
        until = answer_by(now, found.starts_at - _lead(session, found), zone)
        waits = visit.state is VisitState.BOOKED and visit.asked_earlier_at is not None
        leaves = by_day(now, zone) if recipient(visit) == visit.mobile else now
        if not waits or found.starts_at >= begins(visit) or until - leaves < SHORTEST:
            continue
        try:
            with session.begin_nested():
                offer = _hold(session, visit, found, until)
        except (Taken, IntegrityError):
            continue
        facts = card_of(session, visit).facts() | {
            "to": visit.email, "earlier": found.starts_at.isoformat(), "until": until.isoformat(),
            "offer": offers.link_of(offer),
        }  # fmt: skip
        post.write(
            session, offers.LETTER, recipient(visit) or "", visit.language, leaves, until,
            about=about(visit), **facts,
        )  # fmt: skip
        audit.record(session, "worker", "offer_made", f"visit {visit.id}")
        return True
    return False


def _lead(session: Session, found: Time) -> timedelta:
    """How long before a time one can no longer book it."""
    counters = {step.counter for step in found.itinerary.steps}
    longest = session.scalar(select(func.max(Counter.lead_minutes)).where(Counter.id.in_(counters)))
    return timedelta(minutes=longest or 0)


def _hold(session: Session, visit: Visit, found: Time, until: datetime) -> EarlierOffer:
    """A hold at the earlier time that lasts as long as the offer, and the offer."""
    wish = wish_of(session, visit)
    held = hold(session, wish.slugs, wish.party, found.start, wish.language, others=wish.others, own=visit)
    held.held_until = until
    session.execute(update(Occupancy).where(Occupancy.visit_id == held.id).values(expires_at=until))
    offer = EarlierOffer(
        reference=fresh_code(session, EarlierOffer.reference, new_reference), visit_id=visit.id,
        hold_id=held.id, state=OfferState.OPEN, starts_at=tick_begins(found.start), expires_at=until,
    )  # fmt: skip
    session.add(offer)
    session.flush()
    return offer
