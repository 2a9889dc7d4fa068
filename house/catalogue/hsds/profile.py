"""The profile: what our data says beyond HSDS 3.1, in JSON merge patches (RFC 7386)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from house.catalogue.hsds.fields import PREFIX, THINGS, schema_of
from house.catalogue.hsds.openapi import API_VERSION, VERSION

NAME = "International House"
EXTENDED = tuple(thing.name for thing in THINGS.values() if any(field.ours for field in thing.fields))
"""The objects to which we add fields; each has a part of its own."""


def profile(address: str) -> dict[str, Any]:
    """What the profile says of itself; `address` is where it stands."""
    return {
        "name": NAME, "version": API_VERSION, "hsds_version": VERSION, "profile": address,
        "description": (
            "HSDS 3.1 with additions only: nothing of HSDS is removed or means anything else. "
            f"Every field that HSDS does not know begins with {PREFIX}, but for `modified_date` of minimal "
            "entries, which HSDS's own API description names."
        ),
        "prefix": PREFIX,
        "files": {name: f"{address}/profile/{name}.json" for name in (*EXTENDED, "openapi")},
        "additions": {
            name: {field.name: field.says for field in THINGS[name].fields if field.ours} for name in EXTENDED
        },
    }  # fmt: skip


def part(name: str, openapi: Mapping[str, Any]) -> dict[str, Any] | None:
    """One part: what to merge into HSDS's file of this name; None when there is no such part."""
    if name == "openapi":
        return dict(openapi)
    if name not in EXTENDED:
        return None
    ours = [field for field in THINGS[name].fields if field.ours]
    return {"properties": {field.name: {"name": field.name, **schema_of(field, "")} for field in ours}}
