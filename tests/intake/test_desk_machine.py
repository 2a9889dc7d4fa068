"""A machine that does all the desk can do in any order, takes it back, and looks at what must hold each time.

By default some hundred acts; with HOUSE_FULL many thousand.
"""

from __future__ import annotations

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from house.db import db
from house.intake import cases, closing, restoring, telling
from tests import houses
from tests.intake.booking_house import (
    house_template,  # noqa: F401 - a fixture
    set_up,
)
from tests.intake.desk_machine import Desk

FULL = bool(os.environ.get("HOUSE_FULL"))
ONLY_FULL = pytest.mark.skipif(not FULL, reason="only with HOUSE_FULL")


def do_anything(app: Any, *phases: Phase) -> None:
    """Let the machine work in this house."""
    run_state_machine_as_test(
        type("DeskOfThisHouse", (Desk,), {"app": app}),
        settings=settings(
            max_examples=120 if FULL else 40 if phases else 8,
            stateful_step_count=50 if FULL else 22,
            deadline=None,
            database=None,
            derandomize=bool(phases),
            phases=phases or (Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.fixture
def furnished(app: Any) -> Any:
    with houses.arranging(app) as session:
        set_up(session)
    return app


def test_whatever_the_desk_does_and_takes_back_every_visit_stays_sound(furnished):
    do_anything(furnished)


def keeps_the_intervals(*_):
    """An undo that takes the state back and leaves the time as it was told."""


RETOLD, END = restoring.retold, closing._end


def goes_on(current, before, late, now):
    """An undo of an act long ago that pretends it never was: hours of serving nobody did."""
    return RETOLD(current, before, False, now)


def ends_at_once(step, state, at, tell_at):
    """An end that is told although it can still be taken back."""
    END(step, state, at, tell_at)
    telling.tell(db.session(), step)


def stays_settled(*_):
    """An undo that takes the visit away and leaves the case settled: nobody waits for the number."""


@pytest.mark.parametrize(
    ("room", "name", "fault", "says"),
    [
        (restoring, "retold", keeps_the_intervals, "assert"),
        (restoring, "retold", goes_on, "a mistake made hours"),
        (cases, "reopen", stays_settled, "nobody waits for whoever holds the number"),
        pytest.param(closing, "_end", ends_at_once, "told twice, or taken back too late", marks=ONLY_FULL),
        pytest.param(closing.places, "give_back", lambda *_: [], "assert", marks=ONLY_FULL),
    ],
    ids=["undo keeps the time", "hours of serving", "stays settled", "told too early", "places kept"],
)
def test_a_planted_fault_is_caught(furnished, monkeypatch, room, name, fault, says):
    monkeypatch.setattr(room, name, fault)
    with pytest.raises(AssertionError, match=says):
        do_anything(furnished, Phase.generate)
