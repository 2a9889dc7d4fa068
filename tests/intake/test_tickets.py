"""Ticket numbers: a letter per authority, from one every local day, none twice."""

from __future__ import annotations

from datetime import date

import pytest

from house.intake import tickets
from tests.intake.booking_house import (
    CPR,
    DRIVING,
    house_template,  # noqa: F401 - a fixture
    set_up,
)
from tests.intake.desk_house import TAX, furnish, walk_in


def give(session, service=CPR):
    ticket = walk_in(session, service)
    return f"{ticket.letter}{ticket.number}", ticket.day


def test_a_letter_stands_for_an_authority_and_each_counts_for_itself(session, frozen):
    frozen("2027-01-07 10:00")
    furnish(session)
    given = [give(session, service)[0] for service in (CPR, TAX, DRIVING, TAX, CPR)]
    assert given == ["A1", "B1", "A2", "B2", "A3"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("2027-01-07 23:30", "2027-01-08 00:30"),  # the day on the wall, not in UTC
        ("2027-03-27 23:30", "2027-03-28 00:30"),  # the night without a second hour
        ("2027-10-31 00:30", "2027-10-31 23:30"),  # the day of 25 hours is one day
    ],
)
def test_numbers_begin_again_every_local_day(session, frozen, before, after):
    frozen(before)
    furnish(session)
    assert [give(session) for _ in range(2)][-1] == ("A2", date.fromisoformat(before[:10]))
    frozen(after)
    number = "A3" if before[:10] == after[:10] else "A1"
    assert give(session) == (number, date.fromisoformat(after[:10]))


def test_a_service_of_no_counter_has_the_first_letter(session, frozen):
    frozen("2027-01-07 10:00")
    house = furnish(session)
    assert tickets.letter_for(session, house.place_id, 999_999) == "A"


def test_there_are_letters_for_any_number_of_authorities(session, frozen):
    frozen("2027-01-07 10:00")
    furnish(session)
    set_up(session, services=("eu_residence_document",))
    assert len({give(session, slug)[0] for slug in (CPR, TAX, "eu_residence_document")}) == 3
    assert len(set(tickets.LETTERS)) == len(tickets.LETTERS)
    assert not set(tickets.LETTERS) & set("IO")


def test_a_ticket_that_was_rolled_back_is_given_again(session, frozen):
    frozen("2027-01-07 10:00")
    furnish(session)
    session.commit()
    give(session)
    session.rollback()
    assert give(session)[0] == "A1"
