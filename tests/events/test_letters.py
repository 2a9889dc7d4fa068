"""Letters of events as they leave the house."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from house import post, worker
from house.events.attendees import token_of
from house.events.cancelling import cancel, withdraw
from house.events.publishing import call_off
from house.events.signing_up import Person, send_again, sign_up
from house.languages import LANGUAGES
from house.people import face as people
from tests.conftest import synthetic_cvr
from tests.events.scenes import an_event, an_onboarding_day, persons
from tests.inspecting import BASE_URL
from tests.letterbox import Letterbox


def the_letter(session: Session, kind: str) -> EmailMessage:
    return post.message(session.scalars(select(post.Letter).where(post.Letter.kind == kind)).one())


def entry(mail: EmailMessage) -> tuple[str, Any]:
    [part] = list(mail.iter_attachments())
    assert part.get_content_type() == "text/calendar"
    calendar = Calendar.from_ical(part.get_content())
    return str(calendar["METHOD"]), calendar.walk("VEVENT")[0]


def test_the_letter_of_a_seat_has_the_link_and_the_calendar_entry(session: Session) -> None:
    ada = sign_up(session, an_event(session), [Person("Ada", "ada@example.dk", "da")]).attendees[0]
    session.flush()
    mail = the_letter(session, "seat_booked")
    assert mail["To"] == "ada@example.dk"
    assert "Ada" not in mail["Subject"] and "café" not in mail["Subject"]
    for part in (mail.get_body(("plain",)), mail.get_body(("html",))):
        text = part.get_content() if part else ""
        assert f"{BASE_URL}/da/seat/{token_of(ada)}" in text
        assert "Sprogcafé" in text and "13:00" in text.replace("12:00", "13:00")
    method, event = entry(mail)
    assert (method, event["STATUS"], str(event["SUMMARY"])) == ("PUBLISH", "CONFIRMED", "Sprogcafé")


def test_what_a_stranger_typed_as_a_name_is_in_no_letter(session: Session) -> None:
    typed = Person("You won! Go to https://evil.example now", "ada@example.dk", "en")
    event = an_event(session)
    attendee = sign_up(session, event, [typed]).attendees[0]
    send_again(session, event.id, typed.email)
    cancel(session, attendee)
    sign_up(session, event, [typed])
    call_off(session, event.id, "staff 1")
    session.flush()
    letters = session.scalars(select(post.Letter)).all()
    assert [one.kind for one in letters] == [
        "seat_booked", "seat_booked", "seat_cancelled", "seat_booked", "event_called_off",
    ]  # fmt: skip
    assert not [one.kind for one in letters if "You won" in post.message(one).as_string()]


@pytest.mark.parametrize("tag", [language.tag for language in LANGUAGES])
def test_an_employee_is_written_to_in_the_own_language(session: Session, tag: str) -> None:
    company = people.add_company(session, "Smith & Søn A/S", synthetic_cvr(1)).id
    person = Person("Ada <b>", "ada@example.dk", tag)
    sign_up(session, an_onboarding_day(session), [person], company_id=company)
    session.flush()
    mail = the_letter(session, "company_seat")
    plain, page = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain and page and "Ada <b>" in plain.get_content()
    assert "Smith & Søn A/S" in plain.get_content()
    assert "Smith &amp; Søn A/S" in page.get_content() and "<b>" not in page.get_content()
    assert f"{BASE_URL}/{tag}/seat/" in plain.get_content()
    assert f'<html lang="{tag}"' in page.get_content()


def test_what_is_off_is_taken_out_of_the_calendar(session: Session) -> None:
    event = an_event(session)
    one, two, _three = sign_up(session, event, persons(3)).attendees
    cancel(session, one)
    withdraw(session, two, "Company A/S", "company 1")
    call_off(session, event.id, "staff 1")
    session.flush()
    for kind in ("seat_cancelled", "seat_withdrawn", "event_called_off"):
        method, entry_of_it = entry(the_letter(session, kind))
        assert (method, entry_of_it["STATUS"], entry_of_it["SEQUENCE"]) == ("CANCEL", "CANCELLED", 1)
    plain = the_letter(session, "seat_withdrawn").get_body(("plain",))
    assert plain and "Company A/S has cancelled your seat." in plain.get_content()


def test_the_worker_sends_them(app_factory: Callable[..., Flask], smtp_server: Letterbox) -> None:
    from tests import houses

    app = app_factory(smtp_url=smtp_server.url)
    with houses.arranging(app) as session:
        sign_up(session, an_event(session), persons(2))
    with app.app_context():
        while worker.send_one(worker.smtp(smtp_server.url)):
            continue
    assert sorted(mail["To"] for mail in smtp_server.messages) == ["number1@example.dk", "number2@example.dk"]
