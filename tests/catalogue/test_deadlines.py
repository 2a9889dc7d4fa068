"""By when: counting days and months from the dates of a person's life."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from house.catalogue.deadlines import (
    conditions_met,
    due_date,
    earliest_date,
    last_open,
    months_after,
    window,
)

ENTRY = {"entry_date": date(2027, 1, 10)}


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2027, 1, 10), 3, date(2027, 4, 10)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
        (date(2027, 10, 31), 14, date(2028, 12, 31)),
        (date(2027, 5, 5), 0, date(2027, 5, 5)),
    ],
)
def test_months_end_where_the_month_does(day: date, months: int, later: date) -> None:
    assert months_after(day, months) == later


@pytest.mark.parametrize(
    ("deadline", "due"),
    [
        (None, None),
        ({"rule": "x"}, None),
        ({"days": 5, "from": "entry_date"}, date(2027, 1, 15)),
        ({"months": 3, "from": "entry_date"}, date(2027, 4, 10)),
        ({"from": "entry_date"}, date(2027, 1, 10)),
        ({"days": 5, "from": "wedding_date"}, None),
        ({"days": 5, "from": "entry_date", "status": "unresolved"}, None),
        ({"months": 3, "months_job_seeker": 6, "from": "entry_date"}, date(2027, 7, 10)),
        ({"months": 3, "months_student": 1, "from": "entry_date"}, date(2027, 4, 10)),
    ],
)
def test_a_limit_is_counted(deadline: dict[str, Any] | None, due: date | None) -> None:
    assert due_date(deadline, ENTRY, "job_seeker") == due


def test_the_first_day_is_counted_from_the_same_date() -> None:
    rule = {"days": 5, "earliest_days": -28, "from": "move_in_date"}
    assert earliest_date(rule, {"move_in_date": date(2027, 5, 1)}) == date(2027, 4, 3)
    assert earliest_date(rule, {}) is None
    assert earliest_date({"days": 5, "from": "move_in_date"}, {"move_in_date": date(2027, 5, 1)}) is None


def test_a_window_lies_between_two_days() -> None:
    rule = {"from": "appointment_date", "opens_days": -14, "closes_days": -1}
    found = window(rule, {"appointment_date": date(2027, 2, 3)})
    assert found == (date(2027, 1, 20), date(2027, 2, 2))
    assert window(rule, {}) is None
    assert window(None, {"appointment_date": date(2027, 2, 3)}) is None


@pytest.mark.parametrize(
    ("dates", "needs_document", "met"),
    [
        ({}, False, None),
        ({"entry_date": 10}, False, None),
        ({"move_in_date": 11}, False, 11),
        ({"entry_date": 12, "move_in_date": 11}, False, 12),
        ({"entry_date": 10, "move_in_date": 11}, True, None),
        ({"entry_date": 10, "move_in_date": 11, "residence_basis_date": 13}, True, 13),
        ({"entry_date": 10, "move_in_date": 20, "residence_basis_date": 13}, True, 20),
    ],
)
def test_a_move_counts_from_the_day_both_conditions_are_met(
    dates: dict[str, int], needs_document: bool, met: int | None
) -> None:
    days = {name: date(2027, 1, day) for name, day in dates.items()}
    assert conditions_met(days, needs_document) == (date(2027, 1, met) if met else None)


def test_the_last_open_day_is_looked_for_backwards() -> None:
    assert last_open(date(2027, 3, 29), lambda day: day <= date(2027, 3, 24)) == date(2027, 3, 24)
    assert last_open(date(2027, 3, 29), lambda day: True) == date(2027, 3, 29)
    assert last_open(date(2027, 3, 29), lambda day: False) is None
