"""A living demo house, served as `house run` serves it, and Debian's Chromium to walk through it.

Without Chromium these tests are skipped and `up.py` says so loudly; where CI is set that is a failure.
"""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from functools import wraps
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, sync_playwright

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--disable-sync",
    "--disable-component-update",
]  # fmt: skip
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 900}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> str:
    path = os.environ.get("HOUSE_CHROMIUM") or shutil.which("chromium")
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("There is no Chromium: the browser tests cannot run.")
        pytest.skip("There is no Chromium: set HOUSE_CHROMIUM, or let up.py install it.")
    return path


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def house_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the demo house keeps its database."""
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory, house_folder: Path, demo_template: Path) -> Iterator[str]:
    """The address of a demo house, built and run by the command line."""
    shutil.copyfile(demo_template, house_folder / "house.db")
    port = _free_port()
    command = str(Path(sys.executable).parent / "house")
    environment = {
        **os.environ, "HOUSE_DEMO": "1", "HOUSE_DATA_DIR": str(house_folder),
        "HOUSE_BASE_URL": f"http://127.0.0.1:{port}",
    }  # fmt: skip
    log = tmp_path_factory.mktemp("log") / "house.log"
    with log.open("w") as stream:
        server = subprocess.Popen(
            [command, "run", "--port", str(port)], env=environment, stdout=stream, stderr=stream
        )
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(address, log)
            yield address
        finally:
            server.terminate()
            server.wait(60)


@pytest.fixture
def open_door(house: str, house_folder: Path) -> Iterator[None]:
    """The door is open around the clock for a while: tests run at night too, and kiosks do not work then."""
    today = datetime.now(ZoneInfo("Europe/Copenhagen")).date()
    days = [(today + timedelta(days=ahead)).isoformat() for ahead in (-1, 0, 1)]
    open_all_day = (
        "INSERT INTO closure (schedule_id, day, opens, closes, reason) "
        "SELECT schedule_id, ?, '00:00:00.000000', '00:00:00.000000', 'tests' FROM place"
    )
    with closing(sqlite3.connect(house_folder / "house.db", timeout=30)) as stored:
        with stored:
            stored.executemany(open_all_day, [(day,) for day in days])
        yield
        with stored:
            stored.execute("DELETE FROM closure WHERE reason = 'tests'")


def _wait_for(address: str, log: Path) -> None:
    for _ in range(900):  # a busy machine takes its time
        try:
            urllib.request.urlopen(f"{address}/livez", timeout=2)
            return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"The house did not open:\n{log.read_text()}")


def _settled(act: Callable[..., None]) -> Callable[..., None]:
    """An act that is over when the page it leads to is there whole, not when it begins to arrive."""

    @wraps(act)
    def acting(locator: Locator, *wanted: Any, **more: Any) -> None:
        act(locator, *wanted, **more)
        locator.page.wait_for_load_state("load")

    return acting


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as play:
        for name in ("click", "press"):
            patch.setattr(Locator, name, _settled(getattr(Locator, name)))
        found = play.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield found
        found.close()


def _context(browser: Browser, size: dict[str, int], scripts: bool) -> BrowserContext:
    context = browser.new_context(viewport=size, java_script_enabled=scripts, accept_downloads=True)
    context.set_default_timeout(20_000)
    return context


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def phone(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page on a phone, with scripts and once more without."""
    context = _context(browser, PHONE, request.param)
    yield context.new_page()
    context.close()


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def screen(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page on a desk's screen, with scripts and once more without."""
    context = _context(browser, DESK, request.param)
    yield context.new_page()
    context.close()


@pytest.fixture
def any_page(browser: Browser) -> Iterator[Page]:
    """A page on a desk's screen with scripts, for checks that need them."""
    context = _context(browser, DESK, True)
    yield context.new_page()
    context.close()
