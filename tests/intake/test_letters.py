"""The letters of booking: what they say, in the visitor's language, with the calendar entry enclosed."""

from __future__ import annotations

import json

import pytest
from flask_babel import gettext
from icalendar import Calendar
from sqlalchemy import select

from house import clock, formats, languages, post
from house.catalogue import face as catalogue
from house.intake.booking import book
from house.intake.calendar import calendar_of
from house.intake.cancelling import cancel, undo_cancel
from house.intake.cards import card_from, card_of, stations_of
from house.intake.household import Household
from house.intake.models import Visit
from house.intake.moving import move
from house.intake.wishes import OtherTime
from house.problems import Taken
from tests.intake.booking_house import (
    COPENHAGEN,
    CPR,
    DRIVING,
    FRIDAY,
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


# --- several steps, and times that another system gave ------------------------------------------------------


SIRI = "eu_residence_document"
ELSEWHERE = OtherTime(SIRI, at(THURSDAY, "09:00"), "SIRI-77")


@pytest.fixture
def several(session, house):
    """One counter for two services; the third is booked at the authority itself, before them."""
    set_up(session, services=[CPR, DRIVING])

    def book_it(language, **how):
        how = {"others": [ELSEWHERE], "household": Household(2, 1, language)} | how
        slugs = [SIRI, CPR, DRIVING] if how["others"] else [CPR, DRIVING]
        return book(session, slugs, 3, at(THURSDAY, "10:00"), language, "Ada", "ada@example.org", **how)

    return book_it


def plain(message):
    return "".join(sign for sign in text_of(message) if sign not in "\u2066\u2069")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_letter_leads_through_every_step_in_order(session, several, language):
    several(language)
    [message] = letters(session)
    text = plain(message)
    with languages.speak(language):
        card = card_from(json.loads(session.scalars(select(post.Letter)).one().facts))
        way = stations_of(session, card)
        itself = gettext("booked there by yourself")
        each = gettext("Bring these for each person who comes.")
        moment = formats.moment(ELSEWHERE.starts_at)
    assert [one.service.slug for one in way] == [SIRI, CPR, DRIVING]
    lines = [line for line in text.splitlines() if " · " in line]
    assert len(lines) == 3
    assert lines[0].startswith(f"{moment}: {way[0].service.name} · {way[0].authority} · {itself} · SIRI-77")
    assert lines[1].startswith(f"10:00: {way[1].service.name} · {way[1].authority} · ")
    assert lines[2].startswith(f"{way[2].step.starts_at.astimezone(COPENHAGEN):%H:%M}: {way[2].service.name}")
    for one in way:
        for paper in one.papers:
            assert f"- {paper.said.text}" in text, "the papers of every service"
    assert text.count(f"- {each}") == len([one for one in way if one.papers]), "for every member"
    assert text.index(lines[2]) < text.index(way[0].papers[0].said.text) < text.index(each)


def test_a_paper_that_only_some_need_says_who(session, several):
    several("en")
    [message] = letters(session)
    text = plain(message)
    [siri] = [one for one in stations_of(session, card_of(session, session.scalars(select(Visit)).one()))
              if one.service.slug == SIRI]  # fmt: skip
    some = [paper for paper in siri.papers if paper.when]
    assert some, "the catalogue has a paper that not everybody brings"
    for paper in some:
        assert f"- {paper.said.text} (If this is true: " in text


def test_who_comes_alone_is_not_told_of_others(session, house):
    book(session, CPR, 1, at(THURSDAY, "10:00"), "en", "Ada", "ada@example.org")
    assert "each person" not in text_of(letters(session)[0])


def test_what_another_place_booked_is_not_cancelled_with_the_visit(session, several):
    cancel(session, several("en"))
    said = " ".join(plain(letters(session)[-1]).split())
    assert "You do not need to come." in said
    assert "Your time at another place is not cancelled: " in said
    assert "Thursday, 7 January 2027, 09:00." in said
    cancel(session, several("en", others=[]))
    assert "another place" not in plain(letters(session)[-1])


def test_a_move_stays_clear_of_the_time_elsewhere_and_the_letter_keeps_it(session, several):
    visit = several("en")
    with pytest.raises(Taken):
        move(session, visit, tick(THURSDAY, "09:05"))
    move(session, visit, tick(FRIDAY, "10:00"))
    said = plain(letters(session)[-1])
    assert "SIRI-77" in said and "Thursday, 7 January 2027, 09:00: " in said
    assert "When: Friday, 8 January 2027, 10:00" in said


def test_a_calendar_entry_names_the_steps_with_their_times(session, several):
    several("en")
    _, event = entry_of(letters(session)[0])
    lines = str(event["DESCRIPTION"]).splitlines()
    assert lines[0].startswith("Thursday, 7 January 2027, 09:00 · ")
    assert lines[1].startswith("10:00 · ") and "Ada" not in str(event.to_ical())
    assert event.decoded("DTSTART") == at(THURSDAY, "10:00"), "the entry is of the visit to this house"


def test_one_entry_with_a_rising_number_from_confirming_to_the_cancel_that_is_kept(session, house):
    visit = book(session, CPR, 1, at(THURSDAY, "10:00"), "en", "Ada", "ada@example.org")
    move(session, visit, tick(THURSDAY, "11:00"))
    cancel(session, visit, "staff 7")
    entries = [entry_of(message)[1] for message in letters(session)]
    house.clock.shift(30)
    undo_cancel(session, visit, "staff 7")
    sent = [one.kind for one in session.scalars(select(post.Letter).order_by(post.Letter.id))]
    assert sent == ["visit_booked", "visit_moved"], "nobody hears of a cancel that was taken back"
    move(session, visit, tick(FRIDAY, "10:00"))
    cancel(session, visit)
    entries += [entry_of(message)[1] for message in letters(session)][2:]
    assert len({str(event["UID"]) for event in entries}) == 1
    numbers = [int(event["SEQUENCE"]) for event in entries]
    assert numbers == sorted(set(numbers)) and len(numbers) == 5
    assert [str(event["STATUS"]) for event in entries] == [
        "CONFIRMED", "CONFIRMED", "CANCELLED", "CONFIRMED", "CANCELLED",
    ]  # fmt: skip
    assert calendar_shown(session, visit) == numbers[-1], "what the page gives out is the last of them"


def calendar_shown(session, visit):
    content = calendar_of(card_of(session, visit), catalogue.place(session), [], "en", clock.now())
    [event] = Calendar.from_ical(content).walk("VEVENT")
    return int(event["SEQUENCE"])
