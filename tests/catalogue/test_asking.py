"""What is worth asking: only what can still change a list."""

from __future__ import annotations

import random

from house.catalogue.asking import could_apply, open_facts
from house.catalogue.plan import Person, Plan, plan
from tests.catalogue.rules import CATALOGUE, MUNICIPALITIES, book, is_open

ARRIVING = {"actor": "person", "phase": "arriving", "event": "none", "need": "none"}
VALUES = {**CATALOGUE["meta"]["person_facts"], "municipality": list(MUNICIPALITIES)}


def test_citizenship_and_purpose_decide_most() -> None:
    assert {*open_facts(book(), ARRIVING)[:3]} == {"citizenship", "purpose", "stay_months"}


def test_somebody_who_leaves_is_asked_nearly_nothing() -> None:
    facts = {**ARRIVING, "phase": "leaving", "works_in_two_countries": False, "purpose": "researcher"}
    assert open_facts(book(), facts) == ["municipality"]


def test_a_company_is_asked_only_of_companies() -> None:
    assert open_facts(book(), {"actor": "company"}) == []


def test_nobody_is_asked_for_a_biometrics_who_is_no_third_country_citizen() -> None:
    asked = open_facts(book(), {**ARRIVING, "citizenship": "eu_eea_ch", "purpose": "worker"})
    assert "biometrics_recorded" not in asked and "sponsor" not in asked
    third = open_facts(book(), {**ARRIVING, "citizenship": "third_country", "purpose": "worker"})
    assert "biometrics_recorded" in third


def test_what_somebody_does_not_know_is_not_asked_again() -> None:
    asked = open_facts(book(), {**ARRIVING, "citizenship": "eu_eea_ch"}, frozenset({"purpose"}))
    assert asked and "purpose" not in asked


def test_who_is_handed_on_is_asked_no_more() -> None:
    assert open_facts(book(), {**ARRIVING, "purpose": "displaced_special_act"}) == []


def test_a_fact_that_is_not_asked_for_changes_no_list() -> None:
    """Whatever the answer to a fact that is not open would be, the list stays as it is."""
    chance = random.Random(7)
    for _ in range(300):
        facts = dict(ARRIVING)
        for fact, values in VALUES.items():
            if fact not in facts and chance.random() < 0.5:
                facts[fact] = _any(chance, values)
        closed = [fact for fact in VALUES if fact not in facts and fact not in open_facts(book(), facts)]
        for fact in closed:
            lists = [_shown(facts, fact, _any(chance, VALUES[fact])) for _ in range(3)]
            assert lists[0] == lists[1] == lists[2], f"{fact} changes the list of {facts}"


def _shown(facts: dict[str, object], fact: str, value: object) -> object:
    """What a visitor sees: which steps, where, and what hangs on them; not why."""
    everything = frozenset(VALUES) - set(facts) - {fact}
    found: Plan = plan(book(), Person("x", {**facts, fact: value}, unknown=everything), is_open())
    return [
        (one.service, one.authority, one.obligation, one.after, one.papers, one.channels, one.cautions)
        for one in (*found.items, *found.uncertain)
    ]


def _any(chance: random.Random, values: object) -> object:
    if values == "boolean":
        return chance.random() < 0.5
    return chance.choice(values) if isinstance(values, list) else chance.randrange(70)


def test_a_service_is_hidden_only_from_people_it_can_never_be_for() -> None:
    assert could_apply(book(), "cpr_registration", {"citizenship": "third_country"})
    assert not could_apply(book(), "residence_card", {"citizenship": "nordic"})
    assert not could_apply(book(), "cpr_registration", {"actor": "company"})
    assert could_apply(book(), "company_guidance", {"actor": "company"})
