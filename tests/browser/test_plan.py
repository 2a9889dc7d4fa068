"""A newcomer's own list: five people of different kinds, five languages, scripts off; on paper too.

By default each in two languages and each language twice; with HOUSE_FULL each in each.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PHONE, _context
from tests.browser.planning import PEOPLE, answer_all, fill, question_on
from tests.browser.walking import go_on, has_no_sideways_scroll, read_out

MOST_QUESTIONS = 8
LANGUAGES = {"en": "ltr", "pl": "ltr", "uk": "ltr", "ar": "rtl", "da": "ltr"}
STEPS = {"worker": 8, "student": 10, "nordic": 7, "family": 24, "leaving": 1, "job seeker": 2, "displaced": 0}
ALWAYS = {
    "worker": ("en", "ar"), "student": ("uk", "da"), "nordic": ("da", "pl"), "family": ("ar", "uk"),
    "leaving": ("pl", "en"),
}  # fmt: skip
PAIRS = [
    pytest.param(who, language, marks=() if language in mine else pytest.mark.full)
    for who, mine in ALWAYS.items()
    for language in LANGUAGES
]


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """A page on a phone without scripts."""
    context = _context(browser, PHONE, False)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize(("who", "language"), PAIRS)
def test_everybody_reaches_her_list_in_at_most_eight_questions(
    plain: Page, house: str, language: str, who: str
) -> None:
    def look(question: str) -> None:
        assert has_no_sideways_scroll(plain), question

    asked = answer_all(plain, house, language, PEOPLE[who], look)
    assert len(asked) <= MOST_QUESTIONS, asked
    expect(plain.locator("main ol.plan > li")).to_have_count(STEPS[who])
    expect(plain.locator("html")).to_have_attribute("dir", LANGUAGES[language])
    printed = plain.pdf(format="A4", print_background=True)
    assert printed.startswith(b"%PDF-") and len(printed) > 10_000
    sheet = plain.context.request.get(f"{house}/{language}/plan/list.pdf")
    assert sheet.status == 200 and sheet.body().startswith(b"%PDF-")


@pytest.mark.parametrize("who", ["job seeker", "displaced"])
def test_somebody_else_does_too(plain: Page, house: str, who: str) -> None:
    asked = answer_all(plain, house, "en", PEOPLE[who])
    assert len(asked) <= MOST_QUESTIONS, asked
    expect(plain.locator("main ol.plan > li")).to_have_count(STEPS[who])


def test_switching_the_language_at_every_question_loses_nothing(plain: Page, house: str) -> None:
    tongues = list(LANGUAGES)
    plain.goto(f"{house}/en/plan/")
    number = 0
    while question_on(plain) != "list":
        number += 1
        language = tongues[number % len(tongues)]
        plain.locator(".langs summary").click()
        plain.locator(f".langs a[hreflang={language}]").click()
        expect(plain.locator("html")).to_have_attribute("lang", language)
        fill(plain, PEOPLE["family"])
        go_on(plain)
    for language in tongues:
        plain.locator(".langs summary").click()
        plain.locator(f".langs a[hreflang={language}]").click()
        expect(plain.locator("main ol.plan > li"), language).to_have_count(STEPS["family"])


def test_going_back_keeps_the_answers_and_a_changed_one_makes_the_list_anew(phone: Page, house: str) -> None:
    answer_all(phone, house, "en", PEOPLE["worker"])
    phone.locator("main a[href$='/plan/stay']").click()
    assert phone.locator("input[name=answer]:checked").get_attribute("value") == "7"
    phone.go_back()
    expect(phone.locator("main ol.plan > li")).to_have_count(STEPS["worker"])
    phone.locator("main a[href$='/plan/household']").click()
    phone.select_option("select[name=partner]", "shorter")
    go_on(phone)
    while question_on(phone) != "list":
        go_on(phone)
    assert "you need a basis of your own" in read_out(phone)
    expect(phone.locator("#partner-partner_career .tag.good")).to_have_count(1)


def test_a_ticked_step_opens_the_next_and_the_list_leads_into_a_visit(phone: Page, house: str) -> None:
    answer_all(phone, house, "ar", PEOPLE["worker"])
    expect(phone.locator("#me-cpr_registration.waits")).to_have_count(1)
    phone.locator("button[name=done][value='me.eu_residence_document']").click()
    expect(phone.locator("#me-cpr_registration.waits")).to_have_count(0)
    expect(phone.locator("#me-eu_residence_document.done")).to_have_count(1)
    book = phone.locator("main .buttons a.button:not(.quiet)")
    assert "service=cpr_registration" in (book.get_attribute("href") or "")
    book.click()
    assert "/ar/book/" in phone.url


def test_a_shared_computer_forgets_at_once(phone: Page, house: str) -> None:
    answer_all(phone, house, "en", PEOPLE["leaving"])
    phone.locator("main form[action$='/plan/'] button").click()
    assert phone.context.cookies() == [] or all(
        one["name"] != "house_plan" for one in phone.context.cookies()
    )
    phone.go_back()
    expect(phone.locator("main ol.plan > li"), "Back shows the list again").to_have_count(0)


def test_scripts_cannot_read_the_answers(any_page: Page, house: str) -> None:
    answer_all(any_page, house, "en", PEOPLE["leaving"])
    assert "house_plan" not in any_page.evaluate("document.cookie")


def test_the_calendar_and_the_paper_are_downloads(phone: Page, house: str) -> None:
    answer_all(phone, house, "pl", PEOPLE["worker"])
    for name, mark in (("list.ics", b"BEGIN:VEVENT"), ("list.pdf", b"%PDF-")):
        with phone.expect_download() as download:
            phone.locator(f"main a[href$='/plan/{name}']").click()
        path: Path = download.value.path()
        assert mark in path.read_bytes()
