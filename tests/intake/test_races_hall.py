"""Fingers that are faster than the house: one form is one ticket, two first keys are two, on both engines."""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import func, select

from house.catalogue import face as catalogue
from house.db import db, writing
from house.intake import kiosk, registration
from house.intake.hall_models import KioskKey
from house.intake.models import Ticket
from house.intake.registration import WalkIn
from tests import houses
from tests.intake.booking_house import CPR, THURSDAY
from tests.intake.desk_house import TAX, furnish
from tests.intake.racing import IN_VAIN, wait_for

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


def of_two_authorities(app: Flask, number: int) -> str:
    """The first tickets of two authorities that have no letter yet, from eight desks."""
    with app.app_context(), writing(db.session()) as session:
        service = (CPR, TAX)[number % 2]
        ticket = registration.register_walk_in(session, WalkIn([service], "en"), "kiosk")
        return f"{service} {ticket.letter}{ticket.number}"


def test_the_first_tickets_of_two_authorities_at_once_have_a_letter_each(
    engine_app: Flask, race: Any, frozen: Any
) -> None:
    frozen(f"{THURSDAY} 10:05", tick=True)
    with houses.arranging(engine_app) as session:
        furnish(session)
    found = race(of_two_authorities, runners=TAPS)
    half = range(1, TAPS // 2 + 1)
    assert set(found) == {f"{CPR} A{one}" for one in half} | {f"{TAX} B{one}" for one in half}


def test_one_form_sent_eight_times_at_once_is_one_ticket(engine_app: Flask, race: Any, frozen: Any) -> None:
    frozen(f"{THURSDAY} 10:05", tick=True)
    with houses.arranging(engine_app) as session:
        furnish(session)
    assert set(race(tap, runners=TAPS)) == {"A1"}
    with houses.looking(engine_app) as session:
        assert session.scalar(select(func.count()).select_from(Ticket)) == 1
    assert len(set(race(register, runners=TAPS))) == TAPS, "the control: without the mark there are eight"


def make_a_key(app: Flask, number: int) -> int:
    """The first makes the first key there is, and waits in vain for the other to have made one beside it."""
    folder, record = app.extensions["house-config"].data_dir, kiosk.audit.record

    def slowly(*told: Any, **facts: Any) -> None:
        (folder / f"made-{number}").touch()
        wait_for((folder / f"made-{1 - number}").exists, IN_VAIN)
        record(*told, **facts)

    kiosk.audit.record = slowly  # type: ignore[assignment]
    if number:
        wait_for((folder / "made-0").exists)
    with app.app_context(), writing(db.session()) as session:
        kiosk.new_key(session, catalogue.place(session), "staff 1")
        return session.scalars(select(KioskKey.generation)).one()


def test_two_managers_who_make_the_first_key_make_two(engine_app: Flask, race: Any, frozen: Any) -> None:
    frozen(f"{THURSDAY} 10:05", tick=True)
    with houses.arranging(engine_app) as session:
        furnish(session)
    assert race(make_a_key, runners=2) == [1, 2]
