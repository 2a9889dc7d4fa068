"""What a page of the house costs, as a multiple of a bare Flask route measured in the same run.

    .venv/bin/python -m bench.pages --out bench/results      about two minutes on two quiet cores
    .venv/bin/python -m bench.pages --only home --only desk --rounds 3

What is measured and why so: bench/README.md.
"""

from __future__ import annotations

import argparse
import contextlib
import re
import sys
import tempfile
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlencode

from bench import houses, printing, weights, yardsticks
from bench.servers import Burst, Server, serving

BOOK = f"/en/book/{houses.SERVICE}/1/"
WARM = 30
"""Requests before anything is measured, so that both workers have met the page."""


@dataclass(frozen=True)
class Page:
    """A page to measure: where it is, who looks, and how many bare routes it may cost."""

    name: str
    path: str
    aim: float | None = None
    house: str = "demo"
    role: str | None = None


@dataclass(frozen=True)
class House:
    """A house that is served: its server, its folder and the cookies of its people."""

    server: Server
    folder: Path
    cookies: dict[str | None, str]


def all_pages(today: date) -> list[Page]:
    """The pages in the order of the table; `{day}` becomes a day with times to choose."""
    sunday = today + timedelta(days=6 - today.weekday() + 7)
    return [
        Page("home", "/en/", 8),
        Page("home, Arabic", "/ar/", 8),
        Page("services", "/en/services/", 10),
        Page("service page", f"/en/services/{houses.SERVICE}"),
        Page("service page, Arabic", f"/ar/services/{houses.SERVICE}"),
        Page("choose a day", BOOK, 20, "busy"),
        Page("choose a time", BOOK + "{day}", 20, "busy"),
        Page("choose a time, none that day", BOOK + sunday.isoformat(), 20, "busy"),
        Page("event calendar", "/en/events/"),
        Page("desk", "/desk/", 15, role="desk"),
        Page("report", "/reports/", 15, role="manager"),
    ]


# --- setting up -------------------------------------------------------------------------------------------


def main(arguments: list[str] | None = None) -> int:
    return bench("pages", __doc__ or "", all_pages(date.today()), arguments)


def bench(name: str, about: str, every: list[Page], arguments: list[str] | None = None) -> int:
    """Measure pages by turns with the bare route; print the table and write it as `<name>.json` and `.md`."""
    asked = _arguments(name, about, arguments)
    pages = [page for page in every if not asked.only or page.name in asked.only]
    with tempfile.TemporaryDirectory(prefix="house-bench-") as folder, contextlib.ExitStack() as stack:
        bare, plain = serve_yardsticks(Path(folder), stack)
        wanted = dict.fromkeys(page.house for page in pages)
        served = {name: serve_house(name, Path(folder) / name, stack) for name in wanted}
        pages = [_with_a_day(page, served[page.house].server) for page in pages]
        for server in (bare, plain, *(house.server for house in served.values())):
            server.watch_idle(asked.idle)
        found = {
            "plain page, one query": _measure(bare, plain, "/", "", asked),
            **{page.name: _measure_page(bare, served[page.house], page, asked) for page in pages},
        }
        carried = {page.name: _carried(served[page.house], page) for page in pages}
    results = printing.results(pages, found, carried, vars(asked))
    print(printing.table(results))
    if asked.out:
        asked.out.mkdir(parents=True, exist_ok=True)
        (asked.out / f"{name}.json").write_text(printing.as_json(results), encoding="utf-8")
        (asked.out / f"{name}.md").write_text(printing.markdown(results, name), encoding="utf-8")
    return 1 if asked.strict and printing.missed(results) else 0


def _arguments(name: str, about: str, arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog=f"bench.{name}", description=about.partition("\n")[0])
    parser.add_argument("--only", action="append", default=[], help="only this page of the table; repeat")
    parser.add_argument("--rounds", type=int, default=30, help="rounds of yardstick and page by turns")
    parser.add_argument("--requests", type=int, default=15, help="requests in a round")
    parser.add_argument("--idle", type=float, default=2.0, help="seconds to watch each server idle")
    parser.add_argument("--out", type=Path, help="also write the figures there, as JSON and as a table")
    parser.add_argument("--strict", action="store_true", help="exit 1 when an aim is missed")
    return parser.parse_args(arguments)


