"""Days a Danish house is closed: the ten public holidays and the house's own days. Hours are in `opening.py`.

Ten, because Great Prayer Day is an ordinary working day from 2024 (retsinformation.dk/eli/lta/2023/214).
5 June, 24 and 31 December are not public holidays; that the house keeps them is its own policy, given here.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

HOUSE_DAYS = ((6, 5), (12, 24), (12, 31))
CODES = {(6, 5): "constitution_day", (12, 24): "christmas_eve", (12, 31): "new_years_eve"}


def house_holidays(year: int, extra: tuple[tuple[int, int], ...] = HOUSE_DAYS) -> dict[date, str]:
    """The closed days of a year, sorted, each with a code for its words (`easter_monday`, `house_day` …).

    `extra` are (month, day); where one falls on a public holiday, the public holiday names it.
    """
    closed = {date(year, month, day): CODES.get((month, day), "house_day") for month, day in extra}
    closed.update(_public_holidays(year))
    return dict(sorted(closed.items()))


@lru_cache(maxsize=64)
def _public_holidays(year: int) -> tuple[tuple[date, str], ...]:
    """Public holidays as (day, code). The library takes half a second to load, so only who asks pays."""
    from holidays import country_holidays

    found = country_holidays("DK", years=year, language="en_US")
    return tuple((day, _code(name)) for day, name in sorted(found.items()))


def _code(name: str) -> str:
    """`New Year's Day` → `new_years_day`."""
    return re.sub(r"[^a-z]+", "_", name.lower().replace("'", "")).strip("_")
