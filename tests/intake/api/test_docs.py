"""What docs/api.md says of the API is done, line by line: prose rots."""

from __future__ import annotations

import json
import re
from pathlib import Path

from house import repeats
from house.intake import extending, fairness, holding
from house.intake.api.operations import LONGEST_KEY, OPERATIONS, SHORTEST_KEY

PAGE = (Path(__file__).parents[3] / "docs" / "api.md").read_text(encoding="utf-8")


def test_every_operation_is_in_the_table_and_no_other():
    told = set(re.findall(r"^\| `([A-Z]+ /\S*)` \|", PAGE, re.M))
    assert told == {f"{one.method} {one.path}" for one in OPERATIONS.values()}


def test_the_numbers_are_the_codes_own():
    assert f"{SHORTEST_KEY} to {LONGEST_KEY} visible signs" in PAGE
    assert repeats.KEEP.total_seconds() == 48 * 3600 and "Within 48 hours" in PAGE
    assert f"{fairness.HOLDS} holds and moves in a quarter of an hour" in PAGE and fairness.A_QUARTER == 900
    assert fairness.VISITS_AHEAD == 3 and "three visits ahead" in PAGE
    assert extending.MOST_EXTENSIONS == 3 and holding.HOLD.total_seconds() == 900


def test_the_worked_example_works(machine, house):
    """Each request of the page is sent as it stands, with what the answers before gave."""
    example = PAGE.split("```")[1]
    known, visit = {}, None
    for part in example.strip().split("\n\n"):
        first, *rest = part.splitlines()
        method, path = first.split(" ")
        headers = dict(line.split(": ", 1) for line in rest if not line.startswith("{"))
        body = next((line for line in rest if line.startswith("{")), None)
        for name, value in known.items():
            path = path.replace(f"{{{name}}}", value)
            body = body and body.replace(f"{{{name}}}", value)
        answer = machine.client.open(path, method=method, json=body and json.loads(body), headers=headers)
        assert answer.status_code in (200, 201), answer.text
        told = answer.json
        known |= {name: told[name] for name in ("hold", "visit") if name in told}
        if "itineraries" in told:
            known["starts_at"] = told["itineraries"][0]["starts_at"]
        visit = told
    assert visit["state"] == "booked" and visit["party"] == 4 and len(visit["steps"]) == 3
