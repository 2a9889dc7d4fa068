"""Which numbers a group gets, and who moves when a capacity is lowered. Pure.

A number is a place, never an identity: numbers run from 1 to the capacity, and a person may change number.
While somebody sits above a lowered capacity nothing is claimed; a low number that is freed is filled from the
top, so the excess melts.
"""

from __future__ import annotations

from collections.abc import Collection


def left(taken: Collection[int], capacity: int) -> int:
    """How many may still sit down; none while somebody sits above the capacity."""
    if any(number > capacity for number in taken):
        return 0
    return capacity - len(taken)


def claim(taken: Collection[int], capacity: int, wanted: int) -> tuple[int, ...]:
    """The lowest free numbers for a group, or nothing when the whole group does not fit."""
    if wanted < 1 or wanted > left(taken, capacity):
        return ()
    held = set(taken)
    free = (number for number in range(1, capacity + 1) if number not in held)
    return tuple(number for number, _ in zip(free, range(wanted), strict=False))


def moves(taken: Collection[int], capacity: int) -> list[tuple[int, int]]:
    """Who moves where, (from, to): the highest above the capacity into the lowest free number below it."""
    held = set(taken)
    above = sorted((number for number in held if number > capacity), reverse=True)
    holes = [number for number in range(1, capacity + 1) if number not in held]
    return list(zip(above, holes, strict=False))
