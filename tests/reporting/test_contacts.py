"""Recording contacts: codes only, one person recognised within a year and never across."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

from house.reporting.closing import close_month
from house.reporting.contacts import following, record_contact
from house.reporting.models import Contact, YearSecret
from tests.reporting.recording import contacts, middle_of

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
    record_contact(session, at=middle_of("2027-01"), service="cpr")
    record_contact(session, at=middle_of("2027-01"), service="cpr")
    assert len(set(person_keys(session))) == 4
    assert session.scalar(select(func.count()).select_from(YearSecret)) == 2


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
