"""Check-in: who came is reported once, as an anonymous contact."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from house.events.attending import DOORS_OPEN, by_reference, list_of, mark_absent, mark_attended
from house.events.cancelling import cancel
from house.events.models import Attendee, AttendeeState, Audience, Event, EventKind
from house.events.signing_up import Person, sign_up
from house.problems import Moved, NotHere
from house.reporting.models import Contact
from tests.events.scenes import an_event, persons


def an_attendee(session: Session) -> tuple[Event, Attendee]:
    event = an_event(session, kind=EventKind.SEMINAR, audience=Audience.PARTNERS)
    return event, sign_up(session, event, persons(1)).attendees[0]


def test_who_came_is_one_contact_in_the_month_of_the_event(session: Session) -> None:
    event, ada = an_attendee(session)
    with time_machine.travel(event.starts_at, tick=False):
        mark_attended(session, ada, "staff 1")
        mark_attended(session, ada, "staff 1")
    contact = session.scalars(select(Contact)).one()
    told = (contact.event_type, contact.audience, contact.channel, contact.outcome)
    assert told == ("seminar", "partners", "event", "served")
    assert contact.month == f"{event.starts_at:%Y-%m}"
    assert ada.state is AttendeeState.ATTENDED


def test_who_came_is_counted_in_the_month_the_event_began_in(session: Session) -> None:
    starts = datetime(2030, 1, 31, 22, tzinfo=UTC)
    event = an_event(session, starts_at=starts)
    ada = sign_up(session, event, persons(1)).attendees[0]
    with time_machine.travel(starts + timedelta(hours=1, minutes=30), tick=False):
        mark_attended(session, ada, "staff 1")
    assert session.scalars(select(Contact.month)).one() == "2030-01"


def test_nobody_is_checked_in_before_the_doors_open(session: Session) -> None:
    event, ada = an_attendee(session)
    with time_machine.travel(event.starts_at - DOORS_OPEN - timedelta(seconds=1), tick=False):
        for mark in (mark_attended, mark_absent):
            with pytest.raises(Moved, match="too_early"):
                mark(session, ada, "staff 1")


def test_who_turns_up_after_all_is_checked_in_but_who_came_stays_so(session: Session) -> None:
    event, ada = an_attendee(session)
    with time_machine.travel(event.starts_at, tick=False):
        mark_absent(session, ada, "staff 1")
        mark_attended(session, ada, "staff 1")
        with pytest.raises(Moved, match="came_already"):
            mark_absent(session, ada, "staff 1")
    assert len(session.scalars(select(Contact)).all()) == 1


def test_who_cancelled_is_not_on_the_list(session: Session) -> None:
    event, ada = an_attendee(session)
    cancel(session, ada)
    with time_machine.travel(event.starts_at, tick=False), pytest.raises(Moved, match="does_not_come"):
        mark_attended(session, ada, "staff 1")
    assert list_of(session, event.id) == []


def test_the_list_is_in_the_order_of_the_names(session: Session) -> None:
    event = an_event(session)
    group = [Person(name, f"{name}@example.dk", "en") for name in ("clara", "Ada", "Bo")]
    sign_up(session, event, group)
    assert [one.name for one in list_of(session, event.id)] == ["Ada", "Bo", "clara"]


def test_a_person_is_found_on_the_list_of_the_own_event_only(session: Session) -> None:
    _, ada = an_attendee(session)
    an_event(session, "other")
    assert by_reference(session, "cafe", ada.reference) is ada
    for slug, reference in (("other", ada.reference), ("cafe", "AAAAAAA"), ("cafe", "\x00"), ("cafe", "")):
        with pytest.raises(NotHere):
            by_reference(session, slug, reference)
