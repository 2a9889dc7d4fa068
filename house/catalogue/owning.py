"""Whose an entry is, and who may write and publish it.

An entry belongs to the authority that decides; an authority without an editor of its own, and everything that
no authority decides, belongs to the house. Two people take part in every change, one of them the owner's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from house.catalogue.entries import Kind, Record
from house.doors import Role
from house.people import face as people


@dataclass(frozen=True)
class Hands:
    """Who may do what with one entry: its owner's editors, the house's, and the administrators."""

    owner: str | None
    """The slug of the authority; None for the house."""
    owners: tuple[people.Member, ...]
    house: tuple[people.Member, ...]
    admins: tuple[people.Member, ...]

    def may_write(self, account_id: int) -> bool:
        """The owner, the house and administrators."""
        return account_id in _ids((*self.owners, *self.house, *self.admins))

    def may_publish(self, account_id: int, authors: Iterable[int]) -> bool:
        """Somebody else than its authors, and the owner among those who take part; administrators always."""
        written_by, owners = set(authors), _ids(self.owners)
        if account_id in _ids(self.admins):
            return True
        if account_id in written_by:
            return False
        return account_id in owners or (account_id in _ids(self.house) and bool(owners & written_by))

    def may_confirm(self, account_id: int) -> bool:
        """The owner and administrators: to say that it is still right needs nobody else."""
        return account_id in _ids((*self.owners, *self.admins))

    def who_may_publish(self, authors: Iterable[int]) -> list[people.Member]:
        """Everybody who may, the owner's first."""
        listed = {one.account_id: one for one in (*self.owners, *self.house, *self.admins)}
        written_by = tuple(authors)
        return [one for one in listed.values() if self.may_publish(one.account_id, written_by)]


def hands(session: Session, kind: Kind, slug: str, record: Record | None) -> Hands:
    """Who may do what with an entry, by what is published of it, or else by its draft."""
    editors = people.members(session, Role.EDITOR)
    house = tuple(one for one in editors if one.of_house)
    wanted = _authority(kind, slug, record)
    own = tuple(one for one in editors if wanted and one.authority_slug == wanted)
    admins = tuple(people.members(session, Role.ADMIN))
    return Hands(wanted if own else None, own or house, house, admins)


def _authority(kind: Kind, slug: str, record: Record | None) -> str | None:
    if kind is Kind.AUTHORITY:
        return slug
    return record.get("authority") if kind is Kind.SERVICE and record else None


def _ids(members: Iterable[people.Member]) -> set[int]:
    return {one.account_id for one in members}
