"""Texts of the catalogue per language: what can be translated, what is, and whether it still says the same.

A text carries the English it was made from. When the catalogue's English differs, the text is outdated and
the English is shown: nobody is sent off with yesterday's list of papers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from house.catalogue.models import Text

BUNDLED = Path(__file__).parent / "texts"
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class TextState(StrEnum):
    UP_TO_DATE = "up_to_date"
    OUTDATED = "outdated"
    MISSING = "missing"


class Said(NamedTuple):
    """A text and the language it is really in."""

    text: str
    lang: str


class NewText(NamedTuple):
    """A text that is not stored yet."""

    subject: str
    language: str
    en: str
    text: str


class Translations:
    """The texts of one language, stored or bundled: subject → (the English it was made from, text)."""

    def __init__(self, language: str, texts: Mapping[str, tuple[str, str]]) -> None:
        self.language = language
        self.texts = texts

    def state(self, subject: str, english: str) -> TextState:
        """Whether the subject's text is there and was made from this English."""
        made_from, text = self.texts.get(subject, ("", ""))
        if not text:
            return TextState.MISSING
        return TextState.UP_TO_DATE if made_from == english else TextState.OUTDATED

    def say(self, subject: str, english: str, own: str | None = None) -> Said:
        """The text in this language, else the record's own words in it, else the English."""
        if self.state(subject, english) is TextState.UP_TO_DATE:
            return Said(self.texts[subject][1], self.language)
        return Said(own, self.language) if own else Said(english, "en")


def subjects(catalogue: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Every text of a catalogue that is translated, with its English."""
    for authority in catalogue["authorities"]:
        yield f"authority/{authority['id']}/name", authority["name_en"]
    for service in catalogue["services"]:
        yield f"service/{service['id']}/name", service["name"]["en"]
        for number, english in enumerate(document_texts(service), start=1):
            yield f"service/{service['id']}/document/{number}", english
    for offer in catalogue.get("offers") or ():
        yield f"offer/{offer['id']}/name", offer["name"]


def document_texts(record: Mapping[str, Any]) -> list[str]:
    """The English of a service's papers and of the notes between them, in order."""
    return [document.get("en") or document["note"] for document in record.get("documents") or ()]


def translations(session: Session, language: str) -> Translations:
    """The stored texts of one language."""
    rows = session.execute(select(Text.subject, Text.en, Text.text).where(Text.language == language))
    return Translations(language, {subject: (en, text) for subject, en, text in rows})


@lru_cache(maxsize=1)
def bundled_translations() -> tuple[Translations, ...]:
    """The texts that come with the house, a language each."""
    found = []
    for path in sorted(BUNDLED.glob("*.yaml")):
        entries = yaml.load(path.read_text("utf-8"), _Loader) or ()  # noqa: S506 - a safe loader
        texts = {entry["of"]: (entry["en"], entry["text"]) for entry in entries}
        found.append(Translations(path.stem, texts))
    return tuple(found)


def texts_to_take_over(session: Session, catalogue: Mapping[str, Any]) -> list[NewText]:
    """Which bundled texts of this catalogue are new.

    A stored text is replaced only when it is outdated and the bundled one is not.
    """
    wanted = dict(subjects(catalogue))
    rows = session.execute(select(Text.subject, Text.language, Text.en))
    stored = {(subject, language): made_from for subject, language, made_from in rows}
    found = []
    for bundled in bundled_translations():
        for subject, (english, text) in bundled.texts.items():
            made_from = stored.get((subject, bundled.language))
            fits = english == wanted.get(subject)
            if text and subject in wanted and (made_from is None or (fits and made_from != english)):
                found.append(NewText(subject, bundled.language, english, text))
    return found


def take_over_texts(session: Session, texts: Collection[NewText]) -> None:
    """Store these texts."""
    rows = {(row.subject, row.language): row for row in session.scalars(select(Text))} if texts else {}
    for new in texts:
        row = rows.get((new.subject, new.language))
        if row is None:
            session.add(Text(subject=new.subject, language=new.language, en=new.en, text=new.text))
        else:
            row.en, row.text = new.en, new.text
    session.flush()
