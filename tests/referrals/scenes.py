"""Hand-overs for tests: a person handed over for the tax card, in a house with the bundled catalogue."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from house import clock
from house.catalogue import face as catalogue
from house.post import Letter
from house.referrals.handover import Told, Wanted, send, turn
from house.referrals.models import Basis, Referral, ToldBy
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


def hand_over(session: Session, is_told: bool = True, **changes: Any) -> Referral:
    """Hand Olena over, and tell the receiver by phone; `changes` to what is wanted."""
    wanted = {
        "service_id": catalogue.service(session, SERVICE).id, "name": NAME, "email": EMAIL, "matter": MATTER,
        "language": "uk", "basis": Basis.CONSENT, **changes,
    }  # fmt: skip
    referral = send(session, Wanted(**wanted), STAFF)
    if is_told:
        walk(session, referral, S.SENT)
    return referral


def walk(session: Session, referral: Referral, *states: ReferralState) -> None:
    """Take it on state by state; the receiver is told by phone, today."""
    for state in states:
        told = Told(ToldBy.PHONE, clock.today("Europe/Copenhagen")) if state is S.SENT else None
        turn(session, referral, state, STAFF, told=told)


def links(app: Flask) -> list[str]:
    """The links in the letters about hand-overs, oldest first, as paths."""
    with houses.looking(app) as session:
        letters = session.scalars(select(Letter).where(Letter.kind == "referral_changed").order_by(Letter.id))
        return [json.loads(letter.facts or "")["link"].removeprefix(BASE_URL) for letter in letters]
