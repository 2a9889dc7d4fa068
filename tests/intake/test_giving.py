"""Which services are given at which counters, as the open directory tells it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from house.catalogue.models import Service
from house.intake import face as intake
from house.intake.models import Counter
from tests.catalogue.hsds.conftest import furnish

Arranging = Callable[[], AbstractContextManager[Session]]


def test_counters_that_serve_are_told_with_their_languages(catalogue: Flask, arranging: Arranging) -> None:
    furnish(catalogue)
    with arranging() as session:
        told = intake.at_counters(session)
        assert [(one.service, one.languages) for one in told] == [
            ("cpr_registration", ("en", "uk")), ("tax_card", ("da",)),
        ]  # fmt: skip
        rows = {row.label: row for row in session.scalars(select(Counter))}
        assert [one.whose for one in told] == [
            (rows[one.service].schedule_id, rows[one.service].authority_id, rows[one.service].place_id)
            for one in told
        ]
        rows["tax_card"].active = False
    with arranging() as session:
        assert [one.service for one in intake.at_counters(session)] == ["cpr_registration"]
        assert session.scalar(select(Service.id).where(Service.slug == "tax_card"))
