"""A family of four books three services of three authorities in one visit, on a phone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PHONE, _context
from tests.browser.test_newcomer import REFERENCE
from tests.browser.walking import go_on, has_no_sideways_scroll

SERVICES = ("eu_residence_document", "cpr_registration", "tax_card")
TYPED = "main input:is([type=text], [type=email], [type=tel], [type=number], [type=date]), main textarea"


@pytest.fixture
def bare_phone(browser: Browser) -> Iterator[Page]:
    """A phone with scripts off."""
    context = _context(browser, PHONE, scripts=False)
    yield context.new_page()
    context.close()


def test_a_family_books_three_services_in_arabic_in_seven_pages_and_two_typed_fields(
    bare_phone: Page, house: str
) -> None:
    page, pages, typed = bare_phone, [], 0
    page.on("domcontentloaded", lambda: pages.append(page.url))

    def seen() -> None:
        nonlocal typed
        typed += page.locator(TYPED).count()
        assert has_no_sideways_scroll(page), page.url

    page.goto(f"{house}/ar/book/")
    seen()
    for service in SERVICES:
        page.check(f"input[name=service][value={service}]")
    go_on(page)
    seen()
    page.select_option("select[name=adults]", "2")
    page.select_option("select[name=children]", "2")
    page.select_option("select[name=municipality]", "Aalborg")
    page.check("input[name=access][value=quiet]")
    go_on(page)
    seen()
    page.locator("main .days a").nth(1).click()
    seen()
    page.locator("main .times input").first.check()
    go_on(page)
    seen()
    page.fill("input[name=name]", "أمل حداد")
    page.fill("input[name=email]", "amal-family@example.org")
    go_on(page)
    seen()
    go_on(page)
    seen()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    said = page.locator("main").inner_text()
    assert REFERENCE.search(said)
    assert page.locator("main h3").count() == len(SERVICES), "what to bring is not said for every service"
    steps = page.locator("main .answers time").all_inner_texts()
    assert len(pages) <= 7, pages
    assert typed <= 2
    assert steps