def serve_yardsticks(folder: Path, stack: contextlib.ExitStack) -> tuple[Server, Server]:
    database = folder / "plain.db"
    yardsticks.lay_rows(str(database))
    bare = [
        sys.executable, "-m", "gunicorn", "--workers", "2", "--worker-class", "sync", "--bind",
        "127.0.0.1:{port}", "bench.yardsticks:hello()",
    ]  # fmt: skip
    plain = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--factory", "--workers", "2",
        "--blocking-threads", "4", "--no-access-log", "--log-level", "warning", "--port", "{port}",
        "bench.yardsticks:plain",
    ]  # fmt: skip
    return (
        stack.enter_context(serving(bare, {}, folder / "bare.log")),
        stack.enter_context(serving(plain, {"BENCH_PLAIN_DATABASE": str(database)}, folder / "plain.log")),
    )


def serve_house(name: str, folder: Path, stack: contextlib.ExitStack) -> House:
    """A fresh house, served as `house run` serves it; its worker is a process of its own and stays out."""
    {"demo": houses.build_demo, "busy": houses.build_busy}[name](folder)
    command = [sys.executable, "-m", "house.cli", "run", "--port", "{port}", "--no-worker"]
    server = stack.enter_context(
        serving(command, houses.environment(folder), folder / "served.log", "/readyz")
    )
    cookies: dict[str | None, str] = {None: ""}
    if name == "demo":
        cookies |= {role: _sign_in(server, role) for role in ("desk", "manager")}
    return House(server, folder, cookies)


def _sign_in(server: Server, role: str) -> str:
    """The cookie of a demo person who pressed the demo's button and has seen the first page."""
    page = server.ask("/sign-in")
    token = re.search(rb'name="csrf_token"[^>]*value="([^"]+)"', weights.text(page))
    assert token, "no token on the sign-in page"
    body = urlencode({"csrf_token": token[1].decode()})
    entered = server.ask(f"/demo/sign-in/{role}", page.headers["Set-Cookie"].partition(";")[0], "POST", body)
    assert entered.status == 303, f"signing in as {role} answered {entered.status}"
    cookie = str(entered.headers["Set-Cookie"]).partition(";")[0]
    room = server.ask(entered.headers["Location"], cookie)
    return str(room.headers["Set-Cookie"] or cookie).partition(";")[0]


def _with_a_day(page: Page, server: Server) -> Page:
    """The page with the last of the days that the house offers on the page before: a whole day."""
    if "{day}" not in page.path:
        return page
    path = page.path.format(day=day_offered(weights.text(server.ask(BOOK)).decode()))
    return Page(page.name, path, page.aim, page.house, page.role)


def day_offered(page: str) -> str:
    """A day with times to choose, from the page to choose a day."""
    offered = re.findall(re.escape(BOOK) + r"(\d{4}-\d\d-\d\d)", page)
    assert offered, "the busy house offers no day"
    return str(offered[-1])


# --- measuring --------------------------------------------------------------------------------------------


def _measure(
    bare: Server, server: Server, path: str, cookie: str, asked: argparse.Namespace
) -> list[tuple[Burst, Burst]]:
    """Yardstick and page by turns: what else the machine does falls on both."""
    bare.burst("/", min(WARM, asked.requests))
    server.burst(path, min(WARM, asked.requests), cookie)
    return [
        (bare.burst("/", asked.requests), server.burst(path, asked.requests, cookie))
        for _ in range(asked.rounds)
    ]


def _measure_page(
    bare: Server, house: House, page: Page, asked: argparse.Namespace
) -> list[tuple[Burst, Burst]]:
    print(f"measuring {page.name} …", file=sys.stderr, flush=True)
    return _measure(bare, house.server, page.path, house.cookies[page.role], asked)


def _carried(house: House, page: Page) -> printing.Carried:
    """The page's bytes and statements; the statements on a copy, in a process that has just begun."""
    answer = house.server.ask(page.path, house.cookies[page.role])
    with tempfile.TemporaryDirectory(prefix="house-bench-") as copy:
        houses.copy(house.folder, Path(copy))
        app = houses.open_house(Path(copy))
        cold, warm = weights.statements(app, page.path, house.cookies[page.role])
    return printing.Carried(
        page=weights.travels(answer), html=len(weights.text(answer)),
        assets=weights.first_visit(house.server, answer), statements_cold=len(cold), statements=len(warm),
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
