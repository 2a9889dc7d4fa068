"""What rests in the database about people: sealed, with a fate, and forget rooms that carry it out."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Enum,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Time,
    insert,
    select,
)
from sqlalchemy.orm import Session

from house.db import Sealed, UtcMoment

SchemaRule = Callable[[MetaData], Iterator[str]]
# A column with a word of these in its name is about a person, unless it is named below with the reason.
PERSONAL = frozenset({
    "name", "email", "mail", "phone", "mobile", "address", "recipient", "contact", "birth", "born", "cpr",
    "surname", "firstname", "nationality", "note", "notes", "comment", "message", "answer", "facts", "ip",
})  # fmt: skip
NOT_PERSONAL = {
    "act.facts": "codes and keys only; test_ground_audit.py",
    "account.email_mark": "a blind mark, useless without the secret",
    "body.name": "an organisation",
    "catalogue_section.name": "a part of the catalogue file",
    "contact.nationality": "a code of a group of countries, in an anonymous row",
    "contact.cpr_band": "whether one has a number, never the number",
    "event.address": "an event is public",
    "visit.email_mark": "a blind mark, useless without the secret; blanked with the address",
    "visit.mobile_mark": "a blind mark, useless without the secret; blanked with the number",
    "place.name": "a house",
    "place.address": "a house",
    "place.phone": "a house",
    "schedule.name": "opening hours",
    "series.name": "events are public",
}
# What is not over is not forgotten: values of state columns that end by themselves, and how.
NOT_OVER = {
    ("letter", "waiting"): "the worker sends it or gives it up",
}


def sealed_columns(metadata: MetaData) -> list[Column[Any]]:
    return [
        column
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Sealed)
    ]


def every_sealed_column_has_a_fate(metadata: MetaData) -> Iterator[str]:
    """A personal column says what becomes of it, and is sealed for its own name."""
    for column in sealed_columns(metadata):
        name = f"{column.table.name}.{column.name}"
        if not column.info.get("fate"):
            yield f"{name}: sealed without a fate; declare it by personal()"
        if column.type.purpose != name:
            yield f"{name}: sealed for {column.type.purpose!r}; the purpose is its own name"
        if not column.nullable:
            yield f"{name}: must be nullable, or it can never be blanked"


def personal_columns_are_sealed(metadata: MetaData) -> Iterator[str]:
    """What sounds like a person is sealed, or says why it is none."""
    for table in metadata.sorted_tables:
        for column in table.columns:
            name = f"{table.name}.{column.name}"
            sounds = PERSONAL & set(column.name.split("_")) and not column.name.endswith("_id")
            if sounds and not isinstance(column.type, Sealed) and name not in NOT_PERSONAL:
                yield f"{name}: sounds like a person; personal(), or give the reason in schema.py"
    for name in NOT_PERSONAL:
        table_name, _, column_name = name.partition(".")
        if table_name in metadata.tables and column_name not in metadata.tables[table_name].columns:
            yield f"{name}: is named in schema.py but is not there"


# --- carrying it out -------------------------------------------------------------------------------------


def fill(session: Session, metadata: MetaData, moment: datetime) -> None:
    """One row in every table, everything filled in, long over; a table with a state once in each of them."""
    for table in metadata.sorted_tables:
        for number, state in enumerate(_states(table), start=1):
            row = {column.name: _value(column, number, moment) for column in table.columns}
            session.execute(insert(table).values(row | state))


def _states(table: Table) -> list[dict[str, Any]]:
    if not any(isinstance(column.type, Sealed) for column in table.columns):
        return [{}]
    for column in table.columns:
        if isinstance(column.type, Enum) and column.name == "state" and column.type.enum_class:
            over = [one for one in column.type.enum_class if (table.name, one.value) not in NOT_OVER]
            return [{"state": one} for one in reversed(over)]  # the first row has children: long over
    return [{}]


# Texts that have a shape of their own, by the name of their column.
SHAPED = {"timezone": "Europe/Copenhagen", "month": "2027-01", "year": "2027", "language": "en"}


def _value(column: Column[Any], number: int, moment: datetime) -> Any:
    if isinstance(column.type, String) and column.name in SHAPED:
        return SHAPED[column.name]
    if column.foreign_keys:
        named = None if column.nullable else f"{column.name} 1"  # half of a key that points to a first row
        return 1 if isinstance(column.type, Integer) else named
    kind = column.type
    if isinstance(kind, Enum):
        members: list[enum.Enum] = list(kind.enum_class or ())
        return members[-1]
    by_kind: list[tuple[Any, Any]] = [
        (Sealed, "Ada Lovelace"),
        (UtcMoment, moment),
        (Boolean, True),
        (Integer, number),
        (Float, 1.0),
        (JSON, {}),
        (LargeBinary, f"{column.name} {number}".encode()),
        (Date, moment.date()),
        (Time, time(10)),
        (String, f"{column.name} {number}"),
    ]
    return next(value for type_, value in by_kind if isinstance(kind, type_))


def still_known(session: Session, metadata: MetaData) -> Iterator[str]:
    """Sealed columns that still hold something."""
    for column in sealed_columns(metadata):
        left = session.scalars(select(column).where(column.is_not(None))).all()
        if left:
            name = f"{column.table.name}.{column.name}"
            yield f"{name}: {len(left)} rows still hold what should be forgotten"


TEN_YEARS = timedelta(days=3653)
BEGINNING = datetime(2027, 1, 7, 9, tzinfo=UTC)
