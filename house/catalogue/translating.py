"""Writing texts of the catalogue in other languages, a version after another.

Who writes says by a mark what was on the page: when the source or the text is another now, nothing is
written.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from house import audit
from house.catalogue.language_tree import ENGLISH, LanguageTree, Made, TextState
from house.catalogue.publishing import NotYours
from house.catalogue.shelf import new_edition
from house.catalogue.stored_texts import add_version, numbers, translations
from house.catalogue.storing import lock, stored
from house.catalogue.subjects import record_language
from house.catalogue.text_models import Origin
from house.catalogue.worklist import Item, alike, items
from house.plain import clean_line, has_cpr
from house.problems import Moved, NotHere, Problem

LONGEST = 2000
May = Callable[[str], bool]
"""Whether somebody may write a text by its path (`owning.texts_of`)."""


def anybody(_subject: str) -> bool:
    """The house itself: the command line and administrators who take in a bundle."""
    return True


class Changed(Moved):
    """Somebody wrote the text, or changed what it is made from, while it was being written."""

    code = "text_changed"

    def __init__(self, item: Item) -> None:
        super().__init__()
        self.item = item


class NewText(NamedTuple):
    """A text as somebody wants it, for an item that carried this mark."""

    subject: str
    mark: str
    text: str
    machine: bool = False


def all_items(session: Session, language: str) -> list[Item]:
    """Every text of the catalogue as it stands in a language now; NotHere for the catalogue's own."""
    catalogue = stored(session)
    if language == record_language(catalogue):
        raise NotHere()
    tree = tree_of(session, catalogue, language)
    return list(items(catalogue, language, tree, numbers(session, language)))


def every_language(session: Session, languages: Collection[str]) -> dict[str, list[Item]]:
    """Every text of the catalogue in each of these languages but the catalogue's own."""
    catalogue = stored(session)
    wanted = [one for one in languages if one != record_language(catalogue)]
    tree = tree_of(session, catalogue, *wanted)
    return {one: list(items(catalogue, one, tree, {})) for one in wanted}


def tree_of(session: Session, catalogue: Mapping[str, Any], *languages: str) -> LanguageTree:
    """The tree of a catalogue with these languages in it."""
    record = record_language(catalogue)
    return LanguageTree(record, *translations(session, {*languages, ENGLISH} - {record}))


def write_text(
    session: Session, language: str, new: NewText, actor: str, *, everywhere: bool = False, may: May = anybody
) -> int:
    """Write a version of a text; `everywhere` also where the same is said and nobody wanted it otherwise.
    Only texts that the writer `may` write by their paths are: the one of the page is refused (NotYours).

    Returns how many subjects were written; none where it already says so. Raises NotHere for what the
    catalogue does not say, Changed when the page is no longer true, Problem for a text that cannot be taken.
    """
    by_subject = _locked(session, language)
    item = _as_seen(by_subject, new.subject, new.mark, may)
    text = sound(new.text)
    wanted = [item, *(alike(by_subject.values(), item) if everywhere else ())]
    wanted = [one for one in wanted if may(one.subject)]
    differing = [one for one in wanted if one.state is not TextState.UP_TO_DATE or one.text != text]
    for one in differing:
        _add(session, language, one, new, actor)
    return _noted(session, actor, "text_written", language, new.subject, len(differing))


def write_texts(
    session: Session, language: str, several: Sequence[NewText], actor: str, may: May = anybody
) -> int:
    """Write several texts, all of them or none; refuses like `write_text`."""
    by_subject = _locked(session, language)
    for new in several:
        _add(session, language, _as_seen(by_subject, new.subject, new.mark, may), new, actor)
    subject = several[0].subject if several else ""
    return _noted(session, actor, "texts_brought_in", language, subject, len(several))


def confirm_text(
    session: Session, language: str, subject: str, mark: str, actor: str, may: May = anybody
) -> int:
    """A person read a machine's text and finds it right, wherever it says the same.

    Returns how many subjects that were; refuses like `write_text`.
    """
    by_subject = _locked(session, language)
    item = _as_seen(by_subject, subject, mark, may)
    if item.state is not TextState.MACHINE:
        raise Changed(item)
    same = (one for one in by_subject.values() if (one.source, one.text) == (item.source, item.text))
    read = [one for one in same if one.state is TextState.MACHINE and may(one.subject)]
    for one in read:
        made = Made(one.source.text, one.text, one.source.lang)
        add_version(session, one.subject, language, made, Origin.CONFIRMED, actor)
    return _noted(session, actor, "text_confirmed", language, subject, len(read))


def sound(text: str) -> str:
    """The text as it is stored: one line, no sign that cannot be seen; Problem when it cannot be taken."""
    line = clean_line(text[: LONGEST * 2])
    if not line:
        raise Problem("no_text")
    if len(line) > LONGEST or len(text) > LONGEST * 2:
        raise Problem("text_too_long", longest=LONGEST)
    if has_cpr(line):
        raise Problem("text_with_cpr")
    return line


def _locked(session: Session, language: str) -> dict[str, Item]:
    """Every text as it stands, read after the catalogue's lock: one writer at a time, in all processes."""
    lock(session)
    return {item.subject: item for item in all_items(session, language)}


def _as_seen(by_subject: Mapping[str, Item], subject: str, mark: str, may: May) -> Item:
    item = by_subject.get(subject)
    if item is None or item.own:
        raise NotHere()
    if not may(subject):
        raise NotYours()
    if item.mark != mark:
        raise Changed(item)
    return item


def _add(session: Session, language: str, item: Item, new: NewText, actor: str) -> None:
    made = Made(item.source.text, sound(new.text), item.source.lang, new.machine)
    read = item.state is TextState.MACHINE and item.text == made.text
    origin = Origin.MACHINE if new.machine else Origin.CONFIRMED if read else Origin.WRITTEN
    add_version(session, item.subject, language, made, origin, actor)


def _noted(session: Session, actor: str, verb: str, language: str, subject: str, number: int) -> int:
    if number:
        session.flush()
        audit.record(session, actor, verb, f"text {language} {subject}", number=number)
        new_edition(session)
    return number
