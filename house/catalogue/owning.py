"""Whose an entry is, and who may write and publish it.

An entry belongs to the authority that decides; an authority without an editor of its own, and everything that
no authority decides, belongs to the house. Two people take part in every change, one of them the owner's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from house.catalogue.entries import Kind, Record
from house.catalogue.storing import stored
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
    return all_hands(session)(_authority(kind, slug, record))


def all_hands(session: Session) -> Callable[[str | None], Hands]:
    """The same for an authority by its slug, None for what no authority decides; two queries for all."""
    editors, admins = people.members(session, Role.EDITOR), tuple(people.members(session, Role.ADMIN))
    house = tuple(one for one in editors if one.of_house)

    def of(wanted: str | None) -> Hands:
        own = tuple(one for one in editors if wanted and one.authority_slug == wanted)
        return Hands(wanted if own else None, own or house, house, admins)

    return of


def texts_of(session: Session, account_id: int) -> Callable[[str], bool]:
    """Whether somebody may write a text by its path: those of the entries that they may write."""
    of = all_hands(session)
    decides = {one["id"]: one.get("authority") for one in stored(session)["services"]}

    def may(subject: str) -> bool:
        kind, name, *_ = subject.split("/")
        whose = decides.get(name) if kind == Kind.SERVICE else name if kind == Kind.AUTHORITY else None
        return of(whose).may_write(account_id)

    return may


def _authority(kind: Kind, slug: str, record: Record | None) -> str | None:
    if kind is Kind.AUTHORITY:
        return slug
    return record.get("authority") if kind is Kind.SERVICE and record else None


def _ids(members: Iterable[people.Member]) -> set[int]:
    return {one.account_id for one in members}
