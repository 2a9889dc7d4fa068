"""A house whose catalogue people keep: editors of the house and of an authority, and changes to make."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from house.catalogue import drafting, publishing
from house.catalogue.entries import Kind, Record
from house.doors import Role
from house.people import face as people

SIRI_SERVICE = "eu_residence_document"
HOUSE_SERVICE = "housing_guidance"


@dataclass(frozen=True)
class Staff:
    """Account keys of everybody who keeps the catalogue."""

    ane: int
    """An editor of the house."""
    bo: int
    """Another editor of the house."""
    siri: int
    """An editor of the immigration agency."""
    sara: int
    """Another one."""
    admin: int
    desk: int


def employ(session: Session) -> Staff:
    """Open their accounts."""
    house = people.house_body(session).id
    siri = people.authority_body(session, "siri", "SIRI").id
    who = {
        "ane": (house, Role.EDITOR), "bo": (house, Role.EDITOR), "siri": (siri, Role.EDITOR),
        "sara": (siri, Role.EDITOR), "admin": (house, Role.ADMIN), "desk": (house, Role.DESK),
    }  # fmt: skip
    made = {
        name: people.open_account(session, f"{name}@example.dk", name.title(), [role]).id
        for name, role in who.items()
    }
    return Staff(**made)


def text_of(session: Session, slug: str, kind: Kind = Kind.SERVICE) -> tuple[Record, int]:
    """A copy of the text to work on, and the number of its version."""
    there = drafting.entry(session, kind, slug)
    assert there.text is not None
    return copy.deepcopy(there.text), there.seen


def change(
    session: Session, slug: str, by: int, how: Callable[[Record], Any], kind: Kind = Kind.SERVICE
) -> int:
    """Save a change as a draft."""
    record, seen = text_of(session, slug, kind)
    how(record)
    return drafting.save(session, kind, slug, record, seen, by)


def rename(words: str) -> Callable[[Record], None]:
    """A change of a service's name."""

    def how(record: Record) -> None:
        record["name"]["en"] = words

    return how


def publish(
    session: Session,
    slug: str,
    by: int,
    reviewer: int,
    how: Callable[[Record], Any],
    kind: Kind = Kind.SERVICE,
) -> int:
    """Change, send for review and publish."""
    number = change(session, slug, by, how, kind)
    drafting.send_for_review(session, kind, slug, number, by)
    return publishing.publish(session, kind, slug, number, reviewer)
