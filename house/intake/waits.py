"""How long people will wait at a place now: who waits, who comes, which counters are open, played through.

The playing is `estimating.py`, what the last weeks tell is `measured.py`. One picture of the waiting room is
made at most every quarter of a minute in a process, whoever asks.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from math import inf
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from house import clock
from house.catalogue import face as catalogue
from house.intake import calling
from house.intake.estimating import Guest, Open, Range, Times, expected, median, rounded, waits
from house.intake.measured import Measured, measure
from house.intake.models import Step, Visit, VisitState
from house.intake.on_duty import minutes, on_duty
from house.intake.periods import STILL_PLANNED

FRESH, MEASURED_ANEW = timedelta(seconds=15), timedelta(minutes=10)
KNOWN = timedelta(minutes=1)
"""So long a picture may still be shown where none is to be made."""
STRANGER = timedelta(seconds=1)
"""For somebody who is not in the picture yet another one is made after this."""
RUNS = 12
"""More narrow nothing: the ratios make the range, and whoever registers waits for this look."""
OVERDUE = timedelta(minutes=10)
"""Who is later than this for a booking is not counted on any more."""
FORESEEN = 180
"""Minutes beyond which nobody can say: no counter opens before, or the day will have changed by then."""


@dataclass(frozen=True)
class Picture:
    """What is expected at one moment: minutes until the call, by step and for who came in now by service.

    Whom no open counter can serve is in neither.
    """

    made_at: datetime
    ratios: tuple[float, ...] = field(repr=False)
    waiting: Mapping[int, list[float]] = field(repr=False)
    newcomers: Mapping[int, list[float]] = field(repr=False)

    def of_step(self, step_id: int) -> Range | None:
        """How long somebody who waits will still wait, in whole fives of minutes; None: nobody can say."""
        return self._told(self.waiting.get(step_id))

    def of_service(self, service_id: int) -> Range | None:
        """How long somebody would wait who came in now."""
        return self._told(self.newcomers.get(service_id))

    def _told(self, waited: list[float] | None) -> Range | None:
        foreseen = waited and median(waited) <= FORESEEN
        return rounded(expected(waited, self.ratios)) if waited and foreseen else None


@dataclass
class _Memory:
    """What a process remembers of one house."""

    measured: dict[int, tuple[datetime, Measured]] = field(default_factory=dict)
    pictures: dict[int, Picture] = field(default_factory=dict)


_memories: WeakKeyDictionary[Any, _Memory] = WeakKeyDictionary()


def look(session: Session, place: catalogue.Place, step_id: int | None = None) -> Picture:
    """The waiting room as it was at most fifteen seconds ago, one second for a step that is not in it yet.

    Ten statements when it is looked at anew.
    """
    memory, now = _memory(session), clock.now()
    known = memory.pictures.get(place.id)
    stands = STRANGER if known and step_id is not None and step_id not in known.waiting else FRESH
    if known is None or abs(now - known.made_at) >= stands:
        known = memory.pictures[place.id] = _look(session, place, now, memory)
    return known


def known(session: Session, place: catalogue.Place) -> Picture | None:
    """The last picture of this process, when it is not old; nothing is asked of the database."""
    picture = _memory(session).pictures.get(place.id)
    return picture if picture and abs(clock.now() - picture.made_at) < KNOWN else None


def on_arrival(session: Session, place: catalogue.Place, step: Step) -> float | None:
    """The middle of what somebody who has just come will wait, in minutes; None when nobody can say.

    Call it when the step waits and has its ticket. The picture that is made is the first one with this person
    in it: what is told now, and what the lists say in the next seconds, comes from it.
    """
    memory = _memory(session)
    picture = memory.pictures[place.id] = _look(session, place, clock.now(), memory)
    waited = picture.waiting.get(step.id)
    return median(waited) if waited and median(waited) <= FORESEEN else None


def _memory(session: Session) -> _Memory:
    return _memories.setdefault(session.get_bind(), _Memory())


def _look(session: Session, place: catalogue.Place, now: datetime, memory: _Memory) -> Picture:
    today = clock.local(now, place.timezone).date()
    made_at, measured = memory.measured.get(place.id, (None, None))
    if measured is None or made_at is None or abs(now - made_at) >= MEASURED_ANEW:
        measured = measure(session, place, today)
        memory.measured[place.id] = now, measured
    counters = on_duty(session, place, today, now)
    guests = [*_waiting(session, place, today, now), *_coming(session, place, today, now, measured.comes)]
    asking = {service: f"asks {service}" for one in counters for service in one.services}
    times: Times = {**measured.times, **{name: [0.0] for name in asking.values()}}
    open_ = [_with_askers(one, asking) for one in counters]
    last = max((guest.ticket for guest in guests), default=0) + 1
    asked = [Guest(-int(service), name, "", 0.0, ticket=last) for service, name in asking.items()]
    chance = random.Random(f"{place.id} {today} {sorted(guest.step for guest in guests)}")  # noqa: S311
    found = waits([*guests, *asked], open_, times, chance, RUNS)
    return Picture(
        now, tuple(measured.ratios), {step: waited for step, waited in found.items() if step > 0},
        {-step: waited for step, waited in found.items() if step < 0},
    )  # fmt: skip


def _with_askers(counter: Open, asking: Mapping[int | str, str]) -> Open:
    """The same counter, which also answers those who only ask: that takes no time, so nobody waits for it."""
    services = counter.services | {asking[service] for service in counter.services}
    return replace(counter, services=services)


# --- who is there, and who is to come ---------------------------------------------------------------------


def _waiting(session: Session, place: catalogue.Place, today: date, now: datetime) -> list[Guest]:
    return [
        Guest(
            one.step_id, one.service, one.language, min(minutes(now, one.arrived_at), 0.0),
            None if one.planned_at is None else minutes(now, one.planned_at), one.priority, one.ticket,
            since=min(minutes(now, one.since), 0.0), sent_to=one.sent_to,
            sent_until=minutes(now, one.sent_until) if one.sent_until else inf,
        )
        for one in calling.waiting_in(session, place.id, today)
    ]  # fmt: skip


_TONGUE = func.coalesce(Visit.speaks, Visit.language).label("language")
_COMING = select(Step.id, Step.service_id, Step.starts_at, _TONGUE).join(Visit).where(
    Visit.place_id == bindparam("place"), Visit.day == bindparam("day"), Visit.state == VisitState.BOOKED,
    STILL_PLANNED, Step.position == 0,
    Step.starts_at > bindparam("since"), Step.starts_at < bindparam("until"),
)  # fmt: skip


def _coming(
    session: Session, place: catalogue.Place, today: date, now: datetime, comes: float
) -> list[Guest]:
    """Those who booked and may still come, as far as anybody can foresee: they are called at their time."""
    until = now + timedelta(minutes=FORESEEN)
    asked = {"place": place.id, "day": today, "since": now - OVERDUE, "until": until}
    return [
        Guest(row.id, row.service_id, row.language, max(planned, 0.1), planned, comes=comes)
        for row in session.execute(_COMING, asked)
        for planned in [minutes(now, row.starts_at)]
    ]
