"""From exact cells to what may be published: every row, noise and thresholds applied, canonical and signed.

Pure. The cubes are `cubes.py`, noise and thresholds `disclosure.py`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from house.reporting import cubes, disclosure


class Status(StrEnum):
    """What a row may say."""

    SHOWN = "shown"
    UNDER_5 = "under_5"
    IN_TOTAL = "in_total"
    """The split is replaced by its total (R10)."""


@dataclass(frozen=True)
class Row:
    """One published figure; `value` is None unless the status is shown."""

    cube: str
    period: str
    dimensions: tuple[str, ...]
    coordinates: tuple[str, ...]
    value: int | None
    status: Status


def release(
    cube: cubes.Cube,
    period: cubes.Period,
    cells: Mapping[cubes.Address, cubes.Cell],
    code_lists: Mapping[str, Sequence[str]],
    ptable: disclosure.PTable,
) -> tuple[Row, ...]:
    """Every row of the cube for the period, in canonical order: what may be published, and no exact figure.

    Inside a cell that is hidden nothing is shown either: it would say that the hidden one is no zero (A1).
    Raises `ValueError` when the cube is not for such a period, or a cell has a code outside the lists.
    """
    if period.grain not in cube.grains:
        raise ValueError(f"{cube.name} is not published by {period.grain}")
    lists = {**code_lists, "month": period.months}
    published: dict[cubes.Address, int | None] = {}
    for chosen in cubes.subsets(cube):
        for coordinates in cubes.full_product(chosen, lists):
            address = chosen, coordinates
            cell = cells.get(address, cubes.EMPTY)
            value = disclosure.publish(cell.n, cell.key_sum, cell.persons, ptable)
            within_hidden = any(published[coarser] is None for coarser in _coarser(address).values())
            published[address] = None if within_hidden else value
    if strange := sorted(cells.keys() - published.keys()):
        raise ValueError(f"{cube.name} counted what is in no code list: {strange[0]}")
    merged = _merged(published)
    return _canonical(
        Row(cube.name, period.code, *address, None, Status.IN_TOTAL)
        if address in merged
        else Row(cube.name, period.code, *address, value, Status.UNDER_5 if value is None else Status.SHOWN)
        for address, value in published.items()
    )


def _coarser(address: cubes.Address) -> dict[str, cubes.Address]:
    """By the dimension left out: the cells that are this one and its neighbours together."""
    chosen, coordinates = address
    return {
        name: (chosen[:at] + chosen[at + 1 :], coordinates[:at] + coordinates[at + 1 :])
        for at, name in enumerate(chosen)
    }


def _merged(published: Mapping[cubes.Address, int | None]) -> set[cubes.Address]:
    """The parts that R10 replaces by their total: the group's own split, and every finer one inside it."""
    splits: dict[cubes.Address, list[cubes.Address]] = {}
    for part in published:
        for group in (group for name, group in _coarser(part).items() if name in cubes.SPLITS):
            splits.setdefault(group, []).append(part)
    told: set[cubes.Address] = set()
    for group in sorted(splits, key=lambda address: len(address[0])):
        values = [published[part] for part in splits[group]]
        if disclosure.split_betrays(published[group], values) or told & set(_coarser(group).values()):
            told.add(group)
    return {part for group in told for part in splits[group]}


def _canonical(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Rows by cube, period, dimensions, coordinates; by code point, so alike in every locale."""
    return tuple(sorted(rows, key=lambda row: (row.cube, row.period, row.dimensions, row.coordinates)))


def canonical_json(rows: Iterable[Row]) -> bytes:
    """The bytes a release is signed on: the same whatever order, engine or locale they come from (A11)."""
    plain = [vars(row) for row in _canonical(rows)]  # flat, so asdict would only copy
    return json.dumps(plain, ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode("ascii")


def signature(canonical_bytes: bytes) -> str:
    """SHA-256 of a release's canonical JSON, in hex."""
    return sha256(canonical_bytes).hexdigest()
