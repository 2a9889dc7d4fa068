"""From a visitor's answers to people: what each answer says of her and of everybody who moves with her.

Pure: answers come in as they lie in the cookie, facts and dates go out as the catalogue names them. Which
question is asked when is `questions.py`'s; the words of questions and answers are the pages' own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from house.catalogue.steps import Person

Answers = Mapping[str, Any]
Facts = dict[str, Any]
ME, PARTNER, SPONSOR = "me", "partner", "sponsor"
NOT_KNOWN = "not_known"
ADULT = 18
DANE = "dane"
"""The visitor joins a Danish citizen: other rules, another authority."""
TO_THE_AUTHORITY = "asylum_or_family_reunification_with_dane"
ACCOMPANYING = frozenset({"accompanying_partner", "accompanying_child"})

SITUATIONS: Mapping[str, Facts] = {
    "moving": {"actor": "person", "phase": "arriving", "event": "none"},
    "address": {"actor": "person", "phase": "settled", "event": "moved_within_dk"},
    "name": {"actor": "person", "phase": "settled", "event": "name_change"},
    "leaving": {"actor": "person", "phase": "leaving", "event": "none"},
    "company": {"actor": "company", "phase": "settled", "event": "none"},
}
# Who lives here already comes for nothing: a value that no rule lists, so that no rule waits for an answer.
HERE_ALREADY: Facts = {
    "purpose": "none", "sponsor": "none", "need": "none", "cpr_status": "active",
    "works_in_two_countries": False,
}  # fmt: skip
_EARNS: Facts = {"works_in_dk": True, "pdu2": False}
_NO_JOB: Facts = {"works_in_dk": False, "works_in_two_countries": False}
# What a purpose says by itself; everything else is asked.
PURPOSES: Mapping[str, Facts] = {
    "worker": _EARNS,
    "self_employed": {**_EARNS, "age": ADULT},
    "student": {"pdu2": False},
    "researcher": {**_EARNS, "age": ADULT},
    "accompanying_partner": {},
    "accompanying_child": {**_NO_JOB, "pdu2": False},
    "job_seeker": _NO_JOB,
    "au_pair": {**_EARNS, "age": ADULT},
    "posted_worker": {"pdu2": False, "age": ADULT},
    "cross_border_commuter": {  # lives abroad
        **_EARNS, "needs_housing": False, "licence": "none", "wants_to_drive": False, "age": ADULT,
    },
    "displaced_special_act": {},
    TO_THE_AUTHORITY: {},
}  # fmt: skip
SPONSORS = {"nordic": "nordic_citizen", "eu_eea_ch": "eu_citizen", "third_country": "permit_holder"}
# One checkbox each: the fact it speaks of, what it says when ticked, what when not.
THINGS: Mapping[str, tuple[str, Facts, Facts]] = {
    "job": ("works_in_dk", {"works_in_dk": True}, {"works_in_dk": False}),
    "pdu2": ("pdu2", {"pdu2": True}, {"pdu2": False}),
    "cpr_earlier": ("cpr_status", {"cpr_status": "former"}, {"cpr_status": "none"}),
    "cpr_letter": ("cpr_status", {"cpr_status": "administrative"}, {}),
    "fingerprints": ("biometrics_recorded", {"biometrics_recorded": True}, {"biometrics_recorded": False}),
    "fingerprints_not_known": ("biometrics_recorded", {}, {}),
    "licence": (
        "wants_to_drive",
        {"licence": "non_eu_eea", "wants_to_drive": True},
        {"licence": "none", "wants_to_drive": False},
    ),
    "two_countries": (
        "works_in_two_countries", {"works_in_two_countries": True}, {"works_in_two_countries": False},
    ),
    "minor": ("age", {}, {"age": ADULT}),
}  # fmt: skip
NOTHING: Mapping[str, list[str]] = {"offered": [], "ticked": []}
NOT_A_PARTNERS = frozenset({"pdu2", "minor"})
# The days that only the visitor herself has: nobody else of the household is paid or registered on them.
OWN_DATES = frozenset({"first_payday", "pdu2_date"})
# What is done on a day that other limits are counted from.
COUNTED_FROM = {
    "eu_residence_document": "residence_basis_date", "eu_family_residence": "residence_basis_date",
    "cpr_registration": "cpr_date",
}  # fmt: skip


def said_by(question: str, answer: Any) -> tuple[Facts, frozenset[str]]:
    """The facts that the visitor's answer to a question says of herself, and those she does not know."""
    if answer == NOT_KNOWN:
        return {}, frozenset({"stay_months"} if question == "stay" else ())
    if question == "situation":
        facts = SITUATIONS[answer]
        return {**(HERE_ALREADY if facts["phase"] != "arriving" else {}), **facts}, frozenset()
    if question == "purpose":
        return _purpose(answer), frozenset()
    if question == "sponsor":
        return _sponsor(answer), frozenset()
    if question == "home":
        return _home(answer)
    if question == "things":
        return _things(answer.get(ME, NOTHING))
    if question in ("citizenship", "stay", "age"):
        return {{"stay": "stay_months"}.get(question, question): answer}, frozenset()
    return {}, frozenset()


