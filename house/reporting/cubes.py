"""The twelve cubes that cannot be crossed: what is counted together, and how it is tallied.

Pure. What of it may be seen is `releasing.py`, the rows of each dimension `codes.py`; storing and burning the
exact cells is not here. No cube may join what another keeps apart: `check_cubes` runs when this is loaded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations, product
from math import prod

from house.reporting import codes, disclosure

MAX_DIMENSIONS = 3
MAX_CELLS = 5000


class Grain(StrEnum):
    """How long a period is."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True)
class Period:
    """A span of whole months: 2027-03, 2027-Q1 or 2027, with the codes of its months in order."""

    grain: Grain
    code: str
    months: tuple[str, ...]


def grains(month: str) -> tuple[Period, ...]:
    """The periods that end with this month (as 2027-03), shortest first: what its close can tally."""
    year, number = month[:4], int(month[5:])
    if month != f"{year}-{number:02}" or not 1 <= number <= 12:
        raise ValueError(f"not a month: {month}")
    months = tuple(f"{year}-{i:02}" for i in range(1, number + 1))
    finished = [Period(Grain.MONTH, month, months[-1:])]
    if number % 3 == 0:
        finished.append(Period(Grain.QUARTER, f"{year}-Q{number // 3}", months[-3:]))
    if number == 12:
        finished.append(Period(Grain.YEAR, year, months))
    return tuple(finished)


@dataclass(frozen=True)
class Cube:
    """Dimensions that are counted together, and the attributes (`ATTRIBUTES`) they must never meet."""

    name: str
    dimensions: tuple[str, ...]
    never_with: frozenset[str]
    grains: tuple[Grain, ...] = tuple(Grain)


CUBES = (
    Cube("ops", ("service", "channel", "outcome"), frozenset({"origin", "language"})),
    Cube("body", ("authority", "channel", "outcome"), frozenset({"origin", "language"})),
    Cube("fail", ("service", "failure_reason"), frozenset({"origin"})),
    Cube("loop", ("partner", "referral_outcome", "response_band"), frozenset({"origin"})),
    Cube("path", ("purpose_group", "same_day", "cpr_band"), frozenset({"origin", "outcome"})),
    Cube("who", ("service_group", "region_of_origin", "purpose"), frozenset({"outcome", "satisfaction"})),
    Cube("lang", ("service_group", "channel", "language"), frozenset({"origin"})),
    Cube("firm", ("sector", "company_size", "service_group"), frozenset({"origin"})),
    Cube("wait", ("service", "channel", "wait_band"), frozenset({"origin"})),
    Cube("sat", ("service", "channel", "score"), frozenset({"origin"})),
    Cube("nat", ("nationality",), frozenset({"everything"}), (Grain.YEAR,)),
    Cube("event", ("event_type", "audience", "month"), frozenset({"origin"})),
)
"""In `firm` the contributor, so the person key, is the company."""

DIMENSIONS = codes.FIXED.keys() | codes.DYNAMIC | {"month"}
ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "origin": frozenset({"region_of_origin", "nationality"}),
    "language": frozenset({"language"}),
    "outcome": frozenset({"outcome", "referral_outcome", "failure_reason"}),
    "satisfaction": frozenset({"score"}),
    "everything": frozenset(DIMENSIONS),
}
SLICES = frozenset({"service", "service_group", "authority", "channel", "partner", "purpose_group", "month"})
"""What the desk knows of itself and cuts many cubes by; every other dimension tells of a person."""
SPLITS = frozenset({"outcome", "referral_outcome", "score"})
"""The dimensions R10 watches."""


def check_cubes(cubes: Iterable[Cube]) -> None:
    """Refuse, with `ValueError`, a set of cubes that joins what one of them keeps apart, or breaks R8."""
    cubes = tuple(cubes)
    for cube in cubes:
        own = set(cube.dimensions)
        if not len(own) == len(cube.dimensions) <= MAX_DIMENSIONS or len(own & SPLITS) > 1:
            raise ValueError(f"{cube.name} has a dimension twice, two splits, or more than {MAX_DIMENSIONS}")
        if strange := sorted(own - DIMENSIONS):
            raise ValueError(f"{cube.name} has a dimension without codes: {strange}")
        told = own - SLICES
        apart = frozenset().union(*(ATTRIBUTES[name] for name in cube.never_with))
        for other in cubes:
            has = set(other.dimensions)
            for mine in sorted(told & has):
                if met := sorted((apart & has) - {mine}):
                    raise ValueError(f"{other.name} joins {mine} with {met}, which {cube.name} keeps apart")


check_cubes(CUBES)

Address = tuple[tuple[str, ...], tuple[str, ...]]
"""Where a cell stands: some dimensions of a cube, and one code for each; ((), ()) is the total."""


@dataclass(frozen=True)
class Fact:
    """One contact as counting sees it: a code by dimension, its record key (0..65535), its contributor."""

    codes: Mapping[str, str]
    record_key: int
    person_key: str | bytes


@dataclass(frozen=True)
class Cell:
    """The exact figures of a closed cell: contacts, record keys summed modulo 65536, distinct persons."""

    n: int
    key_sum: int
    persons: int


EMPTY = Cell(0, 0, 0)


def subsets(cube: Cube) -> tuple[tuple[str, ...], ...]:
    """Every choice of the cube's dimensions in the cube's order, coarsest first: () is the total."""
    sizes = range(len(cube.dimensions) + 1)
    return tuple(chosen for size in sizes for chosen in combinations(cube.dimensions, size))


def tally(cube: Cube, facts: Iterable[Fact]) -> dict[Address, Cell]:
    """The exact cells that have anybody in them, for every subset; the same whatever the order of facts.

    `facts` are all contacts of one period, `month` among their codes. A contact without a code for one of the
    cube's dimensions, or with `not_applicable`, is not of this cube and is in none of its cells, not even
    the total: so all totals of a cube are about the same contacts.
    """
    counted: dict[Address, tuple[int, int, set[str | bytes]]] = {}
    choices = subsets(cube)
    for fact in facts:
        if codes.NOT_APPLICABLE in {fact.codes.get(name, codes.NOT_APPLICABLE) for name in cube.dimensions}:
            continue
        for chosen in choices:
            address = chosen, tuple(fact.codes[name] for name in chosen)
            n, key_sum, persons = counted.setdefault(address, (0, 0, set()))
            persons.add(fact.person_key)
            counted[address] = n + 1, (key_sum + fact.record_key) % disclosure.KEY_SPACE, persons
    return {address: Cell(n, key_sum, len(persons)) for address, (n, key_sum, persons) in counted.items()}


def full_product(
    dimensions: tuple[str, ...], code_lists: Mapping[str, Sequence[str]]
) -> tuple[tuple[str, ...], ...]:
    """All coordinates of these dimensions, used or not, so that a missing row tells nothing (R3).

    Raises `ValueError` for more than 5,000 (R8): decided by the code lists alone, before anybody is counted.
    """
    lists = [code_lists[name] for name in dimensions]
    if (size := prod(map(len, lists))) > MAX_CELLS:
        raise ValueError(f"{' x '.join(dimensions)} has {size} cells, more than {MAX_CELLS}")
    return tuple(product(*lists))
