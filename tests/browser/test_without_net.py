"""The desk without the net: cut at any time, nobody is lost, nobody comes twice, no number is given twice.

12 people by default, 1,000 with HOUSE_FULL.
"""

from __future__ import annotations

import json
import os
import random
import re
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.browser.cable import Cable, Line
from tests.browser.netless import (
    Desk,
    a_desk_on_a_line,  # noqa: F401 - a fixture
    conflicts,
    last_visit,
    opening_desks,  # noqa: F401 - a fixture
    reading,
    tickets_since,
    until,
)
from tests.browser.test_desk import free_my_counter
from tests.browser.test_every_page_is_sound import findings
from tests.browser.walking import has_no_sideways_scroll, sign_in_as

PEOPLE, CUTS = (1000, 200) if os.environ.get("HOUSE_FULL") else (12, 4)


def everybody_is_served(folder: Path) -> None:
    """A thousand who wait would make the screen slow, which is not what is tried here."""
    with reading(folder) as stored:
        stored.execute("UPDATE step SET state = 'done' WHERE state = 'waiting'")
        stored.commit()


class Cuts:
    """Cuts of one desk's line: each begins at a random moment of registering, and ends after a few people."""

    def __init__(self, cable: Cable, people: int, cuts: int, chance: random.Random) -> None:
        self.cable, self.chance, self.made, self._left = cable, chance, 0, 0
        ways = [Line.CUT, Line.DEAF, Line.TORN]
        first = sorted(chance.sample(range(people), cuts))
        self.at = {person: ways[number % 3] for number, person in enumerate(first)}
        self.timers: list[threading.Timer] = []

    def before(self, person: int) -> None:
        """Before somebody is registered: mend what was cut for long enough, cut where one begins."""
        if way := self.at.get(person):
            self._left = self.chance.randint(0, 3)
            self._later(way)
            self.made += 1
        elif self._left:
            self._left -= 1
        elif self.cable.line is not Line.WHOLE:
            self._later(Line.WHOLE)

    def _later(self, line: Line) -> None:
        self.timers.append(threading.Timer(self.chance.uniform(0, 0.4), self.cable.be, [line]))
        self.timers[-1].start()

    def end(self) -> None:
        for timer in self.timers:
            timer.join()


