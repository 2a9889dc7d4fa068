"""What `house doctor` says of letters and of the secret, and what `house letters retry` does about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from house import cli, clock, doctoring, post
from house import config as configuration
from house.post import Letter, LetterState
from tests import houses


def put(app: Flask, *letters: tuple[LetterState, int], days_ago: int = 0) -> None:
    """Letters in these states, tried so often, written so many days ago."""
    with houses.arranging(app) as session:
        for state, tries in letters:
            letter = post.write(session, "toy", "ada@example.dk", "en")
            letter.state, letter.tries = state, tries
            letter.written_at = clock.now() - timedelta(days=days_ago)


def of_letters(app: Flask) -> tuple[bool, str]:
    with app.app_context():
        return doctoring._letters()


def findings(app: Flask) -> dict[str, bool]:
    with app.app_context():
        return {sentence.split()[0]: well for well, sentence in doctoring.examine(app)}


def test_a_wrong_secret_is_an_illness_and_the_right_one_none(app: Flask, app_factory: Any) -> None:
    with app.app_context():
        assert doctoring._secret() == (True, "Nothing is sealed yet.")
    put(app, (LetterState.WAITING, 0))
    with app.app_context():
        assert doctoring._secret() == (True, "HOUSE_SECRET opens what is sealed.")
    url = app.extensions["house-config"].database_url
    stranger = app_factory(database_url=url, secret="the secret of quite another house, a long one")
    assert findings(app)["HOUSE_SECRET"]
    assert not findings(stranger)["HOUSE_SECRET"]
    put(stranger, (LetterState.WAITING, 0))
    assert not findings(app)["HOUSE_SECRET"], "not even when only the newest is another's"


W, S, F, R = LetterState
CASES: list[tuple[list[tuple[LetterState, int]], bool]] = [
    ([], True),
    ([(W, 0), (S, 1), (S, 3)], True),
    ([(W, 1)], True),
    ([(W, 6)], False),
    ([(F, 8), (S, 1)], False),
    ([(R, 1)], True),
    ([(R, 1)] * 3 + [(S, 1)], False),
    ([(R, 1)] * 3 + [(S, 1)] * 4, True),
]


@pytest.mark.parametrize(("letters", "well"), CASES)
def test_the_house_is_ill_when_its_letters_do_not_leave(
    app: Flask, letters: list[tuple[LetterState, int]], well: bool
) -> None:
    put(app, *letters)
    assert of_letters(app)[0] is well, of_letters(app)[1]
    assert ("house letters retry" in of_letters(app)[1]) is not well


def test_what_was_lost_weeks_ago_is_no_illness_any_more(app: Flask) -> None:
    put(app, (F, 8), days_ago=8)
    assert of_letters(app)[0]


def test_the_command_lets_letters_leave_again(app: Flask, run: Any) -> None:
    put(app, (F, 8), (R, 1), (S, 1), (W, 2))
    assert run("letters", "retry").output == "2 letters wait to be sent again.\n"
    with houses.looking(app) as session:
        assert sorted(session.scalars(select(Letter.state))) == [S, W, W, W]
    assert run("letters", "retry").output == "0 letters wait to be sent again.\n"


@pytest.fixture
def run(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """The `house` command in this house."""
    from click.testing import CliRunner

    monkeypatch.setattr(configuration, "from_environment", lambda: app.extensions["house-config"])
    return lambda *words: CliRunner().invoke(cli.main, words)
