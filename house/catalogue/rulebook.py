"""The rules of a catalogue made ready for the plan: one rule a service, its conditions compiled.

Made once per edition from the records as they stand in the catalogue file; nothing here is about one person.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from house.catalogue.conditions import Clauses, Condition, clauses_of

Record = Mapping[str, Any]
ELSEWHERE = "municipality_of_residence"
"""The authority that stands for the municipality where a person lives, when that is not the house's own."""
PERSON = clauses_of({"actor": ["person"]})
_OWN_KEYS = frozenset({"municipality_not_in"})


class Case(NamedTuple):
    """Something that counts only under a condition: a paper, a channel, a duty, a prerequisite."""

    number: int
    """Its place in the record's list, from 0."""
    when: Clauses
    value: Any


@dataclass(frozen=True)
class Rule:
    """One service: whom it is for, what comes before it, whether it must be, by when."""

    service: str
    kind: str
    authority: str
    scope: str | None
    order: tuple[float, int]
    applies: tuple[Clauses, ...]
    obligations: tuple[Case, ...]
    requires: tuple[Case, ...]
    of_sponsor: tuple[Case, ...]
    held: tuple[Case, ...]
    papers: tuple[Case, ...]
    channels: tuple[Case, ...]
    cautions: tuple[Case, ...]
    deadline: Record | None
    windows: tuple[Case, ...]
    on_group_days: bool

    def cases(self) -> Iterator[Case]:
        """Everything of it that hangs on a condition."""
        yield from (*self.obligations, *self.requires, *self.of_sponsor, *self.held)
        yield from (*self.papers, *self.channels, *self.cautions)


class Route(NamedTuple):
    """Where somebody is handed on to instead of a list; `whole` where no list is begun at all."""

    number: int
    when: Clauses
    whole: bool


@dataclass(frozen=True, eq=False)
class Rulebook:
    """All rules of one edition, in the catalogue's order."""

    rules: tuple[Rule, ...]
    routes: tuple[Route, ...]
    facts: Mapping[str, Any]
    home: str
    covered: frozenset[str]
    by_service: Mapping[str, Rule] = field(repr=False)

    @classmethod
    def of(cls, catalogue: Record, home: str = "Aalborg") -> Rulebook:
        """The rulebook of a catalogue; `home` is the municipality whose own authorities sit in the house."""
        meta, services = catalogue.get("meta") or {}, list(catalogue.get("services") or ())
        records = {record["id"]: record for record in services}
        rules = tuple(_rule(number, record, records) for number, record in enumerate(services))
        served = (meta.get("ics_north_municipalities") or {}).get("list") or ()
        routes = tuple(_routes(catalogue.get("routes_out") or ()))
        return cls(
            rules, routes, meta.get("person_facts") or {}, home, frozenset(served),
            {rule.service: rule for rule in rules},
        )  # fmt: skip


def alternatives(record: Record, records: Mapping[str, Record]) -> tuple[Condition, ...]:
    """Whom a service is for, alternatives each, followed to the service whose people it shares."""
    also = dict(record.get("applies_also") or {})
    while "applies_when" not in record:
        record = records[record["applies_when_same_as"]]
        also = {**(record.get("applies_also") or {}), **also}
    return tuple({**group, **also} for group in record["applies_when"])


def _rule(number: int, record: Record, records: Mapping[str, Record]) -> Rule:
    groups = (clauses_of(group) for group in alternatives(record, records))
    spoken_for = (
        group if any(clause.fact == "actor" for clause in group) else PERSON + group for group in groups
    )
    obligation = record.get("obligation") or "optional"
    cases = obligation if isinstance(obligation, list) else [{"value": obligation}]
    return Rule(
        service=record["id"],
        kind=record["kind"],
        authority=record["authority"],
        scope=record.get("municipal_scope"),
        order=(float(record.get("order") or 0), number),
        applies=tuple(spoken_for),
        obligations=_cases(cases, "value"),
        requires=_cases(record.get("requires"), "all_of"),
        of_sponsor=_cases(record.get("requires_of_sponsor"), "all_of"),
        held=_cases(record.get("requires_held"), "item"),
        papers=_cases(record.get("documents"), "en"),
        channels=_cases(record.get("channels"), "text"),
        cautions=_cases(record.get("x_cautions"), "text"),
        deadline=record.get("deadline"),
        windows=_cases(record.get("sub_deadlines"), "x_window"),
        on_group_days=bool(record.get("company_batchable")),
    )


def _cases(entries: Iterable[Any] | None, key: str) -> tuple[Case, ...]:
    listed = enumerate(entries or ())
    return tuple(
        Case(number, (), one)
        if isinstance(one, str)
        else Case(number, clauses_of(one.get("when")), one.get(key))
        for number, one in listed
    )


def _routes(entries: Iterable[Record]) -> Iterator[Route]:
    for number, entry in enumerate(entries):
        when = entry.get("when") or {}
        # Living elsewhere only moves some steps to one's own municipality; who one is ends the list.
        yield Route(number, clauses_of(when), whole=not _OWN_KEYS & set(when))
