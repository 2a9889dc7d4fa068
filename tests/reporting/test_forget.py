"""Burning: fifteen months after a period its exact figures are gone, and what was released stays."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from house.reporting import forget
from house.reporting.closing import close_month
from house.reporting.contacts import following
from house.reporting.models import Contact, ExactCell
from tests import houses
from tests.reporting.recording import contacts, fingerprint


def exact_left(session: Session) -> set[str]:
    kept = ExactCell.n.is_not(None) | ExactCell.k.is_not(None) | ExactCell.p.is_not(None)
    return set(session.scalars(select(ExactCell.period).where(kept).distinct()))


def months_left(session: Session) -> list[str]:
    return list(session.scalars(select(Contact.month).distinct().order_by(Contact.month)))


def year_of_contacts(session: Session, first: str, last: str) -> None:
    month = first
    while month <= last:
        contacts(session, month, 6)
        close_month(session, month)
        month = following(month)


def test_exact_figures_burn_after_fifteen_months_and_the_released_remain(engine_app: Flask) -> None:
    with houses.arranging(engine_app) as session:
        year_of_contacts(session, "2026-09", "2026-10")
        before, rows = fingerprint(session, "2026-09", "2026-Q3", "2026-10"), session.scalar(
            select(func.count()).select_from(ExactCell)
        )  # fmt: skip
        # September ended fifteen months before the end of December.
        assert forget.forget(session, datetime(2027, 12, 31, 22, tzinfo=UTC)) == 0
        assert forget.forget(session, datetime(2027, 12, 31, 23, tzinfo=UTC)) > 0
        assert exact_left(session) == {"2026-10"}
        assert forget.forget(session, datetime(2028, 1, 2, tzinfo=UTC)) == 0
        assert forget.forget(session, datetime(2028, 2, 1, tzinfo=UTC)) > 0
        assert exact_left(session) == set()
        assert fingerprint(session, "2026-09", "2026-Q3", "2026-10") == before
        # Every row is left, empty ones too: which are left must not tell a zero from a four.
        assert session.scalar(select(func.count()).select_from(ExactCell)) == rows


def test_contacts_are_kept_until_their_year_is_tallied(session: Session) -> None:
    year_of_contacts(session, "2026-09", "2026-11")
    contacts(session, "2026-12", 6)
    forget.forget(session, datetime(2029, 1, 1, 12, tzinfo=UTC))  # nobody closed December
    assert months_left(session) == ["2026-09", "2026-10", "2026-11", "2026-12"]
    close_month(session, "2026-12")
    forget.forget(session, datetime(2028, 1, 15, tzinfo=UTC))
    assert months_left(session) == ["2026-10", "2026-11", "2026-12"]
    forget.forget(session, datetime(2028, 4, 1, 12, tzinfo=UTC))
    assert months_left(session) == []
    assert exact_left(session) == set()


@pytest.mark.parametrize("closed", [False, True])
def test_there_is_nothing_to_burn_in_a_young_house(session: Session, closed: bool) -> None:
    contacts(session, "2026-10", 6)
    if closed:
        close_month(session, "2026-10")
    assert forget.forget(session, datetime(2026, 11, 20, tzinfo=UTC)) == 0
    assert months_left(session) == ["2026-10"]
