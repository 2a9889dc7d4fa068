"""Booked visits for the pages that change them, and what is stored of times and letters afterwards."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from house.intake.booking import book
from house.intake.models import Visit
from house.post import Letter
from house.seals import keyring
from tests.intake.booking_house import CPR, FRIDAY, THURSDAY, at, tick

ADA = "ada@example.org"


@pytest.fixture(name="booked")
def booking_a_visit(app, arranging, house):
    """Books a visit and answers the path of its page."""

    def make(wall="10:00", day=THURSDAY, services=CPR, email=ADA, lang="en", party=1):
        with arranging() as session:
            visit = book(session, services, party, at(day, wall), lang, "Ada", email)
            link = keyring().link("visit", visit.reference, visit.generation)
            return f"/{lang}/visit/{link}"

    return make


def take(client, wall="10:00", day=FRIDAY, slug=CPR):
    """The page after a time was taken."""
    return client.get_page(f"/en/book/{slug}/1/{day}").submit(start=str(tick(day, wall))).follow()


def reference_in(path):
    return path.rpartition("/")[2].partition(".")[0]


def kinds(looking):
    with looking() as session:
        return session.scalars(select(Letter.kind).order_by(Letter.id)).all()


def times_of(looking):
    with looking() as session:
        visits = session.scalars(select(Visit).where(Visit.state != "held").order_by(Visit.id)).all()
        return [visit.steps[0].starts_at for visit in visits]
