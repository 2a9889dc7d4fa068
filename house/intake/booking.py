"""Booking: the answers of the person who holds a time, and making the held visit a booked one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from house import audit, clock, post
from house.catalogue import face as catalogue
from house.intake import claiming, hooks
from house.intake.cards import card_of
from house.intake.daymap import TICK, utc_tick, utc_tick_after
from house.intake.holding import hold
from house.intake.models import Channel, Occupancy, Visit, VisitState
from house.problems import Gone, Moved, Problem, Taken


def give_contact(session: Session, visit: Visit, name: str, email: str | None) -> None:
    """Write down how the visitor wants to be called, and where letters go; also when the hold ran out."""
    claiming.lock_visit(session, visit)
    if visit.state is VisitState.HELD:
        visit.name, visit.email = name, email or None


def confirm(
    session: Session, visit: Visit, language: str, actor: str = "visitor", shown: int | None = None
) -> Visit:
    """Make a held visit a booked one and write the letter; again is harmless.

    A hold that ran out is still good while nobody took its places; after that it is `Taken`, and `Gone` when
    its time has come. `Moved` when it does not begin at the tick that was `shown` to the visitor: another
    window of the same browser chose another time.
    """
    claiming.lock_visit(session, visit)
    if visit.state is VisitState.BOOKED:
        return visit
    if visit.state is not VisitState.HELD:
        raise Gone()
    if not visit.name:
        raise Problem("name_missing")
    if shown is not None and shown != utc_tick(_begins(visit)):
        raise Moved()
    claiming.lock_days(session, claiming.days_of(session, [visit.id], catalogue.place(session).timezone))
    if clock.now() >= _begins(visit):
        raise Gone("hold_over")
    if _keep_places(session, visit) < _places(visit):
        raise Taken("hold_over")
    visit.state, visit.held_until, visit.browser = VisitState.BOOKED, None, None
    visit.language = language
    visit.revision += 1
    session.flush()
    audit.record(session, actor, "visit_booked", f"visit {visit.id}", channel=visit.channel)
    tell(session, "visit_booked", visit)
    return visit


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
) -> Visit:
    """Book in one go, for a caller or a group: the same steps as a visitor takes on the web."""
    visit = hold(session, slugs, party, utc_tick_after(starts_at), language)
    visit.channel = channel
    give_contact(session, visit, name, email)
    return confirm(session, visit, language, actor)


def tell(session: Session, kind: str, visit: Visit) -> None:
    """Write the letter, when there is an address, and tell the wings above."""
    if visit.email:
        post.write(session, kind, visit.email, visit.language, **card_of(session, visit).facts())
    for told in hooks.visit_changed:
        told(session, visit)


def _begins(visit: Visit) -> datetime:
    starts = [step.starts_at for step in visit.steps if step.starts_at]
    return min(starts)


def _places(visit: Visit) -> int:
    """How many rows of `occupancy` the visit needs: one for each tick of each step."""
    spans = [step.ends_at - step.starts_at for step in visit.steps if step.starts_at and step.ends_at]
    return sum(span // TICK for span in spans)


def _keep_places(session: Session, visit: Visit) -> int:
    """Take the end off the places the visit still has; returns how many those are."""
    kept = update(Occupancy).where(Occupancy.visit_id == visit.id).values(expires_at=None)
    return session.execute(kept).rowcount  # type: ignore[attr-defined, no-any-return]
