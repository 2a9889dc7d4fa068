"""The desk with people at it: axe, the Nu checker and a walk by Tab find nothing on any of its pages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import _context
from tests.browser.focus import walk
from tests.browser.test_desk import Keys, free_my_counter
from tests.browser.test_every_page_is_sound import findings
from tests.browser.test_hall import KIOSK, SERVICE, STANDING, make_kiosk
from tests.browser.walking import has_no_sideways_scroll, sign_in_as
from tests.checkers import nu

PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 900}


class Look:
    """What is wrong with the pages looked at, and their text for the checker of documents."""

    def __init__(self, page: Page) -> None:
        self.page, self.wrong = page, list[str]()
        self.kept: dict[str, str] = {}

    def at(self, what: str) -> None:
        """The page as it stands now, also on a phone, and what its folds hold."""
        page = self.page
        page.wait_for_load_state("load")
        self.kept[what] = page.content()
        page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true; })")
        page.set_viewport_size(PHONE)
        found = [] if has_no_sideways_scroll(page) else ["scrolls sideways on a phone"]
        page.set_viewport_size(DESK)
        found += [*findings(page), *walk(page)]
        self.wrong += [f"{what}: {finding}" for finding in found]

    def check(self) -> None:
        assert not self.wrong, "\n".join(self.wrong)
        if (reason := nu.why_not()) is not None:
            pytest.skip(reason)
        assert not (said := nu.check_html(self.kept)), "\n".join(said)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_desk_at_work_has_no_finding(any_page: Page, house: str, language: str) -> None:
    page, look = any_page, Look(any_page)
    sign_in_as(page, house, "desk", language)
    page.select_option("select[name=service]", "eu_residence_document")
    page.locator("form[action='/desk/register'] .buttons button").click()
    expect(page.locator(".notice.good .no")).to_be_visible()
    look.at("registered")
    ticket = page.locator(".notice.good .no").inner_text()
    person = page.locator("[data-part=waiting] a.no", has_text=ticket).first.get_attribute("href")
    page.goto(f"{house}{person}")
    look.at("who waits")
    page.locator("form[action$='/pause'] button").click()
    look.at("who has a pause")
    page.locator("form[action$='/resume'] button").click()
    page.goto(f"{house}/desk/")
    page.locator("input[name=reference]").fill("nobody of this name")
    page.locator("input[name=reference]").press("Enter")
    expect(page.locator(".summary")).to_be_visible()
    look.at("nobody found")
    page.goto(f"{house}/desk/")
    free_my_counter(page)
    page.locator("form[action$='/desk/call'] button").press("Enter")
    look.at("called")
    page.locator("form[action$='/start'] button").press("Enter")
    look.at("served")
    for path in ("/counter/", page.locator(".now .who a").get_attribute("href")):
        page.goto(f"{house}{path}")
        look.at(f"served: {str(path)[:13]}")
    page.goto(f"{house}/desk/done")
    expect(page.locator("main form[action*='/undo']").first).to_be_visible()
    look.at("all I did today")
    booked = page.request.get(f"{house}/desk/today").text().partition('name="reference" value="')[2][:7]
    if booked:  # nobody books a weekend
        page.goto(f"{house}/desk/person/{booked}")
        look.at("who is still to come")
    look.check()


@pytest.fixture
def kiosk(browser: Browser, house: str, open_door: None) -> Iterator[Page]:
    context = _context(browser, STANDING, True)
    page = context.new_page()
    make_kiosk(page, house)
    yield page
    context.close()


def test_every_step_of_the_kiosk_is_walked_by_tab(kiosk: Page, house: str) -> None:
    wrong = []
    for step in ("", "/ar/", "/ar/check-in", f"/ar/take/{SERVICE}"):
        kiosk.goto(f"{house}{KIOSK}{step}")
        wrong += [f"{step}: {finding}" for finding in walk(kiosk)]
    assert not wrong, "\n".join(wrong)


NAME = "document.querySelector('input[name=name]')"
FAULTS = (
    ("no ring", f"{NAME}.style.outline = 'none'"),
    ("were reached by Tab", f"{NAME}.tabIndex = 1"),
    ("were reached by Tab", f"{NAME}.addEventListener('focus', event => event.target.blur())"),
    (
        "covered",
        "const over = document.body.appendChild(document.createElement('p'));"
        "Object.assign(over.style, {position: 'fixed', inset: 0, margin: 0})",
    ),
    ("caught here", f"{NAME}.addEventListener('keydown', event => event.preventDefault())"),
    ("pixels", f"Object.assign({NAME}.style, {{minBlockSize: 0, blockSize: '12px', padding: 0}})"),
)


@pytest.mark.parametrize(("fault", "planted"), FAULTS)
def test_a_planted_fault_on_the_way_is_found(any_page: Page, house: str, fault: str, planted: str) -> None:
    sign_in_as(any_page, house, "desk")
    any_page.evaluate(f"() => {{ {planted} }}")
    assert any(fault in one for one in walk(any_page))


def test_after_printing_the_desk_is_there_again(any_page: Page, house: str) -> None:
    sign_in_as(any_page, house, "desk")
    any_page.evaluate("window.print = () => {}")
    keys = Keys(any_page)
    keys.alt("w")
    keys.press("Tab", "Enter")
    expect(any_page.locator(".notice.good .no")).to_be_visible()
    number = any_page.locator(".notice.good .no").inner_text()
    keys.alt("k")
    expect(any_page.locator(".sheet .no")).to_have_text(number)
    assert keys.pressed == 4, "a walk-in and the ticket on paper"
    any_page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(any_page.locator("#register-title")).to_be_visible()
