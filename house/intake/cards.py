"""What a page, a letter or a calendar says of a visit; and finding the visit that a link opens."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session, selectinload

from house.catalogue import face as catalogue
from house.db import is_writer
from house.intake import claiming
from house.intake.models import CounterLanguage, Step, Visit, VisitState
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

    def facts(self) -> dict[str, Any]:
        """The same as JSON."""
        return {
            **asdict(self), "starts_at": self.starts_at.isoformat(), "ends_at": self.ends_at.isoformat(),
        }  # fmt: skip


def step_from(facts: dict[str, Any]) -> StepCard:
    """The step that `facts` was made of."""
    starts_at, ends_at = (datetime.fromisoformat(facts[key]) for key in ("starts_at", "ends_at"))
    return StepCard(facts["service"], starts_at, ends_at, facts["counter"])


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
    children: int = 0
    elsewhere: tuple[StepCard, ...] = ()
    """What another system booked; `counter` is the reference there."""

    @property
    def itinerary(self) -> list[StepCard]:
        """Everything of the visit in the order of time, also what is somewhere else."""
        return sorted((*self.steps, *self.elsewhere), key=lambda step: step.starts_at)

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
        lists = ("steps", "elsewhere")
        whole = {key: value for key, value in vars(self).items() if key not in (*lists, "language")}
        told = {name: [step.facts() for step in getattr(self, name)] for name in lists}
        return {**whole, "state": self.state.value, "spoken": self.language, **told}


def card_from(facts: dict[str, Any]) -> VisitCard:
    """The card that `facts` was made of."""
    return VisitCard(
        facts["reference"], facts["generation"], facts["revision"], VisitState(facts["state"]),
        facts["spoken"], facts["party"], facts["name"],
        tuple(step_from(step) for step in facts["steps"]), facts.get("children", 0),
        tuple(step_from(step) for step in facts.get("elsewhere", ())),
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
        visit.name or "", steps, visit.children,
        tuple(
            StepCard(slugs.get(one.service_id, ""), one.starts_at, one.ends_at, one.reference or "")
            for one in visit.elsewhere
        ),
    )  # fmt: skip


def about(visit: Visit) -> str:
    """What letters of a visit are about, for withdrawing them."""
    return f"visit {visit.id}"


def services_in(session: Session, card: VisitCard) -> list[catalogue.ServiceView]:
    """The services booked here, step by step, in the language of the moment."""
    known = {service.slug: service for service in catalogue.services(session)}
    return [known[step.service] for step in card.steps if step.service in known]


@dataclass(frozen=True)
class Station:
    """One step for people to read: when, what, with whom, where."""

    step: StepCard
    service: catalogue.ServiceView
    authority: str
    here: bool
    papers: list[catalogue.Paper]


def stations_of(session: Session, card: VisitCard) -> list[Station]:
    """The way through a visit in the order of time, in the language of the moment."""
    return [station_of(session, step, step in card.steps) for step in card.itinerary if step.service]


def station_of(session: Session, step: StepCard, here: bool) -> Station:
    """One step with its words; `here` says whether it is at one of our counters."""
    service = catalogue.service(session, step.service)
    authority = catalogue.authority_of(session, service).name.text
    return Station(step, service, authority, here, catalogue.papers(service))


def spoken_at(session: Session, visit: Visit) -> frozenset[str]:
    """The languages that all counters of a visit have in common."""
    counters = {step.counter_id for step in visit.steps if step.counter_id is not None}
    wanted = select(CounterLanguage.language).where(CounterLanguage.counter_id.in_(counters))
    everywhere = wanted.group_by(CounterLanguage.language).having(func.count() == len(counters))
    return frozenset(session.scalars(everywhere))


def visit_called(session: Session, typed: str) -> Visit:
    """The visit with a reference, for staff; raises `NotHere`, also for what is only held."""
    named = select(Visit).where(Visit.reference == read_reference(typed), Visit.state != VisitState.HELD)
    visit = session.scalar(named)
    if visit is None or not any(step.starts_at for step in visit.steps):
        raise NotHere()
    return visit


def visit_by(session: Session, kind: str, token: str) -> Visit:
    """The visit that a link of this kind opens, with its steps and counters.

    For who is going to write it is locked at once, so that it is read once. Raises `Gone` for a link of an
    earlier generation, `NotHere` for everything else that does not open.
    """
    reference = reference_in(token)
    whole = selectinload(Visit.steps).joinedload(Step.counter)
    wanted = select(Visit).where(Visit.reference == reference).options(whole, selectinload(Visit.elsewhere))
    if is_writer(session):
        wanted = wanted.with_for_update(of=Visit, key_share=True).execution_options(populate_existing=True)
    visit = session.scalar(wanted)
    if visit is None:
        raise NotHere()
    if is_writer(session):
        claiming.locked(session).add(inspect(visit).identity)
    if keyring().opens(token, kind, visit.reference, visit.generation):
        return visit
    if any(keyring().opens(token, kind, visit.reference, earlier) for earlier in range(1, visit.generation)):
        raise Gone()
    raise NotHere()
