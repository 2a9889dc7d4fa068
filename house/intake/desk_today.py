"""Everybody of today in one list, booked and walk-in, wherever they are; and one of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session, selectinload

from house import clock
from house.catalogue import face as catalogue
from house.intake.models import Step, StepState, Ticket, Visit, VisitState
from house.intake.registration import plain
from house.intake.seeing import Seen, is_hers
from house.problems import NotHere
from house.seals import read_reference

UNDONE = (StepState.FAILED, StepState.CANCELLED)
AT = (StepState.WAITING, StepState.PARKED, StepState.CALLED, StepState.SERVING)


@dataclass(frozen=True)
class Guest:
    """One visit of today: where it stands, `step` of the one that is on now or was last."""

    reference: str
    name: str | None = field(repr=False)
    ticket: str
    service: str
    language: str
    party: int
    state: VisitState
    step: StepState
    planned_at: datetime | None
    arrived_at: datetime | None


_TODAY = (
    select(
        Visit.id, Visit.reference, Visit.name, Visit.state, Visit.party, Visit.arrived_at, Ticket.letter,
        func.coalesce(Visit.speaks, Visit.language).label("language"), Ticket.number,
        Step.service_id, Step.state.label("step"), Step.starts_at,
    )
    .join(Step, Step.visit_id == Visit.id)
    .outerjoin(Ticket, Ticket.visit_id == Visit.id)
    .where(
        Visit.place_id == bindparam("place"), Visit.day == bindparam("day"),
        Visit.state.not_in((VisitState.HELD, VisitState.CANCELLED)),
    )
    .order_by(func.coalesce(Visit.arrived_at, Step.starts_at), Visit.id, Step.position)
)  # fmt: skip


def everybody(session: Session, typed: str = "", seen: Seen = None) -> list[Guest]:
    """Everybody of today by arrival or booked time, or those whose name, reference or ticket was typed.

    With `seen` only who has a step for one of these services.
    """
    place = catalogue.place(session)
    services = {service.id: service for service in catalogue.services(session)}
    found: dict[int, Guest] = {}
    hers = set[int]()
    for row in session.execute(_TODAY, {"place": place.id, "day": clock.today(place.timezone)}):
        if seen is None or row.service_id in seen:
            hers.add(row.id)
        known = found.get(row.id)
        if known is not None and (known.step in AT or row.step not in AT):
            continue
        found[row.id] = Guest(
            row.reference, row.name, f"{row.letter}{row.number}" if row.letter else "",
            services[row.service_id].name, row.language, row.party, row.state, row.step, row.starts_at,
            row.arrived_at,
        )  # fmt: skip
    wanted = plain(typed)
    mine = [guest for id_, guest in found.items() if id_ in hers]
    return [one for one in mine if not wanted or _fits(one, wanted)]


def _fits(guest: Guest, wanted: str) -> bool:
    return any(wanted in plain(words) for words in (guest.name or "", guest.reference, guest.ticket))


def visit_of_today(
    session: Session, reference: str, authorities: Sequence[int], counter_id: int | None
) -> Visit:
    """Somebody of today by reference. Raises `NotHere`, and for advisers of other `authorities` too.

    An adviser sees whom her authority has a step for, and who is at her counter.
    """
    wanted = select(Visit).where(
        Visit.reference == read_reference(reference), Visit.state.not_in((VisitState.HELD,))
    )
    whole = selectinload(Visit.steps).selectinload(Step.periods)
    visit = session.scalar(wanted.options(whole, selectinload(Visit.ticket)))
    if visit is None or visit.day != clock.today(catalogue.place(session).timezone):
        raise NotHere()
    if not is_hers(session, visit, authorities, counter_id):
        raise NotHere()
    return visit


def undone(session: Session, steps: Iterable[Step]) -> list[str]:
    """The services of these steps that could not be done, for another time."""
    failed = [step.service_id for step in steps if step.state in UNDONE]
    return [catalogue.service_by_id(session, id_).slug for id_ in failed]


def missing_papers(session: Session, step: Step) -> list[tuple[str, str]]:
    """The papers that were missing, each with its language; what is no paper any more is left out."""
    papers = catalogue.documents(catalogue.service_by_id(session, step.service_id))
    numbers = [int(number) for number in (step.missing or "").split()]
    return [(papers[one].text, papers[one].lang) for one in numbers if one < len(papers)]
