"""Scanners at the desk, slow and fast, wherever the focus is; and the camera where browsers read no codes."""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import segno
from playwright.sync_api import Browser, Page, expect

from tests.browser.cable import Cable, Line
from tests.browser.conftest import ARGUMENTS
from tests.browser.netless import Desk, last_visit, reading
from tests.browser.walking import sign_in_as
from tests.intake.spellings import ALL, REFERENCE, SCANNED

NAMES = ("Grace Hopper", "Mark", "Xy Zz", "K7M4QX", "K7M4QXTT", "https://example.org/", "")


def a_booking(folder: Path) -> str:
    """Make a booking of the demo house one of today; returns its reference."""
    with reading(folder) as stored:
        stored.row_factory = sqlite3.Row
        booked = "SELECT id, reference FROM visit WHERE state = 'booked' ORDER BY id"
        found = stored.execute(booked).fetchone()
        today = "SELECT day FROM visit WHERE state = 'arrived' ORDER BY day DESC LIMIT 1"
        stored.execute(f"UPDATE visit SET day = ({today}) WHERE id = ?", [found["id"]])
        stored.commit()
        return str(found["reference"])


def state_of(folder: Path, reference: str) -> str:
    with reading(folder) as stored:
        return str(stored.execute("SELECT state FROM visit WHERE reference = ?", [reference]).fetchone()[0])


def test_the_desk_without_the_net_reads_what_the_house_reads(any_page: Page, house: str) -> None:
    sign_in_as(any_page, house, "desk")
    read = any_page.evaluate("all => all.map(one => outbox.reference(one))", list(ALL))
    assert dict(zip(ALL, read, strict=True)) == dict.fromkeys(ALL, REFERENCE)
    assert any_page.evaluate("all => all.map(one => outbox.reference(one))", list(NAMES)) == [""] * len(NAMES)


# --- by the time between two keys ------------------------------------------------------------------------


def types(page: Page, words: str, milliseconds: int) -> None:
    """Type like a machine: the browser is told the time between two keys, however busy this one is."""
    keyboard, began = page.context.new_cdp_session(page), time.time()
    for number, sign in enumerate([*words, "\r"]):
        at = began + number * milliseconds / 1000
        key = {"key": "Enter" if sign == "\r" else sign, "text": sign, "timestamp": at}
        keyboard.send("Input.dispatchKeyEvent", {"type": "keyDown", **key})
        keyboard.send("Input.dispatchKeyEvent", {"type": "keyUp", **key})


@pytest.mark.parametrize("milliseconds", [10, 40, 80])
def test_a_scanner_however_slow_checks_in_and_registers_nobody(
    any_page: Page, house: str, house_folder: Path, milliseconds: int
) -> None:
    reference, before, page = a_booking(house_folder), last_visit(house_folder), any_page
    sign_in_as(page, house, "desk")
    page.locator("input[name=name]").focus()
    types(page, SCANNED[2].replace(REFERENCE, reference), milliseconds)
    expect(page.locator(".notice.good .no")).to_be_visible(timeout=30_000)
    assert (last_visit(house_folder), state_of(house_folder, reference)) == (before, "arrived")


def test_hands_are_no_scanner_and_a_link_they_paste_is_no_name(
    any_page: Page, house: str, house_folder: Path
) -> None:
    before, page = last_visit(house_folder), any_page
    sign_in_as(page, house, "desk")
    page.locator("input[name=name]").focus()
    types(page, "https://h.dk/uk/visit/K7M4QXT.abcdef", 200)
    expect(page.locator(".summary")).to_contain_text("This is a scanned code, not a name.", timeout=30_000)
    assert last_visit(house_folder) == before
    page.locator("input[name=name]").fill("")
    types(page, "Olena Kov", 90)
    expect(page.locator(".notice.good .no")).to_be_visible(timeout=30_000)
    assert last_visit(house_folder) == before + 1


# --- by the camera ---------------------------------------------------------------------------------------

WIDTH, HEIGHT = 640, 480


def film(code: str, path: Path) -> Path:
    """What a camera sees of a code that somebody holds before it."""
    matrix = [list(row) for row in segno.make(code, error="m", micro=False).matrix_iter(scale=6, border=4)]
    high, wide = len(matrix), len(matrix[0])
    assert high < HEIGHT
    picture = [bytearray([200]) * WIDTH for _ in range(HEIGHT)]
    for number, row in enumerate(matrix):
        line, begins = picture[(HEIGHT - high) // 2 + number], (WIDTH - wide) // 2
        line[begins : begins + wide] = bytes(20 if dark else 230 for dark in row)
    frame = b"FRAME\n" + b"".join(picture) + bytes([128]) * (WIDTH * HEIGHT // 2)
    path.write_bytes(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n".encode() + frame * 3)
    return path


@pytest.fixture
def filming(
    chromium: str, tmp_path: Path, browser: Browser, house_folder: Path
) -> Iterator[tuple[Browser, str]]:
    """A browser whose camera sees the code of a booking of today, and that booking's reference."""
    reference = a_booking(house_folder)
    seen = film(SCANNED[0].replace(REFERENCE, reference), tmp_path / "camera.y4m")
    camera = [
        "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={seen}",
    ]  # fmt: skip
    found = browser.browser_type.launch(executable_path=chromium, args=[*ARGUMENTS, *camera])
    yield found, reference
    found.close()


def test_the_camera_reads_a_code_where_the_browser_cannot(
    filming: tuple[Browser, str], house: str, house_folder: Path
) -> None:
    browser, reference = filming
    page = browser.new_context().new_page()
    sign_in_as(page, house, "desk")
    assert not page.evaluate("'BarcodeDetector' in window"), "else the house's own reader is not tried"
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(request.url))
    page.locator("[data-scan]").click()
    expect(page.locator(".notice.good .no")).to_be_visible(timeout=30_000)
    assert state_of(house_folder, reference) == "arrived"
    assert any("/static/qr.js" in one for one in loaded), "it comes when it is needed, not before"


def test_the_camera_works_without_the_net(
    filming: tuple[Browser, str], house: str, house_folder: Path
) -> None:
    browser, reference = filming
    context, cable = browser.new_context(), Cable(house)
    desk = Desk(context, cable)
    cable.be(Line.CUT)
    desk.go("/desk/")
    assert desk.netless
    desk.page.locator("[data-scan]").click()
    expect(desk.page.locator("[data-number]")).to_have_text(re.compile(r"Q\d+"), timeout=30_000)
    assert desk.page.evaluate("outbox.list().then(all => all[0].reference)") == reference
    desk.sends_everything()
    assert state_of(house_folder, reference) == "arrived"
    context.close()
    cable.close()
