"""A house with three counters, and a machine that asks its API."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from tests.intake.api.asking import Machine, three_counters
from tests.intake.booking_house import WEDNESDAY, house_template

__all__ = ["house", "house_template", "machine"]


@pytest.fixture
def house(arranging: Any, frozen: Any) -> Any:
    """A counter for each of three services; the one for CPR numbers speaks Ukrainian."""
    with arranging() as session:
        house = three_counters(session)
    house.clock = frozen(WEDNESDAY)
    return house


@pytest.fixture
def machine(app: Flask) -> Machine:
    return Machine(app)
