"""People of different kinds who answer the plan's questions, in words that hold in every language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from playwright.sync_api import Page

from tests.browser.walking import go_on

Person = Mapping[str, Any]
# What each puts in: radios and selects by value, `things` are ticked, `days` filled in.
PEOPLE: dict[str, Person] = {
    "worker": {
        "situation": "moving", "purpose": "worker", "citizenship": "eu_eea_ch", "stay": "7",
        "where": "Aalborg", "things": [],
        "days": {"entry_date": "2027-01-10", "move_in_date": "2027-01-11", "first_payday": "2027-01-29"},
    },
    "student": {
        "situation": "moving", "purpose": "student", "citizenship": "third_country", "stay": "7",
        "where": "Aalborg", "things": ["job"],
        "days": {"entry_date": "2027-01-21", "move_in_date": "2027-02-01", "first_payday": "2027-03-31"},
    },
    "nordic": {
        "situation": "moving", "purpose": "worker", "citizenship": "nordic", "stay": "7",
        "where": "Hjørring", "things": [],
        "days": {"entry_date": "2027-03-01", "move_in_date": "2027-03-01"},
    },
    "family": {
        "situation": "moving", "purpose": "researcher", "citizenship": "eu_eea_ch", "stay": "7",
        "where": "Aalborg", "partner": "married", "children": ["7", "3"], "things": [],
        "days": {"entry_date": "2027-03-22", "move_in_date": "2027-03-22", "first_payday": "2027-04-30"},
    },
    "leaving": {
        "situation": "leaving", "where": "Aalborg", "days": {"departure_date": "2027-07-31"},
    },
    "job seeker": {
        "situation": "moving", "purpose": "job_seeker", "citizenship": "eu_eea_ch", "stay": "3",
        "where": "Aalborg", "looking": True, "things": ["pdu2"], "days": {"pdu2_date": "2027-04-05"},
    },
    "displaced": {"situation": "moving", "purpose": "displaced_special_act"},
}  # fmt: skip
MOST = 12


def question_on(page: Page) -> str:
    """Which question the page asks, by its address; "list" at the end."""
    last = page.url.rstrip("/").rpartition("/")[2].partition("#")[0]
    return "situation" if last == "plan" else last


def fill(page: Page, person: Person) -> None:
    """Put a person's answer into the form, without sending it."""
    question = question_on(page)
    if question in ("situation", "purpose", "citizenship", "stay"):
        page.check(f"input[name=answer][value='{person[question]}']")
    elif question == "home":
        page.select_option("select[name=where]", person["where"])
        if person.get("looking"):
            page.check("input[name=looking]")
    elif question == "household":
        page.select_option("select[name=partner]", person.get("partner", ""))
        for number, age in enumerate(person.get("children", ())):
            page.select_option(f"select[name=children-{number}]", age)
    elif question == "things":
        for thing in person["things"]:
            page.check(f"input[name=me][value={thing}]")
    elif question == "dates":
        for name, day in person["days"].items():
            page.fill(f"input[name={name}]", day)


def answer_all(
    page: Page,
    house: str,
    language: str,
    person: Person,
    look: Callable[[str], None] = lambda _question: None,
) -> list[str]:
    """From the home page to the list; the questions that were asked. `look` is called on every page."""
    page.goto(f"{house}/{language}/")
    page.locator("main a.button.sun").click()
    asked: list[str] = []
    while (question := question_on(page)) != "list" and len(asked) < MOST:
        look(question)
        asked.append(question)
        fill(page, person)
        go_on(page)
    look("list")
    return asked
