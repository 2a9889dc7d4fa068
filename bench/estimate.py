"""Back-test of the waiting estimate: half a year of days, the last four weeks held out.

    .venv/bin/python -m bench.estimate --out bench/results

For everybody who comes in the held-out weeks the range is made as the ticket shows it, from nothing but what
is known at that moment, and compared with the wait as it was. Beside it stands what a fixed average says, its
range made to hold as often.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from house.demo.foreseen import Foreseen, foresee, share_that_comes, times_of
from house.demo.half_year import DayLog, half_year
from house.intake.estimating import Range, expected, median, ratio
from house.intake.waits import RUNS

HELD_OUT, REMEMBERED = 4, 4
"""Weeks; service times and earlier expectations are remembered for four."""
DAYS_A_WEEK = 4


class Told(NamedTuple):
    """What was expected of one wait, and how long it was, in minutes."""

    middle: float
    waits: list[float]
    average: float
    waited: float


def told_on(log: DayLog, before: Sequence[DayLog], runs: int) -> list[Told]:
    """What everybody of a day would have been told on arrival, from the days before."""
    times = times_of(before)
    usual = {service: statistics.fmean(taken) for service, taken in times.items()}
    return [
        Told(median(one.waits), one.waits, _fixed(one, usual), (one.stay.called or 0.0) - one.stay.arrives)
        for one in foresee(log, times, share_that_comes(before), runs)
    ]


def _fixed(one: Foreseen, usual: dict[int | str, float]) -> float:
    """What a number display says: the averages of those before me, over the counters that can serve me."""
    mine = [desk for desk in one.counters if one.stay.service in desk.services]
    before = [
        guest
        for guest in one.guests
        if guest.arrived < 0 and any(guest.service in desk.services for desk in mine)
    ]
    return sum(usual[guest.service] for guest in before) / max(len(mine), 1)


def measure(weeks: int, runs: int) -> dict[str, Any]:
    """Coverage and width of both, over the last weeks."""
    days = list(half_year(date(2026, 5, 25), weeks=weeks))
    held = HELD_OUT * DAYS_A_WEEK
    remembered = REMEMBERED * DAYS_A_WEEK
    earlier: list[list[Told]] = []
    ours: list[tuple[Range, float]] = []
    fixed: list[tuple[float, float, float]] = []
    began, asked = time.perf_counter(), 0
    for number in range(len(days) - held - remembered, len(days)):
        told = told_on(days[number], days[max(number - remembered, 0) : number], runs)
        asked += len(told)
        if number >= len(days) - held:
            past = [one for day in earlier[-remembered:] for one in day]
            ratios = sorted(ratio(one.waited, one.middle) for one in past)
            errors = sorted(one.waited - one.average for one in past)
            low, high = errors[int(len(errors) * 0.08)], errors[int(len(errors) * 0.92)]
            ours += [(expected(one.waits, ratios), one.waited) for one in told]
            fixed += [(max(one.average + low, 0.0), one.average + high, one.waited) for one in told]
        earlier.append(told)
    spent = time.perf_counter() - began
    return {
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"), "weeks": weeks, "runs": runs,
        "waits": len(ours),
        "holds": round(statistics.fmean(span.least <= waited <= span.most for span, waited in ours), 3),
        "width": round(statistics.fmean(span.most - span.least for span, _ in ours), 1),
        "fixed_holds": round(statistics.fmean(low <= waited <= high for low, high, waited in fixed), 3),
        "fixed_width": round(statistics.fmean(high - low for low, high, _ in fixed), 1),
        "mean_wait": round(statistics.fmean(waited for _, waited in ours), 1),
        "ms_an_estimate": round(1000 * spent / asked, 1),
    }  # fmt: skip


def table(found: dict[str, Any]) -> str:
    return "\n".join([
        "| estimate | holds | width, minutes |", "|---|--:|--:|",
        f"| simulated from measured times | {found['holds']:.1%} | {found['width']} |",
        f"| fixed average | {found['fixed_holds']:.1%} | {found['fixed_width']} |", "",
        f"{found['waits']} waits of the last {HELD_OUT} of {found['weeks']} weeks, on average "
        f"{found['mean_wait']} minutes; one estimate takes {found['ms_an_estimate']} ms.", "",
    ])  # fmt: skip


def main(words: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weeks", type=int, default=26)
    parser.add_argument("--runs", type=int, default=RUNS, help="as many as the house plays")
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args(words)
    found = measure(asked.weeks, asked.runs)
    print(table(found))
    if asked.out:
        asked.out.mkdir(parents=True, exist_ok=True)
        (asked.out / "estimate.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
        (asked.out / "estimate.md").write_text(table(found), encoding="utf-8")


if __name__ == "__main__":
    main()
