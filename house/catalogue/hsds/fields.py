"""The objects we give out and their fields, in our own words: `data/hsds_fields.txt`.

The API's description, the profile and the tables are made of that list; tests compare every answer with it.
A line of it is: name, kind, what it is. `!` after a kind: always there; `+`: always there in a table. `[x]`
is a list of objects x, `{x}` one. Kinds: uuid, text, uri, date, moment, time, number, flag, object, objects,
texts. What begins with `x_house_` is ours, everything else is HSDS 3.1's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PREFIX = "x_house_"

_LIST = Path(__file__).parent.parent / "data" / "hsds_fields.txt"


@dataclass(frozen=True)
class Field:
    """One field: what it holds, and whether it is always there, in JSON or in a table."""

    name: str
    kind: str
    says: str
    always: bool
    always_in_table: bool

    @property
    def holds(self) -> str | None:
        """The objects inside it, if it holds objects of this list."""
        return self.kind[1:-1] if self.kind[0] in "[{" else None

    @property
    def several(self) -> bool:
        return self.kind.startswith("[")

    @property
    def ours(self) -> bool:
        return self.name.startswith(PREFIX)


@dataclass(frozen=True)
class Thing:
    """One kind of object, and the file of its table."""

    name: str
    file: str
    says: str
    fields: tuple[Field, ...]

    @property
    def required(self) -> list[str]:
        return [field.name for field in self.fields if field.always]

    @property
    def columns(self) -> list[Field]:
        """The fields that a table has: objects have tables of their own."""
        return [field for field in self.fields if not field.holds]


def _read(listed: str) -> Iterator[Thing]:
    for block in listed.strip().split("\n\n"):
        head, *lines = block.split("\n")
        name, file, says = head.split(" ", 2)
        yield Thing(name, file, says, tuple(_field(line) for line in lines))


def _field(line: str) -> Field:
    found = re.fullmatch(r" +(\w+) ([\[{]?\w+[\]}]?)([!+]?) (.+)", line)
    if not found:
        raise ValueError(f"Not a field: {line!r}")
    name, kind, mark, says = found.groups()
    return Field(name, kind, says[0].upper() + says[1:] + ".", mark == "!", mark in ("!", "+"))


THINGS: dict[str, Thing] = {thing.name: thing for thing in _read(_LIST.read_text("utf-8"))}

_SCHEMAS: dict[str, dict[str, Any]] = {
    "uuid": {"type": "string", "format": "uuid"},
    "text": {"type": "string"},
    "uri": {"type": "string", "format": "uri"},
    "date": {"type": "string", "format": "date"},
    "moment": {"type": "string", "format": "date-time"},
    "time": {"type": "string", "pattern": "^[0-2][0-9]:[0-5][0-9]([+-][0-2][0-9]:[0-5][0-9])?$"},
    "number": {"type": "number"},
    "flag": {"type": "boolean"},
    "object": {"type": "object"},
    "objects": {"type": "array", "items": {"type": "object"}},
    "texts": {"type": "array", "items": {"type": "string"}},
}


def schema_of(field: Field, where: str) -> dict[str, Any]:
    """A field as JSON schema; objects of this list by reference, `where` before their name."""
    if field.holds:
        target = {"$ref": f"{where}{field.holds}"}
        return {"type": "array", "items": target, "description": field.says} if field.several else target
    return {**_SCHEMAS[field.kind], "description": field.says}
