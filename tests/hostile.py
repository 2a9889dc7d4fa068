"""Bad input for any form: empty, wrong, a megabyte, foreign choices, CPR numbers, no token, a forged token.

`refuses_everything` sends each of them by hand, as no browser would, and looks at what every form owes: the
right status, a sentence on the same page, the answers kept, nothing stored. What is special of a form stays
in its own tests.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any

from tests.inspecting import Page
from tests.test_doors import nothing_changes

MEGABYTE = "ä" + "a" * (1024 * 1024 - 2)  # in UTF-8; written with few % signs, which take long to read
MOST_ECHOED = 64 * 1024
CPR_SHAPED = "010203-1234"
Answers = dict[str, Any]


def refuses_everything(
    open_page: Callable[[], Page],
    button: str | int | None,
    good: Answers,
    *,
    needed: Collection[str] = (),
    lines: Collection[str] = (),
    choices: Collection[str] = (),
    secret: Collection[str] = (),
) -> int:
    """Send the form in every wrong way; returns in how many.

    `good` are right answers; `needed` may not be blank, `lines` are free text, `choices` offer values, and
    `secret` are never shown again.
    """
    ways = list(_ways(good, needed, lines, choices))
    for what, wrong, field in ways:
        page = open_page()
        with nothing_changes(page.client.application, what):
            answer = send(page, button, {**good, **wrong})
        assert answer.status == 422, f"{what}: {answer!r} says {answer.said}"
        assert any(one.text for one in answer.select(".summary li")), f"{what}: no sentence on {answer!r}"
        assert len(answer.html) < len(page.html) + MOST_ECHOED, f"{what}: the page shows all of it again"
        if field:
            assert _is_marked(answer, field), f"{what}: nothing is said at the field {field}"
        kept = {name: value for name, value in good.items() if name not in wrong and name not in secret}
        shown = _shown(answer, page, button)
        assert {name: shown.get(name) for name in kept} == kept, f"{what}: the answers are not kept"
    return len(ways)


def _ways(
    good: Answers, needed: Collection[str], lines: Collection[str], choices: Collection[str]
) -> Iterator[tuple[str, Answers, str | None]]:
    """What is wrong, the answers that make it so, and the field where a sentence is owed."""
    if needed:
        yield "everything empty", dict.fromkeys(good, ""), None
        yield "nothing sent", dict.fromkeys(good, None), None
    for name in needed:
        yield f"{name} blank", {name: "  \t "}, name
        yield f"{name} left out", {name: None}, name
    for name in lines:
        yield f"a megabyte of {name}", {name: MEGABYTE}, name
        yield f"a CPR number as {name}", {name: CPR_SHAPED}, name
    for name in choices:
        yield f"a {name} that is not offered", {name: "999999999"}, name
        yield f"a megabyte as {name}", {name: MEGABYTE}, name
        yield f"a {name} with odd signs", {name: "'\x00\u202e<b>"}, name
    yield "no token", {"csrf_token": None}, None
    yield "a forged token", {"csrf_token": "IjEi.ZZZZZZ.forged"}, None
    yield "a megabyte of token", {"csrf_token": MEGABYTE}, None


def send(page: Page, button: str | int | None, answers: Answers) -> Page:
    """Post the form of a page with these answers, offered or not; None leaves one out."""
    values = {**page.values(button), **answers}
    where = page.address(page.form(button).get("action") or page.url)
    return page.client.post_page(where, {name: value for name, value in values.items() if value is not None})


def twice(page: Page, button: str | int | None, answers: Answers) -> tuple[Page, Page]:
    """Send the very same form two times."""
    return send(page, button, answers), send(page, button, answers)


def _is_marked(answer: Page, field: str) -> bool:
    named = [one for one in answer.select("[name]") if one["name"] == field]
    around = [up for one in named for up in one.ancestors() if "bad" in up.classes]
    return any(one.text for up in around for one in up.select(".error"))


def _shown(answer: Page, page: Page, button: str | int | None) -> Answers:
    """What the form holds on the page that came back."""
    action = page.form(button).get("action")
    again = next((n for n, form in enumerate(answer.forms) if form.get("action") == action), None)
    return answer.values(again) if again is not None else {}
