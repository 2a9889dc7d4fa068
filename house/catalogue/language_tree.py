"""The tree of languages: from the catalogue's own to English, from there to the others, and what is true now.

A text is made from a text one step below it. It is right as long as that text stands and is right itself; the
state is computed from what was said then and what is said now, and never stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

ENGLISH = "en"
Own = Mapping[str, str] | None
"""What an entry itself says in other languages, such as `name: {da: …}`: it is always right."""


class TextState(StrEnum):
    """What one text is worth in one language; the last two are not shown to readers."""

    UP_TO_DATE = "up_to_date"
    MACHINE = "machine"
    """Made from what stands, by a machine, and nobody has said yet that it is right."""

    OUTDATED = "outdated"
    MISSING = "missing"


class Said(NamedTuple):
    """A text and the language it is really in."""

    text: str
    lang: str


class Made(NamedTuple):
    """A text as it was made: from which text in which language, and whether by a machine alone."""

    source: str
    text: str
    source_language: str = ENGLISH
    machine: bool = False


class Translations:
    """The texts of one language by subject."""

    def __init__(self, language: str, texts: Mapping[str, Made]) -> None:
        self.language = language
        self.texts = texts

    @cached_property
    def by_source(self) -> dict[Said, Made]:
        """The texts by what they were made from, for what is said twice is translated once.

        Where several were, the first that a person made or read.
        """
        first: dict[Said, Made] = {}
        for one in sorted(self.texts.values(), key=lambda one: one.machine):
            first.setdefault(Said(one.source, one.source_language), one)
        return first

    def made_from(self, subject: str, source: Said) -> Made | None:
        """The text made from this one, for the subject or another that says the same: entries may move."""
        own = self.texts.get(subject)
        fits = own is not None and (own.source, own.source_language) == source
        return own if fits else self.by_source.get(source)


class LanguageTree:
    """All that is said of a catalogue: in the language it is written in, in English, in other languages."""

    def __init__(self, record_language: str, *languages: Translations) -> None:
        self.record_language = record_language
        self.languages = {one.language: one for one in languages}

    def state(self, language: str, subject: str, words: str, own: Own = None) -> TextState:
        """What the text of a subject is worth; `words` is what the catalogue says now."""
        if language == self.record_language or language in (own or {}):
            return TextState.UP_TO_DATE
        if made := self._made(language, subject, words, own or {}):
            return TextState.MACHINE if made.machine else TextState.UP_TO_DATE
        known = self.languages.get(language)
        return TextState.OUTDATED if known and subject in known.texts else TextState.MISSING

    def say(self, language: str, subject: str, words: str, own: Own = None) -> Said:
        """The text of a subject in this language, or the nearest below it in the tree."""
        return self._right(language, subject, words, own or {}) or self.source(language, subject, words, own)

    def source(self, language: str, subject: str, words: str, own: Own = None) -> Said:
        """What a text in this language is to be made from."""
        if language != ENGLISH and self.record_language != ENGLISH:
            english = self._right(ENGLISH, subject, words, own or {})
            if english:
                return english
        return Said(words, self.record_language)

    def _right(self, language: str, subject: str, words: str, own: Mapping[str, str]) -> Said | None:
        if language == self.record_language:
            return Said(words, language)
        if language in own:
            return Said(own[language], language)
        made = self._made(language, subject, words, own)
        return Said(made.text, language) if made else None

    def _made(self, language: str, subject: str, words: str, own: Mapping[str, str]) -> Made | None:
        """A text made from what is right now one step below, or from the catalogue's own words."""
        known = self.languages.get(language)
        if known is None:
            return None
        below = self.source(language, subject, words, own)
        made = known.made_from(subject, below)
        return made or known.made_from(subject, Said(words, self.record_language))
