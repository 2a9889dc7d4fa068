"""When a visit cannot have every step: which part of it can be booked, as large as there is.

A part keeps its order: a service is in it only with everything of the visit that must be passed before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from house.intake.chains import Before, Need
from house.intake.daymap import bits
from house.intake.slots import Search
from house.intake.timetable import Timetable

Part = tuple[Need, ...]


def largest_parts(
    chain: Sequence[Need], timetable: Timetable, *, max_gap: int = 0, before: Before = None
) -> list[Part]:
    """The largest parts of a chain that can be booked as one visit, the one that can start first on top.

    The whole chain, alone, where that can be booked; nothing where no step can. All are of one size.
    """
    search = Search(chain, timetable, max_gap, before)
    for size in range(len(chain), 0, -1):
        sets = (sum(1 << n for n in numbers) for numbers in combinations(range(len(chain)), size))
        found = [one for one in sets if _is_whole(search, one) and search.offer(one)]
        if found:
            found.sort(key=lambda one: (_first(search.offer(one)), tuple(bits(one))))
            return [tuple(chain[n] for n in bits(one)) for one in found]
    return []


def _is_whole(search: Search, part: int) -> bool:
    """Whether everything that must come before a step of the part is in it."""
    return all(not search.held_by[n] & ~part for n in bits(part))


def _first(offer: int) -> int:
    return (offer & -offer).bit_length()
