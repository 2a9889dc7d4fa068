"""axe (with the WCAG 2.2 tags) and the Nu checker find nothing on any page, in English and in Arabic."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page

from tests.browser.planning import PEOPLE, answer_all
from tests.browser.test_newcomer import book
from tests.browser.walking import has_no_sideways_scroll, sign_in_as, sign_in_by_password
from tests.checkers import nu

AXE = (Path(__file__).parents[1] / "checkers" / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PUBLIC = (
    "/{l}/", "/{l}/services/", "/{l}/services/?q=tax", "/{l}/services/cpr_registration", "/{l}/visit-us",
    "/{l}/plan/", "/{l}/plan/shared/mitid,cpr_registration",
    "/{l}/book/", "/{l}/book/cpr_registration/2/", "/{l}/events/", "/{l}/events/language-cafe-1",
    "/{l}/events/cv-drop-in", "/{l}/events/onboarding-day-winter", "/{l}/company/", "/{l}/company/sign-in",
    "/{l}/company/sign-in/sent", "/{l}/company/sign-in/no.token", "/{l}/about/accessibility",
    "/{l}/about/privacy", "/{l}/nowhere", "/demo/mailbox", "/sign-in",
)  # fmt: skip
ROOMS = {
    "desk": (
        "/desk/guidance?about=service:eu_family_residence&language=fa", "/desk/closed-today",
        "/desk/caller?service=cpr_registration&party=2&language=uk", "/desk/", "/desk/today", "/counter/",
        "/desk/without-net", "/counter/without-net", "/referrals/", "/referrals/new", "/events/manage/",
    ),
    "adviser": ("/counter/", "/desk/"),
    "manager": (
        "/reports/", "/referrals/", "/manage/counters/", "/manage/counters/1", "/manage/counters/5/hours",
        "/manage/counters/closings/new", "/manage/counters/worklist", "/manage/screens",
    ),
    "editor": (
        "/manage/catalogue/", "/manage/catalogue/entries/service/",
        "/manage/catalogue/entries/service/cpr_registration",
        "/manage/catalogue/entries/service/cpr_registration/edit",
        "/manage/catalogue/entries/authority/siri/edit", "/manage/catalogue/entries/routes/routes/edit",
        "/manage/catalogue/entries/service/cpr_registration/raw", "/manage/catalogue/new/service",
        "/manage/catalogue/cases", "/manage/catalogue/links",
        "/manage/catalogue/reviews", "/manage/catalogue/coverage", "/manage/catalogue/texts/",
        "/manage/catalogue/texts/ar/", "/manage/catalogue/texts/uk/files",
    ),
    "company": ("/{l}/company/room", "/{l}/company/events/onboarding-day-winter"),
}


def findings(page: Page) -> list[str]:
    page.evaluate(AXE)
    found = page.evaluate(
        "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})"
        ".then(r => r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.target.join(' ')).join(' | ')))",
        TAGS,
    )
    return [str(one) for one in found]


def visit(
    page: Page, house: str, paths: tuple[str, ...], language: str, kept: dict[str, str], axe: bool = True
) -> list[str]:
    wrong = []
    for path in paths:
        address = path.replace("{l}", language)
        answer = page.goto(house + address)
        assert answer is not None and answer.status < 500, address
        kept[f"{language} {address}"] = answer.text()
        wrong += [f"{address}: {finding}" for finding in (findings(page) if axe else ())]
        if not has_no_sideways_scroll(page):
            wrong.append(f"{address}: scrolls sideways")
    return wrong


@pytest.mark.parametrize("language", ["en", "ar"])
def test_no_page_has_a_finding(any_page: Page, house: str, language: str) -> None:
    kept: dict[str, str] = {}
    any_page.goto(f"{house}/language/{language}?next=/sign-in")
    wrong = visit(any_page, house, PUBLIC, language, kept)
    for role, paths in ROOMS.items():
        sign_in_as(any_page, house, role, language)
        wrong += visit(any_page, house, paths, language, kept)
        any_page.context.clear_cookies()
    sign_in_by_password(any_page, house, "admin@house.example", language)
    wrong += visit(any_page, house, ("/manage/catalogue/bundle",), language, kept)
    bundle = any_page.request.get(f"{house}/manage/catalogue/bundle.zip").body()
    file = FilePayload(name="catalogue-bundle.zip", mimeType="application/zip", buffer=bundle)
    any_page.locator("input[type=file]").set_input_files(file)
    any_page.locator("form:has(input[type=file]) button").click()
    wrong += [f"a bundle looked at: {finding}" for finding in findings(any_page)]
    kept["a bundle looked at"] = any_page.content()
    any_page.context.clear_cookies()
    any_page.set_viewport_size({"width": 320, "height": 640})
    any_page.goto(f"{house}/language/{language}?next=/sign-in")
    wrong += visit(any_page, house, PUBLIC, language, kept, axe=language == "ar")  # narrow, the harder way
    assert not wrong, "\n".join(wrong)
    if (reason := nu.why_not()) is not None:
        pytest.skip(reason)
    assert not (said := nu.check_html(kept)), "\n".join(said)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_pages_of_a_booking_have_no_finding(any_page: Page, house: str, language: str) -> None:
    wrong: list[str] = []
    kept: dict[str, str] = {}

    def look(response: object) -> None:
        if any_page.url not in kept:
            kept[any_page.url] = any_page.content()

    any_page.on("load", look)
    book(any_page, house, language, "tax_card", "Ionuț", f"ionut-{language}@example.org")
    wrong += findings(any_page)
    for address in list(kept):
        any_page.goto(address)
        wrong += [f"{address}: {finding}" for finding in findings(any_page)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("who", ["family", "displaced"])
def test_the_questions_and_the_list_have_no_finding(
    any_page: Page, house: str, language: str, who: str
) -> None:
    kept: dict[str, str] = {}
    wrong: list[str] = []

    def look(question: str) -> None:
        kept[question] = any_page.content()
        wrong.extend(f"{question}: {finding}" for finding in findings(any_page))

    answer_all(any_page, house, language, PEOPLE[who], look)
    any_page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true; })")
    look("list, all opened")
    any_page.set_viewport_size({"width": 320, "height": 640})
    assert has_no_sideways_scroll(any_page)
    assert not wrong, "\n".join(wrong)
    if (reason := nu.why_not()) is not None:
        pytest.skip(reason)
    assert not (said := nu.check_html(kept)), "\n".join(said)


def test_a_planted_fault_is_found(any_page: Page, house: str) -> None:
    any_page.goto(f"{house}/en/")
    any_page.evaluate("document.querySelector('main').append(document.createElement('input'))")
    assert any("label" in one for one in findings(any_page))
