"""How long a person's list takes, pure: the worked cases, random people, and what to ask next.

    .venv/bin/python -m bench.plan --out bench/results

Beside each figure stands the time to read 20 rows with SQLAlchemy in the same run: machines differ.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Integer, MetaData, String, Table, create_engine, insert, select

from bench.servers import percentile
from house.catalogue.asking import open_facts
from house.catalogue.cases import people_of
from house.catalogue.plan import Person, household, plan
from house.catalogue.rulebook import Rulebook
from tests.catalogue.rules import CATALOGUE, book, cases, is_open, somebody

AIM_MS = 1.0
ROUNDS = 2000


def timed(works: Sequence[Callable[[], Any]], rounds: int) -> list[float]:
    """Milliseconds of each of `rounds` calls, the works by turns."""
    taken = []
    for number in range(rounds):
        work = works[number % len(works)]
        began = time.perf_counter()
        work()
        taken.append((time.perf_counter() - began) * 1000)
    return taken


def twenty_rows() -> Callable[[], Any]:
    """The yardstick: one SELECT of 20 rows."""
    engine, table = create_engine("sqlite://"), Table(
        "row", MetaData(), Column("id", Integer, primary_key=True), Column("words", String)
    )
    connection = engine.connect()
    table.metadata.create_all(connection)
    connection.execute(insert(table), [{"words": f"row {n}"} for n in range(20)])
    wanted = select(table.c.id, table.c.words)
    return lambda: connection.execute(wanted).all()


def measure(rounds: int) -> dict[str, Any]:
    """Every figure: milliseconds, lists a second, multiples of the yardstick."""
    chance = random.Random(1)
    people: list[Person] = [somebody(chance) for _ in range(200)]
    families = [people_of(case) for case in cases()]
    works: dict[str, list[Callable[[], Any]]] = {
        "20 rows": [twenty_rows()],
        "one person's list": [lambda one=one: plan(book(), one, is_open()) for one in people],
        "a worked case (1–5 lists)": [lambda f=f: household(book(), f, is_open()) for f in families],
        "what to ask next": [lambda one=one: open_facts(book(), one.facts) for one in people],
        "making the rules ready": [lambda: Rulebook.of(CATALOGUE)],
    }
    found = {name: timed(several, rounds) for name, several in works.items()}
    yardstick = statistics.median(found["20 rows"])
    rows = [_row(name, taken, yardstick) for name, taken in found.items()]
    return {"made_at": datetime.now(UTC).isoformat(timespec="seconds"), "rounds": rounds, "rows": rows}


def _row(name: str, taken: list[float], yardstick: float) -> dict[str, Any]:
    median = statistics.median(taken)
    return {
        "name": name, "median_ms": round(median, 4), "p95_ms": round(percentile(taken, 95), 4),
        "a_second": round(1000 / median), "rows_20": round(median / yardstick, 2),
    }  # fmt: skip


def table(results: dict[str, Any]) -> str:
    lines = ["| what | median, ms | p95, ms | a second | × reading 20 rows |", "|---|--:|--:|--:|--:|"]
    lines += [
        f"| {row['name']} | {row['median_ms']:.3f} | {row['p95_ms']:.3f} "
        f"| {row['a_second']} | {row['rows_20']} |"
        for row in results["rows"]
    ]
    return "\n".join(lines) + f"\n\nAim: a list ≤ {AIM_MS:.0f} ms. Measured {results['made_at'][:10]}.\n"


def main(words: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args(words)
    results = measure(asked.rounds)
    print(table(results))
    if asked.out:
        asked.out.mkdir(parents=True, exist_ok=True)
        (asked.out / "plan.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
        (asked.out / "plan.md").write_text(table(results), encoding="utf-8")


if __name__ == "__main__":
    main()
