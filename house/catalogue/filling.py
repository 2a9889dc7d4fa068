"""The texts that come with the house, as files: what is still to be translated, and taking translations in.

Who translates gets every English text once, however often the catalogue says it. These files are the house's
own and lie beside the code; what staff of a running house write rests in its database.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from house.catalogue.bundled import FOLDER, bundled_translations
from house.catalogue.catalogue_file import BrokenCatalogue, read_file
from house.catalogue.language_tree import ENGLISH, Said, Translations
from house.catalogue.subjects import own_words, subjects

Entry = dict[str, str]
KEYS = {"of", "en", "text"}
JOINERS = "‌‍"
"""Persian and Arabic need these; every other sign without a shape is refused."""


class Filled(NamedTuple):
    """What came of a filled-in file: entries taken, and sentences for whoever translated."""

    taken: int
    refused: list[str]
    look_again: list[str]


def still_to_do(language: str, catalogue: Path) -> list[Entry]:
    """Every text of a catalogue file that the bundled texts of a language lack, each English once."""
    known, seen, found = _bundled(language), set(), []
    for subject, english in _wanted(language, catalogue).items():
        if english not in seen and not known.made_from(subject, Said(english, ENGLISH)):
            found.append({"of": subject, "en": english, "text": ""})
        seen.add(english)
    return found


def fill(language: str, catalogue: Path, entries: Any, folder: Path = FOLDER) -> Filled:
    """Add translations to the bundled texts of a language; what is not sound is named and left out.

    Texts made from another English than the catalogue's, and texts that the catalogue says in this language
    itself, are dropped: the file holds what readers see now.
    """
    wanted, path = _wanted(language, catalogue), folder / f"{language}.yaml"
    old = yaml.safe_load(path.read_text("utf-8")) if path.exists() else None
    texts = {one["of"]: one for one in old or () if one["en"] == wanted.get(one["of"])}
    refused: list[str] = []
    look_again: list[str] = []
    taken = 0
    for number, entry in enumerate(entries if isinstance(entries, list) else [entries], start=1):
        reason = _fault(entry, wanted)
        if reason == "":
            texts[entry["of"]] = {name: entry[name] for name in ("of", "en", "text")}
            look_again += _doubts(entry)
            taken += 1
        elif reason:
            refused.append(f"Entry {number}: {reason}")
    if taken:
        path.write_text(written([texts[subject] for subject in wanted if subject in texts]), "utf-8")
        bundled_translations.cache_clear()
    return Filled(taken, refused, look_again)


def written(entries: list[Entry]) -> str:
    """Entries as YAML that people can work in: a line for each English and one for its text."""
    blocks = (
        f"- of: {one['of']}\n  en: {_quoted(one['en'])}\n  text: {_quoted(one['text'])}\n" for one in entries
    )
    return "".join(blocks) or "[]\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _bundled(language: str) -> Translations:
    found = [one for one in bundled_translations() if one.language == language]
    return found[0] if found else Translations(language, {})


def _wanted(language: str, catalogue: Path) -> dict[str, str]:
    """The English of every subject that this language needs: none where the entry has words of its own."""
    data = _read(catalogue)
    own = own_words(data)
    return {subject: english for subject, english in subjects(data) if language not in own.get(subject, {})}


def _read(catalogue: Path) -> Mapping[str, Any]:
    file = read_file(catalogue)
    if file.findings:
        raise BrokenCatalogue(file.findings)
    return file.data


def _fault(entry: Any, wanted: Mapping[str, str]) -> str | None:
    """Why an entry is not taken; nothing when it is, None when it is only not translated yet."""
    if not isinstance(entry, dict) or not set(entry) >= KEYS or set(map(type, entry.values())) != {str}:
        return "it needs `of`, `en` and `text`, each a text in quotes."
    if not entry["text"].strip():
        return None
    if wanted.get(entry["of"]) != entry["en"]:
        return f"the catalogue does not say this English at {entry['of'][:80]}, or has own words there."
    if any(unicodedata.category(one)[0] == "C" and one not in JOINERS for one in entry["text"]):
        return "its text holds a sign that cannot be seen, such as one that turns the direction round."
    return ""


def _doubts(entry: Entry) -> Iterator[str]:
    """Numbers of the English that are not in the text: mostly a slip, sometimes "1" that became "one"."""
    there = _numbers(entry["text"])
    missing = [number for number in _numbers(entry["en"]) if number not in there]
    if missing:
        yield f"{entry['of']}: {', '.join(missing)} stands only in the English."


def _numbers(text: str) -> list[str]:
    """The runs of digits in a text, in any script, as 0-9."""
    plain = "".join(str(unicodedata.decimal(sign, " ")) for sign in text)
    return plain.split()
