"""The lists of terms that describe services: their kind, whom they are for, whether they are a duty."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from house.catalogue.hsds.audience import ACTOR, FACTS, admitted, codes_of
from house.catalogue.hsds.ids import id_of
from house.catalogue.hsds.voice import Voice

KIND, AUDIENCE, OBLIGATION = "service_kind", "audience", "obligation"
TAXONOMIES = (KIND, AUDIENCE, OBLIGATION)
VERSION = "1.0"
Record = dict[str, Any]
Term = tuple[str, ...]
"""The way to a term from its list: ("audience", "purpose", "student")."""


def taxonomies(voice: Voice) -> list[Record]:
    """Every list of terms."""
    return [
        {
            "id": id_of("taxonomy", name),
            **voice.taxonomy(name)._asdict(),
            "uri": f"{voice.profile}#{name}",
            "version": VERSION,
        }
        for name in TAXONOMIES
    ]


def terms(voice: Voice, lists: Iterable[Record], facts: Mapping[str, Any]) -> dict[Term, Record]:
    """Every term by the way to it, parents first; `facts` are the catalogue's `person_facts`."""
    by_id = {one["id"]: one for one in lists}
    return {term: _term(voice, term, by_id[id_of("taxonomy", term[0])]) for term in _ways(voice, facts)}


def _ways(voice: Voice, facts: Mapping[str, Any]) -> Iterator[Term]:
    yield from ((KIND, code) for code in voice.kinds)
    for fact in (ACTOR, *FACTS):
        yield AUDIENCE, fact
        yield from ((AUDIENCE, fact, code) for code in codes_of(facts, fact))
    yield from ((OBLIGATION, code) for code in voice.obligations)


def _term(voice: Voice, term: Term, of: Record) -> Record:
    *above, code = term
    parent = {"parent_id": id_of("term", *above)} if len(above) > 1 else {}
    return {
        "id": id_of("term", *term), "code": code, **voice.term(above[-1], code)._asdict(), **parent,
        "taxonomy": of["name"], "taxonomy_id": of["id"], "taxonomy_detail": of, "language": voice.tag,
    }  # fmt: skip


def describing(
    kind: str, duties: Iterable[str], groups: Iterable[Mapping[str, Any]], facts: Any
) -> list[Term]:
    """The terms of one service."""
    audience = [(AUDIENCE, fact, code) for fact, code in admitted(groups, facts)]
    return [(KIND, kind), *audience, *((OBLIGATION, duty) for duty in dict.fromkeys(duties))]


def attributes(owner: str, used: Iterable[Term], known: Mapping[Term, Record]) -> list[Record]:
    """Terms as attributes of a service."""
    return [
        {
            "id": id_of("attribute", owner, *term), "link_id": owner, "taxonomy_term_id": known[term]["id"],
            "link_type": term[0], "link_entity": "service", "value": term[-1], "taxonomy_term": known[term],
        }
        for term in used
        if term in known
    ]  # fmt: skip


def with_parents(used: Iterable[Term]) -> frozenset[str]:
    """The identifiers of terms and of all that stand above them: who filters by one finds what is below."""
    return frozenset(id_of("term", *term[:depth]) for term in used for depth in range(2, len(term) + 1))
