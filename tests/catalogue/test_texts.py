"""Texts in twelve languages: complete, made from the English that stands, and English where they are not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager

import pytest
import yaml
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from house.catalogue import face
from house.catalogue.bundled import bundled_translations, texts_to_take_over
from house.catalogue.language_tree import LanguageTree, Made, Said, TextState, Translations
from house.catalogue.models import Service
from house.catalogue.shelf import new_edition
from house.catalogue.stored_texts import add_version, translations
from house.catalogue.subjects import own_words, subjects
from house.catalogue.text_models import Origin, Text, TextVersion
from house.languages import LANGUAGES, speak
from tests.inspecting import InspectingClient

DATA = yaml.safe_load(face.bundled_catalogue().read_text("utf-8"))
SUBJECTS = dict(subjects(DATA))
OWN = own_words(DATA)
Arranging = Callable[[], AbstractContextManager[Session]]


def test_every_language_but_english_has_texts() -> None:
    assert {one.language for one in bundled_translations()} == {one.tag for one in LANGUAGES} - {"en"}


@pytest.mark.parametrize("bundled", bundled_translations(), ids=lambda one: one.language)
def test_every_text_is_there_and_made_from_the_english_that_stands(bundled: Translations) -> None:
    tree, language = LanguageTree("en", bundled), bundled.language
    states = {one: tree.state(language, one, english, OWN.get(one)) for one, english in SUBJECTS.items()}
    assert {one for one, state in states.items() if state in (TextState.MISSING, TextState.OUTDATED)} == set()
    assert {one for one, made in bundled.texts.items() if SUBJECTS.get(one) != made.source} == set()


def unread(bundled: Translations, own: Mapping[str, Mapping[str, str]]) -> set[str]:
    """Bundled texts that no reader ever sees: the entry has words of its own, or says no such English."""
    read = {
        id(bundled.made_from(subject, Said(english, "en")))
        for subject, english in SUBJECTS.items()
        if bundled.language not in own.get(subject, {})
    }
    return {subject for subject, made in bundled.texts.items() if id(made) not in read}


@pytest.mark.parametrize("bundled", bundled_translations(), ids=lambda one: one.language)
def test_every_text_can_be_read(bundled: Translations) -> None:
    """A name has one home: official Danish names stand in the catalogue, and nowhere a second time."""
    assert unread(bundled, OWN) == set()


def test_a_text_that_nobody_can_read_is_found() -> None:
    [danish] = [one for one in bundled_translations() if one.language == "da"]
    second = {"service/mitid/name": Made(SUBJECTS["service/mitid/name"], "MitID (dansk eID)")}
    gone = {"service/gone/name": Made("Gone", "Væk")}
    assert unread(Translations("da", danish.texts | second | gone), OWN) == {*second, *gone}


@pytest.mark.parametrize("language", [one.tag for one in LANGUAGES if one.tag != "en"])
def test_the_directory_is_wholly_in_each_language(
    catalogue: Flask, looking: Arranging, language: str
) -> None:
    with looking() as session, speak(language):
        assert {one.name_lang for one in face.services(session)} == {language}
        assert {text.lang for one in face.services(session) for text in face.documents(one)} == {language}


def name_of_mitid(session: Session) -> Said:
    found = face.service(session, "mitid")
    return Said(found.name, found.name_lang)


def test_an_outdated_text_gives_way_to_the_english(catalogue: Flask, arranging: Arranging) -> None:
    with arranging() as session:
        mitid = session.scalars(select(Service).where(Service.slug == "mitid")).one()
        mitid.record = {**mitid.record, "name": {"en": "MitID, the key to Denmark"}}
        new_edition(session)
        with speak("pl"):
            assert name_of_mitid(session) == Said("MitID, the key to Denmark", "en")


def test_danish_falls_back_on_the_record_before_english(catalogue: Flask, arranging: Arranging) -> None:
    with arranging() as session:
        for model in (Text, TextVersion):
            session.execute(delete(model).where(model.language.in_(["da", "ar"])))
        new_edition(session)
        with speak("da"):
            assert face.service(session, "leaving_denmark").name == "Fraflytning fra Danmark"
            assert "Skattestyrelsen" in face.authority_names(session).values()
        with speak("ar"):
            assert name_of_mitid(session) == Said("MitID (national electronic ID)", "en")


def test_importing_again_keeps_what_staff_wrote_and_mends_what_is_outdated(
    catalogue: Flask, arranging: Arranging
) -> None:
    subject = "service/mitid/name"
    with arranging() as session:
        own = Made(SUBJECTS[subject], "MitID, unser Wort")
        add_version(session, subject, "de", own, Origin.WRITTEN, "staff 1")
        add_version(session, subject, "pl", Made("MitID of yesterday", "stary"), Origin.WRITTEN, "staff 1")
        session.execute(delete(Text).where(Text.subject == subject, Text.language == "uk"))
        session.execute(
            delete(TextVersion).where(TextVersion.subject == subject, TextVersion.language == "uk")
        )
        new = texts_to_take_over(session, DATA)
        assert sorted(one.language for one in new) == ["pl", "uk"]
        diff = face.import_catalogue(session, face.bundled_catalogue())
        assert diff.texts == 2
        german, polish = translations(session, ["de", "pl"])
        assert german.texts[subject].text == "MitID, unser Wort"
        assert polish.texts[subject].source == SUBJECTS[subject]
    with arranging() as session:
        kept = select(TextVersion.text).where(TextVersion.subject == subject, TextVersion.language == "pl")
        assert "stary" in session.scalars(kept).all()


def test_a_page_with_english_in_it_says_so(
    catalogue: Flask, client: InspectingClient, arranging: Arranging
) -> None:
    note = client.get_page("/de/services/").select("main .notice")
    assert note == []
    with arranging() as session:
        session.execute(delete(Text).where(Text.subject == "service/mitid/name", Text.language == "de"))
        new_edition(session)
    page = client.get_page("/de/services/")
    assert len(page.select("main .notice")) == 1
    [link] = [one for one in page.select("h3 a") if one["href"].endswith("/mitid")]
    assert [one.get("lang") for one in link.select("span")] == ["en"]
    with arranging() as session:
        session.execute(delete(Text).where(Text.subject == "service/mitid/channels/1", Text.language == "ar"))
        new_edition(session)
    page = client.get_page("/ar/services/mitid")
    assert len(page.select("main .notice")) >= 1
    assert {one["lang"] for one in page.select("main [lang]")} == {"en"}
    assert client.get_page("/en/services/mitid").select("main .notice") == []
