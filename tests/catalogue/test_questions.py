"""The questions: few, only such as can still change a list, and their answers lead to the worked cases."""

from __future__ import annotations

import os
import random
from typing import Any

import pytest

from house.catalogue import questions
from house.catalogue.asking import open_facts
from house.catalogue.cases import disagreements
from house.catalogue.family_forms import MOST_CHILDREN
from house.catalogue.persons import (
    ME,
    NOT_KNOWN,
    PARTNER,
    PURPOSES,
    SITUATIONS,
    SPONSOR,
    SPONSORS,
    TO_THE_AUTHORITY,
    people,
)  # fmt: skip
from house.catalogue.plan import Plan, household
from house.catalogue.questions import (
    QUESTIONS,
    Walk,
    bands,
    dates_asked,
    in_band,
    is_asked,
    things_asked,
    walk,
)  # fmt: skip
from tests.catalogue.plan_answers import LATER, PEOPLE, answered, give, moving
from tests.catalogue.rules import MUNICIPALITIES, book, cases, is_open
from tests.house_rules.reading import ROOT

MOST = 8
LONGEST_WALK = 10
CASES = {str(case["id"]): case for case in cases()}


def lists(wanted: Any, ticks: Any = None) -> tuple[Plan, ...]:
    so_far, _ = answered(book(), wanted)
    persons = people(so_far.facts, so_far.unknown, so_far.answers, ticks or {})
    return household(book(), persons, is_open())


@pytest.mark.parametrize("case", PEOPLE)
def test_the_answers_of_a_worked_case_lead_to_its_lists(case: str) -> None:
    members = [one for one in CASES[case]["members"] if "later" not in one["who"]]
    plans = lists(PEOPLE[case])
    assert len(plans) == len(members)
    for plan, member in zip(plans, members, strict=True):
        assert list(disagreements(plan, member)) == [], plan.who


@pytest.mark.parametrize("case", LATER)
def test_the_answers_of_somebody_who_lives_here_lead_to_her_list(case: str) -> None:
    [plan] = lists(LATER[case])
    [member] = [one for one in CASES[case]["members"] if "later" in one["who"]]
    assert list(disagreements(plan, member)) == []


@pytest.mark.parametrize("case", PEOPLE | LATER)
def test_at_most_eight_questions_lead_the_people_of_the_worked_cases_to_a_list(case: str) -> None:
    for wanted in (PEOPLE.get(case), LATER.get(case)):
        if wanted:
            _, asked = answered(book(), wanted)
            assert len(asked) <= MOST, asked


# --- all walks ----------------------------------------------------------------------------------------------

HOMES = ["Aalborg", NOT_KNOWN] if os.environ.get("HOUSE_FULL") else ["Aalborg"]
FAMILIES = [("", []), ("married", []), ("", [7]), ("married", [7])]


def every_answer(question: str, so_far: Walk) -> list[Any]:
    """One answer of each kind that leads on to other questions."""
    citizenships = ["nordic", "eu_eea_ch", "third_country"]
    coming = so_far.answers.get("household", {"partner": "", "children": []})
    stays = [in_band(*one) for one in bands(book(), "stay_months")]
    picks = [lambda _: False, lambda _: True, lambda one: one == "minor"]
    offered = things_asked(book(), so_far) if question == "things" else {}
    return {
        "situation": list(SITUATIONS), "purpose": list(PURPOSES), "citizenship": citizenships,
        "sponsor": [{"who": one, "how": "married"} for one in SPONSORS.values()],
        "stay": [*stays, NOT_KNOWN] if os.environ.get("HOUSE_FULL") else [stays[0], stays[-1]],
        "home": [{"where": one, "looking": False} for one in HOMES],
        "household": [
            {"partner": partner, "children": ages, "mixed": mixed}
            for partner, ages in FAMILIES for mixed in {False, bool(partner or ages)}
        ],
        "family": [
            {"partner": coming["partner"] and one, "children": [one for _ in coming["children"]]}
            for one in citizenships
        ],
        "things": [
            {who: {"offered": list(all_), "ticked": [*filter(pick, all_)]} for who, all_ in offered.items()}
            for pick in picks[: 3 if os.environ.get("HOUSE_FULL") else 2]
        ],
        "age": [in_band(*one) for one in bands(book(), "age")],
        "dates": [{"asked": list(dates_asked(book(), so_far)[0]), "days": {}}],
    }[question]  # fmt: skip


def remembered(what: Any, key: Any) -> Any:
    """The same, asked once: the rules do not change while all ways are walked."""
    known: dict[Any, Any] = {}

    def ask(*args: Any) -> Any:
        of = key(*args)
        if of not in known:
            known[of] = what(*args)
        return known[of]

    return ask


