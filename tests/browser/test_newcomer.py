"""The newcomer's journey on a phone: find a service, book it, see it, cancel it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.walking import go_on, has_no_sideways_scroll

REFERENCE = re.compile(r"[34679CDFGHJKMNPQRTVWXY]{7}")


def book(page: Page, house: str, language: str, service: str, name: str, email: str) -> str:
    """Walk from the front page to a booked visit; returns its reference. Two typed fields."""
    page.goto(f"{house}/{language}/")
    assert has_no_sideways_scroll(page)
    page.locator("main a.button[href$='/book/']").first.click()
    page.check(f"input[name=service][value={service}]")
    go_on(page)
    go_on(page)  # one adult, in the language of the page
    page.locator("main .days a").nth(1).click()
    page.locator("main .times input").nth(2).check()
    go_on(page)
    page.fill("input[name=name]", name)
    page.fill("input[name=email]", email)
    go_on(page)
    expect(page.locator("main")).to_contain_text(name)
    go_on(page)
    found = REFERENCE.search(page.locator("main").inner_text())
    assert found, "the last page shows no reference"
    return found.group()


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ar", "rtl")])
def test_a_newcomer_books_sees_and_cancels_a_visit(
    phone: Page, house: str, language: str, direction: str
) -> None:
    reference = book(phone, house, language, "cpr_registration", "أمل Haddad", f"amal-{language}@example.org")
    expect(phone.locator("html")).to_have_attribute("dir", direction)
    expect(phone.locator("html")).to_have_attribute("lang", language)
    expect(phone.locator(".qr svg")).to_have_count(1)
    assert has_no_sideways_scroll(phone)
    visit = phone.url

    with phone.expect_download() as download:
        phone.locator("main a[href$='.ics']").click()
    calendar = download.value.path().read_text(encoding="utf-8")
    assert "BEGIN:VEVENT" in calendar and reference in calendar

    phone.goto(visit)
    phone.locator("main .buttons a.quiet[href$='/cancel']").click()
    phone.locator("main form button.button").first.click()
    phone.goto(visit)
    expect(phone.locator(".qr"), "a cancelled visit still looks like a booked one").to_have_count(0)


def test_the_letter_arrives_in_the_visitors_language(phone: Page, house: str) -> None:
    reference = book(phone, house, "ar", "mitid", "Samer", "samer@example.org")
    phone.goto(f"{house}/demo/mailbox")
    letter = phone.locator("tr", has_text="samer@example.org").first
    letter.locator("a").click()
    sheet = phone.locator("article[lang=ar][dir=rtl]")
    assert reference in sheet.inner_text()
    sheet.locator("a.button").click()
    assert reference in phone.locator("main").inner_text()


def test_switching_the_language_stays_on_the_page(phone: Page, house: str) -> None:
    phone.goto(f"{house}/en/services/")
    phone.locator(".langs summary").click()
    phone.locator(".langs a[hreflang=pl]").click()
    assert phone.url == f"{house}/pl/services/"
    expect(phone.locator("html")).to_have_attribute("lang", "pl")


@pytest.mark.parametrize("language", ["ar", "fa"])
def test_a_danish_name_stays_in_one_piece_on_the_smallest_phone(
    phone: Page, house: str, language: str
) -> None:
    """At its hyphen it would go on at the other end of the next line; it is copied by its true signs."""
    phone.set_viewport_size({"width": 320, "height": 640})
    for path, least in (("eu_residence_document", 1), ("", 2)):
        phone.goto(f"{house}/{language}/services/{path}")
        lines = phone.locator("main .whole").evaluate_all(
            """names => names.map(one => {
                const signs = document.createRange(); signs.selectNodeContents(one);
                return [one.textContent, new Set([...signs.getClientRects()].map(r => r.top)).size];
            })"""
        )
        assert len(lines) >= least and "(EU-opholdsdokument)" in dict(lines)
        assert {count for _, count in lines} == {1}, lines
        assert has_no_sideways_scroll(phone)
