"""What a person does on a page, in words that hold in every language."""

from __future__ import annotations

from playwright.sync_api import Page

from house.demo.people import PASSWORD


def go_on(page: Page) -> None:
    """Press the main button of the main form."""
    page.locator("main form .buttons button.button:not(.quiet)").first.click()


def sign_in_as(page: Page, house: str, role: str, language: str = "en") -> None:
    """Become somebody of the demo house by one press, in a language."""
    page.goto(f"{house}/language/{language}?next=/sign-in")
    page.locator(f"form[action='/demo/sign-in/{role}'] button").click()


def sign_in_by_password(page: Page, house: str, email: str, language: str = "en") -> None:
    """Become somebody of the demo house who has no button of their own."""
    page.goto(f"{house}/language/{language}?next=/sign-in")
    page.locator("form[action='/sign-in'] [name=email]").fill(email)
    page.locator("form[action='/sign-in'] [name=password]").fill(PASSWORD)
    page.locator("form[action='/sign-in'] button").click()


def sit_down(page: Page) -> None:
    """Choose the first counter, on the desk or the counter page of somebody who sits nowhere yet."""
    choice = page.locator(".now select[name=counter]")
    choice.select_option(choice.locator("option").first.get_attribute("value"))
    page.locator("form[action='/desk/counter'] button").click()
    page.locator("#no-seat").wait_for(state="detached")


def read_out(page: Page) -> str:
    """Everything that a person can read in the main part."""
    return page.locator("main").inner_text()


def has_no_sideways_scroll(page: Page) -> bool:
    """Whether the page fits the width of the window; asked of the page's own layout."""
    box = page.locator("body").bounding_box()
    size = page.viewport_size
    return box is not None and size is not None and box["width"] <= size["width"] + 1
