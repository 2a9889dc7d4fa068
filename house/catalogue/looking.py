"""Looking for services and authorities by a few words: what the directory can be asked by, and the answer.

The index of a language is made once per edition of the catalogue; how it finds is `finding.py`'s.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from weakref import WeakKeyDictionary

from house.catalogue.describing import Description, describe
from house.catalogue.everyday import everyday
from house.catalogue.finding import Hit, Index, Saying
from house.catalogue.shelf import AuthorityView, Shelf
from house.languages import LANGUAGES, current

NAME, ELSEWHERE_NAME, EVERYDAY, OTHER_EVERYDAY = 1.0, 0.9, 0.95, 0.8
OF_AUTHORITY, PAPER, FACT = 0.35, 0.3, 0.2
"""How much each kind of text says about what it stands at."""
SPOKEN_BY_ALL = ("en", "da")
"""Whose everyday words are known in every language: newcomers pick them up within days."""
FROM_OTHER_LANGUAGES = 0.8
CLEARLY = 0.5
"""An authority is answered beside a better service from this part of its score."""

_indexes: WeakKeyDictionary[Shelf, Index] = WeakKeyDictionary()


@dataclass(frozen=True)
class Found:
    """What a few words found: slugs, best first; or else what looks a little like them."""

    services: tuple[str, ...]
    authorities: tuple[str, ...]
    near: tuple[str, ...] = ()
    """Services with names a little like the words, only where nothing was found."""


def look(shelf: Shelf, question: str) -> Found:
    """The services and authorities that somebody probably means, in the shelf's language or any other."""
    index = index_of(shelf)
    asked = index.read(question)
    hits = index.find(asked)
    if not index.knows(asked):
        everywhere = _all_languages()
        hits = _merged(hits, everywhere.find(everywhere.read(question)))
    services = Index.worth_showing([hit for hit in hits if hit.of[0] == "s" and hit.of[1:] in shelf.by_slug])
    authorities = [hit for hit in hits if hit.of[0] == "a" and hit.of[1:] in shelf.authority_by_slug]
    clear = [hit for hit in Index.worth_showing(authorities) if hit.score >= CLEARLY * hits[0].score]
    near = () if services or clear else (of[1:] for of in index.near(asked) if of[0] == "s")
    return Found(tuple(hit.of[1:] for hit in services), tuple(hit.of[1:] for hit in clear), tuple(near))


def index_of(shelf: Shelf) -> Index:
    """The index of a shelf, made when it is first asked for."""
    index = _indexes.get(shelf)
    if index is None:
        little = [everyday(tag).little for tag in _spoken(current().tag)]
        index = _indexes[shelf] = Index(_sayings(shelf), little)
    return index


def _merged(here: list[Hit], elsewhere: list[Hit]) -> list[Hit]:
    best = {hit.of: hit.score for hit in here}
    for hit in elsewhere:
        best[hit.of] = max(best.get(hit.of, 0), FROM_OTHER_LANGUAGES * hit.score)
    return [Hit(of, score) for of, score in sorted(best.items(), key=lambda one: -one[1])]


@lru_cache(maxsize=1)
def _all_languages() -> Index:
    """The everyday words of every language, for who types Polish on an English page."""
    tags = [language.tag for language in LANGUAGES]
    sayings = (saying for tag in tags for saying in _everyday_of(tag, EVERYDAY))
    return Index(sayings, [everyday(tag).little for tag in tags])


def _spoken(tag: str) -> list[str]:
    return list(dict.fromkeys((tag, *SPOKEN_BY_ALL)))


def _everyday_of(tag: str, weight: float) -> Iterator[Saying]:
    words = everyday(tag)
    for kind, lists in (("s", words.services), ("a", words.authorities)):
        yield from (Saying(kind + slug, text, weight) for slug, texts in lists.items() for text in texts)


def _sayings(shelf: Shelf) -> Iterator[Saying]:
    """Everything the services and authorities of a shelf can be found by."""
    here = current().tag
    for service in shelf.services:
        of = f"s{service.slug}"
        yield Saying(of, service.name, NAME)
        yield from (Saying(of, name, ELSEWHERE_NAME) for name in service.record["name"].values())
        yield Saying(of, service.slug.replace("_", " "), ELSEWHERE_NAME)
        for name in _names(shelf.authorities[service.authority_id]):
            yield Saying(of, name, OF_AUTHORITY)
        yield from _small_print(of, describe(shelf, service))
    for authority in shelf.authorities.values():
        yield from (Saying(f"a{authority.slug}", name, NAME) for name in _names(authority))
    for tag in _spoken(here):
        yield from _everyday_of(tag, EVERYDAY if tag == here else OTHER_EVERYDAY)


def _names(authority: AuthorityView) -> list[str]:
    own = [text for key, text in authority.record.items() if key.startswith("name_")]
    return [authority.name.text, *own]


def _small_print(of: str, about: Description) -> Iterator[Saying]:
    """The papers and facts of a service."""
    yield from (Saying(of, one.said.text, PAPER) for one in about.papers)
    facts = (*about.good_to_know, *about.deadlines, *about.expected, about.outcome)
    yield from (Saying(of, one.said.text, FACT) for one in facts if one)
