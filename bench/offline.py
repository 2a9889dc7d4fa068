"""A desk whose line is cut: 1,000 people at two desks, 200 cuts at random moments, in a real browser.

    .venv/bin/python -m bench.offline --out bench/results

The work is the browser test `tests/browser/test_without_net.py` with the full counts; it fails when somebody
is lost or comes twice, and its figures are written down here. Some ten minutes on two cores.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

TEST = "tests/browser/test_without_net.py"
WORDS = {
    "people": "people registered at two desks", "cuts": "cuts of the line, in three ways",
    "answers and requests lost": "requests and answers lost on the way",
    "told without the net": "people who were told a number by the desk itself",
    "visits": "visits in the house afterwards", "numbers given twice": "numbers given twice",
    "lost": "people lost", "conflicts": "conflicts", "seconds": "seconds",
    "date": "measured on", "commit": "commit",
}  # fmt: skip


def table(figures: dict[str, Any]) -> str:
    """The figures as a table for people."""
    lines = [f"| {words} | {figures[name]} |" for name, words in WORDS.items()]
    return "\n".join(["| what | figure |", "|---|--:|", *lines]) + "\n"


def when_and_what() -> dict[str, str]:
    """The day, and the commit that is measured; a tree with changes of its own is said to be one."""
    command = ["git", "describe", "--always", "--dirty"]
    told = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    return {"date": datetime.now(UTC).date().isoformat(), "commit": told or "unknown"}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("bench/results"))
    out, about = parser.parse_args().out.resolve(), when_and_what()
    environment = {**os.environ, "HOUSE_FULL": "1", "HOUSE_BENCH_OUT": str(out)}
    command = [sys.executable, "-m", "pytest", "-n", "1", TEST, "-k", "nobody_is_lost"]
    status = subprocess.run(command, env=environment, check=False).returncode
    if status == 0:
        figures = {**json.loads((out / "offline.json").read_text()), **about}
        (out / "offline.json").write_text(json.dumps(figures, indent=1) + "\n")
        (out / "offline.md").write_text(table(figures))
    return status


if __name__ == "__main__":
    sys.exit(main())
