"""The screens in the hall: the board stays fresh and says when it cannot, the kiosk is touched."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import _context
from tests.browser.test_every_page_is_sound import findings
from tests.browser.walking import has_no_sideways_scroll, sign_in_as, sit_down
from tests.checkers import nu

SLUG = "international-house-north-denmark"
BOARD, KIOSK = f"/board/{SLUG}", f"/kiosk/{SLUG}"
WALL = {"width": 1920, "height": 1080}
STANDING = {"width": 1080, "height": 1920}
SERVICE = "cpr_registration"


@pytest.fixture
def wall(browser: Browser) -> Iterator[Page]:
    """The screen on the wall, with a clock that the test moves."""
    context = _context(browser, WALL, True)
    page = context.new_page()
    page.clock.install()
    yield page
    context.close()


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def kiosk(browser: Browser, house: str, open_door: None, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A touch screen that a manager has made a kiosk, with scripts and once more without."""
    context = _context(browser, STANDING, request.param)
    page = context.new_page()
    make_kiosk(page, house)
    yield page
    context.close()


def make_kiosk(page: Page, house: str) -> None:
    """Sign in as a manager, make the key, open its link on this screen, and leave."""
    sign_in_as(page, house, "manager")
    page.goto(f"{house}/manage/screens")
    page.locator("form[action$='/manage/screens'] button").click()
    page.goto(house + str(page.locator(f"main a[href*='{KIOSK}/key/']").get_attribute("href")))
    page.locator("main form .button").click()
    expect(page).to_have_url(f"{house}{KIOSK}")
    page.context.clear_cookies(name="house")


def somebody_is_called(page: Page, house: str) -> str:
    """At the desk: register somebody and call the next; the number that is called."""
    sign_in_as(page, house, "desk")
    sit_down(page)
    for _ in range(3):  # whoever is at the counter is finished first
        for act in ("start", "finish"):
            if page.locator(f"form[action$='/{act}'] button").count():
                page.locator(f"form[action$='/{act}'] button").first.click()
    page.select_option("select[name=service]", "eu_residence_document")
    page.locator("form[action$='/desk/register'] button").click()
    page.locator("form[action$='/desk/call'] button").click()
    return page.locator(".now .no").inner_text()


def test_the_board_shows_a_call_within_three_seconds(any_page: Page, browser: Browser, house: str) -> None:
    any_page.goto(house + BOARD)
    context = _context(browser, {"width": 1280, "height": 900}, True)
    number = somebody_is_called(context.new_page(), house)
    called = time.monotonic()
    fresh = any_page.locator(".calls li.new .no", has_text=re.compile(rf"^{number}$"))
    expect(fresh).to_be_visible(timeout=5000)
    assert time.monotonic() - called < 3
    context.close()


def test_the_board_says_when_it_has_lost_the_house_and_recovers(wall: Page, house: str) -> None:
    wall.goto(house + BOARD)
    expect(wall.locator(".lost")).to_be_hidden()
    wall.context.set_offline(True)
    wall.clock.run_for(8_000)
    expect(wall.locator(".lost")).to_be_hidden()
    wall.clock.run_for(5_000)
    expect(wall.locator(".lost")).to_be_visible()
    assert re.search(r"\d\d:\d\d", wall.locator(".lost").inner_text()), "since when"
    assert float(wall.locator(".calls").evaluate("one => getComputedStyle(one).opacity")) < 0.5
    wall.context.set_offline(False)
    for _ in range(20):
        wall.clock.run_for(2_500)
        if wall.locator(".lost").is_hidden():
            break
    expect(wall.locator(".lost")).to_be_hidden()
    assert float(wall.locator(".calls").evaluate("one => getComputedStyle(one).opacity")) == 1


def test_the_sound_is_switched_on_by_hand(any_page: Page, house: str) -> None:
    any_page.goto(house + BOARD)
    button = any_page.locator("[data-sound]")
    expect(button).to_have_attribute("aria-pressed", "false")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")


def hears(page: Page) -> str:
    """What the board says of its sound: on, off, or that it is silent until somebody touches it."""
    if page.locator("[data-mute]").is_visible():
        return "silent"
    return "on" if page.locator("[data-sound]").get_attribute("aria-pressed") == "true" else "off"


def test_the_wish_for_sound_outlives_a_reload_and_silence_is_said(any_page: Page, house: str) -> None:
    any_page.goto(house + BOARD)
    any_page.locator("[data-sound]").click()
    expect(any_page.locator("[data-sound]")).to_have_attribute("aria-pressed", "true")
    any_page.reload()
    expect(any_page.locator("[data-mute]")).to_be_visible()
    assert hears(any_page) == "silent" and any_page.locator("[data-mute]").inner_text().strip()
    any_page.mouse.click(600, 600)
    expect(any_page.locator("[data-mute]")).to_be_hidden()
    assert hears(any_page) == "on"
    any_page.locator("[data-sound]").click()
    expect(any_page.locator("[data-sound]")).to_have_attribute("aria-pressed", "false")
    any_page.reload()
    assert hears(any_page) == "off", "whoever switched it off is not asked again"


