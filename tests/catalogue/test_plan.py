"""A person's plan: the worked cases come out exactly, and no random person ever gets a list that is wrong."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date

import pytest

from house.catalogue.cases import disagreements, lists_of, people_of
from house.catalogue.deadlines import last_open
from house.catalogue.plan import Item, Person, Plan, household, plan
from house.catalogue.rulebook import ELSEWHERE, Rulebook
from tests.catalogue.rules import CATALOGUE, book, cases, is_open, somebody

CASES = {case["id"]: case for case in cases()}
EU_WORKER = {
    "citizenship": "eu_eea_ch", "purpose": "worker", "stay_months": 24, "age": 31, "municipality": "Aalborg",
}  # fmt: skip


def list_of(facts: dict[str, object], done: frozenset[str] = frozenset(), **dates: date) -> Plan:
    return plan(book(), Person("Somebody", facts, dates, done), is_open())


def item(found: Plan, service: str) -> Item:
    return next(one for one in (*found.items, *found.uncertain) if one.service == service)


def in_case(case_id: str, who: str) -> Plan:
    return next(one for one in lists_of(book(), CASES[case_id], is_open()) if one.who.startswith(who))


# --- the worked cases ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("case_id", sorted(CASES))
def test_a_worked_case_comes_out_exactly(case_id: str) -> None:
    case = CASES[case_id]
    found = lists_of(book(), case, is_open())
    wrong = [
        f"{one.who}: {what}"
        for one, member in zip(found, case["members"], strict=True)
        for what in disagreements(one, member)
    ]
    assert not wrong
    assert all("expect" in member for member in case["members"]), "a case without lists proves nothing"


def test_twelve_cases_are_there_with_their_people() -> None:
    assert len(CASES) == 12
    assert sum(len(case["members"]) for case in CASES.values()) == 23


def test_a_wrong_rule_is_noticed_by_the_cases() -> None:
    """The control: with the five days of the move made six, the cases disagree."""
    services = [
        {**one, "deadline": {**one["deadline"], "days": 6}} if one["id"] == "cpr_registration" else one
        for one in CATALOGUE["services"]
    ]
    bent = Rulebook.of({**CATALOGUE, "services": services})
    case = CASES["P01"]
    [first, _] = lists_of(bent, case, is_open())
    wrong = list(disagreements(first, case["members"][0]))
    assert wrong == ["cpr_registration: due is 2027-01-19, not 2027-01-18"]


# --- the checks beyond the lists ----------------------------------------------------------------------------


def test_a_step_is_blocked_until_what_comes_before_it_is_done() -> None:
    before = list_of(EU_WORKER)
    assert item(before, "cpr_registration").blocked
    assert not item(before, "eu_residence_document").blocked
    after = list_of(EU_WORKER, done=frozenset({"eu_residence_document"}))
    assert not item(after, "cpr_registration").blocked
    assert item(after, "eu_residence_document").done
    assert item(after, "mitid").blocked


def test_a_move_can_be_reported_from_four_weeks_before() -> None:
    moving = in_case("P01", "Kasia - later event")
    assert (moving.items[0].earliest, moving.items[0].due) == (date(2027, 4, 3), date(2027, 5, 6))
    assert last_open(date(2027, 5, 6), is_open()) == date(2027, 5, 5), "Ascension Day is closed"
    leaving = in_case("P12", "Daan")
    assert leaving.items[0].earliest == date(2027, 7, 3)


def test_somebody_with_an_administrative_number_books_and_brings_its_letter() -> None:
    cpr = item(in_case("P02", "Priya"), "cpr_registration")
    record = next(one for one in CATALOGUE["services"] if one["id"] == "cpr_registration")
    assert [record["channels"][n]["text"][:4] for n in cpr.channels] == ["book"]
    assert any("administrative CPR number" in record["documents"][n]["en"] for n in cpr.papers)


def test_where_sources_disagree_no_date_is_shown() -> None:
    licence = item(in_case("P02", "Priya"), "driving_licence_exchange")
    assert licence.unresolved and licence.due is None
    assert licence.blocked


def test_a_nordic_citizen_is_asked_for_no_residence_paper() -> None:
    cpr = item(in_case("P03", "Ingrid"), "cpr_registration")
    record = next(one for one in CATALOGUE["services"] if one["id"] == "cpr_registration")
    papers = [record["documents"][n]["en"] for n in cpr.papers]
    assert not any("residence" in paper for paper in papers)
    assert any("Nordic personal number" in paper for paper in papers)


def test_a_group_day_stands_in_place_of_the_general_deadlines() -> None:
    [luca] = people_of(CASES["P04"])
    found = plan(book(), replace(luca, dates={**luca.dates, "group_day": date(2027, 2, 3)}), is_open())
    assert {one.service for one in found.items if one.on} == {"eu_residence_document", "cpr_registration"}
    document = item(found, "eu_residence_document")
    assert document.on == date(2027, 2, 3)
    assert document.windows == ((1, date(2027, 1, 20), date(2027, 2, 2)),)


def test_steps_of_a_household_say_who_goes_along() -> None:
    plans = lists_of(book(), CASES["P06"], is_open())
    anna = plans[0]
    assert item(anna, "cpr_registration").shared_with == ("Jonas", "Mia", "Ben")
    assert item(anna, "tax_card").shared_with == ()
    assert item(plans[2], "school_enrolment").shared_with == ()


def test_living_together_too_shortly_is_said_and_not_decided() -> None:
    elena = {**EU_WORKER, "purpose": "accompanying_partner", "sponsor": "eu_citizen"}
    assert item(list_of({**elena, "relationship": "shorter"}), "eu_residence_document").cautions == (0,)
    assert item(list_of({**elena, "relationship": "married"}), "eu_residence_document").cautions == ()
    assert item(list_of(elena), "eu_residence_document").cautions == ()


def test_a_displaced_person_is_handed_on_and_gets_no_list() -> None:
    found = in_case("P10", "Oksana")
    assert found.handed_on and found.routes == (0,)
    assert not found.items and not found.not_for_you


def test_who_joins_a_dane_is_handed_on() -> None:
    facts = {**EU_WORKER, "need": "asylum_or_family_reunification_with_dane"}
    assert list_of(facts).handed_on
    assert not list_of({**facts, "need": "none"}).handed_on


def test_a_changed_plan_shows_what_is_new() -> None:
    marta = CASES["P09"]["members"][0]["facts"]
    hired = {**marta, "purpose": "worker", "stay_months": 24, "works_in_dk": True}
    before, after = list_of(marta), list_of(hired)
    new = {one.service for one in after.items} - {one.service for one in before.items}
    assert {"eu_residence_document", "cpr_registration", "tax_card"} <= new


def test_a_resident_of_an_uncovered_municipality_gets_her_number_there() -> None:
    found = list_of({**EU_WORKER, "municipality": "Thisted"})
    assert item(found, "eu_residence_document").authority == "siri"
    assert item(found, "cpr_registration").authority == ELSEWHERE
    assert item(found, "mitid").authority == ELSEWHERE
    assert found.routes == (1,)
    assert list_of({**EU_WORKER, "municipality": "Hjørring"}).routes == ()


def test_a_family_member_waits_for_the_person_she_joins() -> None:
    worker = Person("Ana", EU_WORKER)
    husband = Person("Omar", {**EU_WORKER, "citizenship": "third_country", "purpose": "accompanying_partner",
                              "sponsor": "eu_citizen"})  # fmt: skip
    _, his = household(book(), [worker, husband], is_open())
    card = item(his, "eu_family_residence")
    assert card.after_sponsor == ("eu_residence_document",) and card.blocked
    done = replace(worker, done=frozenset({"eu_residence_document"}))
    _, his = household(book(), [done, husband], is_open())
    assert not item(his, "eu_family_residence").blocked
    assert item(his, "cpr_registration").after == ("eu_family_residence",)


def test_a_company_gets_no_persons_services_and_a_person_none_of_a_company() -> None:
    assert {one.service for one in list_of({"actor": "company"}).items} == {
        "company_guidance", "company_group_registration",
    }  # fmt: skip
    assert not any(one.service.startswith("company") for one in list_of(EU_WORKER).items)


# --- what is not known --------------------------------------------------------------------------------------


def test_what_is_not_known_is_never_chosen_silently() -> None:
    found = plan(book(), Person("X", EU_WORKER, unknown=frozenset({"stay_months"})), is_open())
    assert "cpr_registration" not in {one.service for one in found.items}
    assert item(found, "cpr_registration").depends_on == ("stay_months",)


def test_the_due_date_of_a_move_needs_both_conditions() -> None:
    moved = {"move_in_date": date(2027, 1, 11), "entry_date": date(2027, 1, 10)}
    assert item(list_of(EU_WORKER, **moved), "cpr_registration").due is None, "her document is not there yet"
    found = list_of(EU_WORKER, **moved, residence_basis_date=date(2027, 1, 13))
    assert item(found, "cpr_registration").due == date(2027, 1, 18)
    nordic = {**EU_WORKER, "citizenship": "nordic"}
    assert item(list_of(nordic, **moved), "cpr_registration").due == date(2027, 1, 16)


def test_a_reason_speaks_of_the_person_and_not_of_the_rule() -> None:
    document = item(list_of(EU_WORKER), "eu_residence_document")
    assert document.because == {"citizenship": ["eu_eea_ch"], "stay_months_gt": 3, "purpose": ["worker"]}


def test_what_is_not_for_somebody_says_what_keeps_her_from_it() -> None:
    found = {one.service: one.why for one in list_of(EU_WORKER).not_for_you}
    assert found["residence_card"] == {"citizenship": ["third_country"]}
    assert found["school_enrolment"] == {"age_lt": 16}
    assert found["company_guidance"] == {"actor": ["company"]}


# --- anybody ------------------------------------------------------------------------------------------------

PEOPLE = 10_000


def test_no_random_person_gets_a_wrong_list() -> None:
    """No circle, nothing before its prerequisite, an answer or a named reason for every service, the same
    list for the same facts, and no date that is moved or invented."""
    chance = random.Random(20261125)
    services = {record["id"] for record in CATALOGUE["services"]}
    longest = 0
    for _ in range(PEOPLE):
        person = somebody(chance)
        found = plan(book(), person, is_open())
        _must_be_sound(found, services)
        assert plan(book(), replace(person, facts=dict(reversed(person.facts.items()))), is_open()) == found
        longest = max(longest, len(found.items))
    assert longest >= 10, "the random people are too dull to prove anything"


def _must_be_sound(found: Plan, services: set[str]) -> None:
    listed = [one.service for one in found.items]
    if found.handed_on:
        assert found.routes and not listed
        return
    others = [one.service for one in found.uncertain] + [one.service for one in found.not_for_you]
    assert sorted(listed + others) == sorted(services), "every service has an answer or a named reason"
    assert [one.n for one in found.items] == list(range(1, len(listed) + 1))
    for place, one in enumerate(found.items):
        assert set(one.after) <= set(listed[:place])
        assert (one.last_open_house_day or date.min) <= (one.due or date.max)
        assert not (one.unresolved and one.due)
        assert not (one.obligation == "right" and one.due)
        assert one.blocked is False or not one.done
    assert all(one.depends_on for one in found.uncertain)
    assert all(one.why for one in found.not_for_you)
