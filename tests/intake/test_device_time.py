"""When somebody came, as a device whose clock may be wrong tells it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from house.intake.device_time import FURTHEST, OLDEST, TOO_LONG, judge

NOW = datetime(2027, 1, 7, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("wrong", [timedelta(0), timedelta(hours=-3), timedelta(days=400)])
def test_a_clock_that_is_wrong_tells_the_right_time(wrong):
    came = judge(NOW - timedelta(minutes=20) + wrong, NOW + wrong, NOW)
    assert (came.at, came.skew, came.too_old) == (
        NOW - timedelta(minutes=20), -round(wrong.total_seconds()), False,
    )  # fmt: skip


def test_nobody_comes_in_the_future():
    """The device's clock was put back between noting and sending."""
    assert judge(NOW + timedelta(hours=1), NOW, NOW).at == NOW


def test_what_is_older_than_a_day_is_not_believed():
    assert not judge(NOW - OLDEST, NOW, NOW).too_old
    assert judge(NOW - OLDEST - timedelta(seconds=1), NOW, NOW).too_old


EDGES = [datetime(1970, 1, 1, tzinfo=UTC), NOW, datetime(9999, 1, 1, tzinfo=UTC)]


@pytest.mark.parametrize("noted", EDGES, ids=str)
@pytest.mark.parametrize("sent", EDGES, ids=str)
def test_a_clock_that_was_made_up_is_judged_too(noted, sent):
    """The furthest that a form lets through: nothing overflows, and nobody comes in the future."""
    came = judge(noted, sent, NOW)
    assert NOW - TOO_LONG <= came.at <= NOW and came.too_old == (sent > noted)
    assert abs(came.skew) <= FURTHEST
