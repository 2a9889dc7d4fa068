"""The whole catalogue out of one house and into another: entries, texts and cases, with a look before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from house import audit, clock
from house.catalogue.bundle_file import CASES, CATALOGUE, BadBundle, Parts, pack, unpack
from house.catalogue.catalogue_file import (
    BrokenCatalogue,
    PlainDumper,
    Unreadable,
    check,
    decode,
    to_record,
    understand,
)
from house.catalogue.checking import Finding, Lines, deceptive_signs
from house.catalogue.editing_models import StaffCase
from house.catalogue.importing import Diff, export, import_checked
from house.catalogue.language_tree import Made
from house.catalogue.shelf import new_edition
from house.catalogue.stored_texts import add_versions, translations
from house.catalogue.storing import lock
from house.catalogue.subjects import record_language
from house.catalogue.text_models import Origin, Text
from house.catalogue.trying import UnreadableCase, readable_case, staff_cases
from house.languages import BY_TAG

LONGEST_TEXT = 4000
_NAMES = {"of", "source", "source_language", "text", "machine"}
Texts = dict[str, dict[str, Made]]


@dataclass(frozen=True)
class BundleDiff:
    """What a bundle changes: entries of the catalogue, texts by language, cases by title."""

    catalogue: Diff
    texts: Mapping[str, int]
    cases: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.catalogue or self.texts or self.cases)

    def lines(self) -> list[str]:
        """The change in sentences for the command line."""
        said = self.catalogue.lines() if self.catalogue else []
        said += [f"Texts in {language}: {number}." for language, number in self.texts.items()]
        said += [f"Case: {title}." for title in self.cases]
        return said or ["Nothing changes."]


# --- out ----------------------------------------------------------------------------------------------------


def bundle_out(session: Session) -> bytes:
    """The whole catalogue as a bundle."""
    parts = {CATALOGUE: export(session).encode()}
    cases = [{"title": one.title, "yaml": one.yaml} for one in staff_cases(session)]
    if cases:
        parts[CASES] = _yaml(cases)
    for language, texts in _stored_texts(session).items():
        parts[f"texts/{language}.yaml"] = _yaml([_entry(subject, made) for subject, made in texts.items()])
    return pack(parts)


def _stored_texts(session: Session) -> Texts:
    languages = sorted(session.scalars(select(Text.language).distinct()))
    return {one.language: dict(one.texts) for one in translations(session, languages)}


def _entry(subject: str, made: Made) -> dict[str, Any]:
    entry: dict[str, Any] = {"of": subject, "source": made.source, "text": made.text}
    if made.source_language != "en":
        entry["source_language"] = made.source_language
    return entry | ({"machine": True} if made.machine else {})


def _yaml(value: Any) -> bytes:
    text = yaml.dump(
        value, Dumper=PlainDumper, sort_keys=False, allow_unicode=True, default_flow_style=False, width=4096
    )
    return str(text).encode()


# --- in -----------------------------------------------------------------------------------------------------


def bundle_in(session: Session, data: bytes, actor: str, dry_run: bool = False) -> BundleDiff:
    """Take a bundle over, or with `dry_run` only say what would change.

    What the house has and the bundle has not of texts and cases stays; entries of the catalogue go. Raises
    BadBundle and BrokenCatalogue; then, and in a dry run, nothing is changed.
    """
    parts = unpack(data)
    catalogue = check(parts[CATALOGUE])
    if catalogue.findings:
        raise BrokenCatalogue(catalogue.findings)
    texts, cases = _texts(parts, record_language(to_record(catalogue.data))), _cases(parts)
    if not dry_run:
        lock(session)
    entries = import_checked(session, catalogue, dry_run, bundled_texts=False, actor=actor)
    there = _stored_texts(session)
    fresh = {
        language: {key: one for key, one in found.items() if there.get(language, {}).get(key) != one}
        for language, found in texts.items()
    }
    known = {one.title: one for one in staff_cases(session)}
    other = {title: text for title, text in cases.items() if title not in known or known[title].yaml != text}
    diff = BundleDiff(entries, {tag: len(one) for tag, one in fresh.items() if one}, tuple(other))
    if diff and not dry_run:
        _take_over(session, fresh, other, known, actor)
        edition = new_edition(session)
        audit.record(
            session, actor, "bundle_imported", f"catalogue {edition}",
            texts=sum(diff.texts.values()), cases=len(other),
        )  # fmt: skip
    return diff


def _take_over(
    session: Session, texts: Texts, cases: Mapping[str, str], known: Mapping[str, StaffCase], actor: str
) -> None:
    origins = {True: Origin.MACHINE, False: Origin.WRITTEN}
    new = [
        (subject, language, made, origins[made.machine])
        for language, found in texts.items()
        for subject, made in found.items()
    ]
    add_versions(session, new, actor)
    for title, text in cases.items():
        row = known.get(title) or StaffCase(title=title)
        row.yaml, row.changed_at = text, clock.now()
        session.add(row)
    session.flush()


def _texts(parts: Parts, record: str) -> Texts:
    found: Texts = {}
    for name, part in parts.items():
        if name.startswith("texts/"):
            language = name[6:8]
            if language not in BY_TAG or language == record:
                raise BadBundle(f"{name}: the house keeps no texts in this language.")
            found[language] = dict(_made(name, part))
    return found


def _made(name: str, part: bytes) -> Iterator[tuple[str, Made]]:
    lines: Lines = {(): 1}
    for number, entry in enumerate(_understood(name, part, lines)):
        line = lines.get((number,), 1)
        if not isinstance(entry, dict) or set(entry) - _NAMES or not {"of", "source", "text"} <= set(entry):
            raise BadBundle(f"{name}, line {line}: a text has of, source and text.")
        words = [entry["of"], entry["source"], entry["text"], entry.get("source_language", "en")]
        if not all(isinstance(one, str) and 0 < len(one) <= LONGEST_TEXT for one in words):
            raise BadBundle(f"{name}, line {line}: a text is missing or too long.")
        machine = entry.get("machine", False) is True
        yield entry["of"], Made(entry["source"], entry["text"], words[3], machine)


def _cases(parts: Parts) -> dict[str, str]:
    found = {}
    for entry in _understood(CASES, parts[CASES], {(): 1}) if CASES in parts else ():
        if not isinstance(entry, dict) or set(entry) != {"title", "yaml"}:
            raise BadBundle(f"{CASES}: a case has a title and its yaml.")
        try:
            readable_case(str(entry["yaml"]))
        except UnreadableCase as problem:
            raise BadBundle(f"{CASES}: {problem.reason}") from None
        found[str(entry["title"])[:80]] = str(entry["yaml"])
    return found


def _understood(name: str, part: bytes, lines: Lines) -> list[Any]:
    """A list from YAML, read as carefully as a catalogue."""
    findings: list[Finding] = []
    try:
        data = understand(decode(part), lines, findings)
    except Unreadable as fault:
        findings = [fault.finding]
        data = []
    findings += [Finding(lines.get(way[:1], 1), reason) for way, reason in deceptive_signs(data)]
    for one in findings:
        raise BadBundle(f"{name}, line {one.line}: {one.reason}")
    if not isinstance(data, list):
        raise BadBundle(f"{name} is not a list.")
    return data


__all__ = ["BadBundle", "BundleDiff", "bundle_in", "bundle_out"]
