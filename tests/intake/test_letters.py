"""The letters of booking: what they say, in the visitor's language, with the calendar entry enclosed."""

from __future__ import annotations

import pytest
from icalendar import Calendar
from sqlalchemy import select

from house import languages, post
from house.intake.booking import book
from house.intake.cancelling import cancel
from house.intake.models import Visit
from house.intake.moving import move
from tests.intake.booking_house import (
    CPR,
    THURSDAY,
    WEDNESDAY,
    at,
    house_template,  # noqa: F401 - a fixture
    set_up,
    tick,
)


@pytest.fixture
def house(session, frozen):
    house = set_up(session)
    house.clock = frozen(WEDNESDAY)
    return house


def letters(session):
    session.flush()
    return [post.message(letter) for letter in session.scalars(select(post.Letter).order_by(post.Letter.id))]


def text_of(message):
    return message.get_body(("plain",)).get_content()


def entry_of(message):
    [enclosure] = message.iter_attachments()
    assert enclosure.get_content_type() == "text/calendar"
    content = enclosure.get_content()
    calendar = Calendar.from_ical(content)
    [event] = calendar.walk("VEVENT")
    return calendar, event


def test_a_booking_is_confirmed_by_letter(session, house):
    visit = book(session, CPR, 2, at(THURSDAY, "10:00"), "en", "Ada", "ada@example.org")
    [message] = letters(session)
    assert message["To"] == "ada@example.org"
    assert message["Subject"] == "Your visit is booked"
    text = text_of(message)
    for words in ("Hello Ada", visit.reference, "10:00", "Rantzausgade 4", "http://127.0.0.1:8000/en/visit/"):
        assert words in text, words
    assert "Passport" in text or "passport" in text  # what to bring


@pytest.mark.parametrize("language", [language.tag for language in languages.LANGUAGES])
def test_letters_can_be_written_in_every_language(session, house, language):
    visit = book(session, CPR, 1, at(THURSDAY, "10:00"), language, "Ada", "ada@example.org")
    cancel(session, move(session, visit, tick(THURSDAY, "11:00")))
    for message in letters(session):
        assert "Ada" not in message["Subject"] and "@" not in message["Subject"]
        assert f"/{language}/" in text_of(message)


def test_a_cancelled_visit_is_told_by_letter(session, house):
    cancel(session, book(session, CPR, 1, at(THURSDAY, "10:00"), "en", "Ada", "ada@example.org"))
    _, message = letters(session)
    assert message["Subject"] == "Your visit is cancelled"
    assert "You do not need to come." in text_of(message)


def test_the_calendar_entry_is_one_and_the_same_through_its_revisions(session, house):
    visit = book(session, CPR, 1, at(THURSDAY, "10:00"), "en", "Ada", "ada@example.org")
    move(session, visit, tick(THURSDAY, "11:00"))
    cancel(session, visit)
    entries = [entry_of(message) for message in letters(session)]
    assert [calendar["METHOD"] for calendar, _ in entries] == ["REQUEST", "REQUEST", "CANCEL"]
    booked, moved, cancelled = (event for _, event in entries)
    assert booked["UID"] == moved["UID"] == cancelled["UID"]
    assert (booked["SEQUENCE"], moved["SEQUENCE"], cancelled["SEQUENCE"]) == (1, 2, 3)
    assert (booked["STATUS"], cancelled["STATUS"]) == ("CONFIRMED", "CANCELLED")
    assert {event["ATTENDEE"] for event in (booked, moved, cancelled)} == {"MAILTO:ada@example.org"}
    assert {event["ORGANIZER"] for event in (booked, moved, cancelled)} == {"MAILTO:house@example.dk"}
    assert moved.decoded("DTSTART") == cancelled.decoded("DTSTART") == at(THURSDAY, "11:00")
    assert booked.decoded("DTSTART") == at(THURSDAY, "10:00")
    assert booked.decoded("DTEND") == at(THURSDAY, "10:20")
    assert visit.reference in booked["DESCRIPTION"] and "Ada" not in str(booked.to_ical())


def test_a_letter_says_what_was_true_when_it_was_written(session, house):
    visit = book(session, CPR, 1, at(THURSDAY, "10:00"), "en", "Ada", "ada@example.org")
    cancel(session, visit)
    booked, _ = letters(session)
    assert entry_of(booked)[0]["METHOD"] == "REQUEST"


def test_a_moved_visit_says_the_new_time_and_that_the_old_one_is_gone(session, house):
    visit = book(session, CPR, 1, at(THURSDAY, "10:00"), "en", "Ada", "ada@example.org")
    move(session, visit, tick(THURSDAY, "11:00"))
    _, message = letters(session)
    assert message["Subject"] == "Your visit has a new time"
    said = " ".join(text_of(message).split())
    assert "The old time is no longer yours: Thursday, 7 January 2027, 10:00" in said
    assert "When: Thursday, 7 January 2027, 11:00" in text_of(message)


def test_the_facts_of_a_letter_are_sealed(session, house):
    book(session, CPR, 1, at(THURSDAY, "10:00"), "en", "Ada", "ada@example.org")
    session.flush()
    stored = session.connection().exec_driver_sql("SELECT recipient, facts FROM letter").one()
    assert b"Ada" not in bytes(stored.facts) and b"ada" not in bytes(stored.recipient)
    stored = session.connection().exec_driver_sql("SELECT name, email FROM visit").one()
    assert b"Ada" not in bytes(stored.name) and b"ada" not in bytes(stored.email)
    assert "Ada" not in repr(session.scalars(select(Visit)).one())
