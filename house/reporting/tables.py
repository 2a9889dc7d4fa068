"""The report's table and the same as CSV, made of published figures only."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass

from house.reporting.codes import FIXED, UNKNOWN
from house.reporting.disclosure import SMALL_GROUP
from house.reporting.reading import HIDDEN, Figure, Figures

ALL = "_T"
"""The total's code, as in SDMX: no service is called so."""
CHANNELS = FIXED["channel"]


@dataclass(frozen=True)
class Row:
    """A service: its figure in every channel, in the order of `CHANNELS`, and in all of them."""

    service: str
    figures: tuple[Figure, ...]
    total: Figure


def contacts(cells: Figures, names: Mapping[str, str]) -> tuple[tuple[Row, ...], Row]:
    """A row for every service there is, most used first, and the row of all services.

    Sorted by what is published and then by name: the order tells nothing that the numbers do not (R4).
    """
    services = [codes[0] for dimensions, codes in cells if dimensions == ("service",)]
    rows = [_row(cells, service) for service in services]
    rows.sort(key=lambda row: (-(row.total.value or 0), row.service == UNKNOWN, _spoken(row.service, names)))
    total = tuple(cells.get((("channel",), (channel,)), HIDDEN) for channel in CHANNELS)
    return tuple(rows), Row(ALL, total, cells.get(((), ()), HIDDEN))


def _spoken(service: str, names: Mapping[str, str]) -> str:
    return names.get(service, service).casefold()


def _row(cells: Figures, service: str) -> Row:
    both = ("service", "channel")
    figures = tuple(cells.get((both, (service, channel)), HIDDEN) for channel in CHANNELS)
    return Row(service, figures, cells.get((("service",), (service,)), HIDDEN))


def mostly_hidden(rows: tuple[Row, ...]) -> bool:
    """Whether fewer than half of the cells can be shown, so that something coarser tells more (R8)."""
    cells = [one.value is not None for row in rows for one in row.figures]
    return sum(cells) * 2 < len(cells)


def share(part: Figure, whole: Figure) -> float | None:
    """A share from published figures (R7), at most 1; None where it would be mostly noise."""
    if part.value is None or whole.value is None or whole.value < SMALL_GROUP:
        return None
    return min(1.0, part.value / whole.value)


def contacts_csv(month: str, cells: Figures) -> bytes:
    """The table as a file for statisticians: a line for each cell, codes only, so alike in every language."""
    rows, total = contacts(cells, {})
    lines = [
        (month, row.service, channel, "" if one.value is None else one.value, one.status.value)
        for row in (*sorted(rows, key=lambda row: row.service), total)
        for channel, one in zip((*CHANNELS, ALL), (*row.figures, row.total), strict=True)
    ]
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(("month", "service", "channel", "contacts", "status"))
    writer.writerows([_no_formula(value) for value in line] for line in lines)
    return text.getvalue().encode()


def _no_formula(value: str | int) -> str | int:
    """A text that a spreadsheet would run begins with an apostrophe instead."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
