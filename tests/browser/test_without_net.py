"""The desk without the net: cut at any moment, nobody is lost, nobody is registered twice, no number is given
twice; and nothing that tells who came stays in the browser. 12 people by default, 1,000 with HOUSE_FULL."""

from __future__ import annotations

import json
import os
import random
import re
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.browser.cable import Cable, Line
from tests.browser.test_desk import free_my_counter
from tests.browser.test_every_page_is_sound import findings
from tests.browser.walking import has_no_sideways_scroll, sign_in_as

PEOPLE, CUTS = (1000, 200) if os.environ.get("HOUSE_FULL") else (12, 4)
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


@pytest.fixture
def new_desk(browser: Browser, house: str) -> Iterator[Callable[..., Desk]]:
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


@pytest.fixture
def desk(new_desk: Callable[..., Desk]) -> Desk:
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


def test_one_that_the_house_stumbles_over_does_not_hold_up_the_others(
    desk: Desk, house_folder: Path
) -> None:
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


def test_a_mistake_made_without_the_net_is_taken_back_before_it_is_sent(
    desk: Desk, house_folder: Path
) -> None:
    """What was on its way to the house cannot be: it may have arrived, and the desk takes it back there."""
    first = last_visit(house_folder)
    desk.cable.be(Line.CUT)
    posted, mistake, kept = desk.register(), desk.register(), desk.register()
    backs = desk.page.locator("[data-list] [data-undo]:visible")
    expect(backs).to_have_count(2)
    backs.last.press("Enter")
    expect(desk.page.locator("[data-count]")).to_have_text("2")
    expect(desk.page.locator("[data-number]")).to_have_text(kept)
    again = desk.register()
    assert again not in (posted, mistake, kept), "a paper with the number may be in somebody's hand"
    backs.first.press("Enter")
    expect(desk.page.locator("[data-told]")).to_be_hidden()
    desk.sends_everything()
    assert tickets_since(house_folder, first) == [posted, kept]


def test_a_session_that_ended_keeps_everything_until_somebody_signs_in(
    desk: Desk, house_folder: Path
) -> None:
    first = last_visit(house_folder)
    desk.cable.be(Line.CUT)
    numbers = [desk.register(), desk.register(), desk.register()]
    expect(desk.page.locator("[data-count]")).to_have_text("3")
    desk.page.context.clear_cookies()
    desk.cable.be(Line.WHOLE)
    expect(desk.page.locator("p[data-when=sign-in]")).to_be_visible()
    expect(desk.page.locator("[data-count]")).to_have_text("3")
    sign_in_as(desk.page, desk.cable.address, "desk")
    until(desk.page, EMPTY)
    expect(desk.page.locator("[data-sent]")).to_have_text(", ".join(numbers))
    assert tickets_since(house_folder, first) == numbers


def test_signing_out_takes_the_kept_page_and_leaves_what_is_not_sent(
    desk: Desk, house_folder: Path
) -> None:
    first = last_visit(house_folder)
    desk.cable.shut = "/desk/outbox"
    desk.go("/desk/without-net")
    number = desk.register()
    desk.go("/desk/")
    expect(desk.page.locator("[data-count]")).to_have_text("1")
    out = desk.page.locator("form[action='/sign-out'] button")
    out.click()
    expect(desk.page.locator("p[data-when=leaving]")).to_be_visible()
    out.click()
    desk.page.wait_for_url(re.compile(r"/en/$"))
    assert desk.page.evaluate("caches.keys()") == []
    desk.cable.shut = ""
    sign_in_as(desk.page, desk.cable.address, "desk")
    until(desk.page, EMPTY)
    assert tickets_since(house_folder, first) == [number]


EVERYTHING = """async () => {
  const found = [JSON.stringify({...localStorage}), JSON.stringify({...sessionStorage})];
  for (const {name} of await indexedDB.databases()) {
    const asked = indexedDB.open(name);
    const base = await new Promise(yes => { asked.onsuccess = () => yes(asked.result); });
    for (const store of base.objectStoreNames) {
      const all = base.transaction(store).objectStore(store).getAll();
      found.push(JSON.stringify(await new Promise(yes => { all.onsuccess = () => yes(all.result); })));
    }
    base.close();
  }
  for (const name of await caches.keys())
    for (const asked of await (await caches.open(name)).keys())
      found.push(asked.url, await (await caches.match(asked)).text());
  return found;
}"""


def test_nothing_that_tells_who_came_is_kept_in_the_browser(desk: Desk) -> None:
    desk.register("Olena Koval")
    desk.page.locator("form[action='/desk/check-in'] input[name=reference]").fill("Grace Hopper")
    desk.page.locator("form[action='/desk/check-in'] .buttons button").first.click()
    desk.go("/desk/")
    desk.is_ready()
    desk.cable.be(Line.DEAF)
    desk.register("Maryam Haidari")
    desk.register()
    kept = desk.page.evaluate(EVERYTHING)
    entries = desk.page.evaluate("outbox.list()")
    assert len(entries) == 2 and any("without-net" in one for one in kept), "there is something to read"
    fields = {"id", "kind", "state", "at", "day", "service", "language", "party", "number", "tried"}
    assert {name for entry in entries for name in entry} <= fields
    for personal in ("Olena", "Koval", "Grace", "Hopper", "Maryam", "Haidari", "Mette", 'name="csrf_token"'):
        assert not [one[:80] for one in kept if personal in one], personal
    assert not [one[:80] for one in kept if re.search(r"[\w.]+@[\w.]+\.\w", one)]


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


def test_the_counter_says_that_the_net_is_gone_and_comes_back_by_itself(
    browser: Browser, house: str
) -> None:
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
    context.close()
    cable.close()
