"""What is to be done in a language: every text of the catalogue, its source, its state and its words now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Any, NamedTuple

from house.catalogue.language_tree import LanguageTree, Said, TextState
from house.catalogue.subjects import own_words, subjects

RIGHT = frozenset({TextState.UP_TO_DATE, TextState.MACHINE})
"""States in which readers see the text."""

OTHERS = {"authority": "authorities", "offer": "offers", "route": "routes_out", "meta": "meta"}
"""Entries that are counted together, by the first part of their path."""


class Item(NamedTuple):
    """One text to be said in one language."""

    subject: str
    source: Said
    """What it is to be made from."""

    state: TextState
    text: str
    """What readers of the language see, or saw until it was outdated; empty when missing."""

    was_made_from: Said | None
    """The source of an outdated text, as it was then."""

    number: int
    """The version that counts; 0 when there is none under this subject."""

    own: bool
    """Whether the entry says it itself: then it is changed there and not here."""

    @property
    def mark(self) -> str:
        """What a writer saw: another source or another version has another mark."""
        seen = "\0".join((self.subject, str(self.number), *self.source))
        return sha256(seen.encode()).hexdigest()[:16]

    @property
    def entry(self) -> str:
        """The service it belongs to, "service/mitid", or the kind of what it belongs to, "authorities"."""
        kind, name, *_ = self.subject.split("/")
        return OTHERS.get(kind) or f"{kind}/{name}"


def items(
    catalogue: Mapping[str, Any], language: str, tree: LanguageTree, numbers: Mapping[str, int]
) -> Iterator[Item]:
    """Every text of a catalogue as it stands in a language, in the catalogue's order."""
    own, known = own_words(catalogue), tree.languages.get(language)
    for subject, words in subjects(catalogue):
        itself = own.get(subject, {})
        state = tree.state(language, subject, words, itself)
        source = tree.source(language, subject, words, itself)
        then = known.texts.get(subject) if known and state is TextState.OUTDATED else None
        text, made_from = "", None
        if state in RIGHT:
            text = tree.say(language, subject, words, itself).text
        elif then:
            text, made_from = then.text, Said(then.source, then.source_language)
        yield Item(subject, source, state, text, made_from, numbers.get(subject, 0), language in itself)


def alike(several: Iterable[Item], item: Item) -> list[Item]:
    """The other texts that say the same and of which nobody has said that they should differ."""
    return [
        one
        for one in several
        if one.subject != item.subject
        and not one.own
        and one.source == item.source
        and (one.state is not TextState.UP_TO_DATE or one.text == item.text)
    ]


Counts = dict[TextState, int]
"""How many texts are in each state; every state is there."""


def counted(several: Iterable[Item]) -> Counts:
    """How many texts are in each state."""
    counts = Counter(one.state for one in several)
    return {state: counts[state] for state in TextState}


def counted_by_entry(several: Iterable[Item]) -> dict[str, Counts]:
    """The same for each entry, in the catalogue's order, services first."""
    entries: dict[str, list[Item]] = {}
    for one in several:
        entries.setdefault(one.entry, []).append(one)
    services_first = sorted(entries, key=lambda entry: not entry.startswith("service/"))
    return {entry: counted(entries[entry]) for entry in services_first}
