"""Closing the house for the rest of today: one act that stops bookings and writes to who was coming.

It is a closing as managers make it (`closings.py`), with its worklist asked at once. The letters leave a
minute later: so long the act can be taken back, and nobody hears of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from house import audit, clock, post
from house.catalogue import face as catalogue
from house.catalogue.face import ClosedFor, ClosedTime
from house.db import is_sqlite
from house.intake import closings, counters, standing, worklist
from house.intake.cancelling import UNDO
from house.intake.cards import about
from house.intake.closings import Closing, Scope
from house.intake.models import Answer, Settlement, Visit, VisitState
from house.intake.reaching import recipient
from house.intake.worklist import ASKS
from house.post import Letter
from house.problems import Moved, NotHere, Problem


@dataclass(frozen=True)
class Coming:
    """One visit that is still to come today."""

    reference: str
    name: str | None = field(repr=False)
    starts_at: datetime
    language: str
    party: int
    writable: bool


@dataclass(frozen=True)
class Preview:
    """What closing now would meet."""

    coming: tuple[Coming, ...]

    @property
    def unreached(self) -> list[Coming]:
        """Those whom no letter reaches."""
        return [one for one in self.coming if not one.writable]


def preview(session: Session) -> Preview:
    """Who is still to come today; raises `Problem("over")` when nobody is and the house does not open."""
    met = closings.met_by(session, _closing(session), counters.all_counters(session))
    hours, place = catalogue.today_hours(session), catalogue.place(session)
    if not met and not any(closes > clock.local(clock.now(), place.timezone).time() for _, closes in hours):
        raise Problem("over")
    starts: dict[int, datetime] = {}
    for step in met:
        starts.setdefault(step.visit, step.start)
    rows = session.scalars(select(Visit).where(Visit.id.in_(starts)))
    coming = [
        Coming(one.reference, one.name, starts[one.id], one.language, one.party, bool(recipient(one)))
        for one in rows
    ]
    return Preview(tuple(sorted(coming, key=lambda one: (one.starts_at, one.reference))))


def close(
    session: Session, reason: ClosedFor, told: ClosedFor | None, seen: int, actor: str
) -> tuple[ClosedTime, int]:
    """Close from now to midnight and ask who was coming for another time; returns how many are written to.

    The others are on the worklist. Raises `Moved` when more or fewer come than were `seen`, or
    when it is closed already. Whoever moves a visit locks it before the counters, so it is so here; "now" is
    when all of them are locked.
    """
    _one_at_a_time(session)
    if closed_now(session) is not None:
        raise Moved("closed_already")
    today = clock.today(catalogue.place(session).timezone)
    todays = select(Visit).where(Visit.day == today, Visit.state == VisitState.BOOKED)
    locked = session.scalars(
        todays.order_by(Visit.id).with_for_update(key_share=True).execution_options(populate_existing=True)
    ).all()
    known = {(one.id, one.revision) for one in locked}
    everywhere = standing.alone(session, [one.id for one in counters.all_counters(session)])
    wanted = _closing(session, reason, told)
    if wanted.first != today:
        raise Moved("more_met")  # it was midnight while we waited: whoever closes looks at the new day first
    row, met = closings.close(session, wanted, everywhere, seen, actor)
    if not {step.visit for step in met} <= {one.id for one in locked}:
        raise Moved("more_met")  # as many as were seen, but one of them booked at this very moment
    asked = worklist.ask_all(session, everywhere, known, actor, due_at=row.closed_at + UNDO)
    audit.record(session, actor, "closed_today", f"closing {row.id}", asked=asked)
    return row, asked


def _one_at_a_time(session: Session) -> None:
    """Two who close at the same moment close once: the place is locked before it is looked at."""
    session.execute(_my_place(session).with_for_update(key_share=True))


def _my_place(session: Session) -> Select[int]:
    return select(catalogue.Place.id).where(catalogue.Place.id == catalogue.place(session).id)


def closed_now(session: Session) -> ClosedTime | None:
    """The closing of the whole house that holds now, until the end of today."""
    return catalogue.closed_now(session)


def closed_from_here(session: Session) -> ClosedTime | None:
    """The same for who does what nobody may do in a closed house: who closes meanwhile waits for the end."""
    if not is_sqlite(session):
        session.execute(_my_place(session).with_for_update(read=True))
    return closed_now(session)


def still_to_tell(session: Session) -> list[worklist.Misfit]:
    """The visits of today that do not fit and that nobody has answered yet."""
    today = clock.today(catalogue.place(session).timezone)
    zone = catalogue.place(session).timezone
    found = worklist.worklist(session, counters.all_counters(session))
    return [one for one in found if one.is_open and clock.local(one.starts_at, zone).date() == today]


def can_undo(row: ClosedTime) -> bool:
    """Whether the letters have not left yet."""
    return clock.now() < row.closed_at + UNDO


def undo(session: Session, closing_id: int, actor: str) -> None:
    """Open again as if nothing had happened: nobody hears of it.

    Raises `NotHere` for no closing of the house, `Moved("too_late")` once letters may have left.
    """
    row = session.get(ClosedTime, closing_id, with_for_update=True)
    if row is None or row.place_id is None:
        raise NotHere()
    todays = select(Visit).where(Visit.day == row.first_day).order_by(Visit.id)
    visits = session.scalars(todays.with_for_update(key_share=True)).all()
    subjects = session.scalars(
        select(Letter.about).where(Letter.kind == ASKS, Letter.due_at == row.closed_at + UNDO)
    ).all()
    if not can_undo(row) or not all(post.withdraw(session, str(one), ASKS, unseen=True) for one in subjects):
        raise Moved("too_late")
    asked = [visit.id for visit in visits if about(visit) in subjects]
    session.execute(
        delete(Settlement).where(Settlement.visit_id.in_(asked), Settlement.how == Answer.ASKED)
    )
    closings.open_again(session, row.id, counters.all_counters(session), True, actor)


def _closing(
    session: Session, reason: ClosedFor = ClosedFor.STAFF, told: ClosedFor | None = None
) -> Closing:
    """The rest of today; the whole day where the house has not opened yet, so that it reads so."""
    place = catalogue.place(session)
    now = clock.local(clock.now(), place.timezone)
    hours = catalogue.today_hours(session)
    opened = bool(hours) and hours[0][0] <= now.time()
    begins = now.time().replace(second=0, microsecond=0) if opened else None
    return Closing(Scope(), now.date(), now.date(), begins, None, reason, told)
