"""Texts as files for translators: XLIFF 1.2 and CSV, out and in. A file that comes back may hold anything.

XLIFF is written and read by translate-toolkit, loaded only here and only when needed. CSV is the standard
library's: the toolkit guesses how a file is written, and never takes its escapes off again.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from house.catalogue.language_tree import TextState
from house.catalogue.worklist import Item
from house.problems import Problem

LARGEST = 2 * 1024 * 1024
MOST_ROWS = 10_000
COLUMNS = ("subject", "source_language", "source", "language", "text", "state")
FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")
"""What a spreadsheet takes for a formula: such a cell gets a sign before it, and loses it on its way in."""

_FORBIDDEN = re.compile(r"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ENCODING = re.compile(r"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([^"']*)["']""")
_UNFINISHED = frozenset({"new", "needs-translation", "needs-adaptation", "needs-l10n"})
_UNREAD = frozenset({"needs-review-translation", "needs-review-adaptation", "needs-review-l10n"})
_BY_MACHINE = frozenset({"mt-suggestion", "leveraged-mt", "fuzzy-match"})
_WAITING = frozenset({TextState.MACHINE, TextState.OUTDATED, TextState.MISSING})
_XLIFF_STATES = {
    TextState.UP_TO_DATE: "final", TextState.MACHINE: "needs-review-translation",
    TextState.OUTDATED: "needs-adaptation", TextState.MISSING: "new",
}  # fmt: skip


class Row(NamedTuple):
    """One text of a file: for which subject, made from what."""

    subject: str
    source: str
    source_language: str
    text: str
    unfinished: bool
    """The file says that it waits for a person."""

    machine: bool
    """The file says that a machine made it."""


class BrokenFile(Problem):
    """A file that cannot be read; the code says why."""

    code = "broken_file"


def write_csv(several: Iterable[Item], language: str) -> bytes:
    """Texts as CSV in UTF-8 with the mark by which spreadsheets know it."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(COLUMNS)
    for one in several:
        cells = (one.subject, one.source.lang, one.source.text, language, one.text, one.state.value)
        rows.writerow([f"'{cell}" if cell.startswith(FORMULA) else cell for cell in cells])
    return out.getvalue().encode("utf-8-sig")


def write_xliff(several: Iterable[Item], language: str) -> bytes:
    """Texts as XLIFF 1.2, a part for each language that they are made from."""
    from translate.storage.xliff import xlifffile

    store: Any = xlifffile(targetlanguage=language)
    for one in several:
        unit = store.addsourceunit(one.source.text, f"catalogue.{one.source.lang}", createifmissing=True)
        unit.xmlelement.set("id", one.subject)
        next(unit.xmlelement.iterancestors("{*}file")).set("source-language", one.source.lang)
        unit.settarget(one.text, language)
        unit.xmlelement[-1].set("state", _XLIFF_STATES[one.state])
        unit.markapproved(one.state is TextState.UP_TO_DATE)
        if one.was_made_from:
            unit.addnote(f"Made from: {one.was_made_from.text}", origin="developer")
    # The toolkit calls its files 1.1; what stands here is the same in 1.2, which translators' tools expect.
    head, file, rest = bytes(store).partition(b"<file")
    head = head.replace(b"document:1.1", b"document:1.2").replace(b'version="1.1"', b'version="1.2"')
    return head + file + rest


def read(data: bytes, language: str) -> list[Row]:
    """The texts of a file in this language, CSV or XLIFF; raises BrokenFile."""
    if len(data) > LARGEST:
        raise BrokenFile("file_too_large", megabytes=LARGEST // 1024 // 1024)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BrokenFile("file_not_utf8") from None
    if "\0" in text:
        raise BrokenFile("file_not_utf8")
    rows = list(_from_xliff(text, language) if text.lstrip().startswith("<") else _from_csv(text, language))
    if not rows:
        raise BrokenFile("file_empty")
    return rows


# --- CSV ----------------------------------------------------------------------------------------------------


def _from_csv(text: str, language: str) -> Iterator[Row]:
    """Rows under our headings, in whatever order; separated by comma, semicolon or tab, like the headings."""
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        if not {"subject", "source", "text"} <= set(rows.fieldnames or ()):
            raise BrokenFile("file_without_headings", headings=", ".join(COLUMNS))
        for number, row in enumerate(rows):
            if number >= MOST_ROWS:
                raise BrokenFile("file_too_long", most=MOST_ROWS)
            cells = {name: _cell(row.get(name)) for name in COLUMNS}
            if cells["language"] not in ("", language):
                raise BrokenFile("file_of_another_language", language=cells["language"])
            unfinished = cells["state"] in _WAITING  # a new text beside it was made by whoever sends the file
            yield Row(
                cells["subject"], cells["source"], cells["source_language"], cells["text"], unfinished, False
            )
    except csv.Error:
        raise BrokenFile("file_not_csv") from None


def _cell(cell: str | None) -> str:
    cell = cell or ""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell


# --- XLIFF --------------------------------------------------------------------------------------------------


def _from_xliff(text: str, language: str) -> Iterator[Row]:
    """The units of a file; nothing is read of one that brings entities along, be they harmless or a bomb."""
    declared = _ENCODING.match(text)
    if declared and declared[1].lower() not in ("utf-8", "utf8"):
        raise BrokenFile("file_not_utf8")
    if _FORBIDDEN.search(text):
        raise BrokenFile("file_with_entities")
    for number, unit in enumerate(_units(text)):
        if number >= MOST_ROWS:
            raise BrokenFile("file_too_long", most=MOST_ROWS)
        element = unit.xmlelement
        part = next(element.iterancestors("{*}file"), None)
        into = part.get("target-language", "") if part is not None else ""
        if into not in ("", language):
            raise BrokenFile("file_of_another_language", language=into)
        source_language = part.get("source-language", "") if part is not None else ""
        unfinished, machine = _state_of(element)
        yield Row(
            element.get("id", ""), unit.source or "", source_language, unit.target or "", unfinished, machine
        )


def _units(text: str) -> list[Any]:
    from translate.storage.xliff import xlifffile

    reader: Any = xlifffile
    try:
        return list(reader.parsestring(text.strip().encode("utf-8")).units)
    except (SyntaxError, AssertionError, StopIteration, ValueError, KeyError, AttributeError):
        raise BrokenFile("file_not_xliff") from None


def _state_of(unit: Any) -> tuple[bool, bool]:
    """Whether a unit waits for a person, and whether a machine made its text."""
    target = next(unit.iterchildren("{*}target"), None)
    if target is None or unit.get("approved") == "yes":
        return False, False
    state = target.get("state")
    machine = state in _UNREAD or target.get("state-qualifier") in _BY_MACHINE
    return machine or state in _UNFINISHED, machine
