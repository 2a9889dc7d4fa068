"""Twenty after the last seat, on both engines: one gets it, nineteen a kind refusal, nothing is half done.

The seat has two guards: the lock on the event, and the key of the row. Each alone lets one through; with both
taken out the house oversells, which is how we know that these tests can fail.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from house.db import db, is_sqlite
from house.events import seating
from house.events.models import Attendee, Seat, Signup
from house.events.signing_up import Person, sign_up
from house.post import Letter
from house.problems import Taken
from tests import houses
from tests.events.scenes import an_event, persons

RUNNERS = 20
pytestmark = pytest.mark.races


@pytest.fixture
def one_left(engine_app: Flask) -> Flask:
    """A house in which the café has one place left of three."""
    with houses.arranging(engine_app) as session:
        sign_up(session, an_event(session, capacity=3), persons(2))
    return engine_app


def by_page(app: Flask, number: int) -> int:
    """One visitor, from the page to the press of the button; the status of the answer.

    Who opens the page when the seat is gone already is told so there: that is a refusal too.
    """
    page = app.test_client().get_page("/en/events/cafe")  # type: ignore[attr-defined]
    if "Sign me up" not in page.text:
        return 409
    return int(page.submit("Sign me up", name=f"Runner {number}", email=f"runner{number}@example.dk").status)


def by_verb(app: Flask, number: int) -> str:
    with app.app_context():
        try:
            with houses.arranging(app) as session:
                sign_up(session, 1, [Person(f"Runner {number}", f"runner{number}@example.dk", "en")])
        except Taken as refused:
            return refused.code
        return "seat"


def blind(app: Flask, number: int) -> str:
    """As by the verb, but blind to the seats that were taken since the race began: no lock helps that."""
    seating.taken_numbers = lambda session, event_id: {1, 2}  # type: ignore[assignment]
    return by_verb(app, number)


def counts(app: Flask) -> dict[str, int]:
    with houses.looking(app) as session:
        return {
            table.__tablename__: session.scalar(select(func.count()).select_from(table)) or 0
            for table in (Seat, Attendee, Letter, Signup)
        }


ONE_MORE = {"seat": 3, "attendee": 3, "letter": 3, "signup": 2}


def test_one_visitor_gets_the_last_seat_and_nineteen_a_kind_page(
    one_left: Flask, race: Callable[..., list[Any]]
) -> None:
    answers = race(by_page, RUNNERS)
    assert sorted(answers) == [303] + [409] * (RUNNERS - 1)
    assert counts(one_left) == ONE_MORE


def test_the_lock_lets_one_through_before_the_key_has_to(
    one_left: Flask, race: Callable[..., list[Any]]
) -> None:
    answers = race(by_verb, RUNNERS)
    assert sorted(answers) == ["full"] * (RUNNERS - 1) + ["seat"]
    assert counts(one_left) == ONE_MORE


def test_the_key_alone_lets_one_through(one_left: Flask, race: Callable[..., list[Any]]) -> None:
    answers = race(blind, RUNNERS)
    assert sorted(answers) == ["seat"] + ["taken"] * (RUNNERS - 1)
    assert counts(one_left) == ONE_MORE


def test_with_both_guards_taken_out_the_house_oversells(
    one_left: Flask, race: Callable[..., list[Any]]
) -> None:
    _take_out_the_key(one_left)
    assert race(blind, RUNNERS) == ["seat"] * RUNNERS
    assert counts(one_left)["seat"] == 2 + RUNNERS


def test_a_group_and_single_people_share_what_is_left(
    engine_app: Flask, race: Callable[..., list[Any]]
) -> None:
    with houses.arranging(engine_app) as session:
        an_event(session, capacity=25)
    answers = race(by_group, 8)
    taken = sum(size for size in answers if size > 0)
    assert taken <= 25
    assert 25 - taken < 6, "a refusal only where the group really did not fit"
    with houses.looking(engine_app) as session:
        assert sorted(session.scalars(select(Seat.number))) == list(range(1, taken + 1))


def by_group(app: Flask, number: int) -> int:
    group = [Person(f"N{number}-{one}", f"n{number}-{one}@example.dk", "en") for one in range(number % 6 + 1)]
    try:
        with houses.arranging(app) as session:
            sign_up(session, 1, group)
    except Taken:
        return 0
    return len(group)


def _take_out_the_key(app: Flask) -> None:
    with houses.arranging(app) as session:
        if is_sqlite(session):
            session.execute(text("CREATE TABLE keyless AS SELECT * FROM seat"))
            session.execute(text("DROP TABLE seat"))
            session.execute(text("ALTER TABLE keyless RENAME TO seat"))
        else:
            session.execute(text("ALTER TABLE seat DROP CONSTRAINT pk_seat"))
    with app.app_context():
        db.engine.dispose()
