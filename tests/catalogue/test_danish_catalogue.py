"""A catalogue written in Danish: English is made from it, and the other languages from the English."""

from __future__ import annotations

import copy
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask import Flask
from sqlalchemy.orm import Session

from house.catalogue import face
from house.catalogue.catalogue_file import check
from house.catalogue.language_tree import Made, TextState
from house.catalogue.stored_texts import add_version
from house.catalogue.text_models import Origin
from house.catalogue.translating import NewText, all_items, write_text
from house.languages import speak
from house.problems import NotHere
from tests.inspecting import InspectingClient

Arranging = Callable[[], AbstractContextManager[Session]]


def danish_catalogue() -> Any:
    """The bundled one, its names and papers turned round: Danish is the record, English stands beside."""
    data = copy.deepcopy(yaml.safe_load(face.bundled_catalogue().read_text("utf-8")))
    data["meta"]["language_of_record"] = "da"
    for service in data["services"]:
        service["name"] = {"da": service["name"]["da"]}
        for paper in service["documents"]:
            if "en" in paper:
                paper["da"] = f"Dansk: {paper.pop('en')}"
    for authority in data["authorities"]:
        del authority["name_en"]
    return data


@pytest.fixture
def danish_house(app: Flask, arranging: Arranging, tmp_path: Path) -> Flask:
    path = tmp_path / "dansk.yaml"
    path.write_text(yaml.safe_dump(danish_catalogue(), sort_keys=False, allow_unicode=True), "utf-8")
    with arranging() as session:
        assert face.import_file(session, path).texts == 0
    return app


def test_it_is_sound_and_what_it_must_name_is_said() -> None:
    data = danish_catalogue()
    assert check(yaml.safe_dump(data, sort_keys=False)).findings == []
    data["services"][3]["name"] = {"en": "Student matters"}
    del data["authorities"][0]["name_da"]
    data["services"][3]["documents"] = [{"en": "passport", "src": ["A"]}]
    reasons = " ".join(one.reason for one in check(yaml.safe_dump(data, sort_keys=False)).findings)
    assert "name: da must be there." in reasons
    assert "name_da must be there." in reasons
    assert "a document has a text (da) or is a note." in reasons


def test_every_language_falls_back_to_danish(danish_house: Flask, client: InspectingClient) -> None:
    page = client.get_page("/ar/services/tax_card")
    heading = page.one("h1")
    assert (heading.text, heading["lang"], heading["dir"]) == (
        "Skattekort, skattepersonnummer, forskudsopgørelse", "da", "ltr",
    )  # fmt: skip
    assert page.select("main .notice")
    assert client.get_page("/da/services/tax_card").select("main .notice") == []


def test_a_text_goes_from_danish_by_english_to_the_others(danish_house: Flask, arranging: Arranging) -> None:
    subject = "service/tax_card/name"
    with arranging() as session:
        with pytest.raises(NotHere):
            all_items(session, "da")
        first = {one.subject: one for one in all_items(session, "pl")}[subject]
        assert first.source.lang == "da"
        english = {one.subject: one for one in all_items(session, "en")}[subject]
        write_text(session, "en", NewText(subject, english.mark, "Tax card"), "staff 1")
        polish = {one.subject: one for one in all_items(session, "pl")}[subject]
        assert (polish.source.text, polish.source.lang) == ("Tax card", "en")
        write_text(session, "pl", NewText(subject, polish.mark, "Karta podatkowa"), "staff 1")
        with speak("pl"):
            assert face.service(session, "tax_card").name == "Karta podatkowa"
        with speak("de"):
            assert face.service(session, "tax_card").name == "Tax card"
        add_version(session, subject, "en", Made("Skattekortet", "Card", "da"), Origin.WRITTEN, "staff 1")
        states = {one.subject: one.state for one in all_items(session, "pl")}
        assert states[subject] is TextState.OUTDATED
