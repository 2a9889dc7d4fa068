"""Texts of the catalogue per language: what can be translated, what is, and whether it still says the same.

A text carries the English it was made from. When the catalogue's English differs, the text is outdated and
the English is shown: nobody is sent off with yesterday's list of papers.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from house.catalogue.models import Text
from house.catalogue.subjects import subjects

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

    @cached_property
    def by_source(self) -> dict[str, str]:
        """The texts by the English they were made from: what is said twice is translated once."""
        return {english: text for english, text in reversed([*self.texts.values()]) if text}

    def state(self, subject: str, english: str) -> TextState:
        """Whether there is a text made from this English, for the subject or for one that says the same."""
        if self.text(subject, english):
            return TextState.UP_TO_DATE
        return TextState.OUTDATED if self.texts.get(subject, ("", ""))[1] else TextState.MISSING

    def text(self, subject: str, english: str) -> str | None:
        """The text made from this English; so an entry that only moved keeps its text."""
        made_from, text = self.texts.get(subject, ("", ""))
        return text if text and made_from == english else self.by_source.get(english)

    def say(self, subject: str, english: str, own: str | None = None) -> Said:
        """The text in this language, else the record's own words in it, else the English."""
        if text := self.text(subject, english):
            return Said(text, self.language)
        return Said(own, self.language) if own else Said(english, "en")


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
    rows = session.execute(select(Text.subject, Text.language, Text.en))
    stored = {(subject, language): made_from for subject, language, made_from in rows}
    found = []
    for bundled in bundled_translations():
        for subject, english in subjects(catalogue):
            made_from = stored.get((subject, bundled.language))
            text = bundled.text(subject, english)
            if text and made_from != english:
                found.append(NewText(subject, bundled.language, english, text))
            elif made_from is None and (old := bundled.texts.get(subject)) and old[1]:
                found.append(NewText(subject, bundled.language, *old))
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
