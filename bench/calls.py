"""Eight desks that call as fast as they can: 10,000 people, each called once and in order, on both engines.

    .venv/bin/python -m bench.calls --out bench/results

The work is the race `tests/intake/test_races_calls.py` with the full count; it fails when somebody is called
twice, never, or before who came earlier; how long it took is written down here. Some minutes on two cores.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

TEST = "tests/intake/test_races_calls.py"
ENGINES = ("sqlite", "postgresql")
SAID = re.compile(
    r"^(\w+): (\d+) calls by (\d+) desks in (\d+) s, (\d+) twice or never, (\d+) out of order$", re.MULTILINE
)
FIGURES = ("calls", "desks", "seconds", "twice_or_never", "out_of_order")


def read(said: str) -> list[dict[str, Any]]:
    """What the race printed, an engine a row; LookupError when it did not run on both."""
    rows: list[dict[str, Any]] = [
        {"engine": engine, **dict(zip(FIGURES, map(int, numbers), strict=True))}
        for engine, *numbers in SAID.findall(said)
    ]
    if missing := {*ENGINES} - {one["engine"] for one in rows}:
        raise LookupError(f"The race did not run on {', '.join(sorted(missing))}.")
    return rows


def table(rows: list[dict[str, Any]], made_at: str) -> str:
    """The figures as a table for people."""
    columns = ("engine", "calls", "desks", "twice_or_never", "out_of_order", "seconds")
    lines = [f"| {' | '.join(str(one[column]) for column in columns)} |" for one in rows]
    head = ["| engine | calls | desks | called twice or never | out of order | seconds |"]
    return "\n".join([*head, "|---|--:|--:|--:|--:|--:|", *lines]) + f"\n\nMeasured {made_at[:10]}.\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("bench/results"))
    out = parser.parse_args().out.resolve()
    command = [sys.executable, "-m", "pytest", "-n", "0", TEST, "-k", "everybody_once_and_in_order"]
    environment = {**os.environ, "HOUSE_FULL": "1"}
    done = subprocess.run(command, env=environment, check=False, stdout=subprocess.PIPE, text=True)
    sys.stdout.write(done.stdout)
    if done.returncode == 0:
        rows = read(done.stdout)
        made_at = datetime.now(UTC).isoformat(timespec="seconds")
        (out / "calls.json").write_text(json.dumps({"made_at": made_at, "engines": rows}, indent=2) + "\n")
        (out / "calls.md").write_text(table(rows, made_at))
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
