"""Contacts for tests: so many people, so many times each, with keys whose noise is known."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from house.reporting import sources
from house.reporting.contacts import record_contact
from house.reporting.models import Contact, Release, ReleasedCell

FEWER = 0
"""A record key of 0 takes five off every count from ten up."""
MORE = 65535
"""A record key of 65535 adds five to every count up to 249."""
SERVICES = {"cpr": "Civil registration", "tax": "Tax card", "bank": "Bank account"}
USUAL = {"service": "cpr", "channel": "booked", "outcome": "served"}


def middle_of(month: str) -> datetime:
    return datetime(int(month[:4]), int(month[5:]), 15, 12, tzinfo=UTC)


def contacts(
    session: Session, month: str, people: int, each: int = 1, *, key: int | None = None, **codes: str
) -> None:
    """Contacts of a month; with `key`, all contacts of that month get it."""
    for number in range(people * each):
        person = f"person{number % people}@example.dk"
        record_contact(session, at=middle_of(month), person=person, **{**USUAL, **codes})
    session.flush()
    if key is not None:
        session.execute(update(Contact).where(Contact.month == month).values(record_key=key))


def offer(monkeypatch: pytest.MonkeyPatch, *slugs: str) -> None:
    """The catalogue has these services, with the names of `SERVICES`."""
    for dimension in ("service_group", "authority", "partner"):
        monkeypatch.delitem(sources.SOURCES, dimension, raising=False)
    monkeypatch.setitem(sources.SOURCES, "service", lambda _session: slugs)
    monkeypatch.setitem(sources.NAMES, "service", lambda _session: {slug: SERVICES[slug] for slug in slugs})


def published(session: Session, month: str, **codes: str) -> int | None:
    """A published figure of the cube of the report; None is hidden, and a missing row an error."""
    chosen = [name for name in ("service", "channel", "outcome") if name in codes]
    return session.execute(
        select(ReleasedCell.value).where(
            ReleasedCell.cube == "ops",
            ReleasedCell.period == month,
            ReleasedCell.dimensions == "|".join(chosen),
            ReleasedCell.coordinates == "|".join(codes[name] for name in chosen),
        )
    ).scalar_one()


def fingerprint(session: Session, *periods: str) -> str:
    """The hash of every byte that was released of these periods."""
    told = sha256()
    for table in (Release.__table__, ReleasedCell.__table__):
        rows = select(table).where(table.c.period.in_(periods)).order_by(*table.primary_key)
        for row in session.execute(rows):
            told.update(repr(tuple(row)).encode())
    return told.hexdigest()
