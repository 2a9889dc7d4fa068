"""What a page, a letter or a calendar says of a visit; and finding the visit that a link opens."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from house.catalogue import face as catalogue
from house.intake.models import Counter, Step, Visit, VisitState
from house.problems import Gone, NotHere
from house.seals import keyring, read_reference, reference_in

HOLD, VISIT = "hold", "visit"
"""The two kinds of link: one for the visitor who is still booking, one for the booked visit."""


@dataclass(frozen=True)
class StepCard:
    """One step: which service, when, at which counter."""

    service: str
    starts_at: datetime
    ends_at: datetime
    counter: str


@dataclass(frozen=True)
class VisitCard:
    """A visit with its times as it was at one revision."""

    reference: str
    generation: int
    revision: int
    state: VisitState
    language: str
    party: int
    name: str
    steps: tuple[StepCard, ...]

    @property
    def starts_at(self) -> datetime:
        return min(step.starts_at for step in self.steps)

    @property
    def ends_at(self) -> datetime:
        return max(step.ends_at for step in self.steps)

    @property
    def link(self) -> str:
        """The capability that opens the booked visit."""
        return keyring().link(VISIT, self.reference, self.generation)

    def facts(self) -> dict[str, Any]:
        """The card as JSON, for a letter's facts."""
        steps = [
            {**asdict(step), "starts_at": step.starts_at.isoformat(), "ends_at": step.ends_at.isoformat()}
            for step in self.steps
        ]
        whole = {key: value for key, value in vars(self).items() if key not in ("steps", "language")}
        return {**whole, "state": self.state.value, "spoken": self.language, "steps": steps}


def card_from(facts: dict[str, Any]) -> VisitCard:
    """The card that `facts` was made of."""
    steps = tuple(
        StepCard(
            step["service"], datetime.fromisoformat(step["starts_at"]),
            datetime.fromisoformat(step["ends_at"]), step["counter"],
        )
        for step in facts["steps"]
    )  # fmt: skip
    return VisitCard(
        facts["reference"], facts["generation"], facts["revision"], VisitState(facts["state"]),
        facts["spoken"], facts["party"], facts["name"], steps,
    )  # fmt: skip


def card_of(session: Session, visit: Visit) -> VisitCard:
    """The card of a visit as it stands."""
    slugs = {service.id: service.slug for service in catalogue.services(session)}
    steps = tuple(
        StepCard(
            slugs.get(step.service_id, ""), step.starts_at, step.ends_at,
            step.counter.label if step.counter else "",
        )
        for step in visit.steps
        if step.starts_at and step.ends_at
    )  # fmt: skip
    return VisitCard(
        visit.reference, visit.generation, visit.revision, visit.state, visit.language, visit.party,
        visit.name or "", steps,
    )  # fmt: skip


def about(visit: Visit) -> str:
    """What letters of a visit are about, for withdrawing them."""
    return f"visit {visit.id}"


def services_in(session: Session, card: VisitCard) -> list[catalogue.ServiceView]:
    """The services of a visit, step by step, in the language of the moment."""
    known = {service.slug: service for service in catalogue.services(session)}
    return [known[step.service] for step in card.steps if step.service in known]


def spoken_at(visit: Visit) -> frozenset[str]:
    """The languages that all counters of a visit have in common."""
    spoken = [{one.language for one in step.counter.languages} for step in visit.steps if step.counter]
    return frozenset(set.intersection(*spoken)) if spoken else frozenset()


def visit_called(session: Session, typed: str) -> Visit:
    """The visit with a reference, for staff; raises `NotHere`, also for what is only held."""
    named = select(Visit).where(Visit.reference == read_reference(typed), Visit.state != VisitState.HELD)
    visit = session.scalar(named)
    if visit is None or not any(step.starts_at for step in visit.steps):
        raise NotHere()
    return visit


def visit_by(session: Session, kind: str, token: str) -> Visit:
    """The visit that a link of this kind opens, with its steps and counters.

    Raises `Gone` for a link of an earlier generation, `NotHere` for everything else that does not open.
    """
    reference = reference_in(token)
    whole = selectinload(Visit.steps).joinedload(Step.counter).selectinload(Counter.languages)
    visit = session.scalar(select(Visit).where(Visit.reference == reference).options(whole))
    if visit is None:
        raise NotHere()
    if keyring().opens(token, kind, visit.reference, visit.generation):
        return visit
    if any(keyring().opens(token, kind, visit.reference, earlier) for earlier in range(1, visit.generation)):
        raise Gone()
    raise NotHere()
