"""Where the bars of a chart stand. Pure: numbers in, numbers out; the template draws them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

COLUMN, COLUMNS, BAR = 60, 12, 36
TOP, BASELINE, HEIGHT = 24, 190, 232
WIDTH = COLUMN * COLUMNS
STUB = 12
"""How high a hidden value is drawn, whatever it is: never a zero (R4: scales from published values only)."""


@dataclass(frozen=True)
class Bar:
    """One bar in the units of the picture; `middle` is where its words are centred."""

    x: int
    y: int
    height: int
    hidden: bool

    @property
    def middle(self) -> int:
        return self.x + BAR // 2


def bars(values: Sequence[int | None], rtl: bool = False) -> tuple[Bar, ...]:
    """A bar for each published value, the oldest at the start of the line: on the right in Arabic."""
    highest = max((value for value in values if value is not None), default=1)
    return tuple(_bar(place, value, highest, rtl) for place, value in enumerate(values))


def _bar(place: int, value: int | None, highest: int, rtl: bool) -> Bar:
    x = COLUMN * place + (COLUMN - BAR) // 2
    height = STUB if value is None else round(value * (BASELINE - TOP) / highest)
    return Bar(WIDTH - x - BAR if rtl else x, BASELINE - height, height, value is None)
