"""The manager's journey: one page that is true and betrays nobody."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.walking import sign_in_as


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_manager_reads_the_month_and_takes_it_along(screen: Page, house: str, language: str) -> None:
    sign_in_as(screen, house, "manager", language)
    expect(screen.locator("html")).to_have_attribute("lang", language)
    assert "/reports/" in screen.url
    assert screen.locator("main table").count() >= 1
    assert screen.locator("main svg").count() >= 1
    with screen.expect_download() as download:
        screen.locator("main a[href*='.csv']").first.click()
    lines = download.value.path().read_text(encoding="utf-8").splitlines()
    assert len(lines) > 24, "a row for every service, used or not"
    numbers = [cell for line in lines[1:] for cell in line.split(",") if cell.isdigit()]
    assert numbers and all(int(cell) >= 5 for cell in numbers if len(cell) < 4)
