"""Twenty processes send one request with one key at the same moment, on both engines: one hold, one answer.

The counter has a lane for everybody, so only the key's row keeps it at one: without the row there are as
many holds as processes, or this test could not fail.
"""

from __future__ import annotations

import os

import pytest
from sqlalchemy import func, select

from house import repeats
from tests import houses
from tests.intake.api.asking import CPR, KEY, iso
from tests.intake.booking_house import (
    THURSDAY,
    WEDNESDAY,
    set_up,
)
from tests.intake.bookkeeping import agree
from tests.intake.racing import counts

pytestmark = pytest.mark.races
MANY, FEW = 20, 5
WISH = {"services": [CPR], "starts_at": iso(THURSDAY, "10:00")}


@pytest.fixture
def wide_house(engine_app, frozen):
    """One counter where everybody has a lane."""
    frozen(WEDNESDAY)
    with houses.arranging(engine_app) as session:
        set_up(session, capacity=MANY)


def hold(app, number):
    client = app.test_client()
    client.inspects = False
    answer = client.post("/api/v1/holds", json=WISH, headers={"Idempotency-Key": KEY})
    return answer.status_code, answer.text, os.getpid()


def hold_and_book(app, number):
    """Both acts, each with the key: a machine that tries again from the start."""
    client = app.test_client()
    client.inspects = False
    sent = {"Idempotency-Key": KEY}
    held = client.post("/api/v1/holds", json=WISH, headers=sent)
    booking = {"hold": held.json["hold"], "name": "Amal", "email": "amal@example.org"}
    answer = client.post("/api/v1/visits", json=booking, headers=sent)
    return answer.status_code, held.text + answer.text, os.getpid()


def hold_without_the_row(app, number):
    """The same in a house that writes no row for the key."""
    repeats.begin = lambda session, request: None
    return hold(app, number)


def test_one_key_makes_one_visit_and_one_answer(engine_app, race, wide_house):
    answers = race(hold_and_book, MANY)
    assert len({pid for *_, pid in answers}) == MANY
    assert len({(status, text) for status, text, _ in answers}) == 1 and answers[0][0] == 201
    assert counts(engine_app) == [4, 1, 1]
    with houses.looking(engine_app) as session:
        assert agree(session) and session.scalar(select(func.count()).select_from(repeats.Answered)) == 2


def test_without_the_row_of_the_key_there_are_as_many_holds_as_requests(engine_app, race, wide_house):
    answers = race(hold_without_the_row, FEW)
    assert {status for status, *_ in answers} == {201} and len({text for _, text, _ in answers}) == FEW
    assert counts(engine_app) == [4 * FEW, FEW, FEW]


