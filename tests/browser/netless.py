"""A browser at the front desk on a line of its own that can be cut, and what the house has of it."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.cable import Cable, Line
from tests.browser.walking import sign_in_as

STANDS = "body:not([data-before]) [data-unsent][data-stands]"
SAID = "body:not([data-before]) [data-told]:not([hidden]), body:not([data-before]) .notice.good"
EMPTY = "outbox.list().then(all => all.length === 0)"


def until(page: Page, true: str, seconds: float = 60) -> None:
    """Ask the page until something is true. Playwright's own wait takes a promise for an answer."""
    ends = time.monotonic() + seconds
    while not page.evaluate(f"async () => Boolean(await ({true}))"):
        assert time.monotonic() < ends, f"never true: {true}"
        page.wait_for_timeout(50)


class Desk:
    """A browser at the front desk, on a line of its own."""

    def __init__(self, context: BrowserContext, cable: Cable, language: str = "en") -> None:
        self.page, self.cable, self.told = context.new_page(), cable, list[str]()
        sign_in_as(self.page, cable.address, "desk", language)
        self.is_ready()

    def is_ready(self) -> None:
        """The page is kept, the worker stands, and there are numbers: the net may go."""
        self.page.wait_for_selector(STANDS, state="attached")
        until(self.page, "caches.match('/desk/without-net').then(page => Boolean(page))")
        until(self.page, "navigator.serviceWorker.controller !== null")
        until(self.page, "outbox.lacking().then(nth => nth === 0)")

    @property
    def netless(self) -> bool:
        return self.page.locator("[data-keeps]").count() > 0

    def go(self, path: str) -> None:
        """To a page; which one comes depends on the line."""
        self.page.goto(f"{self.cable.address}{path}")
        self.page.wait_for_selector(STANDS, state="attached")

    def register(self, name: str = "") -> str:
        """Register somebody on whatever page is there; returns the number that the visitor is told."""
        page = self.page
        if self.netless:
            before = page.locator("[data-number]").text_content() or ""
            page.locator("[data-keeps=walk_in] button").click()
            expect(page.locator("[data-number]")).not_to_have_text(before)
            number = page.locator("[data-number]").text_content() or ""
        else:
            form = page.locator("form[action='/desk/register']")
            form.locator("input[name=name]").fill(name)
            page.evaluate("document.body.dataset.before = 'yes'")
            form.locator(".buttons button").click(no_wait_after=True)
            page.wait_for_selector(SAID)
            page.wait_for_selector(STANDS, state="attached")
            where = "[data-number]" if self.netless else ".notice.good .no"
            number = page.locator(where).last.inner_text()
        self.told.append(number)
        return number

    def sends_everything(self) -> None:
        """With the net back, nothing is left to send."""
        self.cable.be(Line.WHOLE)
        self.go("/desk/")
        self.page.evaluate("window.dispatchEvent(new Event('online'))")
        until(self.page, EMPTY)


@pytest.fixture(name="new_desk")
def opening_desks(browser: Browser, house: str) -> Iterator[Callable[..., Desk]]:
    opened: list[tuple[BrowserContext, Cable]] = []

    def open_desk(language: str = "en", size: tuple[int, int] = (1280, 900)) -> Desk:
        context = browser.new_context(viewport={"width": size[0], "height": size[1]})
        context.set_default_timeout(30_000)
        opened.append((context, Cable(house)))
        return Desk(*opened[-1], language)

    yield open_desk
    for context, cable in opened:
        context.close()
        cable.close()


@pytest.fixture(name="desk")
def a_desk_on_a_line(new_desk: Callable[..., Desk]) -> Desk:
    return new_desk()


@contextmanager
def reading(folder: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(folder / "house.db", timeout=30)) as stored:
        yield stored


def last_visit(folder: Path) -> int:
    with reading(folder) as stored:
        return int(stored.execute("SELECT max(id) FROM visit").fetchone()[0])


def tickets_since(folder: Path, visit: int) -> list[str]:
    """The ticket of every visit that was made since, by its number."""
    with reading(folder) as stored:
        joined = "SELECT t.letter || t.number FROM visit v LEFT JOIN ticket t ON t.visit_id = v.id"
        return [row[0] for row in stored.execute(f"{joined} WHERE v.id > ? ORDER BY v.id", [visit])]


def conflicts(folder: Path) -> int:
    with reading(folder) as stored:
        return int(stored.execute("SELECT count(*) FROM outbox_entry WHERE state = 'conflict'").fetchone()[0])
