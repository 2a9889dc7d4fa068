"""The same data as tables: a tabular data package, a CSV file for each kind of object, refer by identifiers.

Objects inside objects become rows of their own. Lists and groups that HSDS has no table for stay JSON in
their cell.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from house.catalogue.hsds.fields import THINGS, Field, Thing

Record = Mapping[str, Any]
Rows = dict[str, dict[str, dict[str, Any]]]
FILE_TIME = (1980, 1, 1, 0, 0, 0)
"""Of every file in the archive, so that the same data is the same bytes."""
_TYPES = {
    "number": "number", "flag": "boolean", "date": "date", "moment": "datetime", "time": "time",
    "object": "object", "objects": "array", "texts": "array",
}  # fmt: skip


def package(things: Mapping[str, Iterable[Record]], language: str, changed: datetime | None) -> bytes:
    """The archive: `datapackage.json` and a file for every table that has a row."""
    tables = rows_of(things)
    described = json.dumps(describe(tables, language, changed), ensure_ascii=False, indent=2)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (("datapackage.json", described), *_files(tables)):
            archive.writestr(_entry(name), text.encode("utf-8"))
    return packed.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, FILE_TIME)
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def rows_of(things: Mapping[str, Iterable[Record]]) -> Rows:
    """Every object once, by kind and identifier; what several tellings of it say is put together."""
    rows: Rows = {name: {} for name in THINGS}
    for name, records in things.items():
        for record in records:
            _gather(rows, THINGS[name], record)
    return {name: found for name, found in rows.items() if found}


def _gather(rows: Rows, thing: Thing, record: Record) -> None:
    row = rows[thing.name].setdefault(record["id"], {})
    for field in thing.fields:
        value = record.get(field.name)
        if value is None:
            continue
        if field.holds is None:
            row[field.name] = value
        else:
            for one in value if field.several else [value]:
                _gather(rows, THINGS[field.holds], one)


def _files(tables: Rows) -> Iterable[tuple[str, str]]:
    for name, rows in tables.items():
        thing, written = THINGS[name], io.StringIO(newline="")
        writer = csv.writer(written, lineterminator="\r\n")
        columns = _used(thing, rows)
        writer.writerow([column.name for column in columns])
        writer.writerows([_cell(column, row.get(column.name)) for column in columns] for row in rows.values())
        yield thing.file, written.getvalue()


def _used(thing: Thing, rows: Mapping[str, Record]) -> list[Field]:
    """The columns of a table that hold anything, and those that must be there."""
    used = {name for row in rows.values() for name in row}
    return [column for column in thing.columns if column.always_in_table or column.name in used]


def _cell(column: Field, value: Any) -> str:
    if value is None:
        return ""
    if column.kind == "time":
        return f"{value[:5]}:00"  # a table's times are the wall's; the offset has a column of its own
    if column.kind in ("flag", "object", "objects", "texts"):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return str(value)


def describe(tables: Rows, language: str, changed: datetime | None) -> dict[str, Any]:
    """What the package says of itself: its tables, their columns, what refers to what."""
    about = {
        "profile": "tabular-data-package", "name": "international-house-hsds",
        "title": "Services for newcomers and companies, as Open Referral HSDS 3.1", "languages": [language],
        "resources": [_resource(THINGS[name], rows, tables) for name, rows in tables.items()],
    }  # fmt: skip
    return about | ({"created": f"{changed:%Y-%m-%dT%H:%M:%SZ}"} if changed else {})


def _resource(thing: Thing, rows: Mapping[str, Record], tables: Rows) -> dict[str, Any]:
    columns = _used(thing, rows)
    return {
        "name": thing.name, "path": thing.file, "description": thing.says, "profile": "tabular-data-resource",
        "format": "csv", "mediatype": "text/csv", "encoding": "utf-8",
        "schema": {
            "fields": [_column(one) for one in columns], "primaryKey": "id", "missingValues": [""],
            "foreignKeys": [
                {"fields": one.name, "reference": {"resource": one.name[:-3], "fields": "id"}}
                for one in columns
                if one.name.endswith("_id") and one.name[:-3] in tables
            ] + _own_reference(thing, columns),
        },
    }  # fmt: skip


def _own_reference(thing: Thing, columns: list[Field]) -> list[dict[str, Any]]:
    """A column of a table that refers to another row of the same table."""
    own = {"fields": "parent_id", "reference": {"resource": "", "fields": "id"}}
    return [own] if any(one.name == "parent_id" for one in columns) else []


def _column(field: Field) -> dict[str, Any]:
    found: dict[str, Any] = {"name": field.name, "description": field.says}
    found["type"] = _TYPES.get(field.kind, "string")
    if field.kind in ("uuid", "uri"):
        found["format"] = field.kind
    constraints = {"required": True} if field.always_in_table else {}
    if field.name == "id":
        constraints["unique"] = True
    return found | ({"constraints": constraints} if constraints else {})
