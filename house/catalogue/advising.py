"""What an adviser tells about one entry of the catalogue, by what is asked; and which texts that were.

What there is to tell is put together in `advice.py`. Each line knows the language that it is in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from house.catalogue import stored_texts
from house.catalogue.entries import ROUTES_SLUG, Kind
from house.catalogue.language_tree import Said
from house.catalogue.shelf import Shelf, shelf
from house.catalogue.versions import published_number
from house.problems import NotHere


class Topic(StrEnum):
    """What people ask about a service."""

    FOR_WHOM = "for_whom"
    BRING = "bring"
    FIRST = "first"
    BY_WHEN = "by_when"
    HOW = "how"
    COST = "cost"
    OTHERS = "others"


class About(NamedTuple):
    """One entry that can be asked about: a service, an offer, or a way out by its number from 1."""

    kind: Kind
    slug: str

    @property
    def code(self) -> str:
        """The same as one word, for a form and for the log."""
        return f"{self.kind.value}:{self.slug}"


class Line(NamedTuple):
    """One text of the catalogue and under which condition it counts; or a code, which the page has words for.

    A code is ("whom", conditions), ("mode", how it is done), ("here", None) or ("fee", kroner).
    """

    said: Said | None
    subject: str | None = None
    when: Mapping[str, Any] | None = None
    ask: Said | None = None
    """The authority to ask about it."""
    code: tuple[str, Any] | None = None


class Given(NamedTuple):
    """Which version of which text was given, in which language."""

    subject: str
    language: str
    number: int


@dataclass(frozen=True)
class Advice:
    """Everything there is to tell about an entry, by topic, in the order in which people ask."""

    about: About
    name: Line
    authority: Line | None
    topics: Mapping[Topic, tuple[Line, ...]]
    link: str | None = None

    def lines(self, topics: Iterable[Topic] = tuple(Topic)) -> list[Line]:
        """What is told of these topics, with the names that stand above."""
        wanted = set(topics)
        told = [one for topic, lines in self.topics.items() if topic in wanted for one in lines]
        return [self.name, *([self.authority] if self.authority else []), *told]


def read_about(code: str) -> About:
    """An entry from its code; raises `NotHere` for what is none."""
    kind, _, slug = code.partition(":")
    if kind not in (Kind.SERVICE, Kind.OFFER, Kind.ROUTES) or not slug:
        raise NotHere()
    return About(Kind(kind), slug)


# --- which texts those were -------------------------------------------------------------------------------


def texts_given(session: Session, lines: Iterable[Line]) -> list[Given]:
    """The version of every text among these lines, in the language that it was said in.

    Ask while the same language is spoken. What is in the catalogue's own words has its entry's published
    version; so have its codes.
    """
    found, told = shelf(session), [(one.subject, one.said) for one in lines if one.subject and one.said]
    numbers = {tag: stored_texts.numbers(session, tag) for tag in {said.lang for _, said in told}}
    entries: dict[tuple[Kind, str], int] = {}
    return list(dict.fromkeys(_given(session, found, *one, numbers, entries) for one in told))


def _given(
    session: Session, found: Shelf, subject: str, said: Said,
    numbers: Mapping[str, Mapping[str, int]], entries: dict[tuple[Kind, str], int],
) -> Given:  # fmt: skip
    known = found.tree.languages.get(said.lang)
    if known is not None:
        own = known.texts.get(subject)
        same = own is not None and own.text == said.text
        # An entry may have moved: then another subject says the same.
        others = (path for path, one in known.texts.items() if one.text == said.text)
        whose = subject if same else next(others, None)
        if whose is not None:
            return Given(whose, said.lang, numbers[said.lang].get(whose, 0))
    entry = _entry_of(subject)
    if entry not in entries:
        entries[entry] = published_number(session, *entry)
    return Given(subject, said.lang, entries[entry])


def _entry_of(subject: str) -> tuple[Kind, str]:
    kind, slug, *_rest = subject.split("/")
    return (Kind.ROUTES, ROUTES_SLUG) if kind == "route" else (Kind(kind), slug)


def entry_version(session: Session, about: About) -> int:
    """Which version of the entry is published; 0 where none was written down."""
    slug = ROUTES_SLUG if about.kind is Kind.ROUTES else about.slug
    return published_number(session, about.kind, slug)
