"""The desk's journey, by keyboard alone: register, call, serve, finish, and check a booking in."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.walking import sign_in_as


def walk_to(page: Page, selector: str, most: int = 60) -> int:
    """Press Tab until something has the focus; returns how often."""
    wanted = page.locator(selector).first
    for presses in range(most):
        if wanted.evaluate("one => one === document.activeElement"):
            return presses
        page.keyboard.press("Tab")
    pytest.fail(f"{selector} cannot be reached by Tab")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_desk_registers_calls_serves_and_finishes(screen: Page, house: str, language: str) -> None:
    sign_in_as(screen, house, "desk", language)
    expect(screen.locator("html")).to_have_attribute("lang", language)

    screen.select_option("select[name=service]", "eu_residence_document")
    screen.locator("input[name=name]").fill(f"Walk-in {language}")
    screen.locator("input[name=name]").press("Enter")
    expect(screen.locator(".notice.good")).to_be_visible()
    assert f"Walk-in {language}" in screen.locator(".queue").first.inner_text()

    while screen.locator("form[action$='/desk/call'] button").count() == 0:  # somebody is at the counter
        if screen.locator("form[action$='/start'] button").count():
            screen.locator("form[action$='/start'] button").press("Enter")
        screen.locator("form[action$='/finish'] button").press("Enter")
    screen.locator("form[action$='/desk/call'] button").press("Enter")
    number = screen.locator(".now .no").inner_text()
    screen.locator("form[action$='/again'] button").press("Enter")
    assert screen.locator(".now .no").inner_text() == number
    screen.locator("form[action$='/start'] button").press("Enter")
    screen.locator("input[name=outcome][value=completed]").press("Space")
    screen.locator("form[action$='/finish'] button").press("Enter")
    expect(screen.locator("form[action$='/desk/call'] button")).to_have_count(1)


def test_everything_can_be_reached_by_tab_and_called_by_its_key(any_page: Page, house: str) -> None:
    sign_in_as(any_page, house, "desk")
    walk_to(any_page, "select[name=service]")
    walk_to(any_page, "input[name=reference]")
    keys = any_page.locator("[accesskey]").evaluate_all("all => all.map(one => one.accessKey)")
    assert len(keys) == len(set(keys)), "two things have the same key"


def test_a_walk_in_takes_at_most_four_keystrokes(any_page: Page, house: str) -> None:
    sign_in_as(any_page, house, "desk")
    keyboard = any_page.context.new_cdp_session(any_page)  # Playwright's own Alt+w triggers no access key
    keyboard.send("Input.dispatchKeyEvent", {"type": "keyDown", "modifiers": 1, "unmodifiedText": "w"})
    assert any_page.evaluate("document.activeElement.name") == "service"
    any_page.keyboard.press("Tab")
    any_page.keyboard.press("Enter")
    expect(any_page.locator(".notice.good")).to_be_visible()
