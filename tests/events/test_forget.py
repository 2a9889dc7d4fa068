"""Thirty days after an event nobody knows any more who was there."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from house.events import attendees, forget
from house.events.models import FATE, Attendee, Seat, Signup
from house.events.signing_up import sign_up
from house.forgetting import fates
from house.problems import Gone
from tests.events.scenes import an_event, persons


def test_names_addresses_marks_and_links_are_gone_after_thirty_days(session: Session) -> None:
    event = an_event(session)
    other = an_event(session, "later", starts_at=event.ends_at + timedelta(hours=5))
    ada = sign_up(session, event, persons(1), once="page-1").attendees[0]
    bo = sign_up(session, other, persons(1)).attendees[0]
    token = attendees.token_of(ada)
    due = event.ends_at + timedelta(days=30)
    assert forget.forget(session, due) == 0
    assert forget.forget(session, due + timedelta(seconds=1)) == 2
    assert forget.forget(session, due + timedelta(seconds=1)) == 0
    session.expire_all()
    assert (ada.name, ada.email, ada.mark) == (None, None, None)
    assert session.scalars(select(Signup.once)).all() == [None, None]
    assert bo.name == "Person Number1"
    with pytest.raises(Gone):
        attendees.by_token(session, token)
    assert len(session.scalars(select(Seat)).all()) == 2, "the counts stay true"


def test_the_stated_fate_is_the_one_carried_out() -> None:
    stated = {name: fate for name, fate in fates().items() if name.startswith("attendee.")}
    assert stated == {"attendee.name": FATE, "attendee.email": FATE}
    assert str(forget.KEPT.days) in FATE


def test_nobody_is_written_to_after_the_data_is_blanked(session: Session) -> None:
    event = an_event(session)
    ada = sign_up(session, event, persons(1)).attendees[0]
    with time_machine.travel(event.ends_at + timedelta(days=31), tick=False):
        forget.forget(session, event.ends_at + timedelta(days=31))
    session.expire_all()
    attendees.tell(session, "seat_booked", session.get_one(Attendee, ada.id), event)
