"""Walks through the plan's questions with the inspecting client, as people do: one form after the other."""

from __future__ import annotations

from typing import Any

from house.catalogue.kept_answers import COOKIE
from house.catalogue.persons import ME, NOT_KNOWN, PARTNER
from tests.catalogue.plan_answers import Wanted
from tests.inspecting import InspectingClient, Page

PLAIN = ("situation", "purpose", "citizenship", "stay", "age")


def question_of(page: Page) -> str:
    """Which question a page asks; "list" when there is none left."""
    last = page.url.rstrip("/").rpartition("/")[2]
    return "situation" if last == "plan" else last


def fields_of(question: str, wanted: Wanted, page: Page) -> dict[str, Any]:
    """What a person puts into the form of a question."""
    answer = wanted.get(question)
    if question in PLAIN:
        return {"answer": str(answer)}
    if question == "sponsor":
        return dict(answer or {})
    if question == "home":
        looking = {"looking": "y"} if answer and answer["looking"] else {}
        return {"where": (answer or {"where": NOT_KNOWN})["where"], **looking}
    if question == "household":
        children = {f"children-{number}": str(age) for number, age in enumerate(answer["children"])}
        partner = {"partner": answer["partner"]} if page.select("[name=partner]") else {}
        return {**partner, **children, **({"mixed": "y"} if answer["mixed"] else {})}
    if question == "family":
        children = {f"children-{number}": one for number, one in enumerate(answer["children"])}
        return {**({"partner": answer["partner"]} if answer["partner"] else {}), **children}
    if question == "things":
        shown = {(one["name"], one.get("value")) for one in page.select("main input")}
        ticked = {
            who: [one for one in (answer or {}).get(who, ()) if (who, one) in shown] for who in (ME, PARTNER)
        }
        return {who: these for who, these in ticked.items() if these}
    shown = {one["name"] for one in page.select("main [name]")}
    return {name: day for name, day in (answer or {}).items() if name in shown}


def answer(page: Page, wanted: Wanted, button: str | int = "Continue") -> Page:
    """Answer the question of a page; the next one, or the list."""
    fields = fields_of(question_of(page), wanted, page)
    return page.submit(button, **fields).must_be(303).follow()


def walk_to_list(client: InspectingClient, wanted: Wanted, language: str = "en") -> Page:
    """Answer everything from the beginning, as somebody new; the list."""
    client.delete_cookie(COOKIE, domain="127.0.0.1")
    page = client.get_page(f"/{language}/plan/")
    for _ in range(12):
        page = answer(page, wanted, _main_button(page))
        if question_of(page) == "list":
            return page
    raise AssertionError(f"no list after twelve questions: {page!r}")


def _main_button(page: Page) -> str:
    return next(one.text for one in page.select("main .buttons button") if "quiet" not in one.classes)
