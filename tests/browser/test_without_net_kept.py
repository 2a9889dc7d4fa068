"""What a browser keeps of a desk without the net: what is not sent yet, and nothing that tells who came."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.cable import Line
from tests.browser.netless import (
    EMPTY,
    Desk,
    a_desk_on_a_line,  # noqa: F401 - a fixture
    last_visit,
    opening_desks,  # noqa: F401 - a fixture
    tickets_since,
    until,
)
from tests.browser.walking import sign_in_as


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


def test_a_session_that_ended_is_no_lost_net_also_when_nothing_waits(desk: Desk) -> None:
    """The cookies are gone and the house is there: the desk, which asks all the time, says which it is."""
    page = desk.page
    assert page.evaluate(EMPTY.replace("length === 0", "length")) == 0
    page.evaluate("""navigator.serviceWorker.addEventListener("message", told => {
        document.body.dataset.gone = document.body.dataset.gone || String(told.data.gone); })""")
    page.context.clear_cookies()
    expect(page.locator("p[data-when=sign-in]")).to_be_visible(timeout=30_000)
    expect(page.locator("p[data-when=gone]")).to_be_hidden()
    with page.expect_response("**/desk/queue", timeout=30_000):
        pass
    page.wait_for_timeout(300)
    expect(page.locator("p[data-when=gone]")).to_be_hidden()
    assert page.evaluate("document.body.dataset.gone") is None, "the worker called it a lost net"
    page.locator("a[data-when=sign-in]").click()
    expect(page).to_have_url(re.compile("/sign-in"))


def test_what_was_filled_in_and_is_not_kept_is_told(desk: Desk) -> None:
    desk.cable.be(Line.CUT)
    unkept = desk.page.locator("[data-unkept]")
    desk.register("Olena Koval")
    expect(unkept).to_be_visible()
    desk.register()
    expect(unkept).to_be_hidden()
    assert all("name" not in one for one in desk.page.evaluate("outbox.list()"))


def test_a_priority_is_not_kept_either_and_who_filled_in_nothing_is_told_nothing(
    new_desk: Callable[..., Desk],
) -> None:
    for priority in ("last_day", ""):
        desk = new_desk()
        desk.cable.be(Line.CUT)
        reason = desk.page.locator("select[name=priority]")
        reason.evaluate("(one, value) => { one.value = value; }", priority)
        desk.register()
        expect(desk.page.locator("[data-unkept]")).to_be_visible(visible=bool(priority))
        assert "last_day" not in desk.page.evaluate("outbox.list().then(JSON.stringify)")


def test_signing_out_takes_the_kept_page_and_leaves_what_is_not_sent(desk: Desk, house_folder: Path) -> None:
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
    expect(desk.page).to_have_url(re.compile(r"/en/$"))
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
