"""What a page weighs: its bytes as they travel, and the SQL statements it takes."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import event

from bench.servers import Answer, Server
from house.db import db

LEVEL = 6
"""How hard a proxy in front of the house usually compresses."""
_ASSET = re.compile(rb'\s(?:href|src)="(/static/[^"]+)"')
"""Not `data-…-src`: what a script fetches when somebody asks for it is no first visit."""
_NOT_COUNTED = ("BEGIN", "COMMIT", "ROLLBACK")


def travels(answer: Answer) -> int:
    """Bytes of an answer, headers and compressed body; where the server did not compress, a proxy would."""
    headers = len(str(answer.headers).encode()) + len(b"HTTP/1.1 200 OK\r\n")
    packed = "gzip" in (answer.headers["Content-Encoding"] or "")
    body = answer.body if packed else gzip.compress(answer.body, LEVEL)
    return headers + len(body)


def text(answer: Answer) -> bytes:
    """The page itself."""
    packed = "gzip" in (answer.headers["Content-Encoding"] or "")
    return gzip.decompress(answer.body) if packed else answer.body


def first_visit(server: Server, answer: Answer) -> dict[str, int]:
    """Bytes of everything that a browser without a cache fetches for a page: itself, style, script, icon."""
    paths = sorted({path.decode().replace("&amp;", "&") for path in _ASSET.findall(text(answer))})
    return {path.partition("?")[0]: travels(server.ask(path)) for path in paths}


@contextmanager
def counting(app: Flask) -> Iterator[list[str]]:
    """Every statement sent to the database inside the block; beginning and ending a transaction are none."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(_NOT_COUNTED):
            sent.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def statements(app: Flask, path: str, cookie: str) -> tuple[list[str], list[str]]:
    """The statements of a page in a process that has just begun, and of the same page once more."""
    found = []
    for _ in range(2):
        with counting(app) as sent:
            answer = app.test_client(use_cookies=False).get(
                path, headers={"Cookie": cookie, "Host": "127.0.0.1"}
            )
            assert answer.status_code == 200, f"{path} answered {answer.status_code}"
            answer.close()
        found.append(list(sent))
    return found[0], found[1]
