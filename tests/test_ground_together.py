"""Tests that share something dear stay with one worker; what is made for all workers is made once."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.together import ONE_WORKER, SLOW, once, place_of

ROOT = Path(__file__).resolve().parents[1]
MANY = """
import time
import pytest

@pytest.mark.parametrize("n", range(8))
def test_something(n):
    time.sleep(0.02)
"""


def test_a_group_stays_with_one_worker_and_the_rest_goes_to_whoever_is_free(tmp_path: Path) -> None:
    for place in ("tests/browser/test_a.py", "tests/browser/test_b.py", "tests/test_c.py"):
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_text(MANY)
    (tmp_path / "pytest.ini").write_text("[pytest]")
    command = [sys.executable, "-m", "pytest", "-p", "tests.together", "-p", "no:cacheprovider", "-v"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    for own in ("PYTEST_XDIST_WORKER", "PYTEST_ADDOPTS"):
        environment.pop(own, None)
    done = subprocess.run(
        [*command, "-n", "2", "--dist", "loadgroup", "tests"], cwd=tmp_path, env=environment,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    ran = re.findall(r"\[(gw\d)\].* PASSED (tests/\S+)::", done.stdout)
    assert len(ran) == 24, done.stdout + done.stderr
    workers = {
        place: {worker for worker, test in ran if test.startswith(place)}
        for place in ("tests/browser", "tests/test_c")
    }
    assert len(workers["tests/browser"]) == 1
    assert workers["tests/test_c"] - workers["tests/browser"], "the other worker had nothing to do"


def test_every_place_that_goes_together_is_there() -> None:
    for place in (*ONE_WORKER, *SLOW):
        assert (ROOT / place).exists(), place
    for place in ONE_WORKER:
        assert place_of(f"{place}test_x.py::test_y[1]") == place
    assert (
        place_of("tests/test_doors.py::test_y[tests/browser/]")
        == "tests/test_doors.py::test_y[tests/browser/]"
    )


def test_whoever_asks_first_makes_it_and_the_others_wait(tmp_path: Path) -> None:
    def make(folder: Path) -> None:
        (folder / "made").write_text("whole")

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: once(tmp_path / "shared", make) / "made", range(8)))
    assert {path.read_text() for path in found} == {"whole"}
