"""One entry as a piece of a catalogue file, for who knows the file: out as YAML, in with line numbers."""

from __future__ import annotations

from typing import Any

import yaml

from house.catalogue.catalogue_file import (
    MOST_TOLD,
    Checked,
    PlainDumper,
    Unreadable,
    decode,
    from_record,
    line_of,
    to_record,
    understand,
)
from house.catalogue.checking import Finding
from house.catalogue.entries import ROWS, Kind
from house.catalogue.judging import judge


def written(record: dict[str, Any], kind: Kind) -> str:
    """The entry as YAML, as it stands in a catalogue file."""
    data = record[ROWS] if kind is Kind.ROUTES else record
    return str(
        yaml.dump(
            from_record(data), Dumper=PlainDumper, sort_keys=False, allow_unicode=True,
            default_flow_style=None, width=100,
        )
    )  # fmt: skip


def read(text: str, kind: Kind, slug: str, catalogue: dict[str, Any]) -> Checked:
    """Read an entry and judge it in its place in the catalogue; the data is a record, dates as text."""
    lines: dict[Any, int] = {(): 1}
    findings: list[Finding] = []
    try:
        data = to_record(understand(decode(text), lines, findings))
    except Unreadable as fault:
        return Checked({}, lines, [fault.finding])
    if kind is Kind.ROUTES:
        if not isinstance(data, list):
            return Checked({}, lines, [Finding(1, "The routes out are a list.")])
        data = {ROWS: data}
        lines = {(ROWS, *way): line for way, line in lines.items()} | {(): 1}
    if not findings:
        findings = [
            Finding(line_of(one.way, lines), _said(one)) for one in judge(catalogue, kind, slug, data)
        ]
    return Checked(data if isinstance(data, dict) else {}, lines, sorted(set(findings))[:MOST_TOLD])


def _said(one: Any) -> str:
    return f"{one.elsewhere}: {one.reason}" if one.elsewhere else str(one.reason)
