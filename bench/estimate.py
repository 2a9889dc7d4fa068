"""Back-test of the waiting estimate: half a year of days, the last four weeks held out.

    .venv/bin/python -m bench.estimate --out bench/results

For everybody who comes in the held-out weeks the range is made as the ticket shows it, from nothing but what
is known at that moment, and compared with the wait as it was. Beside it stands what a fixed average says, its
range made to hold as often.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from house.demo.half_year import COUNTERS, DayLog, Stay, half_year, is_away
from house.intake.estimating import Guest, Open, Range, expected, median, ratio, waits
from house.intake.waits import RUNS

HELD_OUT, REMEMBERED = 4, 4
"""Weeks; service times and earlier expectations are remembered for four."""
DAYS_A_WEEK = 4
COMES = 0.88


class Told(NamedTuple):
    """What was expected of one wait, and how long it was, in minutes."""

    middle: float
    waits: list[float]
    average: float
    waited: float


def times_before(days: Sequence[DayLog]) -> dict[str, list[float]]:
    """How long visits took on these days, by service."""
    found: dict[str, list[float]] = defaultdict(list)
    for log in days:
        for stay in log.stays:
            if stay.called is not None and stay.ended is not None:
                found[stay.service].append(stay.ended - stay.called)
    return {service: sorted(taken) for service, taken in found.items()}


def told_on(log: DayLog, times: dict[str, list[float]], runs: int) -> Iterator[Told]:
    """What everybody of a day would have been told on arrival; only of that moment and before it."""
    for stay in log.stays:
        if stay.called is None:
            continue
        now = stay.arrives
        guests = [_guest(one, now) for one in log.stays if _matters(one, now)]
        here = [number for number in range(len(COUNTERS)) if not is_away(log, number, now)]
        counters = [_counter(log, number, now) for number in here]
        found = waits(guests, counters, times, random.Random(stay.number), runs).get(stay.number)
        if found is None:
            continue
        yield Told(median(found), found, _fixed(stay, guests, counters, times), stay.called - stay.arrives)


def _matters(stay: Stay, now: float) -> bool:
    """Whether somebody waits now, or is booked and not here yet and not long overdue."""
    if stay.comes and stay.arrives <= now:
        return stay.called is None or stay.called > now
    return stay.planned is not None and stay.planned > now - 10


def _guest(stay: Stay, now: float) -> Guest:
    here = stay.comes and stay.arrives <= now
    planned = None if stay.planned is None else stay.planned - now
    arrives = stay.arrives - now if here else max(planned or 0.0, 0.1)
    return Guest(
        stay.number, stay.service, stay.language, arrives, planned, 0, stay.number, 1.0 if here else COMES
    )


def _counter(log: DayLog, number: int, now: float) -> Open:
    services, languages = COUNTERS[number]
    mine = (one for one in log.stays if one.counter == number)
    at = next((one for one in mine if (one.called or 1e9) <= now < (one.ended or 0)), None)
    if at is None or at.called is None:
        return Open(services, languages)
    return Open(services, languages, at.service, now - at.called)


def _fixed(
    stay: Stay, guests: Sequence[Guest], counters: Sequence[Open], times: dict[str, list[float]]
) -> float:
    """What a number display says: those before me, times the average, over the counters that can serve me."""
    mine = [one for one in counters if stay.service in one.services]
    before = [one for one in guests if one.arrived < 0 and any(one.service in desk.services for desk in mine)]
    average = statistics.fmean(minutes for taken in times.values() for minutes in taken)
    return len(before) * average / max(len(mine), 1)


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
        times = times_before(days[max(number - remembered, 0) : number])
        told = list(told_on(days[number], times, runs))
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
