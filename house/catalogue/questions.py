"""Which question comes next: only one whose answer can still change the list, the most deciding first.

Pure: the rulebook and the answers so far come in. An answer to a question that is not asked any more (because
an earlier one was changed) counts for nothing, but is not lost.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from house.catalogue.asking import could_apply, open_facts
from house.catalogue.conditions import any_holds, holds
from house.catalogue.persons import (
    ACCOMPANYING,
    ADULT,
    ME,
    NOT_A_PARTNERS,
    NOTHING,
    PARTNER,
    THINGS,
    Answers,
    Facts,
    family_of,
    said_by,
)
from house.catalogue.rulebook import Rulebook

QUESTIONS: Mapping[str, tuple[str, ...]] = {
    "situation": ("actor", "phase", "event"),
    "purpose": ("purpose", "need"),
    "citizenship": ("citizenship",),
    "sponsor": ("sponsor", "relationship"),
    "stay": ("stay_months",),
    "home": ("municipality", "needs_housing"),
    "household": (),
    "family": (),
    "things": (),
    "age": ("age",),
    "dates": (),
}
"""Every question in its order, with the facts it settles; some settle facts of the others who come along."""
COMES_WITH_NOBODY = frozenset({"accompanying_child", "cross_border_commuter"})
DATES = ("entry_date", "move_in_date", "first_payday", "pdu2_date", "departure_date", "wedding_date")
"""The days a visitor knows beforehand."""
LATER_DATES = ("group_day", "residence_basis_date", "cpr_date", "referral_letter")
"""The days of appointments and letters: known later, by some."""


@dataclass(frozen=True)
class Walk:
    """How far a visitor has come: the questions answered, the next one, and what is known of her."""

    asked: tuple[str, ...]
    next: str | None
    facts: Mapping[str, Any]
    unknown: frozenset[str]
    answers: Answers
    """Only those that count."""

    @property
    def path(self) -> tuple[str, ...]:
        """The questions that have been or are being asked."""
        return (*self.asked, self.next) if self.next else self.asked


LONGEST: Facts = {"actor": "person", "phase": "arriving", "event": "none"}
"""Who is asked the most questions; before the first answer everybody may be one."""
ASKED_MOST = "accompanying_partner"
"""The purpose that brings the most questions, for who has not said hers."""


def most_to_come(book: Rulebook, question: str, so_far: Walk) -> int:
    """How many questions may come after this one, at most, whatever is answered: a promise that is kept."""
    order = list(QUESTIONS)
    known = so_far if so_far.asked else replace(so_far, facts=LONGEST)
    to_come = {one for one in order[order.index(question) + 1 :] if is_asked(book, one, known)}
    if "purpose" in (question, *to_come):
        known = replace(known, facts={**known.facts, "purpose": ASKED_MOST})
        to_come |= {one for one in order[order.index("purpose") + 1 :] if is_asked(book, one, known)}
    if "household" in (question, *to_come):  # whoever comes along may have another citizenship
        to_come.add("family")
    return len(to_come)


def walk(book: Rulebook, answers: Answers, until: str | None = None) -> Walk:
    """Go through the questions as far as they are answered, or up to one of them."""
    facts: Facts = {}
    unknown: frozenset[str] = frozenset()
    asked: dict[str, Any] = {}
    for question in QUESTIONS:
        so_far = Walk(tuple(asked), None, facts, unknown, dict(asked))
        if not is_asked(book, question, so_far):
            continue
        if question == until or not _is_answered(book, question, so_far, answers):
            return replace(so_far, next=question)
        asked[question] = answers[question]
        said, not_known = said_by(question, answers[question])
        facts, unknown = facts | said, unknown | not_known
    return Walk(tuple(asked), None, facts, unknown, asked)


def _is_answered(book: Rulebook, question: str, so_far: Walk, answers: Answers) -> bool:
    """Whether an answer is there and still covers all that is asked: somebody may have joined since."""
    if question not in answers:
        return False
    answer = answers[question]
    if question == "things":
        wanted = things_asked(book, so_far)
        return all(
            who in answer and set(these) <= set(answer[who]["offered"]) for who, these in wanted.items()
        )
    if question == "family":
        moving = so_far.answers["household"]
        return len(answer["children"]) == len(moving["children"]) and bool(answer["partner"]) == bool(
            moving["partner"]
        )
    if question == "dates":
        return set(dates_asked(book, so_far)[0]) <= set(answer["asked"])
    return True


def is_asked(book: Rulebook, question: str, so_far: Walk) -> bool:
    """Whether the answer to a question can still change the list of somebody of the household."""
    facts = so_far.facts
    if question == "situation":
        return True
    if facts.get("actor") != "person" or handed_on(book, facts):
        return False
    if question == "dates":
        return any(dates_asked(book, so_far))
    if facts["phase"] != "arriving":
        return question == "home" and "municipality" in open_facts(book, facts, so_far.unknown)
    if question == "household":
        return facts.get("purpose") not in COMES_WITH_NOBODY and _family_could_need(book, facts)
    if question == "family":
        return bool((so_far.answers.get("household") or {}).get("mixed"))
    if question == "things":
        return bool(things_asked(book, so_far))
    if question == "sponsor" and facts.get("purpose") not in ACCOMPANYING:
        return False
    if question == "age" and not (facts.get("purpose") == "accompanying_child" or _is_minor(so_far)):
        return False
    return bool(set(QUESTIONS[question]) & set(open_facts(book, facts, so_far.unknown)))


def handed_on(book: Rulebook, facts: Mapping[str, Any]) -> bool:
    """Whether another office helps this person, so that no list is begun."""
    return any(route.whole and holds(route.when, facts) for route in book.routes)


def _is_minor(so_far: Walk) -> bool:
    things = so_far.answers.get("things") or {}
    return "minor" in things.get(ME, NOTHING)["ticked"]


def _family_could_need(book: Rulebook, facts: Mapping[str, Any]) -> bool:
    """Whether there is any service for somebody who moves with this person."""
    everybody = {"household": {"partner": "married", "children": [0]}}
    for _, of_one, _ in family_of(facts, everybody):
        of_one.pop("age")
        if any(could_apply(book, rule.service, of_one) for rule in book.rules):
            return True
    return False


def things_asked(book: Rulebook, so_far: Walk) -> dict[str, tuple[str, ...]]:
    """For each adult of the household the checkboxes that can still change her list."""
    found = {ME: _things_of(book, so_far.facts, so_far.unknown)}
    for who, facts, unknown in family_of(so_far.facts, so_far.answers):
        if who == PARTNER:
            offered = _things_of(book, facts, unknown | so_far.unknown)
            found[who] = tuple(thing for thing in offered if thing not in NOT_A_PARTNERS)
    return {who: things for who, things in found.items() if things}


def _things_of(book: Rulebook, facts: Mapping[str, Any], unknown: frozenset[str]) -> tuple[str, ...]:
    still_open = open_facts(book, facts, unknown)
    child = facts.get("purpose") == "accompanying_child"
    return tuple(
        thing
        for thing, (fact, _, _) in THINGS.items()
        if fact in still_open and not (child and thing == "minor")
    )


def dates_asked(book: Rulebook, so_far: Walk) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The days that a limit on somebody's list is counted from: those known before, and the later ones."""
    everybody = [so_far.facts, *(facts for _, facts, _ in family_of(so_far.facts, so_far.answers))]
    needed = {name for facts in everybody for name in _counted_from(book, facts)}
    return tuple(one for one in DATES if one in needed), tuple(one for one in LATER_DATES if one in needed)


