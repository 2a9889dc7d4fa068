"""What the last weeks tell of waiting: how long services took, who came, how expectations turned out.

It all comes from the log of periods and from the tickets; nothing is counted beside them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session, aliased

from house.catalogue import face as catalogue
from house.intake.estimating import ratio
from house.intake.models import Channel, Period, PeriodKind, Step, StepState, Ticket, Visit, VisitState

LOOKS_BACK = timedelta(weeks=4)
ENOUGH = 8
"""So many measured times of a service stand for themselves; below that the catalogue's guess is spread."""
SPREAD = (0.5, 0.7, 0.85, 1.0, 1.15, 1.4, 2.0)
LONGEST = 180.0
"""Minutes; what is longer is a button that somebody forgot."""
COMES, ENOUGH_BOOKED = 0.88, 30
"""How many of those booked come, until it is known of this house."""


@dataclass(frozen=True)
class Measured:
    """Service times in minutes by service, sorted; how often who is booked comes; sorted ratios."""

    times: Mapping[int | str, Sequence[float]]
    comes: float
    ratios: Sequence[float]


_BEFORE = (Visit.place_id == bindparam("place"), Visit.day >= bindparam("since"))
_TAKEN = (
    select(Step.id, Step.service_id, Period.began_at, Period.ended_at)
    .join(Step, Period.step_id == Step.id)
    .join(Visit, Step.visit_id == Visit.id)
    .where(
        *_BEFORE, Step.state.in_((StepState.DONE, StepState.FAILED)), Period.ended_at.is_not(None),
        Period.kind.in_((PeriodKind.CALLED, PeriodKind.SERVING)),
    )
)  # fmt: skip
_CAME = (
    select(Visit.arrived_at.is_not(None), func.count())
    .where(
        *_BEFORE, Visit.day < bindparam("today"), Visit.channel != Channel.WALK_IN,
        Visit.state.in_((VisitState.DONE, VisitState.MISSED)),
    )
    .group_by(Visit.arrived_at.is_not(None))
)  # fmt: skip
_waited, _called = aliased(Period), aliased(Period)
_TURNED_OUT = (
    select(Ticket.expected, func.min(_waited.began_at), func.min(_called.began_at))
    .join(Visit, Ticket.visit_id == Visit.id)
    .join(Step, Step.visit_id == Visit.id)
    .join(_waited, _waited.step_id == Step.id)
    .join(_called, _called.step_id == Step.id)
    .where(
        *_BEFORE, Ticket.expected.is_not(None), Step.position == 0,
        _waited.kind == PeriodKind.WAITING, _called.kind == PeriodKind.CALLED,
    )
    .group_by(Step.id, Ticket.expected)
)  # fmt: skip


def measure(session: Session, place: catalogue.Place, today: date) -> Measured:
    """What the last four weeks at a place tell; three statements."""
    asked = {"place": place.id, "since": today - LOOKS_BACK}
    told = session.execute(_TURNED_OUT, asked)
    return Measured(
        times=_times(session, asked),
        comes=_share_that_comes(session, {**asked, "today": today}),
        ratios=sorted(ratio(_minutes(began, called), middle or 0.0) for middle, began, called in told),
    )


def _times(session: Session, asked: Mapping[str, object]) -> dict[int | str, Sequence[float]]:
    """From the call to the end: so long a counter is taken."""
    spent: dict[tuple[int, int], float] = defaultdict(float)
    for step, service, began, ended in session.execute(_TAKEN, asked):
        spent[service, step] += _minutes(began, ended or began)
    found: dict[int, list[float]] = defaultdict(list)
    for (service, _step), minutes in spent.items():
        if 0 < minutes <= LONGEST:  # a quick question is written down when it is over
            found[service].append(minutes)
    return {
        service.id: sorted(found[service.id])
        if len(found[service.id]) >= ENOUGH
        else [share * service.minutes_first for share in SPREAD]
        for service in catalogue.services(session)
    }


def _share_that_comes(session: Session, asked: Mapping[str, object]) -> float:
    counted = {bool(came): number for came, number in session.execute(_CAME, asked)}
    total = sum(counted.values())
    return counted.get(True, 0) / total if total >= ENOUGH_BOOKED else COMES


def _minutes(began: datetime, ended: datetime) -> float:
    return max((ended - began).total_seconds() / 60, 0.0)
