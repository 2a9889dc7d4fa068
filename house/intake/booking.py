"""Booking: the answers of the person who holds a time, and making the held visit a booked one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from house import audit, clock, post
from house.catalogue import face as catalogue
from house.intake import claiming, fairness, hooks, lateness, standing, turns
from house.intake.cards import about, card_of
from house.intake.daymap import TICK, utc_tick, utc_tick_after
from house.intake.holding import hold
from house.intake.household import Household
from house.intake.lateness import LateReason
from house.intake.models import Channel, Occupancy, Visit, VisitState
from house.intake.reaching import recipient
from house.intake.wishes import OtherTime
from house.problems import Gone, Moved, Problem, Taken

OF_ITS_TIME = ("visit_tomorrow", "visit_soon", "visit_asked_to_move")
"""The letters that mean nothing any more to who has moved or cancelled."""
NONE_SAID: Mapping[str, date] = MappingProxyType({})


def give_contact(
    session: Session, visit: Visit, name: str, email: str | None, earlier: bool = False,
    mobile: str | None = None,
) -> None:  # fmt: skip
    """Write down how the visitor wants to be called, and where letters go; also when the hold ran out.

    With an e-mail address letters go there, else to the mobile number: one message per change, not two.

    Only while it is held: a name that could be changed later could be sold with the time. `earlier`: tell me
    when something earlier is free, which needs an address.
    """
    claiming.lock_visit(session, visit)
    if visit.state is VisitState.HELD:
        for column, given in contact_of(name, email, mobile).items():
            setattr(visit, column, given)
        visit.asked_earlier_at = clock.now() if recipient(visit) and earlier else None


def contact_of(name: str, email: str | None, mobile: str | None) -> dict[str, Any]:
    """What a visit says of how to call and reach the visitor."""
    return {
        "name": name, "email": email or None, "email_mark": fairness.mark_of(email) if email else None,
        "mobile": mobile or None, "mobile_mark": fairness.mark_of(mobile) if mobile else None,
    }  # fmt: skip


def confirm(
    session: Session, visit: Visit, language: str, actor: str = "visitor", shown: int | None = None
) -> Visit:
    """Make a held visit a booked one and write the letter; again is harmless.

    A hold that ran out is still good while nobody took its places; after that it is `Taken`, as it is when
    the counter was closed meanwhile, and `Gone` when its time has come. `EnoughVisits` when this address has
    its share already. `Moved` when the visit does not begin at the tick that was `shown` to the visitor:
    another window of the same browser chose another time.
    """
    claiming.lock_visit(session, visit)
    if visit.state is VisitState.BOOKED:
        return visit
    if visit.state is not VisitState.HELD:
        raise Gone()
    if not visit.name:
        raise Problem("name_missing")
    if shown is not None and shown != utc_tick(begins(visit)):
        raise Moved()
    if actor == "visitor":
        fairness.judge(session, visit)
    zone = catalogue.place(session).timezone
    claiming.lock_days(session, claiming.days_in(visit, zone))
    if clock.now() >= begins(visit):
        raise Gone("hold_over")
    if not keep_places(session, visit) or not standing.still_fits(session, visit, zone):
        raise Taken("hold_over")
    for column, agreed in booked_at(clock.now(), visit.revision).items():
        setattr(visit, column, agreed)
    visit.language = language
    _say_booked(session, visit, actor)
    return visit


def booked_at(now: datetime, revision: int = 0) -> dict[str, Any]:
    """What a visit says that is booked at this moment, and was at a revision before."""
    return {
        "state": VisitState.BOOKED, "held_until": None, "browser": None, "agreed_at": now,
        "revision": revision + 1,
    }  # fmt: skip


def _say_booked(session: Session, visit: Visit, actor: str) -> None:
    audit.record(session, actor, "visit_booked", f"visit {visit.id}", channel=visit.channel)
    tell(session, "visit_booked", visit)


def book(
    session: Session,
    slugs: str | Sequence[str],
    party: int,
    starts_at: datetime,
    language: str,
    name: str,
    email: str | None = None,
    channel: Channel = Channel.BOOKED,
    actor: str = "visitor",
    *,
    household: Household | None = None,
    others: Sequence[OtherTime] = (),
    last_days: Mapping[str, date] = NONE_SAID,
    late: LateReason | None = None,
    mobile: str | None = None,
) -> Visit:
    """Book in one go, for a caller or a group: the same rules as for a visitor on the web.

    `last_days` are those of the callers' own plans; a later day raises `TooLate` unless `late` says why.
    """
    start, wanted = utc_tick_after(starts_at), [slugs] if isinstance(slugs, str) else slugs
    day = clock.local(starts_at, catalogue.place(session).timezone).date()
    is_late = lateness.judge(day, wanted, last_days, late)
    if actor == "visitor":
        turns.take(session, *(fairness.mark_of(one) for one in (email, mobile) if one))

    def said(now: datetime) -> dict[str, Any]:
        return {**contact_of(name, email, mobile), **booked_at(now), "channel": channel}

    visit = hold(session, slugs, party, start, language, household=household, others=others, at_once=said)
    if is_late:
        audit.record(session, actor, "booked_late", f"visit {visit.id}", why=str(late))
    if actor == "visitor":
        with session.no_autoflush:  # nothing that waits to be written changes the count
            fairness.judge(session, visit)
    _say_booked(session, visit, actor)
    return visit


def tell(session: Session, kind: str, visit: Visit, due_at: datetime | None = None, **more: str) -> None:
    """Write the letter, when there is an address, and tell the wings above."""
    if to := recipient(visit):
        facts = card_of(session, visit).facts() | {"to": visit.email} | more
        post.write(
            session, kind, to, visit.language, due_at=due_at, stale_at=_no_news(visit), about=about(visit),
            **facts,
        )  # fmt: skip
    for told in hooks.visit_changed:
        told(session, visit)


def _no_news(visit: Visit) -> datetime:
    """When a letter about a visit is no news any more: a day after it begins, or after it is written."""
    starts = [step.starts_at for step in visit.steps if step.starts_at]
    return max([*starts, clock.now()]) + timedelta(days=1)


def take_back_reminders(session: Session, visit: Visit) -> None:
    """Nobody is reminded of a time that is no more, or asked for another one."""
    post.withdraw(session, about(visit), *OF_ITS_TIME)


def begins(visit: Visit) -> datetime:
    """When the first step of a visit begins."""
    starts = [step.starts_at for step in visit.steps if step.starts_at]
    return min(starts)


def places(visit: Visit) -> int:
    """How many rows of `occupancy` the visit needs: its counters' ticks, in steps and buffers after them."""
    needed = {
        (step.counter_id, utc_tick(step.starts_at) + tick)
        for step in visit.steps
        if step.starts_at and step.ends_at
        for tick in range((step.ends_at - step.starts_at) // TICK + step.buffer)
    }
    return len(needed)


def keep_places(session: Session, visit: Visit) -> bool:
    """Take the end off the places a visit still has; returns whether those are all."""
    kept = update(Occupancy).where(Occupancy.visit_id == visit.id).values(expires_at=None)
    there: int = session.execute(kept).rowcount  # type: ignore[attr-defined]
    return there >= places(visit)
