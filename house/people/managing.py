"""Whose affairs a signed-in person manages: the whole house's, or those of some authorities."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from house.doors import Role
from house.people.models import Body, BodyKind, Membership
from house.people.signing_in import Person


@dataclass(frozen=True)
class Reach:
    """Managers of the house reach everything; those of an authority its own, by slug."""

    house: bool = False
    authorities: frozenset[str] = frozenset()

    def covers(self, authority_slug: str) -> bool:
        return self.house or authority_slug in self.authorities


def reach_of(session: Session, person: Person | None) -> Reach:
    """What this person manages; nothing for somebody who manages nothing."""
    if person is None:
        return Reach()
    bodies = session.execute(
        select(Body.kind, Body.authority_slug)
        .join(Membership, Membership.body_id == Body.id)
        .where(Membership.account_id == person.id, Membership.role.in_((Role.MANAGER, Role.ADMIN)))
    ).all()
    slugs = (slug for kind, slug in bodies if kind is BodyKind.AUTHORITY and slug)
    return Reach(any(kind is BodyKind.HOUSE for kind, _ in bodies), frozenset(slugs))


def authority_body(session: Session, slug: str, name: str) -> Body:
    """The body that an authority's own staff belong to; made when missing."""
    body = session.scalar(
        select(Body).where(Body.kind == BodyKind.AUTHORITY, Body.authority_slug == slug)
    )
    if body is None:
        body = Body(kind=BodyKind.AUTHORITY, name=name, authority_slug=slug)
        session.add(body)
        session.flush()
    return body
