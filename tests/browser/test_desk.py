"""The desk's journey, by keyboard alone: register, check in, call, serve, hand over, finish, undo."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.walking import sign_in_as, sit_down


def walk_to(page: Page, selector: str, most: int = 60) -> int:
    """Press Tab until something has the focus; returns how often."""
    wanted = page.locator(selector).first
    for presses in range(most):
        if wanted.evaluate("one => one === document.activeElement"):
            return presses
        page.keyboard.press("Tab")
    pytest.fail(f"{selector} cannot be reached by Tab")


class Keys:
    """A keyboard that counts. Playwright's own Alt+letter triggers no access key, so those go otherwise."""

    def __init__(self, page: Page) -> None:
        self.page, self.pressed = page, 0
        self.browser = page.context.new_cdp_session(page)

    def alt(self, letter: str) -> None:
        """One access key."""
        self.pressed += 1
        key = {"type": "keyDown", "modifiers": 1, "unmodifiedText": letter}
        self.browser.send("Input.dispatchKeyEvent", key)

    def press(self, *keys: str) -> None:
        self.pressed += len(keys)
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, words: str) -> None:
        self.pressed += len(words)
        self.page.keyboard.type(words)

    def tab_to(self, selector: str) -> None:
        self.pressed += walk_to(self.page, selector)

    def since(self, before: int) -> int:
        return self.pressed - before


def free_my_counter(page: Page) -> None:
    """Sit down where nobody of mine sat yet; the demo house, or another test, left somebody there."""
    if page.locator("#no-seat").is_visible():
        sit_down(page)
    idle = page.locator("form[action='/desk/call'] button")
    for _ in range(6):
        ways = "form[action='/desk/call'], form[action$='/start'], form[action$='/finish']"
        expect(page.locator(ways).first).to_be_visible()
        if idle.is_visible():
            return
        start = page.locator("form[action$='/start'] button")
        if start.is_visible():
            start.press("Enter")
            expect(page.locator("form[action$='/finish']")).to_be_visible()
        page.locator("form[action$='/finish'] .buttons button").press("Enter")
        expect(page.locator("form[action$='/finish']")).to_have_count(0)
    pytest.fail("The counter is never free.")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_desk_registers_calls_serves_and_finishes(screen: Page, house: str, language: str) -> None:
    sign_in_as(screen, house, "desk", language)
    expect(screen.locator("html")).to_have_attribute("lang", language)

    screen.select_option("select[name=service]", "eu_residence_document")
    screen.locator("input[name=name]").fill(f"Walk-in {language}")
    screen.locator("input[name=name]").press("Enter")
    expect(screen.locator(".notice.good")).to_be_visible()
    expect(screen.locator(".queue").first).to_contain_text(f"Walk-in {language}")

    free_my_counter(screen)
    screen.locator("form[action$='/desk/call'] button").press("Enter")
    number = screen.locator(".now .no")
    expect(number).to_be_visible()
    called = number.inner_text()
    screen.locator("form[action$='/again'] button").press("Enter")
    expect(screen.locator(".now")).to_contain_text("2")
    expect(number).to_have_text(called)
    screen.locator("form[action$='/start'] button").press("Enter")
    expect(screen.locator("input[name=outcome][value=completed]")).to_be_visible()
    screen.locator("input[name=outcome][value=completed]").press("Space")
    screen.locator("form[action$='/finish'] .buttons button").press("Enter")
    expect(screen.locator("form[action$='/desk/call'] button")).to_be_visible()


