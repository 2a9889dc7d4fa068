"""The tabular data package: every row is where it belongs, refers to rows that are there, says the same."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest

from tests.catalogue.hsds import published
from tests.catalogue.hsds.conftest import Ask
from tests.inspecting import InspectingClient

Tables = dict[str, list[dict[str, str]]]
# How a cell of each type of the Table Schema specification is read; an error means the cell is wrong.
READ: dict[str, Callable[[str], Any]] = {
    "string": str, "number": float, "boolean": {"true": True, "false": False}.__getitem__,
    "date": date.fromisoformat, "datetime": datetime.fromisoformat, "time": time.fromisoformat,
    "object": json.loads, "array": json.loads,
}  # fmt: skip


@pytest.fixture(scope="module")
def packed(machine: InspectingClient) -> zipfile.ZipFile:
    response = machine.get("/hsds/datapackage.zip?lang=en")
    assert response.mimetype == "application/zip"
    assert response.headers["Content-Disposition"] == 'attachment; filename="hsds-en.zip"'
    return zipfile.ZipFile(io.BytesIO(response.data))


@pytest.fixture(scope="module")
def described(packed: zipfile.ZipFile) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(packed.read("datapackage.json"))
    return found


@pytest.fixture(scope="module")
def tables(packed: zipfile.ZipFile, described: dict[str, Any]) -> Tables:
    return {
        one["name"]: list(csv.DictReader(io.StringIO(packed.read(one["path"]).decode("utf-8"), newline="")))
        for one in described["resources"]
    }


def test_the_package_names_its_files_and_they_their_columns(
    packed: zipfile.ZipFile, described: dict[str, Any], tables: Tables
) -> None:
    assert described["profile"] == "tabular-data-package"
    assert re.fullmatch(r"[a-z0-9._-]+", described["name"])
    assert set(packed.namelist()) == {"datapackage.json", *(one["path"] for one in described["resources"])}
    for one in described["resources"]:
        assert list(tables[one["name"]][0]) == [column["name"] for column in one["schema"]["fields"]]
        assert one["profile"] == "tabular-data-resource"


def test_every_cell_is_of_its_type_and_what_must_be_there_is(
    described: dict[str, Any], tables: Tables
) -> None:
    for one in described["resources"]:
        for column in one["schema"]["fields"]:
            cells = [row[column["name"]] for row in tables[one["name"]]]
            filled = [cell for cell in cells if cell]
            rules = column.get("constraints", {})
            assert not rules.get("required") or len(filled) == len(cells), (one["name"], column["name"])
            assert not rules.get("unique") or len(set(cells)) == len(cells), (one["name"], column["name"])
            for cell in filled:
                READ[column["type"]](cell)
                if column.get("format") == "uuid":
                    UUID(cell)
                if column.get("format") == "uri":
                    assert urlsplit(cell).netloc


def test_what_hsds_requires_is_in_every_table(tables: Tables) -> None:
    in_tables = {
        "service": {"organization_id"}, "attribute": {"link_id", "taxonomy_term_id", "link_entity"},
        "service_at_location": {"service_id", "location_id"}, "cost_option": {"service_id"},
    }  # fmt: skip
    for name, rows in tables.items():
        for row in rows:
            needed = published.REQUIRED[name] | in_tables.get(name, set())
            assert not {one for one in needed if not row.get(one)}, (name, row)


def test_every_reference_leads_to_a_row(described: dict[str, Any], tables: Tables) -> None:
    followed = 0
    for one in described["resources"]:
        for key in one["schema"]["foreignKeys"]:
            target = tables[key["reference"]["resource"] or one["name"]]
            ids = {row["id"] for row in target}
            cells = {row[key["fields"]] for row in tables[one["name"]]} - {""}
            assert cells <= ids, (one["name"], key)
            followed += len(cells)
    assert followed > 100
    services = {row["id"] for row in tables["service"]}
    assert {row["link_id"] for row in tables["attribute"]} <= services


def test_the_tables_say_what_the_answers_say(ask: Ask, tables: Tables) -> None:
    services = ask("services", full="true", lang="en", per_page=100)["contents"]
    assert [row["id"] for row in tables["service"]] == [one["id"] for one in services]
    for row, one in zip(tables["service"], services, strict=True):
        assert (row["name"], row["description"]) == (one["name"], one.get("description", ""))
        assert json.loads(row["x_house_applies_when"]) == one["x_house_applies_when"]
    for name, inside in (
        ("required_document", "required_documents"), ("attribute", "attributes"),
        ("service_area", "service_areas"), ("cost_option", "cost_options"),
        ("service_at_location", "service_at_locations"),
    ):  # fmt: skip
        wanted = [each["id"] for one in services for each in one.get(inside, ())]
        assert [row["id"] for row in tables[name]] == wanted
    for name, path in (("organization", "organizations"), ("taxonomy", "taxonomies")):
        assert {row["id"] for row in tables[name]} == {one["id"] for one in ask(path)["contents"]}
    assert [row["name"] for row in tables["location"]] == ["The House"]
    assert {row["opens_at"] for row in tables["schedule"]} >= {"08:30:00", "09:00:00"}


def test_the_same_data_is_the_same_archive(machine: InspectingClient) -> None:
    first, again = (machine.get("/hsds/datapackage.zip?lang=da").data for _ in range(2))
    assert first == again
    assert first != machine.get("/hsds/datapackage.zip?lang=en").data
