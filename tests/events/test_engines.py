"""The whole life of an event on both engines: the same rows, whatever stands below."""

from __future__ import annotations

from datetime import timedelta

import time_machine
from flask import Flask
from sqlalchemy import select

from house.events import attendees, employees, forget, programme
from house.events.attending import list_of, mark_absent, mark_attended
from house.events.cancelling import cancel, withdraw
from house.events.models import Attendee, Event, Seat
from house.events.publishing import call_off, change_capacity
from house.events.seating import Full
from house.events.signing_up import AlreadyComing, sign_up
from house.people import face as people
from house.problems import NotHere
from tests import houses
from tests.conftest import synthetic_cvr
from tests.events.scenes import a_person, an_onboarding_day, persons


def test_an_event_lives_the_same_life_on_both_engines(engine_app: Flask) -> None:
    with houses.arranging(engine_app) as session:
        event = an_onboarding_day(session, capacity=5)
        company = people.add_company(session, "Company A/S", synthetic_cvr(1)).id
        first = sign_up(session, event, persons(4), company_id=company, once="page")
        event_id, company_id, reference, starts = event.id, company, first.reference, event.starts_at
    with houses.arranging(engine_app) as session:
        again = sign_up(session, event_id, persons(4), company_id=company_id, once="page")
        assert again.reference == reference
        for group, refusal in (([a_person(2)], AlreadyComing), ([a_person(8), a_person(9)], Full)):
            try:
                sign_up(session, event_id, group, company_id=company_id)
            except refusal:
                continue
            raise AssertionError(f"{refusal} was expected")
        change_capacity(session, event_id, 2, "staff 1")
        one, two, three, _four = again.attendees
        cancel(session, one)
        withdraw(session, two, "Company A/S", "company 1")
        session.flush()
        assert sorted(session.scalars(select(Seat.number))) == [1, 2]
        assert attendees.by_token(session, attendees.token_of(three)) is three
    with houses.looking(engine_app) as session:
        card = programme.by_slug(session, "onboarding")
        assert (card.left, card.taken, card.title) == (0, 2, "Onboarding day")
        assert [one.comes for one in employees.of_company(session, company_id)] == [False, False, True, True]
        assert employees.of_signup(session, company_id, reference)[0] == event_id
    with time_machine.travel(starts, tick=False), houses.arranging(engine_app) as session:
        three, four = session.scalars(select(Attendee).order_by(Attendee.id).offset(2))
        mark_attended(session, three, "staff 1")
        mark_absent(session, four, "staff 1")
        assert [one.state for one in list_of(session, event_id)] == ["attended", "absent"]
        call_off(session, event_id, "staff 1")
    with houses.arranging(engine_app) as session:
        assert forget.forget(session, starts + timedelta(days=40)) == 5
    with houses.looking(engine_app) as session:
        assert set(session.scalars(select(Attendee.name))) == {None}
        assert session.scalars(select(Event.revision)).one() == 1


def test_what_no_database_can_hold_is_simply_not_here(engine_app: Flask) -> None:
    client = engine_app.test_client()
    for path in ("/en/events/%00", "/events/%00.ics", "/en/seat/%00.x", "/en/events/?kind=%00"):
        assert client.get(path).status_code == 404
    with houses.looking(engine_app) as session:
        for call in (
            lambda: programme.by_slug(session, "\x00"),
            lambda: employees.of_signup(session, 1, "\x00"),
            lambda: employees.to_withdraw(session, 1, "\x00", "\x00"),
        ):
            try:
                call()
            except NotHere:
                continue
            raise AssertionError("NotHere was expected")