def _purpose(answer: str) -> Facts:
    if answer == TO_THE_AUTHORITY:
        return {"need": answer}
    alone: Facts = {} if answer in ACCOMPANYING else {"sponsor": "none"}
    return {"purpose": answer, "need": "none", **alone, **PURPOSES[answer]}


def _sponsor(answer: Mapping[str, str]) -> Facts:
    facts: Facts = {"need": TO_THE_AUTHORITY} if answer["who"] == DANE else {"sponsor": answer["who"]}
    return {**facts, **({"relationship": answer["how"]} if answer.get("how") else {})}


def _home(answer: Mapping[str, Any]) -> tuple[Facts, frozenset[str]]:
    facts = {"needs_housing": bool(answer["looking"])}
    if answer["where"] == NOT_KNOWN:
        return facts, frozenset({"municipality"})
    return {**facts, "municipality": answer["where"]}, frozenset()


def _things(answer: Mapping[str, list[str]]) -> tuple[Facts, frozenset[str]]:
    """`offered` and `ticked`: what was not ticked is not so, what was not offered was not said."""
    facts: Facts = {}
    for thing in answer["offered"]:
        facts |= THINGS[thing][2]
    for thing in answer["ticked"]:
        facts |= THINGS[thing][1]
    if "fingerprints_not_known" not in answer["ticked"]:
        return facts, frozenset()
    facts.pop("biometrics_recorded", None)
    return facts, frozenset({"biometrics_recorded"})


def family_of(facts: Mapping[str, Any], answers: Answers) -> Iterator[tuple[str, Facts, frozenset[str]]]:
    """Everybody who moves with the visitor: a key, facts and what is not known of each."""
    moving = answers.get("household") or {"partner": "", "children": []}
    other = answers.get("family") if moving.get("mixed") else None
    sponsor = facts.get("sponsor")
    if sponsor in (None, "none"):
        sponsor = SPONSORS.get(facts.get("citizenship", ""), "none")
    base = {
        "actor": "person", "phase": "arriving", "event": "none", "need": "none", "needs_housing": False,
        "pdu2": False, "sponsor": sponsor,
        **{fact: facts[fact] for fact in ("citizenship", "stay_months", "municipality") if fact in facts},
    }  # fmt: skip
    if moving["partner"]:
        own = {"purpose": "accompanying_partner", "age": ADULT, "relationship": moving["partner"]}
        if other and other.get("partner"):
            own["citizenship"] = other["partner"]
        things = (answers.get("things") or {}).get(PARTNER)
        said, unknown = _things(things) if things else ({}, frozenset())
        yield PARTNER, {**base, **own, **said}, unknown
    for number, age in enumerate(moving["children"]):
        own = {"purpose": "accompanying_child", "age": age, "works_in_dk": False}
        if other and number < len(other["children"]):
            own["citizenship"] = other["children"][number]
        yield f"child{number}", {**base, **own}, frozenset()


def people(
    facts: Mapping[str, Any],
    unknown: frozenset[str],
    answers: Answers,
    ticks: Mapping[str, Mapping[str, str]],
) -> tuple[Person, ...]:
    """The visitor and everybody who moves with her, ready for the plan; a sponsor who is here already is one
    of them, without a list."""
    days = {name: date.fromisoformat(day) for name, day in answers.get("dates", {"days": {}})["days"].items()}

    def person(who: str, facts: Mapping[str, Any], unknown: frozenset[str]) -> Person:
        done = {service: date.fromisoformat(day) for service, day in ticks.get(who, {}).items()}
        own = {name: day for name, day in days.items() if who == ME or name not in OWN_DATES}
        for service, day in done.items():
            if service in COUNTED_FROM:
                own.setdefault(COUNTED_FROM[service], day)
        return Person(who, facts, own, frozenset(done), unknown)

    found = [person(ME, facts, unknown)]
    for who, of_one, not_known in family_of(facts, answers):
        found.append(person(who, of_one, not_known | unknown & {"stay_months", "municipality"}))
    if facts.get("purpose") in ACCOMPANYING:
        found.append(person(SPONSOR, {"actor": "elsewhere"}, frozenset()))
    return tuple(found)
