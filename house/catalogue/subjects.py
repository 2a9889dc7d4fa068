"""Every human text of a catalogue by a path that stays readable, such as "service/cpr_registration/facts/2".

Only what a public page can show is a subject: names for machines, sources, questions to the authorities and
what the sources disagree about are not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Record = Mapping[str, Any]
Subject = tuple[str, str]
"""A path, and the text in the catalogue's own language."""

GOOD_TO_KNOW = (
    "facts", "rules", "channels", "alternatives", "checklist", "duty_when", "nordic_rule", "requires_waiver",
    "x_cautions",
)  # fmt: skip
"""Entries of a service with a text each, one or a list."""

_KEYS = dict.fromkeys(GOOD_TO_KNOW, "text") | {
    "processing": "text", "deadline": "rule", "sub_deadlines": "rule",
    "earliest": "rule", "personal_appearance": "value", "family_must_attend": "value",
    "requires_held": "item",
}  # fmt: skip


def record_language(catalogue: Record) -> str:
    """The language that the catalogue itself is written in."""
    return str((catalogue.get("meta") or {}).get("language_of_record") or "en")


def subjects(catalogue: Record) -> Iterator[Subject]:
    """Every text of a catalogue that is translated, in the catalogue's order."""
    language = record_language(catalogue)
    for authority in catalogue.get("authorities") or ():
        yield f"authority/{authority['id']}/name", authority_name(authority, language)
    for service in catalogue.get("services") or ():
        yield from of_service(service, language)
    for offer in catalogue.get("offers") or ():
        yield f"offer/{offer['id']}/name", offer["name"]
        if offer.get("rule"):
            yield f"offer/{offer['id']}/rule", offer["rule"]
    for number, route in enumerate(catalogue.get("routes_out") or (), start=1):
        yield f"route/{number}/to", route["to"]
    served = (catalogue.get("meta") or {}).get("ics_north_municipalities") or {}
    if served.get("rule"):
        yield "meta/ics_north_municipalities/rule", served["rule"]


def own_words(catalogue: Record) -> dict[str, dict[str, str]]:
    """What entries say of themselves in other languages than the catalogue's own, by path and language."""
    language, found = record_language(catalogue), {}
    for authority in catalogue.get("authorities") or ():
        found[f"authority/{authority['id']}/name"] = authority_names_in(authority, language)
    for service in catalogue.get("services") or ():
        found[f"service/{service['id']}/name"] = service_names_in(service, language)
        for number, paper in enumerate(service.get("documents") or (), start=1):
            found[f"service/{service['id']}/document/{number}"] = paper_words_in(paper, language)
    return {path: words for path, words in found.items() if words}


def authority_names_in(record: Record, language: str) -> dict[str, str]:
    """The names an authority gives itself in other languages than the catalogue's."""
    names = {key.removeprefix("name_"): name for key, name in record.items() if key.startswith("name_")}
    return {tag: name for tag, name in names.items() if tag != language}


def service_names_in(record: Record, language: str) -> dict[str, str]:
    """The names a service gives itself in other languages than the catalogue's."""
    return {tag: name for tag, name in record["name"].items() if tag != language}


def authority_name(record: Record, language: str) -> str:
    """The name of an authority in the catalogue's own language."""
    return str(record[f"name_{language}"])


def service_name(record: Record, language: str) -> str:
    """The name of a service in the catalogue's own language."""
    return str(record["name"][language])


def document_texts(record: Record, language: str = "en") -> list[str]:
    """A service's papers and the notes between them, in order."""
    papers = record.get("documents") or ()
    return [paper.get(language) or paper["note"] for paper in papers]


def paper_words_in(document: Record, language: str) -> dict[str, str]:
    """What a paper is called in other languages than the catalogue's."""
    return {tag: text for tag, text in document.items() if len(tag) == 2 and tag != language}


def is_paper(document: Record) -> bool:
    """Whether an entry among the documents is a paper to bring, not a note."""
    return any(len(key) == 2 for key in document)


def entries(record: Record, name: str) -> list[tuple[str, Any]]:
    """The entries of a service under this name with their paths, be it one or a list of them."""
    found, path = record.get(name), f"service/{record['id']}/{name}"
    if isinstance(found, list):
        return [(f"{path}/{number}", one) for number, one in enumerate(found, start=1)]
    return [(path, found)] if found else []


def is_told(entry: Any) -> bool:
    """Whether an entry may be told: a deadline on which the sources disagree would be believed."""
    return not isinstance(entry, Mapping) or entry.get("status") != "unresolved"


def of_service(record: Record, language: str) -> Iterator[Subject]:
    """Every text of one service that is told."""
    path = f"service/{record['id']}"
    yield f"{path}/name", service_name(record, language)
    yield from _papers(record, path, language)
    for name, key in _KEYS.items():
        for where, entry in entries(record, name):
            if is_told(entry):
                yield from _entry(where, entry, key)
    if record.get("rut"):
        yield from _entry(f"{path}/rut/deadline", record["rut"]["deadline"], "rule")
    for name in ("outcome", "requires_note"):
        if record.get(name):
            yield f"{path}/{name}", record[name]
    for name, text in (record.get("place_rule") or {}).items():
        if isinstance(text, str):
            yield f"{path}/place_rule/{name}", text
    if note := (record.get("fee") or {}).get("note"):
        yield f"{path}/fee/note", note


def _papers(record: Record, path: str, language: str) -> Iterator[Subject]:
    papers = record.get("documents") or ()
    texts = document_texts(record, language)
    for number, (paper, text) in enumerate(zip(papers, texts, strict=True), start=1):
        yield f"{path}/document/{number}", text
        if is_paper(paper) and paper.get("note"):
            yield f"{path}/document/{number}/note", paper["note"]


def _entry(where: str, entry: Any, key: str) -> Iterator[Subject]:
    if isinstance(entry, str):
        yield where, entry
        return
    yield where, str(entry[key])
    if entry.get("note"):
        yield f"{where}/note", entry["note"]