def test_nobody_is_lost_nobody_comes_twice_and_no_number_is_given_twice(
    new_desk: Callable[..., Desk], house_folder: Path, record_property: Callable[[str, object], None]
) -> None:
    chance = random.Random(5)
    desks = [new_desk(), new_desk()]
    cuts = [Cuts(one.cable, PEOPLE // 2, CUTS // 2, chance) for one in desks]
    first, before = last_visit(house_folder), conflicts(house_folder)
    began = time.monotonic()
    for person in range(PEOPLE):
        desk, cut = desks[person % 2], cuts[person % 2]
        cut.before(person // 2)
        if desk.netless and chance.random() < 0.5:
            desk.go("/desk/")
        desk.register()
        if person % 50 == 49:
            for one, its in zip(desks, cuts, strict=True):
                its.end()
                one.sends_everything()
            everybody_is_served(house_folder)
    for cut, desk in zip(cuts, desks, strict=True):
        cut.end()
        desk.sends_everything()
    told = [number for desk in desks for number in desk.told]
    stored = tickets_since(house_folder, first)
    figures = {
        "people": len(told), "cuts": sum(cut.made for cut in cuts), "answers and requests lost": sum(
            one.cable.lost for one in desks), "told without the net": sum(one[:1] == "Q" for one in told),
        "visits": len(stored), "numbers given twice": len(told) - len(set(told)),
        "lost": len(set(told) - set(stored)), "conflicts": conflicts(house_folder) - before,
        "seconds": round(time.monotonic() - began),
    }  # fmt: skip
    record_property("offline", figures)
    if where := os.environ.get("HOUSE_BENCH_OUT"):
        (Path(where) / "offline.json").write_text(json.dumps(figures, indent=1) + "\n")
    assert all(told), "there were numbers for everybody"
    assert len(set(told)) == PEOPLE, "a number was told twice"
    assert sorted(stored) == sorted(told), figures
    assert figures["conflicts"] == 0
    assert sum(cut.made for cut in cuts) == CUTS and figures["answers and requests lost"] >= CUTS // 2


def test_an_answer_that_is_lost_registers_once_with_the_number_that_was_told(
    desk: Desk, house_folder: Path
) -> None:
    """The control beside it: the house did register, so what is sent after it would be a second visit."""
    first = last_visit(house_folder)
    desk.cable.be(Line.DEAF)
    assert re.fullmatch(r"Q\d+", number := desk.register("Olena Koval"))
    assert last_visit(house_folder) == first + 1, "the request arrived"
    assert tickets_since(house_folder, first) != [number]
    desk.sends_everything()
    assert tickets_since(house_folder, first) == [number]
    assert desk.page.locator(".notice.good").count() == 0, "the number that nobody was told is not said"


def test_one_that_the_house_stumbles_over_does_not_hold_up_the_others(desk: Desk, house_folder: Path) -> None:
    before, page = last_visit(house_folder), desk.page
    desk.cable.be(Line.CUT)
    told = [desk.register() for _ in range(3)]
    odd = page.evaluate("outbox.list().then(all => all[0].id)")

    def stumble(route: Route) -> None:
        is_it = odd in (route.request.post_data or "")
        route.fulfill(status=500, body="<html>") if is_it else route.fallback()

    page.route("**/desk/outbox", stumble)
    desk.cable.be(Line.WHOLE)
    desk.go("/desk/")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    until(page, "outbox.list().then(all => all.length === 1 && all[0].id)")
    assert tickets_since(house_folder, before) == told[1:]
    page.unroute("**/desk/outbox")
    desk.sends_everything()
    assert tickets_since(house_folder, before) == [*told[1:], told[0]]


def test_a_booking_is_checked_in_by_reference_and_a_name_is_not_kept(desk: Desk, house_folder: Path) -> None:
    with reading(house_folder) as stored:
        reference, visit = stored.execute("SELECT reference, id FROM visit WHERE state = 'booked'").fetchone()
        stored.execute("UPDATE visit SET day = (SELECT max(day) FROM ticket) WHERE id = ?", [visit])
        stored.commit()
    desk.cable.be(Line.CUT)
    form = desk.page.locator("form[action='/desk/check-in']")
    form.locator("input[name=reference]").fill("Grace Hopper")
    form.locator(".buttons button").first.click()
    expect(desk.page.locator("[data-note=by-reference]")).to_be_visible()
    assert desk.page.evaluate("outbox.list()") == []
    line = desk.page.locator("[data-keeps=check_in] input")
    line.fill("Grace")
    line.press("Enter")
    expect(desk.page.locator("#reference-error")).to_be_visible()
    line.fill(f"{reference[:3].lower()}-{reference[3:]}")
    line.press("Enter")
    expect(desk.page.locator("[data-number]")).to_have_text(re.compile(r"Q\d+"))
    number = desk.page.locator("[data-number]").inner_text()
    desk.sends_everything()
    with reading(house_folder) as stored:
        assert stored.execute("SELECT state FROM visit WHERE id = ?", [visit]).fetchone() == ("arrived",)
        wanted = "SELECT letter || number FROM ticket WHERE visit_id = ?"
        assert stored.execute(wanted, [visit]).fetchone() == (number,)


@pytest.mark.parametrize(("language", "size"), [("en", (1280, 900)), ("ar", (360, 740))])
def test_the_page_without_the_net_is_sound(
    new_desk: Callable[..., Desk], language: str, size: tuple[int, int]
) -> None:
    desk = new_desk(language, size)
    desk.cable.be(Line.CUT)
    desk.go("/desk/")
    assert desk.netless, "the address of the desk shows the page that was kept"
    expect(desk.page.locator("html")).to_have_attribute("lang", language)
    desk.register()
    expect(desk.page.locator("p[data-when=gone]")).to_be_visible()
    assert has_no_sideways_scroll(desk.page)
    assert findings(desk.page) == []


def test_the_counter_says_that_the_net_is_gone_and_comes_back_by_itself(browser: Browser, house: str) -> None:
    context, cable = browser.new_context(viewport={"width": 360, "height": 740}), Cable(house)
    context.set_default_timeout(30_000)
    page = context.new_page()
    sign_in_as(page, cable.address, "desk", "ar")
    page.goto(f"{cable.address}/counter/")
    until(page, "caches.match('/counter/without-net').then(page => Boolean(page))")
    workers = "navigator.serviceWorker.getRegistrations()"
    until(page, f"{workers}.then(all => all.length === 2 && all.every(one => one.active))")
    free_my_counter(page)
    cable.be(Line.CUT)
    page.locator("form[action='/desk/call'] button").press("Enter")
    expect(page.locator("#not-done")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    assert has_no_sideways_scroll(page)
    assert not findings(page)
    cable.be(Line.WHOLE)
    expect(page.locator("#now-title")).to_be_visible(timeout=30_000)  # nobody pressed anything
    cable.be(Line.CUT)
    page.goto(f"{cable.address}/counter/")
    expect(page.locator(".notice.warn")).to_be_visible()
    expect(page.locator("#not-done")).to_be_hidden()
    cable.be(Line.WHOLE)
    expect(page.locator("#now-title")).to_be_visible(timeout=30_000)
    context.clear_cookies()
    expect(page.locator("[data-signed-out]")).to_be_visible(timeout=30_000)
    expect(page.locator("[data-away]")).to_be_hidden()  # the house is there
    context.close()
    cable.close()
