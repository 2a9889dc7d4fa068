"""The texts that come with the house, a file for each language, and taking them into its database."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from sqlalchemy.orm import Session

from house.catalogue.language_tree import ENGLISH, Made, Said, Translations
from house.catalogue.stored_texts import add_versions, translations
from house.catalogue.subjects import own_words, record_language, subjects
from house.catalogue.text_models import Origin

FOLDER = Path(__file__).parent / "texts"
HOUSE = "house"
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class NewText(NamedTuple):
    """A bundled text that is not stored yet."""

    subject: str
    language: str
    made: Made


@lru_cache(maxsize=1)
def bundled_translations() -> tuple[Translations, ...]:
    """The texts that come with the house; one is a machine's until its entry says `read: true`."""
    found = []
    for path in sorted(FOLDER.glob("*.yaml")):
        entries = yaml.load(path.read_text("utf-8"), _Loader) or ()  # noqa: S506 - a safe loader
        texts = {
            entry["of"]: Made(entry["en"], entry["text"], ENGLISH, not entry.get("read")) for entry in entries
        }
        found.append(Translations(path.stem, texts))
    return tuple(found)


def texts_to_take_over(session: Session, catalogue: Mapping[str, Any]) -> list[NewText]:
    """Which bundled texts of this catalogue are new.

    A stored text is replaced only when it is outdated and the bundled one is not; an entry's own words need
    none. The bundled texts are made from English, so a catalogue in another language takes none.
    """
    if record_language(catalogue) != ENGLISH:
        return []
    found, own = [], own_words(catalogue)
    files = bundled_translations()
    known = {one.language: one for one in translations(session, [file.language for file in files])}
    for bundled in files:
        for subject, english in subjects(catalogue):
            if bundled.language not in own.get(subject, {}):
                source = Said(english, ENGLISH)
                stored, made = known[bundled.language].texts.get(subject), bundled.made_from(subject, source)
                if stored is None:
                    made = made or bundled.texts.get(subject)
                elif Said(stored.source, stored.source_language) == source:
                    continue
                if made:
                    found.append(NewText(subject, bundled.language, made))
    return found


def take_over_texts(session: Session, texts: Collection[NewText]) -> None:
    """Store these texts, each as the version that counts. The caller holds the catalogue's lock."""
    origins = {True: Origin.MACHINE, False: Origin.WRITTEN}
    add_versions(
        session,
        [(subject, language, made, origins[made.machine]) for subject, language, made in texts],
        HOUSE,
    )
    session.flush()
