"""Files of texts and what stands: giving it out, what a file that comes in would change, taking it over."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy.orm import Session

from house.catalogue.bundled import HOUSE
from house.catalogue.exchanging import Row, read, write_csv, write_xliff
from house.catalogue.language_tree import TextState
from house.catalogue.publishing import NotYours
from house.catalogue.storing import lock
from house.catalogue.translating import May, NewText, all_items, anybody, sound, write_texts
from house.catalogue.worklist import Item
from house.plain import clean_line
from house.problems import Problem


class Change(NamedTuple):
    """A text that a file would write."""

    item: Item
    text: str
    machine: bool

    @property
    def wanted(self) -> NewText:
        return NewText(self.item.subject, self.item.mark, self.text, self.machine)


class Incoming(NamedTuple):
    """What a file would do: texts it writes, and how many rows do nothing, by why."""

    changes: list[Change]
    refused: list[tuple[str, Problem]]
    """Subjects whose text cannot be taken."""

    other_source: list[str]
    """Subjects of which the file has another source than the catalogue now."""

    unknown: list[str]
    same: int
    empty: int

    def lines(self) -> list[str]:
        """The same in sentences for the command line."""
        said = [f"Writes: {one.item.subject}." for one in self.changes]
        said += [f"Refused: {subject} ({problem.code})." for subject, problem in self.refused]
        said += [f"Made from another source: {subject}." for subject in self.other_source]
        said += [f"Not in the catalogue: {subject}." for subject in self.unknown]
        return [*said, f"Written {len(self.changes)}, the same {self.same}, empty {self.empty}."]


def incoming(
    rows: Iterable[Row], several: Iterable[Item], *, machine: bool = False, may: May = anybody
) -> Incoming:
    """Compare a file with what stands; of a subject that comes twice, the last counts.

    `machine` says that a machine made every new text of the file; who brings it `may` write these paths.
    """
    items = {one.subject: one for one in several}
    changes: list[Change] = []
    refused: list[tuple[str, Problem]] = []
    other_source, unknown, same, empty = [], [], 0, 0
    for row in {row.subject: row for row in rows}.values():
        item = items.get(row.subject)
        if not row.text.strip():
            empty += 1
        elif item is None:
            unknown.append(row.subject[:120])
        elif item.own:  # what an entry says itself is written there and not here
            same += 1
        elif clean_line(row.source) != clean_line(item.source.text):
            other_source.append(row.subject)
        else:
            try:
                text = sound(row.text)
            except Problem as problem:
                refused.append((row.subject, problem))
                continue
            if not _says_something_new(row, item, text):
                same += 1
            elif not may(row.subject):
                refused.append((row.subject, NotYours()))
            else:
                by_machine = (machine or row.machine) and item.text != text
                changes.append(Change(item, text, by_machine))
    return Incoming(changes, refused, other_source, unknown, same, empty)


def _says_something_new(row: Row, item: Item, text: str) -> bool:
    """A text that stands already is no news; that a person has finished it now may be."""
    if clean_line(item.text) != text:
        return True
    return item.state is not TextState.UP_TO_DATE and not row.unfinished


def import_texts(
    session: Session, language: str, data: bytes, *, machine: bool = False, dry_run: bool = False
) -> Incoming:
    """Take a file's texts over, all that can be taken; with `dry_run` only say what that would be."""
    if not dry_run:
        lock(session)
    found = incoming(read(data, language), all_items(session, language), machine=machine)
    if not dry_run:
        write_texts(session, language, [one.wanted for one in found.changes], HOUSE)
    return found


def export_texts(session: Session, language: str, as_csv: bool, *, only_to_do: bool = False) -> bytes:
    """The texts of a language as CSV or XLIFF, those aside that entries say themselves."""
    wanted = [
        one
        for one in all_items(session, language)
        if not one.own and not (only_to_do and one.state is TextState.UP_TO_DATE)
    ]
    return write_csv(wanted, language) if as_csv else write_xliff(wanted, language)
