"""The decisions name numbers and what sits behind them; they are those of the code."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from house.intake import cancelling, extending, fairness, holding, offering, passing_on
from house.intake.daymap import TICK

DECISIONS = Path(__file__).resolve().parents[2] / "docs" / "decisions"
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def row(page: str, start: str) -> str:
    """The second cell of the line of a table that begins so."""
    [found] = DECISIONS.glob(f"*-{page}.md")
    [line] = [one for one in found.read_text(encoding="utf-8").splitlines() if one.startswith(f"| {start}")]
    return line.split("|")[2].strip()


@pytest.mark.parametrize(
    ("page", "start", "number"),
    [
        ("fair-shares", "visits ahead", str(fairness.VISITS_AHEAD)),
        ("fair-shares", "times held from one network, in 15 minutes", str(fairness.HOLDS)),
        ("fair-shares", "times held in all, in 15 minutes", str(fairness.HOLDS_IN_ALL)),
        ("fair-shares", "tries to find a booking from one network, in an hour", str(fairness.SEARCHES)),
        ("fair-shares", "tries to find a booking for one address", str(fairness.SEARCHES_FOR_ONE)),
        ("fair-shares", "length of a hold", f"{holding.HOLD // MINUTE} minutes"),
        ("fair-shares", "grace after", f"{offering.GRACE // MINUTE} minute"),
        ("something-earlier", "time to answer", f"{passing_on.ANSWER_IN // HOUR} hours"),
        ("something-earlier", "by day", f"{passing_on.MORNING:%H}–{passing_on.EVENING:%H}"),
        ("something-earlier", "shortest time", f"{passing_on.SHORTEST // MINUTE} minutes"),
        ("something-earlier", "how much earlier", f"{passing_on.WORTHWHILE * TICK // MINUTE} minutes"),
        ("something-earlier", "a hold that ran out", f"{passing_on.KEPT_LATE // MINUTE} minutes"),
    ],
)
def test_a_number_of_a_decision_is_the_codes(page: str, start: str, number: str) -> None:
    assert row(page, start) == number


def test_the_minute_and_the_windows_are_as_the_pages_say() -> None:
    assert timedelta(minutes=1) == cancelling.UNDO
    assert (fairness.A_QUARTER, fairness.AN_HOUR) == (15 * 60, 60 * 60)
    assert extending.MOST_EXTENSIONS == 3
