"""Which routes a run of all tests has visited. A route nobody met as it should be fails the run.

Every rule that answers GET must have been met with success, and every rule that answers POST with success and
with a refusal. The inspecting client writes visits down; xdist's workers hand theirs over at the end.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.inspecting import VISITS, visits_as_text

Visit = tuple[str, str, str]
HARMLESS_MARKS = {"", "not full", "not browser", "not browser and not full", "not full and not browser"}


def missing(app: Flask, visits: set[Visit]) -> list[str]:
    """What was not visited, a line each."""
    lines = []
    for rule in app.url_map.iter_rules():
        methods = rule.methods or set()
        for method in sorted(methods - {"HEAD", "OPTIONS"}):
            wanted = ("ok",) if method == "GET" else ("ok", "refused")
            lacking = [outcome for outcome in wanted if (str(rule.rule), method, outcome) not in visits]
            if lacking:
                lines.append(f"{method} {rule.rule} ({rule.endpoint}) was never {' or '.join(lacking)}")
    return sorted(lines)


def is_everything(config: pytest.Config) -> bool:
    """Whether this run was asked for all tests, so that a route not visited is a route without a test."""
    option = config.option
    if option.collectonly or option.keyword or option.markexpr not in HARMLESS_MARKS or option.deselect:
        return False
    if getattr(option, "lf", False) or option.ignore or option.ignore_glob or option.maxfail:
        return False
    whole = {str(config.rootpath / path) for path in config.getini("testpaths")}
    return {str(Path(arg).absolute()) for arg in config.args} == whole


def pytest_sessionfinish(session: pytest.Session) -> None:
    config = session.config
    if hasattr(config, "workerinput"):
        config.workeroutput["visits"] = visits_as_text()  # type: ignore[attr-defined]
        return
    if not is_everything(config):
        return
    from tests import houses

    with tempfile.TemporaryDirectory() as folder:
        lines = missing(houses.build(houses.config_in(Path(folder))), VISITS)
    config.stash[_LINES] = lines
    if lines and session.exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    handed_over = getattr(node, "workeroutput", {}).get("visits", "[]")
    VISITS.update(tuple(visit) for visit in json.loads(handed_over))


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    lines = config.stash.get(_LINES, [])
    if lines:
        terminalreporter.section("routes that no test has met (see tests/visits.py)", red=True)
        for line in lines:
            terminalreporter.write_line(line)


_LINES: pytest.StashKey[list[str]] = pytest.StashKey()
