"""What HSDS 3.1 asks of every answer: the required fields in our own words, and its schemas where they are.

The schemas are not ours to copy. They are looked for in the folder that HOUSE_HSDS_SCHEMAS names, else in
`shared/hsds` beside the repository.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jsonschema import Draft202012Validator, FormatChecker

ROOT = Path(__file__).resolve().parents[3]
LISTS = ("services", "organizations", "service_at_locations", "taxonomies", "taxonomy_terms")
# What each thing must have, and what stands inside it. Read in HSDS's schema reference, written anew.
REQUIRED: dict[str, set[str]] = {
    "service": {"id", "name", "status"},
    "organization": {"id", "name", "description"},
    "service_at_location": {"id"},
    "location": {"id", "location_type"},
    "address": {"id", "address_1", "city", "state_province", "postal_code", "country", "address_type"},
    "phone": {"id", "number"},
    "contact": {"id"},
    "schedule": {"id"},
    "service_area": {"id"},
    "required_document": {"id"},
    "language": {"id"},
    "cost_option": {"id"},
    "attribute": {"id"},
    "taxonomy_term": {"id", "name", "description"},
    "taxonomy": {"id", "name", "description"},
}
INSIDE = {
    "services": "service", "service": "service", "organization": "organization", "location": "location",
    "locations": "location", "service_at_locations": "service_at_location", "addresses": "address",
    "phones": "phone", "contacts": "contact", "schedules": "schedule", "service_areas": "service_area",
    "required_documents": "required_document", "languages": "language", "cost_options": "cost_option",
    "attributes": "attribute", "taxonomy_term": "taxonomy_term", "taxonomy_detail": "taxonomy",
}  # fmt: skip
THING_OF = {
    "services": "service", "organizations": "organization", "service_at_locations": "service_at_location",
    "taxonomies": "taxonomy", "taxonomy_terms": "taxonomy_term",
}  # fmt: skip
ENUMS = {
    "status": {"active", "inactive", "defunct", "temporarily closed"},
    "location_type": {"physical", "postal", "virtual"},
    "address_type": {"physical", "postal", "virtual"},
    "freq": {"WEEKLY", "MONTHLY"},
    "wkst": {"MO", "TU", "WE", "TH", "FR", "SA", "SU"},
}
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def lacking(thing: str, record: Any, where: str = "") -> Iterator[str]:
    """Everything in an object, and in the objects inside it, that HSDS would not take."""
    where = f"{where}/{thing}"
    if not isinstance(record, dict):
        yield f"{where} is {type(record).__name__}"
        return
    yield from (f"{where} has no {name}" for name in REQUIRED[thing] - record.keys())
    for name, value in record.items():
        if value is None or value == "":
            yield f"{where}/{name} is empty"
        elif (name == "id" or name.endswith("_id")) and not UUID.fullmatch(str(value)):
            yield f"{where}/{name} is no UUID: {value}"
        elif name in ENUMS and value not in ENUMS[name]:
            yield f"{where}/{name} is {value}"
        elif name in INSIDE:
            for one in value if isinstance(value, list) else [value]:
                yield from lacking(INSIDE[name], one, where)


# --- the published schemas ----------------------------------------------------------------------------------


def folder() -> Path | None:
    """Where the published schemas are; None where they are not."""
    named = os.environ.get("HOUSE_HSDS_SCHEMAS")
    places = [Path(named)] if named else [parent / "shared" / "hsds" for parent in ROOT.parents]
    return next((one for one in places if (one / "compiled" / "service.json").is_file()), None)


CHECKER = FormatChecker()


@CHECKER.checks("uri")
def _is_uri(value: object) -> bool:
    parts = urlsplit(str(value))
    return bool(parts.scheme and parts.netloc) and not re.search(r"\s", str(value))


@CHECKER.checks("date-time", raises=ValueError)
def _is_moment(value: object) -> bool:
    return datetime.fromisoformat(str(value)).tzinfo is not None


@lru_cache(maxsize=8)
def validator(name: str) -> Draft202012Validator:
    """The published schema for what a list holds, formats checked too."""
    where = folder()
    assert where is not None
    compiled = where / "compiled" / f"{THING_OF[name]}.json"
    path = compiled if compiled.is_file() else where / f"{THING_OF[name]}.json"
    return Draft202012Validator(_at_hand(json.loads(path.read_text("utf-8")), where), format_checker=CHECKER)


def _at_hand(schema: Any, where: Path) -> Any:
    """A schema with the files that it refers to put in, where they are; a metadata object we never give."""
    if isinstance(schema, list):
        return [_at_hand(one, where) for one in schema]
    if not isinstance(schema, dict):
        return schema
    name = schema.get("$ref")
    if isinstance(name, str):
        other = where / name
        return _at_hand(json.loads(other.read_text("utf-8")), where) if other.is_file() else {}
    return {key: _at_hand(one, where) for key, one in schema.items()}


def broken(name: str, record: Any) -> list[str]:
    """What the published schema says against an entry of a list."""
    return [
        f"{'/'.join(str(part) for part in error.absolute_path)}: {error.message[:200]}"
        for error in validator(name).iter_errors(record)
    ]
