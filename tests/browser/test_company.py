"""The company's journey: sign in by the link in a letter, sign up three employees, three letters."""

from __future__ import annotations

import uuid

import pytest
from playwright.sync_api import Page

from tests.browser.walking import go_on


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_company_signs_up_three_employees(screen: Page, house: str, language: str) -> None:
    screen.goto(f"{house}/{language}/company/sign-in")
    screen.fill("input[name=email]", "hr@limfjord.example")
    go_on(screen)

    screen.goto(f"{house}/demo/mailbox")
    screen.locator("tr", has_text="hr@limfjord.example").first.locator("a").click()
    link = screen.locator("article a.button").get_attribute("href")
    screen.goto(house + str(link))
    go_on(screen)  # looking at the link did nothing; the button signs in

    screen.goto(f"{house}/{language}/company/room")
    screen.locator("main a[href*='/company/events/']").first.click()
    stamp = uuid.uuid4().hex[:8]
    people = [("Kasia Nowak", "pl"), ("نرگس احمدی", "fa"), ("Олена Шевченко", "uk")]
    for number, (name, tag) in enumerate(people):
        screen.fill(f"input[name='people-{number}-name']", name)
        screen.fill(f"input[name='people-{number}-email']", f"{stamp}-{number}@example.org")
        screen.select_option(f"select[name='people-{number}-language']", tag)
    go_on(screen)
    shown = screen.locator("main").inner_text()
    assert all(name in shown for name, _ in people)

    for number, (_, tag) in enumerate(people):
        screen.goto(f"{house}/demo/mailbox")
        screen.locator("tr", has_text=f"{stamp}-{number}@example.org").first.locator("a").click()
        sheet = screen.locator(f"article[lang={tag}]")
        assert sheet.count() == 1, "the letter is not in the employee's own language"
        seat = sheet.locator("a.button").get_attribute("href") or ""
        assert seat.startswith(f"/{tag}/seat/")
        screen.goto(house + seat)
        assert screen.locator("html").get_attribute("lang") == tag
