"""Ticket numbers: a letter per authority, from one every local day, none twice."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select

from house import clock
from house.catalogue import face as catalogue
from house.intake import deeds, kiosk, tickets, undoing
from house.intake import face as intake
from house.intake.hall_models import TicketLetter
from house.intake.models import CounterService, Ticket
from house.intake.registration import Given, WalkIn, check_in, register_walk_in
from house.problems import Moved, Taken
from tests.intake.booking_house import (
    CPR,
    DRIVING,
    house_template,  # noqa: F401 - a fixture
    set_up,
)
from tests.intake.desk_house import DESK, TAX, booked, furnish, walk_in


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


# --- numbers that a desk without the net gave ------------------------------------------------------------


def test_a_number_and_a_time_given_without_the_net_are_kept_and_nobody_else_has_it(session, frozen):
    frozen("2027-01-07 10:00")
    furnish(session)
    came = clock.now() - timedelta(minutes=20)
    given = Given(came, "X", 7)
    first = register_walk_in(session, WalkIn([CPR], "uk"), DESK, given)
    assert (first.letter, first.number, first.visit.arrived_at) == ("X", 7, came)
    assert first.visit.steps[0].periods[0].began_at == came
    with pytest.raises(Taken):
        register_walk_in(session, WalkIn([CPR], "uk"), DESK, given)


def test_who_came_in_the_future_came_now(session, frozen):
    frozen("2027-01-07 10:00")
    furnish(session)
    given = Given(clock.now() + timedelta(hours=3))
    assert register_walk_in(session, WalkIn([CPR], "en"), DESK, given).visit.arrived_at == clock.now()


def test_a_check_in_that_was_taken_back_keeps_its_ticket(session, frozen):
    frozen("2027-01-07 09:10")
    furnish(session)
    visit = booked(session)
    check_in(session, visit, DESK, Given(clock.now(), "X", 3))
    undoing.undo(session, deeds.mine(session, DESK)[0].id, DESK)
    again = check_in(session, visit, DESK)
    assert (again.letter, again.number) == ("X", 3)


def test_who_has_another_number_has_it_wherever_one_looks(session, frozen):
    """The visit that was loaded knows the new one at once, and a ticket asked for again is that one."""
    frozen("2027-01-07 10:00")
    furnish(session)
    ticket = walk_in(session)
    visit = ticket.visit
    new = tickets.renumber(session, ticket, "X", 9)
    assert visit.ticket is new and new.visit is visit
    assert tickets.give(session, visit, "A", ticket.day) is new
    assert session.execute(select(Ticket.letter, Ticket.number)).all() == [("X", 9)]


def test_what_was_registered_and_taken_back_is_not_registered_again_by_the_same_act(session, frozen):
    frozen("2027-01-07 10:00")
    furnish(session)
    ticket = kiosk.take(session, WalkIn([CPR], "en"), "act")
    session.delete(ticket)
    session.flush()
    with pytest.raises(Moved):
        kiosk.take(session, WalkIn([CPR], "en"), "act")


# --- whose letter it is ----------------------------------------------------------------------------------


def letters(session):
    return dict(session.execute(select(TicketLetter.authority_id, TicketLetter.letter)).all())


def counter_of(session, authority, service):
    """A counter of an authority, for a service that may be another's."""
    schedule = catalogue.add_schedule(session, authority.slug, {3: [("10:00", "12:00")]})
    gives = [catalogue.service(session, service).id]
    intake.add_counter(session, catalogue.place(session), authority.id, "9", schedule.id, gives, ["en"])


def lowest_key(session, than):
    """The authority with the lowest key, which has no counter yet: by key it comes before all others."""
    views = sorted(catalogue.authorities(session).values(), key=lambda one: one.id)
    assert views[0].id < than
    return views[0]


def test_a_counter_added_at_noon_takes_nobodys_letter(session, frozen):
    frozen("2027-01-07 10:00")
    furnish(session)
    assert [give(session, one)[0] for one in (CPR, TAX, TAX)] == ["A1", "B1", "B2"]
    before = letters(session)
    new = lowest_key(session, min(before))
    own = next(one.slug for one in catalogue.services(session) if one.authority_id == new.id)
    frozen("2027-01-07 12:00")
    counter_of(session, new, own)
    assert [give(session, one)[0] for one in (own, CPR, TAX)] == ["C1", "A2", "B3"]
    assert letters(session) == {**before, new.id: "C"}


def test_a_second_authority_that_gives_a_service_too_leaves_it_its_letter(session, frozen):
    frozen("2027-01-07 10:00")
    furnish(session)
    assert give(session, TAX)[0] == "B1"
    counter_of(session, lowest_key(session, min(letters(session))), TAX)
    assert give(session, TAX)[0] == "B2"


def test_an_authority_whose_counters_are_gone_has_its_letter_when_it_comes_back(session, frozen):
    frozen("2027-01-07 10:00")
    house = furnish(session)
    before = [give(session, one)[0][0] for one in (CPR, TAX)]
    session.execute(delete(CounterService))
    assert house.counter_ids and tickets.letter_for(session, house.place_id, 1) == "A"
    set_up(session, services=(TAX,))
    assert give(session, TAX)[0][0] == before[1]


def test_more_authorities_than_letters_have_two_signs(session, frozen, monkeypatch):
    frozen("2027-01-07 10:00")
    furnish(session)
    monkeypatch.setattr(tickets, "LETTERS", "A")
    assert [give(session, one)[0] for one in (CPR, TAX)] == ["A1", "AA1"]
