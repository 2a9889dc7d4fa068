"""Figures of the page bench: put together, as a table for a terminal, as JSON, as a block for the README."""

from __future__ import annotations

import json
import os
import platform
import statistics
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bench.servers import Burst, percentile

if TYPE_CHECKING:
    from bench.pages import Page

KB = 1024
AIM_STATEMENTS, AIM_PAGE, AIM_VISIT = 12, 14 * KB, 30 * KB
LOOKS = {"desk": 10}
"""What a page may ask more when it is the first in a minute: the desk's looks at the waiting room anew."""
Rounds = list[tuple[Burst, Burst]]


@dataclass(frozen=True)
class Carried:
    """What a page weighs: bytes as they travel, and SQL statements."""

    page: int
    html: int
    assets: dict[str, int]
    statements_cold: int
    statements: int


def results(
    pages: list[Page], found: dict[str, Rounds], carried: dict[str, Carried], asked: dict[str, Any]
) -> dict[str, Any]:
    """Everything that was measured, as plain values."""
    aims = {page.name: page.aim for page in pages}
    rows = [
        {"name": name, "aim": aims.get(name), **_cost(rounds), **_weight(carried.get(name))}
        for name, rounds in found.items()
    ]
    bare = [burst for rounds in found.values() for burst, _ in rounds]
    return {
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {
            "python": platform.python_version(), "system": platform.system(), "cpus": os.cpu_count(),
            "load": round(os.getloadavg()[0], 1),
        },
        "rounds": asked["rounds"], "requests": asked["requests"],
        "bare_route": {
            "cpu_ms": _ms(statistics.median(burst.cpu for burst in bare)),
            "p95_ms": _ms(percentile([one for burst in bare for one in burst.seconds], 95)),
        },
        "pages": rows,
    }  # fmt: skip


def _cost(rounds: Rounds) -> dict[str, float]:
    """CPU and latency, and both as multiples of the bare route measured by turns with the page."""
    bare_cpu, cpu = (statistics.median(pair[side].cpu for pair in rounds) for side in (0, 1))
    bare_taken, taken = ([one for pair in rounds for one in pair[side].seconds] for side in (0, 1))
    ratios = [page.cpu / bare.cpu for bare, page in rounds]
    p95 = percentile(taken, 95)
    return {
        "ratio": round(cpu / bare_cpu, 1), "lowest_round": round(min(ratios), 1),
        "highest_round": round(max(ratios), 1), "cpu_ms": _ms(cpu), "p50_ms": _ms(percentile(taken, 50)),
        "p95_ms": _ms(p95), "p95_ratio": round(p95 / percentile(bare_taken, 95), 1),
    }  # fmt: skip


def _weight(carried: Carried | None) -> dict[str, Any]:
    if carried is None:
        return {}
    return {
        "statements": carried.statements, "statements_cold": carried.statements_cold,
        "html_bytes": carried.html, "page_bytes": carried.page, "asset_bytes": carried.assets,
        "first_visit_bytes": carried.page + sum(carried.assets.values()),
    }  # fmt: skip


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 2)


def aim_first(page: str) -> int:
    """How many statements the first request of a page may send; every later one `AIM_STATEMENTS`."""
    return AIM_STATEMENTS + LOOKS.get(page, 0)


def missed(measured: dict[str, Any]) -> list[str]:
    """A sentence for each aim that was missed."""
    said = []
    for row in measured["pages"]:
        aims = {
            "ratio": row["aim"], "statements": AIM_STATEMENTS,
            "statements_cold": aim_first(row["name"]), "page_bytes": AIM_PAGE,
            "first_visit_bytes": AIM_VISIT,
        }  # fmt: skip
        said += [
            f"{row['name']}: {key} {row[key]}, aim {aim}"
            for key, aim in aims.items()
            if aim is not None and row.get(key, 0) > aim
        ]
    return said


HEADS = (
    "page", "× bare", "aim", "CPU ms", "p50 ms", "p95 ms", "p95 × bare", "SQL (first)", "KB first",
    "KB visit",
)  # fmt: skip


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    weighed = "statements" in row
    return (
        row["name"], f"{row['ratio']:.1f}", f"≤ {row['aim']:g}" if row["aim"] else "–",
        f"{row['cpu_ms']:.2f}", f"{row['p50_ms']:.1f}", f"{row['p95_ms']:.1f}",
        f"{row['p95_ratio']:.1f}",
        f"{row['statements']} ({row['statements_cold']})" if weighed else "–",
        f"{row['page_bytes'] / KB:.1f}" if weighed else "–",
        f"{row['first_visit_bytes'] / KB:.1f}" if weighed else "–",
    )  # fmt: skip


def table(measured: dict[str, Any]) -> str:
    """The table for a terminal, with the aims that were missed below it."""
    rows = [HEADS, *(_cells(row) for row in measured["pages"])]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADS))]
    lines = [
        "  ".join(cell.rjust(width) if at else cell.ljust(width) for at, (cell, width) in enumerate(columns))
        for columns in (list(zip(row, widths, strict=True)) for row in rows)
    ]
    bare = measured["bare_route"]
    first = f"bare Flask route, gunicorn sync, 2 workers: {bare['cpu_ms']} ms CPU, p95 {bare['p95_ms']} ms"
    aims = f"aims for every page: ≤ {AIM_STATEMENTS} SQL, first response ≤ 14 KB, whole first visit ≤ 30 KB"
    return "\n".join([first, "", *lines, "", aims, *(missed(measured) or ["every aim is met"])])


def as_json(measured: dict[str, Any]) -> str:
    return json.dumps(measured, indent=1, ensure_ascii=False) + "\n"


def markdown(measured: dict[str, Any], name: str = "pages") -> str:
    """The block for the README; `name` is that of the bench."""
    bare, machine = measured["bare_route"], measured["machine"]
    lines = [
        "| page | CPU, × a bare Flask route | aim | p95, × bare | SQL | KB, first response |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    for row in measured["pages"]:
        page, times, aim, _cpu, _p50, _p95, p95_times, _sql, kilobytes, _visit = _cells(row)
        lines.append(
            f"| {page} | {times} | {aim} | {p95_times} | {row.get('statements_cold', '–')} | {kilobytes} |"
        )
    said = (
        f"Measured {measured['made_at'][:10]} by `python -m bench.{name}` on {machine['cpus']} cores with "
        f"Python {machine['python']}; the bare route took {bare['cpu_ms']} ms of CPU."
    )
    return "\n".join([*lines, "", said, ""])
