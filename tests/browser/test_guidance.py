"""Guidance by keyboard alone: from the desk, shown in two languages, written down, axe finds nothing."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_every_page_is_sound import findings
from tests.browser.walking import sign_in_as


def press(page: Page, letter: str) -> None:
    """An access key; Playwright's own Alt+letter triggers none."""
    keyboard = page.context.new_cdp_session(page)
    keyboard.send("Input.dispatchKeyEvent", {"type": "keyDown", "modifiers": 1, "unmodifiedText": letter})
    keyboard.send("Input.dispatchKeyEvent", {"type": "keyUp", "modifiers": 1, "unmodifiedText": letter})
    page.wait_for_load_state("load")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_guidance_is_shown_and_written_down_by_keyboard(any_page: Page, house: str, language: str) -> None:
    sign_in_as(any_page, house, "desk", language)
    press(any_page, "g")
    expect(any_page).to_have_url(f"{house}/desk/guidance")
    press(any_page, "g")
    assert any_page.evaluate("document.activeElement.name") == "about"
    any_page.select_option("select[name=about]", "service:eu_family_residence")
    any_page.select_option("select[name=language]", "fa")
    any_page.locator(".ask-about button").press("Enter")
    theirs = any_page.locator(".told-sides section").first
    expect(theirs).to_have_attribute("dir", "rtl")
    expect(any_page.locator(".told-sides section")).to_have_count(2)
    assert findings(any_page) == []
    any_page.locator("input[name=ended][value=own_basis]").press("Space")
    press(any_page, "n")
    expect(any_page.locator(".notice.good")).to_be_visible()
    assert findings(any_page) == []
    any_page.locator("form[action$='/remove'] button").first.press("Enter")
    expect(any_page.locator(".notice.good")).to_be_visible()
