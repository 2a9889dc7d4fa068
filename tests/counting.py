"""What an answer costs, counted and never timed: calls of Python, and steps of SQLite's machine."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from flask import Flask
from sqlalchemy import event

from house.db import db


def calls(app: Flask, ask: Callable[[], Any]) -> int:
    """How many functions are called, and templates resumed, until the house has answered one request."""
    inside, made = app.wsgi_app, Counter[str]()

    def count(_frame: FrameType, what: str, _argument: object) -> None:
        made[what] += 1

    def counted(environ: Any, start: Any) -> Any:
        sys.setprofile(count)
        try:
            return inside(environ, start)
        finally:
            sys.setprofile(None)

    app.wsgi_app = counted  # type: ignore[method-assign]
    try:
        ask()
    finally:
        app.wsgi_app = inside  # type: ignore[method-assign]
    assert made, "nothing was asked"
    return made["call"] + made["c_call"]


@contextmanager
def steps_of_sqlite(app: Flask) -> Iterator[list[int]]:
    """One entry for each step that SQLite's machine makes meanwhile."""
    made: list[int] = []

    def step() -> int:
        made.append(1)
        return 0

    def listen(connection: Any, *_more: Any) -> None:
        connection.connection.driver_connection.set_progress_handler(step, 1)

    def leave(connection: Any, *_more: Any) -> None:
        connection.connection.driver_connection.set_progress_handler(None, 0)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", listen)
    event.listen(engine, "rollback", leave)
    event.listen(engine, "commit", leave)
    try:
        yield made
    finally:
        event.remove(engine, "before_cursor_execute", listen)
        event.remove(engine, "rollback", leave)
        event.remove(engine, "commit", leave)
