"""Answers to the plan's questions that lead to the people of the worked cases."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from house.catalogue.persons import ME, PARTNER
from house.catalogue.questions import QUESTIONS, Walk, dates_asked, things_asked, walk
from house.catalogue.rulebook import Rulebook

Wanted = Mapping[str, Any]
ALONE = {"partner": "", "children": [], "mixed": False}


def coming(partner: str, *ages: int) -> dict[str, Any]:
    """Who moves along."""
    return {"partner": partner, "children": list(ages), "mixed": False}


def moving(purpose: str, citizenship: str, stay: Any = 7, where: str = "Aalborg", **more: Any) -> Wanted:
    """Somebody who moves to Denmark; `things` are what is ticked, `dates` the days that are known."""
    return {
        "situation": "moving", "purpose": purpose, "citizenship": citizenship, "stay": stay,
        "home": {"where": where, "looking": more.pop("looking", False)}, "household": ALONE, **more,
    }  # fmt: skip


def at_home(situation: str, where: str = "Aalborg", **dates: str) -> Wanted:
    """Somebody who lives here already."""
    return {"situation": situation, "home": {"where": where, "looking": False}, "dates": dates}


# The people of the worked cases by case and name on the list.
PEOPLE: dict[str, Wanted] = {
    "P01": moving("worker", "eu_eea_ch", things={ME: []}, dates={
        "entry_date": "2027-01-10", "move_in_date": "2027-01-11", "first_payday": "2027-01-29",
        "residence_basis_date": "2027-01-13", "cpr_date": "2027-01-13"}),
    "P02": moving("worker", "third_country", things={ME: ["cpr_letter", "fingerprints", "licence"]}, dates={
        "entry_date": "2027-02-01", "move_in_date": "2027-02-01", "first_payday": "2027-02-26",
        "cpr_date": "2027-02-04"}),
    "P03": moving("worker", "nordic", where="Hjørring", dates={
        "entry_date": "2027-03-01", "move_in_date": "2027-03-01", "first_payday": "2027-03-31",
        "cpr_date": "2027-03-03"}),
    "P04": moving("student", "eu_eea_ch", stay=6, dates={
        "entry_date": "2027-01-25", "cpr_date": "2027-02-03"}),
    "P05": moving("student", "third_country", things={ME: ["job"]}, dates={
        "entry_date": "2027-01-21", "move_in_date": "2027-02-01", "first_payday": "2027-03-31",
        "cpr_date": "2027-02-03"}),
    "P06": moving("researcher", "eu_eea_ch", household=coming("married", 7, 3),
        dates={"entry_date": "2027-03-22", "move_in_date": "2027-03-22", "first_payday": "2027-04-30",
        "residence_basis_date": "2027-03-24", "cpr_date": "2027-03-24"}),
    "P07": moving("worker", "eu_eea_ch", where="Brønderslev",
        household=coming("shorter"),
        dates={"entry_date": "2027-06-14", "move_in_date": "2027-06-14", "first_payday": "2027-06-30",
        "residence_basis_date": "2027-06-16", "cpr_date": "2027-06-16"}),
    "P08": moving("researcher", "third_country", household=coming("married"),
        things={ME: ["fingerprints"], PARTNER: ["licence"]},
        dates={"entry_date": "2027-02-08", "move_in_date": "2027-02-08", "first_payday": "2027-02-26",
        "cpr_date": "2027-02-10"}),
    "P09": moving("job_seeker", "eu_eea_ch", stay=3, looking=True, things={ME: ["pdu2"]},
        dates={"pdu2_date": "2027-04-05"}),
    "P10": moving("displaced_special_act", "third_country"),
    "P12": at_home("leaving", departure_date="2027-07-31"),
}  # fmt: skip
"""P11 is a company's day: the company and each of its employees ask for themselves."""
LATER = {
    "P01": at_home("address", move_in_date="2027-05-01"),
    "P03": at_home("name", "Hjørring", wedding_date="2027-08-14"),
}


def give(book: Rulebook, question: str, so_far: Walk, wanted: Wanted) -> Any:
    """The answer as the cookie keeps it; what the person of the case says nothing of is answered with no."""
    if question == "things":
        ticked = wanted.get("things", {})
        offered = things_asked(book, so_far)
        return {
            who: {"offered": list(these), "ticked": ticked.get(who, [])} for who, these in offered.items()
        }
    if question == "dates":
        return {"asked": list(dates_asked(book, so_far)[0]), "days": dict(wanted.get("dates", {}))}
    return wanted[question]


def answered(book: Rulebook, wanted: Wanted) -> tuple[Walk, list[str]]:
    """All questions answered as this person would; the questions that were asked."""
    answers: dict[str, Any] = {}
    asked = []
    while (so_far := walk(book, answers)).next:
        asked.append(so_far.next)
        assert len(asked) <= len(QUESTIONS), f"these are asked again and again: {asked}"
        answers[so_far.next] = give(book, so_far.next, so_far, wanted)
    return so_far, asked
