"""What the house writes down of an error: where it was and of which kind, and nothing that anybody wrote."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
import structlog
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from house import doors, logs
from house.db import db
from tests.inspecting import BASE_URL

NAME, TOKEN = "Ada Lovelace", "ABCDEFG.a-link-that-opens-a-visit"


def in_the_database() -> None:
    db.session().execute(text("SELECT * FROM nowhere WHERE name = :name"), {"name": NAME})


def in_the_verb() -> None:
    try:
        int(NAME)
    except ValueError as error:
        raise RuntimeError(f"{NAME} is no number") from error


@pytest.fixture
def fresh_log(monkeypatch: pytest.MonkeyPatch) -> None:
    """A real house keeps the log it wrote to first; other tests are not to write to ours."""
    monkeypatch.setattr(logs, "log", structlog.get_logger("house"))


@pytest.mark.usefixtures("fresh_log")
@pytest.mark.parametrize("stumble", [in_the_database, in_the_verb])
def test_an_error_tells_no_address_and_nothing_that_was_written(
    app_factory: Callable[..., Flask], capfd: pytest.CaptureFixture[str], stumble: Callable[[], None]
) -> None:
    app = app_factory(testing=False)
    app.view_functions["intake.ticket"] = doors.by_link(lambda **_: stumble())
    app.test_client_class = FlaskClient  # the other one refuses to look at an error
    answer = app.test_client().get(f"/en/ticket/{TOKEN}?name={NAME}", base_url=BASE_URL)
    assert answer.status_code == 500 and "Nothing was saved" in answer.text
    written = "".join(capfd.readouterr())
    assert NAME not in written and "Lovelace" not in written and TOKEN not in written
    [told] = [json.loads(line) for line in written.splitlines() if "stumbled" in line]
    assert (told["route"], told["method"]) == ("/<lang:lang_tag>/ticket/<token>", "GET")
    kinds = [error["kind"].rpartition(".")[2] for error in told["errors"]]
    assert kinds in (["OperationalError", "OperationalError"], ["ValueError", "RuntimeError"])
    assert any(place.endswith(stumble.__name__) for place in told["errors"][-1]["at"])


@pytest.mark.usefixtures("fresh_log")
def test_a_worker_that_stumbles_says_where(
    app_factory: Callable[..., Flask], capfd: pytest.CaptureFixture[str]
) -> None:
    app_factory()
    try:
        in_the_verb()
    except RuntimeError:
        logs.log.exception("the worker stumbled")
    written = "".join(capfd.readouterr())
    assert "in_the_verb" in written and "RuntimeError" in written and NAME not in written
