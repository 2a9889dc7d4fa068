"""A booking after the last day of a duty is refused, unless it is said why: the Müller family of case P06."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from house.audit import Act
from house.catalogue import face as catalogue
from house.catalogue.cases import lists_of
from house.intake.booking import book
from house.intake.lateness import LateReason, TooLate, judge
from house.intake.models import Channel, Visit
from tests.catalogue.rules import book as rulebook
from tests.catalogue.rules import cases, is_open
from tests.intake.booking_house import (
    CPR,
    at,
    house_template,  # noqa: F401 - a fixture
    set_up,
)

SIRI, PASSPORT = "eu_residence_document", "driving_licence_exchange"
HOURS = {day: [("09:00", "15:00")] for day in range(5)}
LAST_OPEN, EASTER_MONDAY, AFTER = "2027-03-24", date(2027, 3, 29), "2027-03-30"
"""The house closes for Easter on the 25th; the limit itself is Easter Monday."""


@pytest.fixture(scope="module")
def family():
    [case] = [one for one in cases() if one["id"] == "P06"]
    return lists_of(rulebook(), case, is_open())


@pytest.fixture
def house(session, frozen):
    frozen("2027-03-22 12:00")
    return set_up(session, services=[CPR, PASSPORT], hours=HOURS)


def book_at(session, day, family, slugs=CPR, **how):
    return book(
        session, slugs, 4, at(day, "10:00"), "de", "Anna", channel=Channel.PHONED, actor="staff 3",
        last_days=catalogue.last_days(family), **how,
    )  # fmt: skip


def test_the_last_days_of_a_household_are_open_days_of_its_duties(family):
    found = catalogue.last_days(family)
    assert found[CPR] == date(2027, 3, 24) and found[SIRI] == date(2027, 6, 21)
    assert "mitid" not in found and "tax_card" not in found, "only duties have a last day that binds"


def test_a_later_booking_at_the_desk_is_refused_and_says_which_and_until_when(session, house, family):
    with pytest.raises(TooLate) as refused:
        book_at(session, AFTER, family)
    assert (refused.value.status, refused.value.code) == (409, "after_last_day")
    assert refused.value.facts == {"service": CPR, "last_day": date.fromisoformat(LAST_OPEN)}
    assert session.scalars(select(Visit)).all() == []


def test_with_a_reason_it_is_booked_and_the_reason_is_kept(session, house, family):
    visit = book_at(session, AFTER, family, late=LateReason.NOTHING_BEFORE)
    [act] = session.scalars(select(Act).where(Act.verb == "booked_late")).all()
    assert (visit.day.isoformat(), act.actor, act.facts) == (AFTER, "staff 3", {"why": "nothing_before"})


def test_in_time_nobody_is_asked_why(session, house, family):
    assert book_at(session, LAST_OPEN, family).day.isoformat() == LAST_OPEN
    assert session.scalars(select(Act).where(Act.verb == "booked_late")).all() == []


def test_what_has_no_limit_may_be_late_and_so_may_who_told_us_nothing(session, house, family):
    assert book_at(session, AFTER, family, slugs=PASSPORT).day.isoformat() == AFTER
    assert book(session, CPR, 1, at(AFTER, "12:00"), "de", "Anna").day.isoformat() == AFTER


def test_of_several_limits_the_first_one_missed_is_named():
    last_days = {"a": date(2027, 3, 24), "b": date(2027, 3, 20), "c": date(2027, 4, 30)}
    with pytest.raises(TooLate) as refused:
        judge(EASTER_MONDAY, ["a", "b", "c"], last_days, None)
    assert refused.value.facts["service"] == "b"
    assert judge(EASTER_MONDAY, ["a", "b", "c"], last_days, LateReason.VISITOR_DECIDED)
    assert not judge(date(2027, 3, 20), ["a", "b", "c"], last_days, None), "the last day itself is in time"
