"""Recording contacts: codes only, one person recognised within a year and never across."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import func, insert, inspect, select
from sqlalchemy.orm import Session

from house.reporting.closing import close_month
from house.reporting.contacts import following, record_contact
from house.reporting.models import Contact, YearSecret
from house.seals import Keyring, Unsealable
from tests import houses
from tests.reporting.recording import contacts, middle_of

Arranging = Callable[[], AbstractContextManager[Session]]
OCTOBER = middle_of("2026-10")


def person_keys(session: Session) -> list[bytes]:
    session.flush()
    return list(session.scalars(select(Contact.person_key)))


def test_a_contact_keeps_its_codes_and_a_month_and_no_more(session: Session) -> None:
    record_contact(
        session, at=OCTOBER, person="ada@example.dk", service="cpr", channel="walk_in", outcome="served",
        purpose="student",
    )  # fmt: skip
    session.flush()
    row = session.execute(select(Contact.__table__)).mappings().one()
    assert row["month"] == "2026-10"
    assert (row["service"], row["channel"], row["outcome"]) == ("cpr", "walk_in", "served")
    assert (row["purpose"], row["purpose_group"]) == ("student", "study")
    assert (row["wait_band"], row["language"]) == ("not_applicable", "unknown")
    assert 0 <= row["record_key"] < 65536
    assert not inspect(Contact).relationships
    assert not any(column.foreign_keys for column in Contact.__table__.columns)
    assert "ada" not in repr(dict(row)) and "15" not in row["month"]


@pytest.mark.parametrize(
    "codes",
    [
        {"channel": "pigeon"},
        {"outcome": ""},
        {"channel": "not_applicable"},
        {"shoe_size": "42"},
        {"month": "2026-10"},
        {"record_key": "0"},
        {"service": "cpr|booked"},
        {"service": ""},
        {"purpose": "spy"},
    ],
)
def test_a_code_outside_the_lists_is_refused(session: Session, codes: dict[str, str]) -> None:
    with pytest.raises(ValueError):
        record_contact(session, at=OCTOBER, **codes)
    session.flush()
    assert session.scalar(select(func.count()).select_from(Contact)) == 0


def test_the_month_is_the_one_on_the_wall(session: Session) -> None:
    record_contact(session, at=datetime(2026, 10, 31, 23, 30, tzinfo=UTC), service="cpr")
    session.flush()
    assert session.scalar(select(Contact.month)) == "2026-11"


def test_one_person_is_recognised_within_a_year(session: Session) -> None:
    record_contact(session, at=middle_of("2026-01"), person="Ada@Example.dk ", service="cpr")
    record_contact(session, at=middle_of("2026-12"), person="ada@example.dk", service="tax")
    record_contact(session, at=middle_of("2026-12"), person="bob@example.dk", service="tax")
    assert len(set(person_keys(session))) == 2


def test_nobody_is_recognised_across_years_or_without_a_person(session: Session) -> None:
    record_contact(session, at=middle_of("2026-12"), person="ada@example.dk", service="cpr")
    record_contact(session, at=middle_of("2027-01"), person="ada@example.dk", service="cpr")
    record_contact(session, at=middle_of("2026-12"), service="cpr")
    record_contact(session, at=middle_of("2027-01"), service="cpr")
    assert len(set(person_keys(session))) == 4
    assert session.scalar(select(func.count()).select_from(YearSecret)) == 2


def test_all_whom_nobody_can_recognise_are_one_person_a_day(session: Session) -> None:
    noon = datetime(2027, 3, 5, 12, tzinfo=UTC)
    for moment in (noon, noon + timedelta(hours=2), noon + timedelta(hours=12)):  # that is the next day
        record_contact(session, at=moment, service="cpr")
        session.flush()
    keys = person_keys(session)
    assert len(keys) == 3 and len(set(keys)) == 2


def test_a_late_record_is_counted_in_the_open_month_as_the_same_person(session: Session) -> None:
    contacts(session, "2026-12", 5)
    close_month(session, "2026-12")
    record_contact(session, at=middle_of("2026-12"), person="ada@example.dk", service="cpr")
    record_contact(session, at=middle_of("2027-01"), person="ada@example.dk", service="cpr")
    session.flush()
    late = session.execute(select(Contact.month, Contact.person_key).where(Contact.month > "2026-12")).all()
    assert {month for month, _ in late} == {"2027-01"}
    assert len({key for _, key in late}) == 1


def test_the_secret_of_a_year_is_gone_when_its_december_is_closed(session: Session) -> None:
    contacts(session, "2026-11", 2)
    contacts(session, "2026-12", 2)
    contacts(session, "2027-01", 2)
    close_month(session, "2026-11")
    assert session.scalars(select(YearSecret.year)).all() == [2026, 2027]
    close_month(session, "2026-12")
    assert session.scalars(select(YearSecret.year)).all() == [2027]


def test_after_december_comes_january() -> None:
    assert (following("2026-09"), following("2026-12")) == ("2026-10", "2027-01")


# --- what the database alone tells -----------------------------------------------------------------------


def key_by(ring: Keyring, secret: bytes, person: str) -> bytes:
    """The key of a person, made as the house makes it by whoever has all it takes."""
    inner = hmac.digest(secret, person.encode(), sha256)[:16]
    return ring.mark("contact.person_key", inner.hex())


def test_a_copied_database_does_not_tell_who_was_here(app: Flask, arranging: Arranging) -> None:
    with arranging() as session:
        record_contact(session, at=OCTOBER, person="ada@example.dk")
        [key] = person_keys(session)
        stored = bytes(session.scalars(select(YearSecret.secret)).one())
        ring = app.extensions["house-keyring"]
        secret = bytes.fromhex(ring.unseal("year_secret.secret", stored))
        assert key == key_by(ring, secret, "ada@example.dk"), "with the house's secret it can be made"
    stranger = Keyring("a secret that a thief of the database made up")
    with pytest.raises(Unsealable):
        stranger.unseal("year_secret.secret", stored)
    assert secret not in stored and secret.hex().encode() not in stored
    every_part = {stored[a:b] for a in range(len(stored)) for b in range(a + 16, len(stored) + 1)} | {secret}
    tried = {hmac.digest(part, b"ada@example.dk", sha256)[:16] for part in every_part}
    assert key not in tried, "not even by who knew the year's secret"
    assert key != key_by(stranger, secret, "ada@example.dk")


def test_who_was_counted_before_the_secret_was_sealed_is_the_same_person_after(app: Flask) -> None:
    migrate(app, downgrade, "0016")
    old = b"the secret of a year, unsealed.."
    key = hmac.digest(old, b"ada@example.dk", sha256)[:16]
    with houses.arranging(app) as session:
        session.execute(insert(YearSecret).values(year=2026, secret=old))
        for number in range(3):
            row = Contact(id=number, month="2026-10", record_key=number, person_key=key)
            session.add(row)
    migrate(app, upgrade, "head")
    with houses.arranging(app) as session:
        record_contact(session, at=OCTOBER, person="ada@example.dk")
        keys = person_keys(session)
        assert (len(keys), len(set(keys))) == (4, 1)
        assert key not in keys
        assert old not in bytes(session.scalars(select(YearSecret.secret)).one())


def migrate(app: Flask, move: Callable[..., None], revision: str) -> None:
    with app.app_context():
        move(directory=str(houses.MIGRATIONS), revision=revision)
