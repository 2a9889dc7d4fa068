"""Where the time of one page goes, in this process: the fastest of many requests, then the profiler's list.

.venv/bin/python -m bench.profiling home desk --keep /tmp/profiled-houses
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import re
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import nullcontext
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from werkzeug.test import EnvironBuilder

from bench import houses
from bench.pages import BOOK, all_pages, day_offered
from bench.servers import BROWSER, percentile

SIGN_IN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="bench.profiling", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("pages", nargs="*", help="names as in bench.pages; all when none is given")
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--lines", type=int, default=0, help="lines of the profiler's list; 0 shows none")
    parser.add_argument("--by", default="tottime", help="tottime or cumulative")
    parser.add_argument("--keep", type=Path, help="build the houses there, or use those that stand there")
    asked = parser.parse_args(arguments)
    pages = [page for page in all_pages(date.today()) if not asked.pages or page.name in asked.pages]
    keeping = nullcontext(str(asked.keep)) if asked.keep else tempfile.TemporaryDirectory()
    with keeping as folder:
        apps = {name: _house(Path(folder) / name) for name in {page.house for page in pages}}
        for page in pages:
            app = apps[page.house]
            ask = _asking(app, _path(app, page.path), page.role)
            fastest, middle = _time(ask, asked.requests)
            print(f"{page.name:<30}{fastest:7.2f} ms fastest {middle:7.2f} ms median", flush=True)
            if asked.lines:
                _profile(ask, asked.requests, asked.by, asked.lines)


def _house(folder: Path) -> Flask:
    if not (folder / "house.db").exists():
        folder.mkdir(parents=True, exist_ok=True)
        {"demo": houses.build_demo, "busy": houses.build_busy}[folder.name](folder)
    return houses.open_house(folder)


def _path(app: Flask, path: str) -> str:
    if "{day}" not in path:
        return path
    return path.format(day=day_offered(app.test_client().get(BOOK).text))


def _asking(app: Flask, path: str, role: str | None) -> Callable[[], None]:
    """A function that sends the request straight into the app, as a server would."""
    headers, client = {**BROWSER, "Host": "127.0.0.1"}, app.test_client()
    if role:
        token = SIGN_IN.search(client.get("/sign-in").text)
        assert token, "no token on the sign-in page"
        body = urlencode({"csrf_token": token[1]})
        form = "application/x-www-form-urlencoded"
        client.post(f"/demo/sign-in/{role}", data=body, content_type=form, follow_redirects=True)
        cookie = client.get_cookie("house")
        assert cookie, f"signing in as {role} left no cookie"
        headers["Cookie"] = f"house={cookie.value}"
    # From the same browser, or each answer would write the session anew.
    environ = EnvironBuilder(path, headers=headers, environ_base=client.environ_base).get_environ()
    status: list[str] = []

    def start(line: str, _headers: Any, _trouble: Any = None) -> Callable[[bytes], object]:
        status[:] = [line]
        return lambda _body: None

    def ask() -> None:
        answer = app({**environ, "wsgi.input": BytesIO()}, start)
        b"".join(answer)
        getattr(answer, "close", lambda: None)()
        assert status[0].startswith("200"), f"{path} answered {status[0]}"

    return ask


def _time(ask: Callable[[], None], requests: int) -> tuple[float, float]:
    for _ in range(5):
        ask()
    taken = []
    for _ in range(requests):
        begun = time.thread_time()
        ask()
        taken.append((time.thread_time() - begun) * 1000)
    return min(taken), percentile(taken, 50)


def _profile(ask: Callable[[], None], requests: int, by: str, lines: int) -> None:
    profiler = cProfile.Profile()
    profiler.enable()
    for _ in range(requests):
        ask()
    profiler.disable()
    pstats.Stats(profiler, stream=sys.stdout).sort_stats(by).print_stats(lines)


if __name__ == "__main__":
    main()
