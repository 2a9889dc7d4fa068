"""From a true count to the figure anybody may see: cell-key noise, thresholds, and the dominance rule R10.

Pure. What is counted, and which cells there are, is `cubes.py`; attacking a release is `audit.py`.
Source: SDC Handbook 2nd ed., ch. 5.4 (the cell-key method of the ABS, ONS and Eurostat).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

PTABLE_PATH = Path(__file__).parent / "data" / "ptable_D5_V3_js2_k16.csv"
PTABLE_SHA256 = "510b1d478fb0eea4b6abc99571234bab5288854305cc8bb158b94acf984fd544"
KEY_SPACE = 65536
"""Record keys and stored key sums live in 0..65535."""
THRESHOLD = 5
"""Nothing smaller is shown, neither a published count nor the number of persons behind it (R2)."""
SMALL_GROUP = 50
"""From this published size on a group may show that nearly everybody has the same outcome (R10)."""


class WrongPTable(ValueError):
    """The file is not the p-table this house was audited with, or a table that cannot be one."""


@dataclass(frozen=True)
class PTable:
    """Which noise a cell gets: `rows[i]` is for a count of i, the last row for every larger count.

    A row is its steps (t, v), ascending in t: a cell key below t, and not below the step before, adds v.
    The last t of each row is `modulus`, the number of cell keys there are.
    """

    modulus: int
    rows: tuple[tuple[tuple[int, int], ...], ...]

    def __post_init__(self) -> None:
        if not self.rows:
            raise WrongPTable("a p-table needs rows")
        for i, row in enumerate(self.rows):
            limits = [t for t, _ in row]
            if not limits or limits[0] < 1 or limits[-1] != self.modulus:
                raise WrongPTable(f"row {i} does not cover the keys 0..{self.modulus - 1}")
            if any(high <= low for low, high in pairwise(limits)):
                raise WrongPTable(f"the thresholds of row {i} do not ascend")
            if any(i + v < 0 for _, v in row):
                raise WrongPTable(f"row {i} would publish a negative count")


def load_ptable(path: str | Path) -> PTable:
    """The p-table of this file, a CSV with the columns i, j, v, t.

    Raises `WrongPTable` unless the file is, byte for byte, the one whose attacks were measured; the house
    then refuses to start.
    """
    content = Path(path).read_bytes()
    found = sha256(content).hexdigest()
    if found != PTABLE_SHA256:
        raise WrongPTable(f"{path} has SHA-256 {found}, not {PTABLE_SHA256}")
    rows: dict[int, list[tuple[int, int]]] = {}
    for line in csv.DictReader(io.StringIO(content.decode("ascii"))):
        rows.setdefault(int(line["i"]), []).append((int(line["t"]), int(line["v"])))
    return PTable(KEY_SPACE, tuple(tuple(rows[i]) for i in range(len(rows))))


def perturb(n: int, key_sum: int, ptable: PTable) -> int:
    """The count with its noise; nobody at all stays 0.

    The same contacts have the same key sum and so the same figure in every table (R1). `key_sum` may be
    the plain sum or already reduced. Raises `ValueError` for a negative count.
    """
    if n < 0:
        raise ValueError(f"a count cannot be {n}")
    if n == 0:
        return 0
    key = key_sum % ptable.modulus
    row = ptable.rows[min(n, len(ptable.rows) - 1)]
    return n + next(v for t, v in row if key < t)


def publish(n: int, key_sum: int, persons: int, ptable: PTable, threshold: int = THRESHOLD) -> int | None:
    """What anybody may see of a cell; None reads "under 5", and a zero is hidden like any small count.

    `persons` are the distinct people (in `firm`, companies) behind the `n` contacts.
    """
    published = perturb(n, key_sum, ptable)
    if published >= threshold and persons >= threshold:
        return published
    return None


def split_betrays(total: int | None, parts: Iterable[int | None]) -> bool:
    """Whether splitting a small group tells what nearly all in it have in common (R10, attack A7).

    `total` and `parts` are published values (None = under 5): decided on the hidden truth, the missing
    split would itself say that one part holds 95 % (A10). A shown part of a hidden total says more still.
    """
    largest = max((part for part in parts if part is not None), default=None)
    if largest is None or (total is not None and total >= SMALL_GROUP):
        return False
    return total is None or largest * 100 >= total * 95
