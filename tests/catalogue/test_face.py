"""What other wings are promised: services in the language of the moment, and what they need of them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from house.catalogue import face
from house.catalogue.models import Authority, Service
from house.catalogue.searching import finds, fold
from house.catalogue.shelf import new_edition
from house.db import db
from house.languages import speak
from house.problems import NotHere
from tests import houses

Arranging = Callable[[], AbstractContextManager[Session]]


def test_services_come_in_the_order_of_the_file(catalogue: Flask, looking: Arranging) -> None:
    with looking() as session:
        slugs = [one.slug for one in face.services(session)]
    assert len(slugs) == 24
    assert slugs[:2] == ["company_guidance", "company_group_registration"]
    assert slugs[-1] == "leaving_denmark"


def test_a_service_says_what_others_need_of_it(catalogue: Flask, looking: Arranging) -> None:
    with looking() as session:
        found = face.service(session, "cpr_registration")
        assert face.service_by_id(session, found.id) is found
        assert (found.name, found.name_lang) == ("Civil registration and CPR number", "en")
        assert (found.kind, found.authority_slug) == ("counter", "aalborg_citizen_service")
        assert (found.minutes_first, found.minutes_each) == (20, 8)
        assert found.record["booking"]["mode"] == "appointment"
        names = face.authority_names(session)
        assert names[found.authority_id] == "Citizen Service, Aalborg Municipality (civil registration)"
        assert len(names) == 14
        with speak("da"):
            assert face.service(session, "cpr_registration").name.startswith("Indrejse og CPR-nummer")
        with speak("nonsense"):
            assert face.service(session, "cpr_registration").name_lang == "en"


def test_an_unknown_service_is_not_here(catalogue: Flask, looking: Arranging) -> None:
    with looking() as session:
        with pytest.raises(NotHere):
            face.service(session, "coffee")
        with pytest.raises(NotHere):
            face.service_by_id(session, 999_999)


def test_an_empty_house_has_no_services(session: Session) -> None:
    assert face.services(session) == ()
    assert face.authority_names(session) == {}


@pytest.mark.parametrize(
    ("slug", "party", "minutes"),
    [
        ("cpr_registration", 1, 20),
        ("cpr_registration", 4, 44),
        ("eu_residence_document", 1, 18),
        ("eu_residence_document", 3, 54),  # nothing is said of further people: each as long as the first
        ("residence_card", 2, 0),
        ("company_group_registration", 2, 0),
        ("mitid", 0, 15),
    ],
)
def test_minutes_at_the_counter(
    catalogue: Flask, looking: Arranging, slug: str, party: int, minutes: int
) -> None:
    with looking() as session:
        assert face.minutes(face.service(session, slug), party) == minutes


def test_documents_are_what_one_brings_and_no_notes(catalogue: Flask, looking: Arranging) -> None:
    with looking() as session:
        papers = face.documents(face.service(session, "eu_residence_document"))
        assert len(papers) == 6
        assert papers[0] == ("passport or national ID card (original)", "en")
        assert not any("accepted languages" in text for text, _ in papers)
        assert len(face.documents(face.service(session, "eu_family_residence"))) == 4
        with speak("tr"):
            translated = face.documents(face.service(session, "eu_residence_document"))
        assert [lang for _, lang in translated] == ["tr"] * 6
        assert face.documents(face.service(session, "digital_post")) == []


def test_reading_the_catalogue_again_asks_nothing(catalogue: Flask, looking: Arranging) -> None:
    sent: list[str] = []
    with looking() as session:
        face.services(session)
        event.listen(db.engine, "before_cursor_execute", lambda *args: sent.append(args[2]))
        face.services(session)
        face.service(session, "mitid")
        face.authority_names(session)
        assert sent == []
        session.rollback()
        face.services(session)
        assert [one.split()[0] for one in sent] == ["BEGIN", "SELECT"]


def test_a_catalogue_that_changes_while_it_is_read_is_read_again(engine_app: Flask) -> None:
    """Between two statements of one reading another process gives a service to a new authority."""
    with houses.arranging(engine_app) as session:
        face.import_catalogue(session, face.bundled_catalogue())
    other = houses.build(engine_app.extensions["house-config"])
    struck: list[str] = []

    def strike(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "service.record" in statement and not struck:
            struck.append(statement)
            with houses.arranging(engine_app) as session:
                new = Authority(slug="new", position=99, record={"id": "new", "name_en": "New authority"})
                session.add(new)
                session.scalars(select(Service).where(Service.slug == "mitid")).one().authority = new
                new_edition(session)

    with other.app_context():
        event.listen(db.engine, "before_cursor_execute", strike)
        names, mitid = face.authority_names(db.session()), face.service(db.session(), "mitid")
        assert struck
        # PostgreSQL shows what was committed meanwhile, SQLite the catalogue as the transaction found it.
        at_once = db.engine.dialect.name == "postgresql"
        assert (names[mitid.authority_id] == "New authority") is at_once
        db.session.rollback()
        names, mitid = face.authority_names(db.session()), face.service(db.session(), "mitid")
        assert names[mitid.authority_id] == "New authority"
        db.session.rollback()
    houses.close(other)


# --- finding ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Lægevalg, ÅRHUS", "laegevalg, arhus"),
        ("Žvėris Łódź ß İzmir ığ", "zveris lodz ss izmir ig"),
        ("Вид на Жителство Й", "вид на жителство и"),
        ("أوراق إقامة", "اوراق اقامه"),
        ("کارت اقامتی", fold("كارت اقامتي")),
        ("۱۲٣", "123"),
        ("", ""),
    ],
)
def test_words_are_folded_to_plain_letters(written: str, folded: str) -> None:
    assert fold(written) == folded
    assert fold(fold(written)) == folded


def test_every_word_must_be_found() -> None:
    text = fold("Choice of doctor (GP) and yellow health insurance card")
    assert finds("HEALTH card", text)
    assert finds("  ", text)
    assert not finds("health passport", text)
