"""What can be for whom, by what was ticked: nothing is left out that an answer might still bring."""

from __future__ import annotations

from itertools import chain, combinations

import pytest
import yaml

from house.catalogue import face
from house.catalogue.for_whom import ALL, CHOICES, ForWhom
from house.catalogue.rulebook import Rulebook

DATA = yaml.safe_load(face.bundled_catalogue().read_text("utf-8"))
SLUGS = {one["id"] for one in DATA["services"]}
COMPANY = {"company_guidance", "company_group_registration"}


@pytest.fixture(scope="module")
def whom() -> ForWhom:
    return ForWhom(Rulebook.of(DATA))


def test_without_a_tick_everything_is_shown(whom: ForWhom) -> None:
    assert whom.fitting(()) == SLUGS
    assert whom.fitting({"nonsense"}) == SLUGS


def test_a_company_sees_what_is_for_companies_and_a_person_does_not(whom: ForWhom) -> None:
    assert whom.fitting({"company"}) == COMPANY
    assert not COMPANY & whom.fitting({"student"})
    assert not COMPANY & whom.fitting({"eu"})
    assert whom.fitting({"company", "eu"}) == COMPANY


def test_the_rules_decide_who_sees_what(whom: ForWhom) -> None:
    assert "eu_residence_document" in whom.fitting({"eu"})
    assert "eu_residence_document" not in whom.fitting({"nordic"})
    assert "eu_residence_document" not in whom.fitting({"eu", "commuter"})
    assert "residence_card" in whom.fitting({"other"})
    assert "student_enrolment" in whom.fitting({"student"})
    assert "student_enrolment" not in whom.fitting({"worker"})
    assert whom.fitting({"leaving"}) == {"leaving_denmark", "social_security_a1"}
    assert "change_of_address" in whom.fitting({"settled"})
    assert "change_of_address" not in whom.fitting({"arriving"})


def test_a_fact_that_nobody_told_leaves_nothing_out(whom: ForWhom) -> None:
    """Age, stay and papers are not ticked, so what hangs on them stays."""
    assert {"daycare", "school_enrolment", "driving_licence_exchange", "tax_card"} <= whom.fitting({"worker"})


def test_ticks_in_a_group_add_up_and_groups_narrow_each_other(whom: ForWhom) -> None:
    for group in CHOICES.values():
        for one, other in combinations(group, 2):
            if "company" not in (one, other):
                assert whom.fitting({one, other}) == whom.fitting({one}) | whom.fitting({other})
    both = whom.fitting({"eu", "student"})
    assert both <= whom.fitting({"eu"}) & whom.fitting({"student"})


def test_the_count_beside_a_choice_is_what_ticking_it_shows(whom: ForWhom) -> None:
    for ticked in chain([()], combinations(ALL[:8], 2)):
        for choice, number in whom.counts(set(ticked), SLUGS):
            group = next(group for group in CHOICES.values() if choice in group)
            shown = whom.fitting({*(one for one in ticked if one not in group), choice})
            assert number == len(shown)
    assert dict(whom.counts((), {"tax_card"}))["worker"] == 1


def test_every_choice_is_of_facts_that_the_catalogue_knows() -> None:
    facts = DATA["meta"]["person_facts"]
    for group in CHOICES.values():
        for known in group.values():
            assert all(value in facts[fact] for fact, value in known.items())
