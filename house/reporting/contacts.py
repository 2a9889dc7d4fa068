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
from house.reporting.models import DIMENSIONS, SEPARATOR, ClosedMonth, Contact, YearSecret
from house.seals import keyring

_LOCK = 0x6D6F6E746873
"""The key of PostgreSQL's advisory lock: "months"."""
SEALED_FOR = "year_secret.secret"


def record_contact(session: Session, *, at: datetime, person: str | None = None, **told: str) -> None:
    """Record one use of the house, in the caller's transaction.

    `told` are codes by dimension; `person` is a contact to recognise one person within a calendar year, kept
    only as a keyed hash. All whom nobody can recognise count as one person a day: it may have been one.

    A late record of a closed month is booked in the first open one: a closed period never changes. Raises
    `ValueError` for a dimension or a fixed code that does not exist.
    """
    for dimension, code in told.items():
        known = codes.FIXED.get(dimension, (code,))
        if dimension not in DIMENSIONS or code not in known or not code or SEPARATOR in code:
            raise ValueError(f"no such code: {dimension}={code}")
    if "purpose" in told:
        told["purpose_group"] = codes.purpose_group(told["purpose"])
    local = clock.local(at, current_app.extensions["house-config"].timezone)
    hold_months(session)
    month = _open_month(session, f"{local:%Y-%m}")
    # The year the record is counted in, or one person would be two there and a group of four be five.
    person_key = _person_key(session, int(month[:4]), person or f"somebody on {local:%Y-%m-%d}")
    contact = Contact(
        id=secret_number(62), month=month, record_key=secret_number(16), person_key=person_key, **told
    )
    session.add(contact)


def hold_months(session: Session, closing: bool = False) -> None:
    """Let no month be closed while a contact is booked, nor the other way round, until the transaction ends.

    On SQLite the one writer's lock does it. Records do not wait for each other.
    """
    if not is_sqlite(session):
        lock = func.pg_advisory_xact_lock if closing else func.pg_advisory_xact_lock_shared
        session.execute(select(lock(_LOCK)))


def following(month: str) -> str:
    """The month after a month, 2027-12 → 2028-01."""
    year, number = int(month[:4]), int(month[5:])
    return f"{year + number // 12}-{number % 12 + 1:02}"


def _open_month(session: Session, month: str) -> str:
    """This month, or the first open one after it when it is closed."""
    last = session.scalar(select(func.max(ClosedMonth.month)))
    return month if last is None or month > last else following(last)


def _person_key(session: Session, year: int, person: str) -> bytes:
    sealed = session.scalar(select(YearSecret.secret).where(YearSecret.year == year))
    if sealed is None:
        dialect = sqlite if is_sqlite(session) else postgresql
        fresh = keyring().seal(SEALED_FOR, secrets.token_hex(32))
        new = dialect.insert(YearSecret).values(year=year, secret=fresh)
        session.execute(new.on_conflict_do_nothing())
        sealed = session.scalars(select(YearSecret.secret).where(YearSecret.year == year)).one()
    secret = bytes.fromhex(keyring().unseal(SEALED_FOR, bytes(sealed)))
    of_the_year = hmac.digest(secret, person.strip().lower().encode(), sha256)[:16]
    return keyring().mark("contact.person_key", of_the_year.hex())
