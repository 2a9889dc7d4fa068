"""What is foreseen of an invented day knows nothing that came after the moment it was told."""

from __future__ import annotations

from copy import deepcopy
from datetime import date

import pytest

from house.demo.foreseen import foresee, share_that_comes, times_of
from house.demo.half_year import NO_SHOW, half_year

WEEKS = list(half_year(date(2026, 5, 25), weeks=6))
BEFORE, DAY = WEEKS[:-1], WEEKS[-1]


def told(log):
    found = foresee(log, times_of(BEFORE), share_that_comes(BEFORE), 4)
    return {one.stay.number: one.waits for one in found}


def test_everybody_who_was_served_is_told_something():
    served = {stay.number for stay in DAY.stays if stay.called is not None}
    assert {*told(DAY)} <= served
    assert len(told(DAY)) > 0.9 * len(served)


@pytest.mark.parametrize("part", [0.25, 0.5, 0.75])
def test_what_happens_later_that_day_changes_nothing_told_before(part):
    stays = [stay for stay in DAY.stays if stay.called is not None]
    moment = stays[int(len(stays) * part)].arrives
    other = deepcopy(DAY)
    for stay in other.stays:
        if stay.called is not None and stay.called > moment:
            stay.called, stay.ended = stay.called + 60, (stay.ended or 0) + 90
        if stay.arrives > moment:
            stay.comes = not stay.comes
    then, now = told(DAY), told(other)
    early = [stay.number for stay in stays if stay.arrives < moment and stay.number in then]
    assert len(early) > 5
    assert all(now[number] == then[number] for number in early)


def test_how_many_come_is_learned_from_the_days_before():
    assert share_that_comes(BEFORE) == pytest.approx(1 - NO_SHOW, abs=0.05)
    for log in (missed := deepcopy(BEFORE)):
        for stay in log.stays:
            stay.comes = stay.planned is None
    assert share_that_comes(missed) == 0.0
