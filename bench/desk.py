"""The desk while thirty boards look on: register and call next, as multiples of a bare Flask route.

    .venv/bin/python -m bench.desk --out bench/results      half a minute on two quiet cores

Elapsed time counts here, because a person waits for it; the bare route is asked in turns with the desk, while
the boards ask too. For the boards CPU counts: how many answers of nothing new cost one bare route.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import re
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench import houses, pages, weights
from bench.servers import Server, percentile

BOARDS, EVERY = 30, 2.0
AIM, AIM_BOARD = 20.0, 0.5


@dataclass
class Desk:
    """Somebody at the front desk with a browser: what is pressed, and how long each press took."""

    server: Server
    cookie: str
    seconds: dict[str, list[float]] = field(default_factory=dict)

    def look(self) -> str:
        return weights.text(self.server.ask("/desk/", self.cookie)).decode()

    def press(self, what: str, path: str, page: str, **answers: str) -> None:
        """Send a form of the page; a refusal ends the bench."""
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        assert token, "no form on the desk"
        body = urlencode({"csrf_token": token[1], **answers})
        answer = self.server.ask(path, self.cookie, "POST", body)
        assert answer.status == 303, f"{path} answered {answer.status}"
        self.cookie = str(answer.headers["Set-Cookie"] or self.cookie).partition(";")[0]
        self.seconds.setdefault(what, []).append(answer.seconds)


def one_round(desk: Desk, bare: Server, number: int) -> None:
    """Register somebody, call the next, serve and finish; before each what a bare route takes now."""
    _ask_bare(desk, bare)
    desk.press(
        "register", "/desk/register", desk.look(), service=houses.SERVICE, party="1", language="en",
        once=f"bench {time.time_ns()} {number}",
    )  # fmt: skip
    _ask_bare(desk, bare)
    page = desk.look()
    desk.press("call next", "/desk/call", page)
    for act, answers in (("start", {}), ("finish", {"outcome": "completed"})):
        found = re.search(rf"/desk/step/(\d+)/{act}", desk.look())
        assert found, f"nobody to {act}: is the counter the right one?"
        desk.press(act, found[0], page, **answers)


def _ask_bare(desk: Desk, bare: Server) -> None:
    desk.seconds.setdefault("bare", []).extend(bare.ask("/").seconds for _ in range(3))


@contextlib.contextmanager
def boards(server: Server, path: str, number: int, every: float) -> Iterator[list[int]]:
    """So many screens that ask again and again until the block ends; the statuses they were answered."""
    over, answered = threading.Event(), []

    def watch(first: float) -> None:
        mark = ""
        over.wait(first)
        while not over.is_set():
            answer = server.ask(path, mark=mark)
            mark = answer.headers["ETag"]
            answered.append(answer.status)
            over.wait(every)

    screens = [threading.Thread(target=watch, args=(every * one / number,)) for one in range(number)]
    for screen in screens:
        screen.start()
    try:
        yield answered
    finally:
        over.set()
        for screen in screens:
            screen.join()


def board_rate(bare: Server, server: Server, path: str, rounds: int, requests: int) -> float:
    """How many bare routes' worth of CPU one board's 304 leaves: 1 is as cheap as a bare route."""
    mark = server.ask(path).headers["ETag"]
    ratios = [
        bare.burst("/", requests).cpu / server.burst(path, requests, status=304, mark=mark).cpu
        for _ in range(rounds)
    ]
    return statistics.median(ratios)


def measure(rounds: int, requests: int) -> dict[str, Any]:
    """Everything, in a demo house of its own."""
    with tempfile.TemporaryDirectory(prefix="house-bench-") as folder, contextlib.ExitStack() as stack:
        bare, _plain = pages.serve_yardsticks(Path(folder), stack)
        house = pages.serve_house("demo", Path(folder) / "demo", stack)
        desk, path = Desk(house.server, house.cookies["desk"]), f"/board/{houses.PLACE}/now"
        _sit_down(desk)
        one_round(desk, bare, -1)
        desk.seconds.clear()
        with boards(house.server, path, BOARDS, EVERY) as answered:
            for number in range(rounds):
                one_round(desk, bare, number)
        for server in (bare, house.server):
            server.watch_idle(1.0)
        rate = board_rate(bare, house.server, path, 10, requests)
    return results(desk.seconds, answered, rate, rounds)


def _sit_down(desk: Desk) -> None:
    """At a counter that gives what is registered, with nobody there."""
    page = desk.look()
    choice = page.partition('name="counter"')[2].partition("</select>")[0]
    seats = re.findall(r'<option value="(\d+)"', choice)
    desk.press("sit", "/desk/counter", page, counter=seats[houses.SEAT])
    for act, answers in (("start", {}), ("finish", {"outcome": "completed"})):
        if found := re.search(rf"/desk/step/(\d+)/{act}", page := desk.look()):
            desk.press(act, found[0], page, **answers)


def results(
    seconds: dict[str, list[float]], answered: Sequence[int], rate: float, rounds: int
) -> dict[str, Any]:
    """The figures; milliseconds and multiples of the bare route's own p95."""
    bare = percentile(seconds["bare"], 95)
    acts = {
        what: {
            "p50_ms": round(1000 * percentile(seconds[what], 50), 1),
            "p95_ms": round(1000 * percentile(seconds[what], 95), 1),
            "ratio": round(percentile(seconds[what], 95) / bare, 1),
        }
        for what in ("register", "call next")
    }
    return {
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"), "rounds": rounds, "boards": BOARDS,
        "bare_p95_ms": round(1000 * bare, 2), "acts": acts, "aim": AIM,
        "board_answers": len(answered), "board_304": sum(status == 304 for status in answered),
        "board_rate": round(rate, 2), "aim_board": AIM_BOARD,
    }  # fmt: skip


def table(found: dict[str, Any]) -> str:
    lines = ["| at the desk | p95, times a bare route's | p50, ms | p95, ms | aim |", "|---|--:|--:|--:|--:|"]
    lines += [
        f"| {what} | {one['ratio']} | {one['p50_ms']} | {one['p95_ms']} | ≤ {found['aim']:.0f} |"
        for what, one in found["acts"].items()
    ]
    return "\n".join([
        *lines, "",
        f"{found['boards']} boards asked meanwhile: {found['board_answers']} answers, "
        f"{found['board_304']} of them 304. A board's 304 comes at {found['board_rate']} of "
        f"a bare route's rate (aim ≥ {found['aim_board']}). "
        f"The bare route's own p95 was {found['bare_p95_ms']} ms.", "",
    ])  # fmt: skip


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="bench.desk", description=__doc__)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--requests", type=int, default=60, help="of a board, in each of ten rounds")
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args(words)
    found = measure(asked.rounds, asked.requests)
    print(table(found))
    if asked.out:
        asked.out.mkdir(parents=True, exist_ok=True)
        (asked.out / "desk.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
        (asked.out / "desk.md").write_text(table(found), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
