"""Hand-overs for tests: a person handed over for the tax card, in a house with the bundled catalogue."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from house.catalogue import face as catalogue
from house.post import Letter
from house.referrals.handover import Wanted, send, turn
from house.referrals.models import Basis, Referral
from house.referrals.states import ReferralState
from tests import houses
from tests.inspecting import BASE_URL

EMAIL, NAME, MATTER = "olena@example.dk", "Olena Koval", "Has moved twice"
SERVICE, STAFF = "tax_card", "staff 1"
S = ReferralState


@pytest.fixture(scope="session")
def house_template(catalogue_template: Path) -> Path:
    """A house with the catalogue, for all tests of a module that imports this fixture."""
    return catalogue_template


def hand_over(session: Session, **changes: Any) -> Referral:
    """Hand Olena over; `changes` to what is wanted."""
    wanted = {
        "service_id": catalogue.service(session, SERVICE).id, "name": NAME, "email": EMAIL, "matter": MATTER,
        "language": "uk", "basis": Basis.CONSENT, **changes,
    }  # fmt: skip
    return send(session, Wanted(**wanted), STAFF)


def walk(session: Session, referral: Referral, *states: ReferralState) -> None:
    for state in states:
        turn(session, referral, state, STAFF)


def links(app: Flask) -> list[str]:
    """The links in the letters about hand-overs, oldest first, as paths."""
    with houses.looking(app) as session:
        letters = session.scalars(select(Letter).where(Letter.kind == "referral_changed").order_by(Letter.id))
        return [json.loads(letter.facts or "")["link"].removeprefix(BASE_URL) for letter in letters]
