"""Fingers that are faster than the house: one form at the kiosk is one ticket, on both engines."""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import func, select

from house.db import db, writing
from house.intake import kiosk, registration
from house.intake.models import Ticket
from house.intake.registration import WalkIn
from tests import houses
from tests.intake.booking_house import CPR, THURSDAY
from tests.intake.desk_house import furnish

TAPS = 8


def tap(app: Flask, number: int) -> str:
    """Send the same form; the number on the ticket."""
    with app.app_context(), writing(db.session()) as session:
        ticket = kiosk.take(session, WalkIn([CPR], "en"), "the same form")
        return f"{ticket.letter}{ticket.number}"


def register(app: Flask, number: int) -> str:
    """The same without the form's mark."""
    with app.app_context(), writing(db.session()) as session:
        ticket = registration.register_walk_in(session, WalkIn([CPR], "en"), "kiosk")
        return f"{ticket.letter}{ticket.number}"


def test_one_form_sent_eight_times_at_once_is_one_ticket(engine_app: Flask, race: Any, frozen: Any) -> None:
    frozen(f"{THURSDAY} 10:05", tick=True)
    with houses.arranging(engine_app) as session:
        furnish(session)
    assert set(race(tap, runners=TAPS)) == {"A1"}
    with houses.looking(engine_app) as session:
        assert session.scalar(select(func.count()).select_from(Ticket)) == 1
    assert len(set(race(register, runners=TAPS))) == TAPS, "the control: without the mark there are eight"
