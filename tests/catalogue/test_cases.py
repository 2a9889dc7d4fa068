"""Reading worked cases, and lists as rows: on the command line and by the rules of a living house."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy.orm import Session

from house import cli
from house.catalogue import face
from house.catalogue.cases import BadCase, people_of, read_cases, rows_of
from house.catalogue.models import Closure
from house.catalogue.plan import Person, plan
from house.catalogue.planning import is_open, plans_for, try_cases
from house.setting_up import HOURS
from tests.catalogue.rules import PERSONAS, book, cases
from tests.catalogue.rules import is_open as open_days

CASE = """
id: X
dates: {entry_date: 2027-01-10}
members:
- who: Ana
  facts: {citizenship: nordic, purpose: worker, stay_months: 12, age: 30, municipality: Aalborg}
  dates: {move_in_date: 2027-01-11}
"""
KEYS = ["who", "n", "service", "authority", "obligation", "after", "due", "last_open_house_day"]


def test_cases_are_read_in_every_form() -> None:
    [one] = read_cases(CASE)
    assert [case["id"] for case in read_cases(f"# Text\n\n```yaml\n{CASE}```\nand more")] == ["X"]
    assert len(read_cases(CASE + "---\n" + CASE)) == 2
    assert len(read_cases(json.dumps([{"members": [{"facts": {}}]}, {"members": [{"facts": {}}]}]))) == 2
    assert people_of(one)[0].dates == {"entry_date": date(2027, 1, 10), "move_in_date": date(2027, 1, 11)}


@pytest.mark.parametrize(
    "text",
    [
        "", "just words", "members: []", "members: [{who: A}]", "members: [1]", "a: [", "members: {a: 1}",
        "dates: [1]\nmembers: [{facts: {}}]", "dates: {entry_date: soon}\nmembers: [{facts: {}}]",
        "!!python/object/apply:os.system ['true']",
    ],
)  # fmt: skip
def test_what_is_no_case_is_refused_with_a_reason(text: str) -> None:
    with pytest.raises(BadCase, match=r"\w{2,} .*\w{2,}"):
        read_cases(text)


def test_a_list_as_rows_has_the_keys_that_the_cases_have() -> None:
    [ana] = people_of(read_cases(CASE)[0])
    rows = rows_of(plan(book(), ana, open_days()))
    assert all(list(row) == KEYS for row in rows)
    assert rows[0] == {
        "who": "Ana", "n": 1, "service": "cpr_registration", "authority": "aalborg_citizen_service",
        "obligation": "duty", "after": [], "due": "2027-01-16", "last_open_house_day": "2027-01-15",
    }  # fmt: skip


# --- on the command line ------------------------------------------------------------------------------------


def test_anybody_can_try_a_case_without_a_house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("HOUSE_DEMO", "HOUSE_DATABASE_URL", "HOUSE_BASE_URL", "HOUSE_SECRET"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "case.yaml").write_text(CASE, encoding="utf-8")
    answer = CliRunner().invoke(cli.main, ["catalogue", "try", "case.yaml"])
    assert answer.exit_code == 0
    rows = json.loads(answer.stdout)
    assert [row["n"] for row in rows] == list(range(1, len(rows) + 1))
    assert rows[0]["due"] == "2027-01-16"
    assert not (tmp_path / "var").exists(), "trying a case builds no house"


def test_all_worked_cases_can_be_tried_at_once() -> None:
    answer = CliRunner().invoke(cli.main, ["catalogue", "try", "--bundled", str(PERSONAS)])
    assert answer.exit_code == 0
    found = [(row["case"], row["who"], row["service"]) for row in json.loads(answer.stdout)]
    wanted = [
        (case["id"], member["who"], row["service"])
        for case in cases()
        for member in case["members"]
        for row in member["expect"]
    ]
    assert found == wanted


def test_a_broken_file_is_refused_on_the_command_line(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_bytes(b"\xff\xfe")
    answer = CliRunner().invoke(cli.main, ["catalogue", "try", str(tmp_path / "bad.yaml")])
    assert answer.exit_code == 1 and "Traceback" not in answer.output


# --- in a living house --------------------------------------------------------------------------------------


def test_a_house_plans_by_its_own_days(
    catalogue: Flask, arranging: Callable[[], AbstractContextManager[Session]]
) -> None:
    """A day on which staff closed the house is no last open day, though the catalogue's hours say open."""
    case = read_cases(CASE)
    with arranging() as session:
        assert try_cases(session, case)[0]["last_open_house_day"] == "2027-01-15"
        here = face.set_up_place(session, "House", "Street 1", None, "Europe/Copenhagen", HOURS)
        assert try_cases(session, case)[0]["last_open_house_day"] == "2027-01-15"
        session.add(Closure(schedule_id=here.schedule_id, day=date(2027, 1, 15), reason="house_day"))
        session.flush()
        assert try_cases(session, case)[0]["last_open_house_day"] == "2027-01-14"
        assert not is_open(session)(date(2027, 3, 29)), "Easter Monday"


def test_the_rules_of_the_house_are_those_that_staff_keep(
    catalogue: Flask, arranging: Callable[[], AbstractContextManager[Session]]
) -> None:
    from house.catalogue.models import Service
    from house.catalogue.shelf import new_edition

    with arranging() as session:
        ana = Person("Ana", {"citizenship": "nordic", "purpose": "worker", "stay_months": 2, "age": 30})
        assert plans_for(session, [ana])[0].items == ()
        row = session.query(Service).filter_by(slug="cpr_registration").one()
        row.record = {**row.record, "applies_when": [{"citizenship": ["nordic"]}]}
        new_edition(session)
        assert "cpr_registration" in {one.service for one in plans_for(session, [ana])[0].items}
