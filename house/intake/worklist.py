"""The booked visits that no longer fit: what there is to see, and what staff did about each.

Nothing is stored of a visit that does not fit: it is found anew each time, so none is lost, and one that was
moved, cancelled, or fits again is off the list by itself. Stored is only what staff did.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from house import audit, clock, post
from house.catalogue import face as catalogue
from house.intake import claiming
from house.intake.cancelling import cancel
from house.intake.cards import about, card_of
from house.intake.models import Answer, Counter, Settlement, Step, Visit, VisitState
from house.intake.reaching import recipient
from house.intake.standing import misfits, reasons_against
from house.problems import Moved, NotHere, Problem

ASKS = "visit_asked_to_move"


@dataclass(frozen=True)
class Misfit:
    """A visit with a step that does not fit: enough to find and tell the visitor, no more."""

    visit_id: int
    revision: int
    reference: str
    name: str | None = field(repr=False)
    writable: bool
    """Whether there is an address that a letter can go to."""
    mobile: str | None = field(repr=False)
    """The number to phone, where one was given."""
    language: str
    party: int
    starts_at: datetime
    services: tuple[int, ...]
    counters: tuple[str, ...]
    reasons: tuple[str, ...]
    answer: Answer | None
    """What staff did about it, while that holds."""

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something about it."""
        return self.answer is None


def worklist(session: Session, counters: Collection[Counter]) -> list[Misfit]:
    """The visits of these counters that do not fit, earliest first; a constant number of statements."""
    by_id = {one.id: one for one in counters}
    reasons = misfits(session, counters, catalogue.place(session).timezone)
    if not reasons:
        return []
    rows = session.execute(
        select(Step, Visit, Settlement)
        .join(Visit, Visit.id == Step.visit_id)
        .outerjoin(Settlement, Settlement.visit_id == Visit.id)
        .where(Step.id.in_(reasons))
        .order_by(Step.starts_at, Step.id)
    ).all()
    of: dict[int, list[tuple[Step, Visit, Settlement | None]]] = defaultdict(list)
    for step, visit, settlement in rows:
        of[visit.id].append((step, visit, settlement))
    return [_misfit(found, reasons, by_id) for found in of.values()]


def _misfit(
    found: list[tuple[Step, Visit, Settlement | None]],
    reasons: dict[int, tuple[str, ...]],
    counters: dict[int, Counter],
) -> Misfit:
    steps, visit, settlement = [row[0] for row in found], found[0][1], found[0][2]
    why = tuple(dict.fromkeys(reason for step in steps for reason in reasons[step.id]))
    holds = settlement is not None and settlement.visit_revision == visit.revision
    return Misfit(
        visit.id, visit.revision, visit.reference, visit.name, bool(recipient(visit)), visit.mobile,
        visit.language, visit.party, min(step.starts_at for step in steps if step.starts_at),
        tuple(step.service_id for step in steps),
        tuple(dict.fromkeys(counters[step.counter_id].label for step in steps if step.counter_id)),
        why,
        settlement.how if settlement and holds and set(why) <= set(settlement.reasons) else None,
    )  # fmt: skip


def misfit(
    session: Session, counters: Collection[Counter], visit_id: int, revision: int
) -> tuple[Visit, Misfit]:
    """A visit of the worklist as it was seen, locked.

    Raises `NotHere` for a visit that never came to these counters, `Moved` for one that changed meanwhile or
    fits again.
    """
    of_mine = select(Step.id).where(
        Step.visit_id == visit_id, Step.counter_id.in_([one.id for one in counters])
    )
    visit = session.get(Visit, visit_id)
    if visit is None or session.scalar(of_mine.limit(1)) is None:
        raise NotHere()
    claiming.lock_visit(session, visit)
    found = next((one for one in worklist(session, counters) if one.visit_id == visit_id), None)
    if found is None or visit.revision != revision or visit.state is not VisitState.BOOKED:
        raise Moved("settled")
    return visit, found


def settle(
    session: Session, visit: Visit, found: Misfit, how: Answer, actor: str, due_at: datetime | None = None
) -> None:
    """Write down that the visit stays, that the visitor is asked to move, or that it was said on the phone.

    Asking writes a letter with the link to move; raises `Problem` where there is no address. Again with the
    same answer is harmless: nobody gets a second letter. It leaves at `due_at`, or at once.
    """
    if found.answer is how:
        return
    if how is Answer.ASKED:
        to = recipient(visit)
        if not to:
            raise Problem("no_address")
        post.write(
            session, ASKS, to, visit.language, due_at=due_at, about=about(visit),
            **card_of(session, visit).facts(),
        )  # fmt: skip
    settlement = session.get(Settlement, visit.id) or Settlement(visit_id=visit.id)
    settlement.visit_revision, settlement.reasons, settlement.how = visit.revision, list(found.reasons), how
    settlement.settled_at, settlement.settled_by = clock.now(), actor
    session.add(settlement)
    audit.record(session, actor, f"misfit_{how.value}", f"visit {visit.id}")


def must_move(session: Session, visit: Visit) -> bool:
    """Whether a booked visit does not fit any more and nobody said that it stays, whatever was written.

    The visitor's own page warns by it: many have no address that a letter could go to.
    """
    if visit.state is not VisitState.BOOKED:
        return False
    why = reasons_against(session, visit, catalogue.place(session).timezone)
    settlement = session.get(Settlement, visit.id, populate_existing=True) if why else None
    if settlement is None or settlement.visit_revision != visit.revision:
        return bool(why)
    return settlement.how is not Answer.KEPT or not why <= set(settlement.reasons)


def is_here(session: Session, visit: Visit) -> None:
    """Who was asked for another time and comes all the same hears nothing, if the letter has not left.

    When the checking in is taken back, the visit is on the list again.
    """
    if post.withdraw(session, about(visit), ASKS):
        session.execute(delete(Settlement).where(Settlement.visit_id == visit.id))


def call_off(session: Session, visit: Visit, actor: str) -> None:
    """Cancel a visit that does not fit; the letter says so."""
    cancel(session, visit, actor)


def ask_all(
    session: Session, counters: Collection[Counter], seen: Collection[tuple[int, int]], actor: str,
    due_at: datetime | None = None,
) -> int:  # fmt: skip
    """Ask everybody on the list as it was seen to choose another time; returns how many were asked.

    Passes over whoever has no address, was answered already, or changed meanwhile. Visits are locked in the
    order of their keys, as everybody does who locks several.
    """
    asked, there = 0, set(seen)
    for found in sorted(worklist(session, counters), key=lambda one: one.visit_id):
        visit = session.get(Visit, found.visit_id)
        if visit is None or not found.is_open or (found.visit_id, found.revision) not in there:
            continue
        claiming.lock_visit(session, visit)
        if recipient(visit) and visit.state is VisitState.BOOKED and visit.revision == found.revision:
            settle(session, visit, found, Answer.ASKED, actor, due_at)
            asked += 1
    return asked