def test_the_button_alone_brings_the_sound_back_after_a_reload(any_page: Page, house: str) -> None:
    any_page.goto(house + BOARD)
    any_page.locator("[data-sound]").click()
    any_page.reload()
    expect(any_page.locator("[data-mute]")).to_be_visible()
    any_page.locator("[data-sound]").click()
    expect(any_page.locator("[data-mute]")).to_be_hidden()
    assert hears(any_page) == "on"


def test_languages_take_turns_on_the_board(wall: Page, house: str) -> None:
    wall.goto(f"{house}{BOARD}?languages=da,en,ar,de")
    shown = wall.locator(".head > :last-child .words:not([hidden]) bdi")
    first = shown.all_inner_texts()
    wall.clock.run_for(8_100)
    second = shown.all_inner_texts()
    assert {len(first), len(second)} == {3, 1}


def test_a_ticket_is_taken_by_touch_and_a_double_tap_takes_one(kiosk: Page, house: str) -> None:
    kiosk.locator("[lang=ar].tile").click()
    kiosk.locator(f"a[href$='/take/{SERVICE}']").click()
    assert kiosk.locator("html").get_attribute("dir") == "rtl"
    for target in kiosk.locator(".key, .again").all():
        box = target.bounding_box()
        assert box is not None and min(box["width"], box["height"]) >= 64
    kiosk.locator(".key").nth(1).dblclick()
    expect(kiosk).to_have_url(re.compile("/ticket/"))  # the first of the two ways there is given up
    number = kiosk.locator(".sheet .no").inner_text()
    assert re.fullmatch(r"[A-Z]\d+", number)
    kiosk.locator(".off-paper .button").click()
    kiosk.locator("[lang=da].tile").click()
    kiosk.locator(f"a[href$='/take/{SERVICE}']").click()
    kiosk.locator(".key").first.click()
    following = kiosk.locator(".sheet .no").inner_text()
    assert int(following[1:]) == int(number[1:]) + 1, "the double tap took one ticket"


def test_a_code_is_written_with_the_keys_on_the_screen(kiosk: Page, house: str) -> None:
    kiosk.goto(f"{house}{KIOSK}/en/check-in")
    for sign in "K7M":
        kiosk.locator(f".key[value='{sign}']").click()
    kiosk.locator(".key[value=back]").click()
    assert kiosk.locator("#typed").input_value() == "K7"
    kiosk.locator(".typed .button").click()
    expect(kiosk.locator(".summary")).to_be_visible()


def test_a_kiosk_that_nobody_touches_asks_and_goes_back(wall: Page, house: str, open_door: None) -> None:
    make_kiosk(wall, house)
    wall.goto(f"{house}{KIOSK}/da/check-in")
    wall.clock.run_for(41_000)
    expect(wall.locator(".still")).to_be_visible()
    wall.locator("[data-stay]").click()
    expect(wall.locator(".still")).to_be_hidden()
    wall.clock.run_for(41_000)
    wall.clock.run_for(16_000)
    expect(wall).to_have_url(f"{house}{KIOSK}")


@pytest.mark.parametrize("language", ["ar", "da"])
def test_the_screens_and_the_ticket_have_no_finding(
    any_page: Page, house: str, open_door: None, language: str
) -> None:
    make_kiosk(any_page, house)
    kept: dict[str, str] = {}
    wrong: list[str] = []

    def look() -> None:
        kept[any_page.url] = any_page.request.get(any_page.url).text()
        wrong.extend(f"{any_page.url}: {finding}" for finding in findings(any_page))
        if not has_no_sideways_scroll(any_page):
            wrong.append(f"{any_page.url}: scrolls sideways")

    steps = (f"{KIOSK}/{language}/{step}" for step in ("", "check-in", f"take/{SERVICE}"))
    for path in (f"{BOARD}?languages={language},en", KIOSK, *steps):
        any_page.goto(house + path)
        look()
    any_page.locator(".key").nth(2).click()
    expect(any_page).to_have_url(re.compile("/ticket/"))
    look()
    token = any_page.url.rsplit("/", 1)[1]
    any_page.set_viewport_size({"width": 360, "height": 740})
    for path in (f"/{language}/ticket/{token}", f"/{language}/ticket/{token}/print"):
        any_page.goto(house + path)
        look()
    assert not wrong, "\n".join(wrong)
    if nu.why_not() is None:
        assert not (said := nu.check_html(kept)), "\n".join(said)
