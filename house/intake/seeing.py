"""Whom an adviser of an authority sees: who has a step for it, or for what the counter she sits at gives.

Staff of the house, who belong to no `authorities` here, see everybody; so it is told by None.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from house.catalogue import face as catalogue
from house.doors import Role
from house.intake.counter_models import Counter, CounterService
from house.intake.models import Step, Visit
from house.people import face as people

NOBODYS = 0
"""No authority has this key: an adviser whose authority is gone sees nobody, not everybody."""
Seen = frozenset[int] | None
"""The services whose visits somebody sees; None for all."""


def authorities_of(
    session: Session, person: people.Person | None, role: Role = Role.ADVISER
) -> list[int]:
    """The authorities that somebody works for in a role; none for staff of the house, who see all."""
    if person is None or person.roles & {Role.DESK, Role.ADMIN}:
        return []
    reach = people.reach_of(session, person, (role,))
    views = catalogue.authorities(session).values()
    return [] if reach.house else [view.id for view in views if view.slug in reach.authorities] or [NOBODYS]


def services_seen(session: Session, authorities: Sequence[int], counter_id: int | None) -> Seen:
    """What somebody of these authorities sees who sits at a counter; another authority's adds nothing."""
    if not authorities:
        return None
    own = {one.id for one in catalogue.services(session) if one.authority_id in authorities}
    gives = select(CounterService.service_id).join(Counter, Counter.id == CounterService.counter_id)
    hers = (Counter.id == counter_id, Counter.active, Counter.authority_id.in_(authorities))
    return frozenset({*own, *session.scalars(gives.where(*hers))})


def is_hers(session: Session, visit: Visit, authorities: Sequence[int], counter_id: int | None) -> bool:
    """Whether somebody of these authorities sees a visit; also one that is, or was, at her counter."""
    seen = services_seen(session, authorities, counter_id)
    if seen is None or any(step.service_id in seen for step in visit.steps):
        return True
    mine = select(Counter.id).where(Counter.id == counter_id, Counter.authority_id.in_(authorities))
    here = session.scalar(mine)
    return here is not None and any(step.counter_id == here for step in visit.steps)


def steps_seen(visit: Visit, seen: Seen) -> list[Step]:
    """The steps of a visit whose findings somebody may read: what another authority found is not hers."""
    return [step for step in visit.steps if seen is None or step.service_id in seen]


def visits_with(seen: frozenset[int]) -> Select[int]:
    """The keys of the visits that have a step for one of these services."""
    return select(Step.visit_id).where(Step.service_id.in_(seen))
