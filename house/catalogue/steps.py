"""One step of a person's plan: by when, where, after what, with which papers, and why it is hers.

Nothing here knows the database, a language or today. Texts are named by their number in the record. Which
steps make a list, and in which order, is `plan.py`'s.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from house.catalogue.conditions import any_holds, because, holds, open_in
from house.catalogue.deadlines import (
    EXPECTED,
    UNRESOLVED,
    IsOpen,
    conditions_met,
    due_date,
    earliest_date,
    last_open,
    window,
)
from house.catalogue.rulebook import ELSEWHERE, Case, Rule, Rulebook

DEFAULTS: Mapping[str, Any] = {
    "actor": "person", "phase": "arriving", "event": "none", "sponsor": "none", "cpr_status": "none",
    "biometrics_recorded": False, "licence": "none", "wants_to_drive": False, "needs_housing": False,
    "works_in_dk": False, "pdu2": False, "works_in_two_countries": False, "company_foreign_posting": False,
    "need": "none",
}  # fmt: skip
"""What somebody is taken to be as long as nobody says otherwise."""
AT_A_COUNTER = "counter"


@dataclass(frozen=True)
class Person:
    """One person: facts and dates as the catalogue names them, what is done, and what she does not know."""

    who: str
    facts: Mapping[str, Any]
    dates: Mapping[str, date] = field(default_factory=dict)
    done: frozenset[str] = frozenset()
    unknown: frozenset[str] = frozenset()

    def known(self) -> dict[str, Any]:
        """Her facts with the defaults; what she does not know is left open."""
        facts = {**DEFAULTS, **self.facts}
        return {fact: value for fact, value in facts.items() if fact not in self.unknown}


@dataclass(frozen=True)
class Item:
    """One step of a list. Texts are numbers into the record's lists; `due` never moves for a holiday."""

    n: int
    service: str
    authority: str
    obligation: str
    after: tuple[str, ...]
    after_sponsor: tuple[str, ...]
    due: date | None
    last_open_house_day: date | None
    earliest: date | None
    expected: bool
    """`due` is when it should come by itself, not a limit."""
    on: date | None
    """The group day on which it is done; it takes the place of the general deadlines."""
    windows: tuple[tuple[int, date, date], ...]
    because: Mapping[str, Any]
    papers: tuple[int, ...]
    held: tuple[int, ...]
    channels: tuple[int, ...]
    cautions: tuple[int, ...]
    unresolved: bool
    """The sources disagree about the deadline: no date is shown, the authority is asked."""
    depends_on: tuple[str, ...] = ()
    """The facts that are not known and would change this step, or whether it is one."""
    done: bool = False
    blocked: bool = False
    shared_with: tuple[str, ...] = ()


@dataclass(frozen=True)
class StepMaker:
    """Makes the items of one person."""

    book: Rulebook
    person: Person
    facts: Mapping[str, Any]
    is_open: IsOpen
    listed: frozenset[str]
    sponsor_done: frozenset[str] | None

    def item(self, rule: Rule) -> Item:
        facts, done = self.facts, self.person.done
        duties = (str(one.value) for one in rule.obligations if holds(one.when, facts))
        obligation = next(duties, "conditional")
        first = dict.fromkeys(service for one in self._that_hold(rule.requires) for service in one.value)
        after = tuple(service for service in first if service in self.listed)
        sponsors = tuple(service for one in self._that_hold(rule.of_sponsor) for service in one.value)
        dates, deadline = self._dates(bool(first)), rule.deadline or {}
        due = None if obligation == "right" else due_date(rule.deadline, dates, facts.get("purpose"))
        expected = deadline.get("type") == EXPECTED
        at_counter = rule.kind == AT_A_COUNTER
        waits = any(service not in done for service in after)
        sponsor_waits = any(service not in (self.sponsor_done or ()) for service in sponsors)
        on = dates.get("group_day") if rule.on_group_days and at_counter else None
        return Item(
            n=0,
            service=rule.service,
            authority=self._authority(rule),
            obligation=obligation,
            after=after,
            after_sponsor=sponsors,
            due=due,
            last_open_house_day=last_open(due, self.is_open) if due and at_counter and not expected else None,
            earliest=earliest_date(rule.deadline, dates),
            expected=expected,
            on=on,
            windows=tuple(self._windows(rule, dates)),
            because=self._because(rule),
            papers=self._numbers(rule.papers),
            held=self._numbers(rule.held),
            channels=self._numbers(rule.channels),
            cautions=tuple(case.number for case in rule.cautions if holds(case.when, facts)),
            unresolved=deadline.get("status") == UNRESOLVED,
            depends_on=tuple(self._depends_on(rule)),
            done=rule.service in done,
            blocked=rule.service not in done and (waits or sponsor_waits),
        )

    def _that_hold(self, cases: Iterable[Case]) -> list[Case]:
        """The cases that hold, and those that may: what may have to come first is done first."""
        return [case for case in cases if holds(case.when, self.facts) is not False]

    def _numbers(self, cases: Iterable[Case]) -> tuple[int, ...]:
        """What is to be brought or held, notes (which have no text of their own) left out."""
        return tuple(case.number for case in self._that_hold(cases) if case.value)

    def _authority(self, rule: Rule) -> str:
        """Who does it: for some services that hangs on where the person lives."""
        lives_in = self.facts.get("municipality")
        ours = {"residence": frozenset({self.book.home}), "ics_north": self.book.covered | {self.book.home}}
        if rule.scope is None or lives_in is None or lives_in in ours[rule.scope]:
            return rule.authority
        return ELSEWHERE

    def _dates(self, needs_document: bool) -> dict[str, date]:
        dates = dict(self.person.dates)
        met = conditions_met(dates, needs_document)
        appointment = dates.get("group_day") or dates.get("residence_basis_date")
        for name, day in (("conditions_met", met), ("appointment_date", appointment)):
            if day:
                dates.setdefault(name, day)
        return dates

    def _windows(self, rule: Rule, dates: Mapping[str, date]) -> Iterator[tuple[int, date, date]]:
        for case in rule.windows:
            found = window(case.value, dates) if holds(case.when, self.facts) else None
            if found:
                yield (case.number, *found)

    def _because(self, rule: Rule) -> dict[str, Any]:
        matched = next((clauses for clauses in rule.applies if holds(clauses, self.facts)), ())
        told = tuple(clause for clause in matched if clause.fact in self.person.facts)
        return because(told, self.facts)

    def _depends_on(self, rule: Rule) -> Iterator[str]:
        """Only the open facts that could change this step: each once, in the order of the catalogue."""
        facts = {fact for clauses in rule.applies for fact in open_in(clauses, self.facts)}
        if any_holds(rule.applies, self.facts):
            facts = {fact for case in rule.obligations for fact in open_in(case.when, self.facts)}
            facts |= {fact for case in rule.requires for fact in open_in(case.when, self.facts)}
        if rule.scope and self.facts.get("municipality") is None:
            facts.add("municipality")
        yield from (fact for fact in self.book.facts if fact in facts)
