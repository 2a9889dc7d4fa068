"""Giving a seat back, by oneself and by the company."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from house.events.cancelling import cancel, withdraw
from house.events.models import AttendeeState, Seat
from house.events.publishing import call_off
from house.events.signing_up import sign_up
from house.post import Letter
from house.problems import Moved
from tests.events.scenes import an_event, persons


def test_a_seat_given_back_is_free_at_once_and_the_letter_says_so(session: Session) -> None:
    event = an_event(session, capacity=1)
    ada = sign_up(session, event, persons(1)).attendees[0]
    cancel(session, ada)
    session.commit()
    assert (ada.state, ada.revision, ada.mark) == (AttendeeState.CANCELLED, 1, None)
    assert session.scalars(select(Seat)).all() == []
    letters = session.scalars(select(Letter).order_by(Letter.id)).all()
    assert [one.kind for one in letters] == ["seat_booked", "seat_cancelled"]
    assert [json.loads(one.facts or "")["sequence"] for one in letters] == [0, 1]


def test_cancelling_again_is_harmless(session: Session) -> None:
    ada = sign_up(session, an_event(session), persons(1)).attendees[0]
    cancel(session, ada)
    cancel(session, ada)
    assert len(session.scalars(select(Letter)).all()) == 2


def test_a_seat_is_not_given_back_after_the_event_began(session: Session) -> None:
    event = an_event(session)
    ada = sign_up(session, event, persons(1)).attendees[0]
    with time_machine.travel(event.starts_at, tick=False), pytest.raises(Moved, match="event_began"):
        cancel(session, ada)
    with time_machine.travel(event.starts_at - timedelta(seconds=1), tick=False):
        cancel(session, ada)


def test_a_seat_of_a_cancelled_event_is_not_given_back(session: Session) -> None:
    event = an_event(session)
    ada = sign_up(session, event, persons(1)).attendees[0]
    call_off(session, event.id, "staff 1")
    with pytest.raises(Moved):
        cancel(session, ada)


def test_who_is_withdrawn_by_the_company_is_told_by_whom(session: Session) -> None:
    ada = sign_up(session, an_event(session), persons(1)).attendees[0]
    withdraw(session, ada, "Company A/S", "company 1")
    letter = session.scalars(select(Letter).where(Letter.kind == "seat_withdrawn")).one()
    assert json.loads(letter.facts or "")["company"] == "Company A/S"