def test_no_walk_is_longer_than_the_page_has_said_since_its_first_question(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def facts(of: Any) -> Any:
        return tuple(sorted((fact, repr(value)) for fact, value in of.items()))

    opened, counted = questions.open_facts, questions._counted_from
    monkeypatch.setattr(
        questions, "open_facts",
        remembered(opened, lambda _, known, unknown=frozenset(): (facts(known), unknown)),
    )  # fmt: skip
    monkeypatch.setattr(
        questions, "_counted_from",
        remembered(lambda rules, of: list(counted(rules, of)), lambda _, of: facts(of)),
    )  # fmt: skip
    for name in ("handed_on", "_family_could_need"):
        monkeypatch.setattr(questions, name, remembered(getattr(questions, name), lambda _, of: facts(of)))

    def longest_from(answers: dict[str, Any]) -> int:
        """How many questions the longest way on has in all; on the way each page's word is held to it."""
        so_far = walk(book(), answers)
        if so_far.next is None:
            return len(so_far.asked)
        said = len(so_far.asked) + 1 + questions.most_to_come(book(), so_far.next, so_far)
        every = every_answer(so_far.next, so_far)
        found = max(longest_from({**answers, so_far.next: one}) for one in every)
        assert found <= said, f"{found} questions after {answers}, and the page said at most {said}"
        return found

    start = walk(book(), {})
    assert 1 + questions.most_to_come(book(), "situation", start) == longest_from({}) == LONGEST_WALK


@pytest.mark.parametrize("page", ["README.md", "CHANGELOG.md"])
def test_what_is_promised_of_the_questions_is_how_many_there_are(page: str) -> None:
    assert "at most ten plain questions" in (ROOT / page).read_text(encoding="utf-8")


def test_a_company_answers_one_question() -> None:
    so_far, asked = answered(book(), {"situation": "company"})
    assert asked == ["situation"]
    [plan] = household(book(), people(so_far.facts, so_far.unknown, so_far.answers, {}), is_open())
    [_, *_] = [one for one in CASES["P11"]["members"] if one["who"] == "the company"]
    member = CASES["P11"]["members"][0]
    assert list(disagreements(plan, member)) == []


@pytest.mark.parametrize("purpose", ["displaced_special_act", TO_THE_AUTHORITY])
def test_who_is_handed_on_is_asked_no_more(purpose: str) -> None:
    so_far, asked = answered(book(), {"situation": "moving", "purpose": purpose})
    assert asked == ["situation", "purpose"]
    [plan] = household(book(), people(so_far.facts, so_far.unknown, so_far.answers, {}), is_open())
    assert plan.handed_on and plan.routes and not plan.items


def test_who_joins_a_danish_citizen_is_handed_on() -> None:
    wanted = moving("accompanying_partner", "third_country", sponsor={"who": "dane", "how": "married"})
    _, asked = answered(book(), wanted)
    assert asked[-1] == "sponsor"
    assert all(plan.handed_on for plan in lists(wanted) if plan.who == ME)


MANY = 1000 if os.environ.get("HOUSE_FULL") else 250


# --- anybody ------------------------------------------------------------------------------------------------


def anybody(chance: random.Random) -> dict[str, Any]:
    """Answers of all kinds to every question."""
    stays = [in_band(*one) for one in bands(book(), "stay_months")]
    ages = [chance.randrange(0, 21) for _ in range(chance.randrange(0, MOST_CHILDREN + 1))]
    partner = chance.choice(["", "married", "lived_together", "shorter"])
    citizenships = ["nordic", "eu_eea_ch", "third_country"]
    things = ["job", "pdu2", "cpr_earlier", "cpr_letter", "licence", "two_countries", "minor"]
    return {
        "situation": chance.choice(["moving"] * 6 + list(SITUATIONS)),
        "purpose": chance.choice(list(PURPOSES)),
        "citizenship": chance.choice(citizenships),
        "sponsor": {"who": chance.choice(list(SPONSORS.values())), "how": "married"},
        "stay": chance.choice([*stays, NOT_KNOWN]),
        "home": {"where": chance.choice([*MUNICIPALITIES, NOT_KNOWN]), "looking": chance.random() < 0.5},
        "household": {"partner": partner, "children": ages, "mixed": chance.random() < 0.3},
        "family": {
            "partner": chance.choice(citizenships) if partner else "",
            "children": [chance.choice(citizenships) for _ in ages],
        },
        "things": {
            who: [one for one in [*things, chance.choice(["fingerprints", "fingerprints_not_known"])]
                  if chance.random() < 0.4]
            for who in (ME, PARTNER)
        },
        "age": chance.choice([in_band(*one) for one in bands(book(), "age")]),
        "dates": {"entry_date": "2027-01-10"},
    }  # fmt: skip


def test_only_what_can_still_change_a_list_is_asked_and_then_nothing_is_open() -> None:
    """Random people: each question settles something that was open, and at the end nothing is."""
    chance = random.Random(11)
    for _ in range(3 * MANY):
        wanted, answers = anybody(chance), {}
        while (so_far := walk(book(), answers)).next:
            facts = set(QUESTIONS[so_far.next]) & set(open_facts(book(), so_far.facts, so_far.unknown))
            of_others = so_far.next in ("situation", "household", "family", "things", "dates")
            assert facts or of_others, f"{so_far.next} is asked for nothing, after {answers}"
            answers[so_far.next] = give(book(), so_far.next, so_far, wanted)
        assert len(so_far.asked) == len(set(so_far.asked)) <= len(QUESTIONS)
        if so_far.facts["actor"] == "person" and so_far.facts["phase"] == "arriving":
            left = open_facts(book(), so_far.facts, so_far.unknown)
            assert left == [], f"{left} is still open after {so_far.answers}"


def test_every_set_of_answers_gives_everybody_a_list_or_a_named_reason() -> None:
    chance = random.Random(12)
    for _ in range(MANY):
        for plan in lists(anybody(chance)):
            assert plan.items or plan.uncertain or plan.not_for_you or plan.handed_on or plan.who == SPONSOR


def test_the_same_answers_in_another_order_give_the_same_walk() -> None:
    chance = random.Random(13)
    for _ in range(MANY // 5):
        so_far, _ = answered(book(), anybody(chance))
        mixed = dict(chance.sample(list(so_far.answers.items()), len(so_far.answers)))
        assert walk(book(), mixed) == so_far


# --- answers that change ------------------------------------------------------------------------------------


def test_an_answer_that_is_not_asked_for_any_more_counts_for_nothing() -> None:
    so_far, _ = answered(book(), PEOPLE["P06"])
    answers = {**so_far.answers, "situation": "leaving", "dates": {"asked": ["departure_date"], "days": {}}}
    changed = walk(book(), answers)
    assert changed.asked == ("situation", "home", "dates") and changed.next is None
    assert [one.who for one in people(changed.facts, changed.unknown, changed.answers, {})] == [ME]


def test_a_partner_who_joins_later_is_asked_about_too() -> None:
    so_far, _ = answered(book(), PEOPLE["P02"])
    joined = {**so_far.answers, "household": {"partner": "married", "children": [], "mixed": False}}
    again = walk(book(), joined)
    assert again.next == "things"
    assert set(things_asked(book(), again)) == {ME, PARTNER}


def test_days_that_become_needed_are_asked_for() -> None:
    so_far, _ = answered(book(), PEOPLE["P09"])
    worker = {**so_far.answers, "purpose": "worker", "stay": 7}
    again = walk(book(), worker)
    while again.next and again.next != "dates":
        worker[again.next] = give(book(), again.next, again, PEOPLE["P01"])
        again = walk(book(), worker)
    assert again.next == "dates"
    assert "first_payday" in dates_asked(book(), again)[0]


def test_what_is_ticked_gives_the_day_that_other_limits_count_from() -> None:
    wanted = {**PEOPLE["P01"], "dates": {"move_in_date": "2027-01-11"}}
    [before] = lists(wanted)
    assert {item.service: item.due for item in before.items}["cpr_registration"] is None
    [after] = lists(wanted, {ME: {"eu_residence_document": "2027-01-13"}})
    items = {item.service: item for item in after.items}
    assert str(items["cpr_registration"].due) == "2027-01-18"
    assert not items["cpr_registration"].blocked and items["mitid"].blocked


def test_a_payday_is_the_visitors_own() -> None:
    wanted = {**PEOPLE["P06"], "things": {PARTNER: ["job"]}}
    due = {plan.who: {item.service: item.due for item in plan.items} for plan in lists(wanted)}
    assert str(due[ME]["tax_card"]) == "2027-04-30" and due[PARTNER]["tax_card"] is None


def test_fingerprints_that_are_not_known_leave_the_step_open() -> None:
    [plan] = lists(moving("worker", "third_country", things={ME: ["fingerprints_not_known"]}))
    assert [item.service for item in plan.uncertain] == ["residence_permit_biometrics"]
    assert plan.uncertain[0].depends_on == ("biometrics_recorded",)


def test_the_ranges_are_those_that_the_rules_tell_apart() -> None:
    assert bands(book(), "stay_months") == [(None, 3), (4, 6), (7, None)]
    assert bands(book(), "age") == [(None, 5), (6, 14), (15, 15), (16, 17), (18, None)]
    assert [in_band(*one) for one in bands(book(), "stay_months")] == [3, 6, 7]


def test_an_unknown_question_is_never_asked_of_a_company() -> None:
    so_far = walk(book(), {"situation": "company"})
    assert [one for one in QUESTIONS if one != "situation" and is_asked(book(), one, so_far)] == []
