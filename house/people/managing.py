"""Whose affairs a signed-in person manages, the house's or some authorities'; and who has a role there."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from house.doors import Role
from house.people.models import Account, Body, BodyKind, Membership
from house.people.signing_in import Person


@dataclass(frozen=True)
class Reach:
    """Managers of the house reach everything; those of an authority its own, by slug."""

    house: bool = False
    authorities: frozenset[str] = frozenset()

    def covers(self, authority_slug: str) -> bool:
        return self.house or authority_slug in self.authorities


def reach_of(
    session: Session, person: Person | None, roles: Collection[Role] = (Role.MANAGER, Role.ADMIN)
) -> Reach:
    """What this person manages, or does in other roles; nothing for somebody who has none of them."""
    if person is None:
        return Reach()
    bodies = session.execute(
        select(Body.kind, Body.authority_slug)
        .join(Membership, Membership.body_id == Body.id)
        .where(Membership.account_id == person.id, Membership.role.in_(roles))
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


@dataclass(frozen=True)
class Member:
    """An account with a role in a body that is no company."""

    account_id: int
    name: str = field(repr=False)
    of_house: bool
    body: str
    authority_slug: str | None


def members(session: Session, role: Role) -> list[Member]:
    """Everybody with this role in the house or an authority, closed accounts left out."""
    rows = session.execute(
        select(Account.id, Account.name, Body.kind, Body.name, Body.authority_slug)
        .join(Membership, Membership.account_id == Account.id)
        .join(Body, Body.id == Membership.body_id)
        .where(Membership.role == role, Account.active, Body.kind.in_((BodyKind.HOUSE, BodyKind.AUTHORITY)))
        .order_by(Account.id)
    )
    return [
        Member(id_, name or "", kind is BodyKind.HOUSE, body, slug) for id_, name, kind, body, slug in rows
    ]


def names(session: Session, account_ids: Collection[int]) -> dict[int, str]:
    """What these accounts are called; a closed one has no name any more."""
    rows = session.execute(select(Account.id, Account.name).where(Account.id.in_(account_ids)))
    return {id_: name or "" for id_, name in rows}
