"""Signing up: all or nothing, once, by the rules; read back from the rows."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from house import clock
from house.audit import Act
from house.events.cancelling import cancel
from house.events.models import Attendee, AttendeeState, Seat, Signup
from house.events.publishing import call_off, change_capacity
from house.events.seating import Full
from house.events.signing_up import AlreadyComing, Person, send_again, sign_up
from house.people import face as people
from house.post import Letter
from house.problems import Moved
from tests.conftest import synthetic_cvr
from tests.events.scenes import a_person, an_event, an_onboarding_day, persons, tomorrow


def seated(session: Session) -> list[int]:
    return sorted(session.scalars(select(Seat.number)))


def count(session: Session, table: type) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def a_company(session: Session, number: int = 1) -> int:
    return people.add_company(session, f"Company {number} A/S", synthetic_cvr(number)).id


def test_a_group_gets_seats_links_and_letters_in_their_own_languages(session: Session) -> None:
    event = an_onboarding_day(session)
    group = [a_person(1, "uk"), a_person(2, "pl"), a_person(3, "ar")]
    signup = sign_up(session, event, group, company_id=a_company(session), actor="company 1")
    session.commit()
    assert seated(session) == [1, 2, 3]
    assert [one.state for one in signup.attendees] == [AttendeeState.COMING] * 3
    letters = session.scalars(select(Letter).order_by(Letter.id)).all()
    assert [(one.kind, one.language, one.recipient) for one in letters] == [
        ("company_seat", "uk", "number1@example.dk"),
        ("company_seat", "pl", "number2@example.dk"),
        ("company_seat", "ar", "number3@example.dk"),
    ]
    assert {json.loads(one.facts or "")["company"] for one in letters} == {"Company 1 A/S"}
    act = session.scalars(select(Act).where(Act.verb == "signed_up")).one()
    assert (act.actor, act.facts) == ("company 1", {"event": event.id, "people": 3})


def test_a_group_that_does_not_fit_gets_nothing_and_is_told_how_many_are_left(session: Session) -> None:
    event = an_event(session, capacity=4)
    sign_up(session, event, persons(2))
    session.commit()
    with pytest.raises(Full) as refused:
        sign_up(session, event, [a_person(number) for number in (7, 8, 9)])
    session.rollback()
    assert refused.value.left == 2
    assert (refused.value.status, refused.value.code) == (409, "full")
    assert (seated(session), count(session, Attendee), count(session, Letter)) == ([1, 2], 2, 2)


def test_a_repeated_press_is_the_same_act(session: Session) -> None:
    event = an_event(session)
    first = sign_up(session, event, persons(2), once="page-1")
    session.commit()
    assert sign_up(session, event, persons(2), once="page-1").id == first.id
    assert (count(session, Signup), seated(session), count(session, Letter)) == (1, [1, 2], 2)


def test_a_repeated_press_is_the_same_act_also_when_meanwhile_all_is_full(session: Session) -> None:
    event = an_event(session, capacity=1)
    first = sign_up(session, event, persons(1), once="page-1")
    assert sign_up(session, event, persons(1), once="page-1").id == first.id


def test_going_back_and_writing_other_people_is_a_new_act(session: Session) -> None:
    event = an_event(session)
    first = sign_up(session, event, [a_person(1)], once="page-1")
    assert sign_up(session, event, [a_person(2)], once="page-1").id != first.id


def test_the_same_mark_from_another_company_is_another_act(session: Session) -> None:
    event = an_onboarding_day(session)
    first = sign_up(session, event, persons(1), company_id=a_company(session, 1), once="page-1")
    second = sign_up(session, event, persons(1), company_id=a_company(session, 2), once="page-1")
    assert first.id != second.id


def test_an_address_gets_one_seat(session: Session) -> None:
    event = an_event(session)
    sign_up(session, event, persons(2))
    again = [a_person(3), Person("Somebody else", "NUMBER2@example.dk", "en")]
    with pytest.raises(AlreadyComing) as refused:
        sign_up(session, event, again)
    assert (refused.value.rows, refused.value.status) == ((1,), 409)
    assert "number2" not in repr(again).lower()


def test_an_address_twice_in_one_group_is_refused_at_both_rows(session: Session) -> None:
    event = an_event(session)
    with pytest.raises(AlreadyComing) as refused:
        sign_up(session, event, [a_person(1), a_person(2), a_person(1)])
    assert refused.value.rows == (0, 2)


def test_who_cancelled_can_sign_up_again(session: Session) -> None:
    event = an_event(session)
    cancel(session, sign_up(session, event, persons(1)).attendees[0])
    sign_up(session, event, persons(1))
    assert (seated(session), count(session, Attendee)) == ([1], 2)


def test_a_company_does_not_learn_that_another_signed_up_the_same_person(session: Session) -> None:
    event = an_onboarding_day(session)
    sign_up(session, event, persons(1), company_id=a_company(session, 1))
    sign_up(session, event, persons(1), company_id=a_company(session, 2))
    assert seated(session) == [1, 2]


def test_the_link_is_sent_again_to_the_address_that_has_the_seat(session: Session) -> None:
    event = an_event(session)
    sign_up(session, event, persons(1))
    send_again(session, event.id, "Number1@example.dk")
    send_again(session, event.id, "stranger@example.dk")
    letters = session.scalars(select(Letter)).all()
    assert [one.recipient for one in letters] == ["number1@example.dk"] * 2
    assert letters[0].facts == letters[1].facts


def test_only_companies_sign_up_for_an_onboarding_day(session: Session) -> None:
    with pytest.raises(Moved, match="companies_only"):
        sign_up(session, an_onboarding_day(session), persons(1))


def test_nobody_signs_up_for_what_is_cancelled(session: Session) -> None:
    event = an_event(session)
    call_off(session, event.id, "staff 1")
    with pytest.raises(Moved, match="event_cancelled"):
        sign_up(session, event, persons(1))


def test_nobody_signs_up_too_late(session: Session) -> None:
    event = an_event(session, sign_up_until=tomorrow() - timedelta(hours=3))
    with time_machine.travel(event.sign_up_until - timedelta(seconds=1), tick=False):
        sign_up(session, event, [a_person(1)])
    with time_machine.travel(event.sign_up_until, tick=False), pytest.raises(Moved, match="sign_up_over"):
        sign_up(session, event, [a_person(2)])


def test_while_over_a_lowered_capacity_nobody_gets_in_and_the_excess_melts(session: Session) -> None:
    event = an_event(session, capacity=4)
    signup = sign_up(session, event, persons(4))
    change_capacity(session, event.id, 2, "staff 1")
    assert seated(session) == [1, 2, 3, 4]
    cancel(session, signup.attendees[0])
    assert seated(session) == [1, 2, 3], "number 4 moved into the freed 1"
    with pytest.raises(Full) as refused:
        sign_up(session, event, [a_person(9)])
    assert refused.value.left == 0
    assert session.scalars(select(Seat.number).where(Seat.attendee_id == signup.attendees[3].id)).one() == 1


def test_lowering_moves_people_into_free_numbers_at_once(session: Session) -> None:
    event = an_event(session, capacity=4)
    signup = sign_up(session, event, persons(4))
    cancel(session, signup.attendees[1])
    change_capacity(session, event.id, 3, "staff 1")
    assert seated(session) == [1, 2, 3]


def test_names_and_addresses_rest_sealed(session: Session) -> None:
    sign_up(session, an_event(session), persons(1))
    session.flush()
    stored = session.connection().exec_driver_sql("SELECT name, email, mark FROM attendee").one()
    assert all(isinstance(one, bytes) and b"umber1" not in one.lower() for one in stored)
    assert clock.now().tzinfo is not None
