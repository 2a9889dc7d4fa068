"""The history of an entry: writing down what it said, and finding it again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from house import clock
from house.catalogue.editing_models import PUBLIC, How, Version, versions_of
from house.catalogue.entries import Kind, Record, find, slugs
from house.problems import NotHere


def history(session: Session, kind: Kind, slug: str) -> list[Version]:
    """Every version, newest first."""
    return list(session.scalars(versions_of(kind, slug)))


def version(session: Session, kind: Kind, slug: str, number: int) -> Version:
    """One version; 0 is what stood before the first change. NotHere when there is none."""
    asked = versions_of(kind, slug)
    found = session.scalar(
        asked.where(Version.how == How.STOOD) if number == 0 else asked.where(Version.number == number)
    )
    if found is None:
        raise NotHere()
    return found


def before(session: Session, version: Version) -> Version | None:
    """The version before this one, if there is one."""
    earlier = versions_of(version.kind, version.slug).where(Version.number < version.number)
    return session.scalar(earlier.limit(1))


def published_number(session: Session, kind: Kind, slug: str) -> int:
    """The number of the version that is published; 0 where none was written down."""
    asked = select(func.max(Version.number)).where(
        Version.kind == kind, Version.slug == slug, Version.how.in_(PUBLIC)
    )
    return session.scalar(asked) or 0


def write_down(
    session: Session,
    kind: Kind,
    slug: str,
    record: Record | None,
    how: How,
    account_id: int | None,
    stood: Record | None,
) -> int:
    """Write a version down and return its number.

    Before the first one of an entry, what `stood` there is written down too, so that nothing is lost.
    """
    last = session.scalar(select(func.max(Version.number)).where(Version.kind == kind, Version.slug == slug))
    if last is None and stood is not None:
        session.add(_made(kind, slug, 1, How.STOOD, stood, None))
        last = 1
    number = (last or 0) + 1
    session.add(_made(kind, slug, number, how, record, account_id))
    session.flush()
    return number


def write_down_import(session: Session, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Write down what an import changed; the first filling of a house is no change."""
    for kind in Kind if before else ():
        for slug in dict.fromkeys([*slugs(before, kind), *slugs(after, kind)]):
            old, new = find(before, kind, slug), find(after, kind, slug)
            if json.dumps(old) != json.dumps(new):
                write_down(session, kind, slug, new, How.IMPORTED, None, old)


def _made(
    kind: Kind, slug: str, number: int, how: How, record: Record | None, account_id: int | None
) -> Version:
    return Version(
        kind=kind, slug=slug, number=number, how=how, record=record, at=clock.now(), account_id=account_id
    )
