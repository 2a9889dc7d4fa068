"""Requests that schemathesis makes of the API's own description: each answer is described, none is a 500.

A few by default, the issue's 5,000 with HOUSE_FULL; `bench/api.py` makes them and writes what was answered.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from schemathesis.core.failures import FailureGroup

from bench import api
from house.db import db
from house.intake import fairness
from house.intake.views import api_telling

ROOT = Path(__file__).parents[3]
PATHS = {one.path for one in api.OPERATIONS.values()}
FULL = bool(os.environ.get("HOUSE_FULL"))
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture
def open_house(app_factory, monkeypatch, catalogue_template):
    """A house open every day; few requests of each kind, unless all are wanted."""
    for name in ("HOLDS", "HOLDS_IN_ALL", "LOOKS"):
        monkeypatch.setattr(fairness, name, getattr(fairness, name))  # the hunt lifts them
    if not FULL:
        monkeypatch.setattr(api, "ROUND", 1)
        monkeypatch.setattr(api, "STEPS", 3)
    app = app_factory(template=catalogue_template, trusted_hosts=("127.0.0.1", "localhost"))
    app.test_client_class = None
    with app.app_context(), api.writing(db.session()) as session:
        api.set_up(session)
    return app


def test_every_answer_to_a_hostile_request_is_as_described(open_house):
    counted = api.hunt(open_house, 5000 if FULL else 20, start=4)
    answered = {what.rsplit(" ", 1)[1] for what in counted.answers}
    assert answered >= {"200", "201", "400", "404", "422"}
    assert not any(one.startswith("5") for one in answered)
    said = api.table_of(api.results_of(counted, 1.0))
    assert f"{counted.cases} requests by schemathesis" in said and "| 200 | " in said
    assert {what.split(" ")[1] for what in counted.answers} >= PATHS


def test_the_recorded_hunt_was_long_and_met_no_fault():
    recorded = json.loads((ROOT / "bench" / "results" / "api.json").read_text(encoding="utf-8"))
    assert recorded["cases"] >= 5000 and sum(recorded["statuses"].values()) == recorded["cases"]
    assert not any(status.startswith("5") for status in recorded["statuses"])
    assert {what.split(" ")[1] for what in recorded["answers"]} >= PATHS
    assert set(recorded["checks"]) == set(api.WANTED)


def test_an_answer_that_is_not_as_described_is_found(open_house, monkeypatch):
    """A planted fault: without it the test above could not fail."""
    honest = api_telling.hold
    monkeypatch.setattr(api_telling, "hold", lambda visit: honest(visit) | {"extensions_left": "three"})
    insider, counted = api.Insider(open_house), api.Counted(open_house)
    seeing = api.schema_of(insider.description, counted)["/holds/{token}"]["GET"]
    with pytest.raises(FailureGroup, match="three"):
        api.ask(seeing, 0, insider)
