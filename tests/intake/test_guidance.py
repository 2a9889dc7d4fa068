"""Guidance: what is stored of it, which versions of which texts, the letter, the figures, and forgetting."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from house import clock, post
from house.catalogue import face as catalogue
from house.catalogue import stored_texts
from house.catalogue.face import Topic
from house.catalogue.language_tree import Made
from house.catalogue.shelf import new_edition
from house.catalogue.text_models import Origin
from house.intake import forget, guidance
from house.intake.guidance import Told
from house.intake.guidance_models import Guidance, GuidanceChannel, GuidanceEnd
from house.intake.models import Visit
from house.languages import speak
from house.post import Letter, LetterState
from house.problems import Moved, NotHere
from house.reporting.models import Contact
from tests.intake.booking_house import (
    CPR,
    house_template,  # noqa: F401 - a fixture
)
from tests.intake.desk_house import DESK, booked, furnish, walk_in
from tests.intake.desk_house import thursday as thursday

FAMILY, WAY_OUT = "service:eu_family_residence", "routes:1"


@pytest.fixture
def house(session, thursday):
    return furnish(session)


def told(about=f"service:{CPR}", topics=(Topic.BRING,), language="ar", **more):
    facts = {"channel": GuidanceChannel.HERE, "ended": GuidanceEnd.ADVISED, "visit_id": None, **more}
    return Told(catalogue.read_about(about), topics, language, **facts)


def given(row):
    return {(subject, language): number for subject, language, number in row.texts}


def later(session, thursday, minutes=10):
    thursday.shift(minutes * 60)
    while guidance.tell_guidance(session, clock.now()):
        session.flush()
    return list(session.scalars(select(Contact)))


# --- which texts -----------------------------------------------------------------------------------------


def test_the_texts_of_what_was_asked_are_kept_with_their_language_and_version(session, house):
    row = guidance.note(session, told(), DESK)
    kept = given(row)
    assert kept[f"service/{CPR}/name", "ar"] == 1 and kept[f"service/{CPR}/document/1", "ar"] == 1
    assert not any("/deadline" in subject for subject, _ in kept), "nobody asked by when"
    assert (row.about, row.topics, row.language) == (f"service:{CPR}", ["bring"], "ar")


def test_a_text_that_was_written_anew_is_kept_with_its_new_version(session, house):
    subject = f"service/{CPR}/document/1"
    with speak("ar"):
        [line] = [
            one for one in catalogue.advice(session, told().about).lines() if one.subject == subject
        ]  # fmt: skip
    english = catalogue.documents(catalogue.service(session, CPR))[0].text
    made = Made(english, f"{line.said.text} (جديد)")
    number = stored_texts.add_version(session, subject, "ar", made, Origin.WRITTEN, DESK)
    new_edition(session)
    assert given(guidance.note(session, told(), DESK))[subject, "ar"] == number == 2


def test_what_is_missing_in_a_language_was_given_in_english(session, house):
    from house.catalogue.text_models import Text

    session.delete(session.get_one(Text, (f"service/{CPR}/document/1", "ar")))
    new_edition(session)
    kept = given(guidance.note(session, told(), DESK))
    assert (f"service/{CPR}/document/1", "en") in kept and (f"service/{CPR}/document/2", "ar") in kept


def test_the_published_version_of_the_entry_is_kept(session, house):
    from house.catalogue import versions
    from house.catalogue.editing_models import How
    from house.catalogue.entries import Kind

    before = guidance.note(session, told(language="en"), DESK)
    record = dict(catalogue.service(session, CPR).record)
    versions.write_down(session, Kind.SERVICE, CPR, record, How.PUBLISHED, None, record)
    after = guidance.note(session, told(language="en"), DESK)
    assert (before.entry_version, after.entry_version) == (0, 2)
    assert given(after)[f"service/{CPR}/document/1", "en"] == 2, "the catalogue's own words are the entry's"


@pytest.mark.parametrize("language", ["en", "da", "ar", "fa"])
def test_every_entry_can_be_told_in_every_topic(session, house, language):
    with speak(language):
        for about in catalogue.can_be_asked(session):
            advice = catalogue.advice(session, about)
            lines = advice.lines()
            assert all(one.said.text if one.said else one.code for one in lines), about.code
            assert {one.subject for one in catalogue.texts_given(session, lines)} == {
                one.subject for one in lines if one.subject
            }, about.code  # fmt: skip


@pytest.mark.parametrize("code", ["", "service:", "service:x", "routes:9", "offer:x", "source:S01", "x"])
def test_what_is_no_entry_cannot_be_noted(session, house, code):
    with pytest.raises(NotHere):
        guidance.note(session, told(code), DESK)


# --- to whom ---------------------------------------------------------------------------------------------


def test_guidance_belongs_to_somebody_who_is_here(session, house):
    ticket = walk_in(session, CPR, language="uk")
    row = guidance.note(session, told(visit_id=ticket.visit_id), DESK)
    assert row.visit_id == ticket.visit_id
    assert [(one.ticket, one.language, one.at_my_counter) for one in guidance.here(session, None)] == [
        ("A1", "uk", False)
    ]
    stranger = booked(session)
    with pytest.raises(NotHere):
        guidance.note(session, told(visit_id=stranger.id), DESK)


# --- the figures -----------------------------------------------------------------------------------------


def test_the_figures_hear_of_it_when_it_cannot_be_taken_back(session, house, thursday):
    guidance.note(session, told(), DESK)
    assert later(session, thursday, 9) == []
    [contact] = later(session, thursday, 1)
    said = (contact.channel, contact.outcome, contact.service, contact.language, contact.authority)
    assert said == ("guidance", "served", CPR, "ar", "aalborg_citizen_service")
    assert len(later(session, thursday)) == 1, "told once"


def test_whom_the_house_sends_on_counts_as_referred(session, house, thursday):
    """P10: displaced under the Special Act, an empty list and a way out."""
    guidance.note(session, told(WAY_OUT, (), "uk", ended=GuidanceEnd.ROUTED), DESK)
    [contact] = later(session, thursday)
    assert (contact.channel, contact.outcome, contact.service) == ("guidance", "referred", "not_applicable")


def test_an_own_basis_is_needed(session, house, thursday):
    """P07: ten months together are not enough; she is told to ask SIRI, in Romanian, and that is logged."""
    row = guidance.note(
        session, told(FAMILY, (Topic.OTHERS,), "ro", ended=GuidanceEnd.OWN_BASIS), DESK
    )  # fmt: skip
    assert ("service/eu_family_residence/x_cautions/1", "ro") in given(row)
    guidance.send(session, row, "elena@example.dk")
    letter = session.scalars(select(Letter)).one()
    with speak("ro"):
        sheet = post.sheet_of(letter)
    assert any("SIRI" in line for line in sheet.paragraphs)
    assert any("18" in line for _, lines in sheet.lists for line in lines)
    assert [one.outcome for one in later(session, thursday)] == ["served"]


# --- the letter ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_letter_says_what_was_told_as_it_was_told(session, house, language):
    row = guidance.note(session, told(topics=(Topic.BRING, Topic.COST), language=language), DESK)
    guidance.send(session, row, "ada@example.dk")
    letter = session.scalars(select(Letter)).one()
    assert (letter.recipient, letter.language) == ("ada@example.dk", language)
    assert letter.due_at == clock.now() + timedelta(minutes=1)
    with speak(language):
        first = catalogue.documents(catalogue.service(session, CPR))[0].text
        message = post.message(letter)
    page = message.get_body(("plain",)).get_content()
    assert first in " ".join(page.split()) and message["Content-Language"] == language
    assert "ada" not in message["Subject"].lower()
    assert len(json.loads(letter.facts)["topics"]) == 2


# --- taking back, forgetting -----------------------------------------------------------------------------


def test_my_own_entry_can_be_taken_back_with_its_letter(session, house, thursday):
    row = guidance.note(session, told(), DESK)
    guidance.send(session, row, "ada@example.dk")
    session.flush()
    with pytest.raises(NotHere):
        guidance.remove(session, row.id, "staff 2")
    guidance.remove(session, row.id, DESK)
    session.flush()
    assert session.scalars(select(Guidance)).all() == session.scalars(select(Letter)).all() == []
    assert later(session, thursday) == []


def test_what_was_told_or_sent_cannot_be_taken_back(session, house, thursday):
    row, sent = guidance.note(session, told(), DESK), guidance.note(session, told(), DESK)
    guidance.send(session, sent, "ada@example.dk")
    session.scalars(select(Letter)).one().state = LetterState.SENT
    session.flush()
    with pytest.raises(Moved, match="too_late"):
        guidance.remove(session, sent.id, DESK)
    thursday.shift(600)
    with pytest.raises(Moved, match="too_late_to_undo"):
        guidance.remove(session, row.id, DESK)


def test_whose_visit_it_was_is_forgotten_and_then_the_entry(session, house):
    ticket = walk_in(session, CPR)
    row = guidance.note(session, told(visit_id=ticket.visit_id), DESK)
    session.flush()
    forget.forget(session, clock.now() + timedelta(days=31))
    session.refresh(row)
    assert row.visit_id is None and session.get(Visit, ticket.visit_id) is not None
    forget.forget(session, clock.now() + timedelta(days=366))
    assert session.scalars(select(Guidance)).all() == []
