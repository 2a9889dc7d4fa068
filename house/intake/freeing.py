"""Giving places back: free at once or after a cool-off, and noted for those who want something earlier."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from sqlalchemy import and_, delete, select, tuple_, update
from sqlalchemy.orm import Session

from house.intake.change_models import Freed
from house.intake.counter_models import CounterService
from house.intake.models import Occupancy, Step, Visit
from house.intake.offering import GRACE

Place = tuple[int, int]
"""A counter and a tick."""
AT_ONCE = timedelta(0)


def give_back(
    session: Session, visit: Visit, now: datetime, but: Collection[Place] = (), kept: timedelta = AT_ONCE
) -> None:
    """Give back the places of a booked visit, whose days are locked; `but` are those it takes again.

    They stay taken for the service's cool-off, as rows without a visit. With `kept` they stay the visit's own
    for at least that long, so that it can have them again.
    """
    cool_offs = {step_id: max(kept, one) for step_id, one in _cool_offs(session, visit).items()}
    freed: dict[datetime, list[Place]] = defaultdict(list)
    mine = select(Occupancy.counter_id, Occupancy.tick, Occupancy.step_id)
    for counter_id, tick, step_id in session.execute(mine.where(Occupancy.visit_id == visit.id)):
        if (counter_id, tick) not in but:
            freed[now + cool_offs.get(step_id or 0, kept)].append((counter_id, tick))
    for until, places in freed.items():
        if until > now:
            _cool(session, visit, places, until, whose=visit.id if kept else None)
        note(session, places, until + GRACE if until > now else now)
    held = (Occupancy.visit_id == visit.id, Occupancy.expires_at.is_(None))
    session.execute(delete(Occupancy).where(*held))


def let_go(session: Session, hold: Visit, now: datetime, but: Collection[Place] = ()) -> None:
    """Give back the places of a hold: nobody had them long enough for a cool-off."""
    gone = delete(Occupancy).where(Occupancy.visit_id == hold.id)
    places = session.execute(gone.returning(Occupancy.counter_id, Occupancy.tick)).all()
    note(session, [(counter_id, tick) for counter_id, tick in places if (counter_id, tick) not in but], now)


def note(session: Session, places: Iterable[Place], due_at: datetime) -> None:
    """Write down the stretches of time that are free for others from `due_at` on."""
    stretches: list[list[int]] = []
    for counter_id, tick in sorted(set(places)):
        if stretches and stretches[-1][0] == counter_id and stretches[-1][2] == tick:
            stretches[-1][2] += 1
        else:
            stretches.append([counter_id, tick, tick + 1])
    for counter_id, first, until in stretches:
        session.add(Freed(counter_id=counter_id, first=first, until=until, due_at=due_at))


def _cool_offs(session: Session, visit: Visit) -> dict[int, timedelta]:
    """How long each step's place stays empty, by step."""
    given = and_(
        CounterService.counter_id == Step.counter_id, CounterService.service_id == Step.service_id
    )
    minutes = select(Step.id, CounterService.cool_off_minutes).join(CounterService, given)
    found = session.execute(minutes.where(Step.visit_id == visit.id))
    return {step_id: timedelta(minutes=number) for step_id, number in found}


def _cool(
    session: Session, visit: Visit, places: Collection[Place], until: datetime, whose: int | None
) -> None:
    cooling = update(Occupancy).where(
        Occupancy.visit_id == visit.id, tuple_(Occupancy.counter_id, Occupancy.tick).in_(places)
    )
    step = Occupancy.step_id if whose else None
    session.execute(cooling.values(visit_id=whose, step_id=step, expires_at=until))