def _counted_from(book: Rulebook, facts: Mapping[str, Any]) -> Iterator[str]:
    for rule in book.rules:
        if any_holds(rule.applies, facts) is False or not rule.deadline or rule.deadline.get("status"):
            continue
        obligation = next((one.value for one in rule.obligations if holds(one.when, facts)), None)
        begins = rule.deadline.get("from")
        if obligation != "right" and begins == "conditions_met":
            yield from ("entry_date", "move_in_date")
            if any(holds(case.when, facts) for case in rule.requires):
                yield "residence_basis_date"
        elif obligation != "right" and begins:
            yield begins
        if rule.on_group_days and rule.kind == "counter":
            yield "group_day"


def bands(book: Rulebook, fact: str) -> list[tuple[int | None, int | None]]:
    """The ranges that the rules tell apart, lowest first: at least and at most, None for no end."""
    cuts = set()
    for rule in book.rules:
        every = (*rule.applies, *(case.when for case in rule.cases()))
        for clause in (one for clauses in every for one in clauses if one.fact == fact):
            over = clause.key.endswith(("_gt", "_lte"))
            cuts.add(int(clause.wanted) + (1 if over else 0))
    edges = sorted(cuts)
    return list(zip([None, *edges], [*(edge - 1 for edge in edges), None], strict=True))


def in_band(at_least: int | None, at_most: int | None) -> int:
    """A number that stands for a range: its end, or its beginning where it has none."""
    return at_most if at_most is not None else at_least if at_least is not None else ADULT
