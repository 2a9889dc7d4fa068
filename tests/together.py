"""What the workers of one run do together: which tests stay with one worker, and what is made once for all.

xdist's own `loadgroup` groups nothing under pytest 9.2, and does not say so (pytest-xdist issue 1386): every
worker built a demo house and opened a Chromium. So we say who goes together, by where a test lives.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

ONE_WORKER = (
    "tests/browser/",  # one demo house that is served, one Chromium
    "tests/catalogue/hsds/",  # its answers and tables are made once a file
    "tests/checkers/",
    "tests/test_house_rules.py",  # the whole code, read once
    "tests/test_languages.py",
)
SLOW = (
    "tests/catalogue/hsds/", "tests/catalogue/test_bundling.py", "tests/catalogue/test_checking.py",
    "tests/catalogue/test_entry_form_pages.py", "tests/catalogue/test_everyday_queries.py",
    "tests/catalogue/test_exchanging.py", "tests/catalogue/test_importing.py",
    "tests/catalogue/test_malicious_texts.py", "tests/catalogue/test_plan_list_pages.py",
    "tests/catalogue/test_plan_pages.py", "tests/catalogue/test_plan_sheets.py",
    "tests/catalogue/test_publishing_pages.py", "tests/catalogue/test_questions.py",
    "tests/catalogue/test_saving_at_once_pages.py", "tests/catalogue/test_text_pages.py",
    "tests/checkers/", "tests/intake/api/test_hostile_requests.py",
    "tests/intake/test_checking_in_pages.py", "tests/intake/test_desk_machine.py",
    "tests/intake/test_desk_pages.py", "tests/intake/test_earlier_pages.py",
    "tests/intake/test_estimating.py", "tests/intake/test_finding_pages.py",
    "tests/intake/test_handing_over_pages.py", "tests/intake/test_moving_pages.py",
    "tests/intake/test_my_counter_pages.py", "tests/intake/test_partly_pages.py",
    "tests/intake/test_partly_properties.py", "tests/intake/test_pausing_pages.py",
    "tests/intake/test_people_of_today_pages.py", "tests/intake/test_registering_pages.py",
    "tests/intake/test_several_held_pages.py", "tests/intake/test_several_pages.py",
    "tests/intake/test_several_properties.py", "tests/intake/test_slots_properties.py",
    "tests/intake/test_staff_change_pages.py", "tests/intake/test_undoing_pages.py",
    "tests/referrals/test_handover.py", "tests/reporting/test_closing.py",
    "tests/reporting/test_report_pages.py", "tests/test_bench.py", "tests/test_doors.py",
    "tests/test_one_booking_all_the_way.py",
)  # fmt: skip
"""What takes longest of all that is neither browser nor race: a quick run leaves it out."""


def place_of(nodeid: str) -> str:
    """With which tests a test goes to a worker: alone to whoever is free, if not named above."""
    return next((place for place in ONE_WORKER if nodeid.startswith(place)), nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Hands tests out by `place_of` where `--dist loadgroup` is asked for, the largest groups first."""
    if config.getvalue("dist") != "loadgroup":
        return None
    from xdist.scheduler import LoadScopeScheduling

    class ByPlace(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return place_of(nodeid)

    return ByPlace(config, log)


def run_folder(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """A folder that all workers of this run share, and the process that the run is."""
    base = tmp_path_factory.getbasetemp()
    in_worker = "PYTEST_XDIST_WORKER" in os.environ
    return (base.parent, os.getppid()) if in_worker else (base, os.getpid())


@contextmanager
def locked(path: Path) -> Iterator[None]:
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def once(folder: Path, make: Callable[[Path], None]) -> Path:
    """A folder of the run, filled by whichever worker asks first; the others wait for it."""
    with locked(folder.with_suffix(".lock")):
        done = folder.with_suffix(".made")
        if not done.exists():
            folder.mkdir()
            make(folder)
            done.touch()
    return folder