def test_a_whole_turn_at_the_desk_by_keys_alone(any_page: Page, house: str) -> None:
    """Register, check in, call, hand over, finish and undo without a mouse, counting every key."""
    page = any_page
    sign_in_as(page, house, "desk")
    free_my_counter(page)
    keys, good = Keys(page), page.locator(".notice.good")
    for _ in range(2):
        before = keys.pressed
        keys.alt("w")
        keys.type("eu")  # as far as the list of services needs it
        keys.press("Tab", "Enter")
        expect(good).to_contain_text("Ticket")
        assert keys.since(before) <= 5

    reference = page.locator("[data-part=coming] .who a").first.inner_text()
    before = keys.pressed
    keys.alt("c")
    keys.type(reference)
    found = page.locator("[data-found] li:visible")
    expect(found).to_have_count(1)  # found while typing
    expect(found).to_be_in_viewport(ratio=1)
    keys.press("Enter")
    expect(good).to_contain_text("Ticket")
    assert keys.since(before) <= len(reference) + 2

    before = keys.pressed
    keys.alt("n")
    expect(page.locator(".now .no")).to_be_visible()
    keys.alt("s")
    expect(page.locator("form[action$='/finish']")).to_be_visible()
    assert keys.since(before) == 2

    before = keys.pressed
    keys.alt("2")
    expect(page.locator("input[name=outcome]:checked")).to_have_value("advice_given")
    keys.press("1")  # the form has the focus: no more is needed
    expect(page.locator("input[name=outcome]:checked")).to_have_value("completed")
    keys.alt("o")
    keys.press("Tab")
    keys.type("Civil")
    keys.alt("h" if page.locator("[accesskey=h]").is_visible() else "f")
    expect(good).to_contain_text("Civil registration")
    assert keys.since(before) <= 10

    before = keys.pressed
    for letter, there in (("n", "form[action$='/start']"), ("s", "form[action$='/finish']")):
        keys.alt(letter)
        expect(page.locator(there)).to_be_visible()
    keys.alt("h" if page.locator("[accesskey=h]").is_visible() else "f")
    expect(page.locator("form[action='/desk/call']")).to_be_visible()
    keys.alt("z")
    expect(good).to_contain_text("Taken back: Finished")
    expect(page.locator("form[action$='/finish']")).to_be_visible()
    assert keys.since(before) == 4


def test_a_note_is_written_and_found_by_keys_alone(any_page: Page, house: str) -> None:
    page, note = any_page, "Brings the signed lease on Monday"
    sign_in_as(page, house, "desk")
    free_my_counter(page)
    keys = Keys(page)
    keys.alt("w")
    keys.type("eu")
    keys.press("Tab", "Enter")
    expect(page.locator(".notice.good")).to_contain_text("Ticket")
    page.goto(f"{house}/counter/")
    keys.alt("n")
    expect(page.locator(".now .no")).to_be_visible()
    before = keys.pressed
    keys.alt("m")
    keys.type(note)
    keys.press("Tab", "Enter")
    expect(page.locator("#notes .notes p")).to_have_text(note)
    assert keys.since(before) == len(note) + 3
    page.goto(f"{house}/desk/")
    keys.alt("m")
    expect(page).to_have_url(re.compile("/desk/person/.+#notes$"))
    expect(page.locator("#notes .notes p")).to_have_text(note)


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


def test_a_scanner_checks_in_wherever_the_focus_is_and_registers_nobody(any_page: Page, house: str) -> None:
    page = any_page
    sign_in_as(page, house, "desk")
    reference = page.locator("[data-part=coming] button[name=reference]").first.get_attribute("value")
    waiting = page.locator("[data-part=waiting] li").count()
    keys = Keys(page)
    keys.alt("w")
    chosen = page.locator("select[name=service]").input_value()
    page.keyboard.type("cvtmr", delay=80)  # hands, on the list of services: nobody is checked in by that
    page.locator("input[name=name]").focus()
    page.keyboard.type("Olena", delay=80)
    link = f"https://house.example/uk/visit/{reference}.abcdefghijklmnopqrstuv"
    typing = """([words, field]) => {
      const type = key => document.activeElement.dispatchEvent(
        new KeyboardEvent('keydown', {key, bubbles: true, cancelable: true}));
      for (const key of words) { type(key); field.value += key; }
      return type('Enter');
    }"""
    went_on = page.locator("input[name=name]").evaluate(f"(field, words) => ({typing})([words, field])", link)
    assert went_on is False, "Enter answers nothing that had the focus"
    expect(page.locator(".notice.good .no")).to_be_visible()
    assert page.locator("[data-part=waiting] li").count() == waiting + 1
    checked_in = page.locator(".undo li").first.inner_text()
    assert checked_in.startswith("Checked in"), checked_in
    assert page.locator("select[name=service]").input_value() == chosen
