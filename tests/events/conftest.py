"""Fixtures of this wing's tests: a company's browser, and counting a page's statements."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import event as happening

from house.db import db
from house.doors import Role
from tests.inspecting import InspectingClient

Counting = Callable[[], Iterator[list[str]]]


@pytest.fixture
def company(app: Flask, sign_in: Callable[..., SimpleNamespace]) -> SimpleNamespace:
    """A company's contact in a browser: `.client`, `.body_id`."""
    client: InspectingClient = app.test_client()  # type: ignore[assignment]
    return SimpleNamespace(client=client, **vars(sign_in(client, Role.COMPANY)))


@pytest.fixture
def organiser(app: Flask, sign_in: Callable[..., SimpleNamespace]) -> InspectingClient:
    client: InspectingClient = app.test_client()  # type: ignore[assignment]
    sign_in(client, Role.ORGANISER)
    return client


@pytest.fixture
def statements(app: Flask) -> Counting:
    """`with statements() as said:` collects every SQL statement the house runs meanwhile."""

    @contextmanager
    def collect() -> Iterator[list[str]]:
        said: list[str] = []

        def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
            if not statement.startswith(("BEGIN", "PRAGMA")):
                said.append(statement)

        with app.app_context():
            engine = db.engine
        happening.listen(engine, "before_cursor_execute", note)
        yield said
        happening.remove(engine, "before_cursor_execute", note)

    return collect
