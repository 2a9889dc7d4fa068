"""Recording an anonymous contact: codes only, a random key, and no time finer than the month."""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime
from hashlib import sha256

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from house import clock
from house.db import is_sqlite, secret_number
from house.reporting import codes
from house.reporting.models import DIMENSIONS, ClosedMonth, Contact, YearSecret


def record_contact(session: Session, *, at: datetime, person: str | None = None, **told: str) -> None:
    """Record one use of the house, in the caller's transaction.

    `told` are codes by dimension; `person` is a contact to recognise one person within a calendar year, kept
    only as a keyed hash. A late record of a closed month is booked in the first open one: a closed period
    never changes. Raises `ValueError` for a dimension or a fixed code that does not exist.
    """
    for dimension, code in told.items():
        if dimension not in DIMENSIONS or code not in codes.FIXED.get(dimension, (code,)):
            raise ValueError(f"no such code: {dimension}={code}")
    if "purpose" in told:
        told["purpose_group"] = codes.purpose_group(told["purpose"])
    local = clock.local(at, current_app.extensions["house-config"].timezone)
    contact = Contact(
        id=secret_number(62), month=_open_month(session, f"{local:%Y-%m}"), record_key=secret_number(16),
        person_key=_person_key(session, local.year, person), **told,
    )  # fmt: skip
    session.add(contact)


def following(month: str) -> str:
    """The month after a month, 2027-12 → 2028-01."""
    year, number = int(month[:4]), int(month[5:])
    return f"{year + number // 12}-{number % 12 + 1:02}"


def _open_month(session: Session, month: str) -> str:
    """This month, or the first open one after it when it is closed."""
    last = session.scalar(select(func.max(ClosedMonth.month)))
    return month if last is None or month > last else following(last)


def _person_key(session: Session, year: int, person: str | None) -> bytes:
    if person is None:
        return secrets.token_bytes(16)
    secret = session.scalar(select(YearSecret.secret).where(YearSecret.year == year))
    if secret is None:
        dialect = sqlite if is_sqlite(session) else postgresql
        new = dialect.insert(YearSecret).values(year=year, secret=secrets.token_bytes(32))
        session.execute(new.on_conflict_do_nothing())
        secret = session.scalars(select(YearSecret.secret).where(YearSecret.year == year)).one()
    return hmac.digest(bytes(secret), person.strip().lower().encode(), sha256)[:16]
