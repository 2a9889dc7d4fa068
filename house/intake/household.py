"""Who comes to a visit, as the pages ask it: how many, in which language, and what makes the house passable.

All are numbers and codes; nothing here can name a person.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

LARGEST_PARTY = 8
MOST_SERVICES = 6
OTHER = "other"
"""A language that is none of the house's, and a municipality that is none of the list's."""
WHEELCHAIR, HEARING, SIGHT, QUIET = "wheelchair", "hearing", "sight", "quiet"
ACCESS = (WHEELCHAIR, HEARING, SIGHT, QUIET)


@dataclass(frozen=True)
class Household:
    """The people of one visit. Without `speaks` they speak the language of the page.

    `municipality` is None where nobody asked or they do not know yet; it is never stored.
    """

    adults: int = 1
    children: int = 0
    speaks: str | None = None
    interpreter: bool = False
    access: tuple[str, ...] = ()
    municipality: str | None = None

    @property
    def party(self) -> int:
        return self.adults + self.children


def access_text(codes: Iterable[str]) -> str | None:
    """Access needs as they are stored: known codes in our order, nothing for none."""
    wanted = set(codes)
    return " ".join(code for code in ACCESS if code in wanted) or None


def access_codes(text: str | None) -> tuple[str, ...]:
    """The codes that were stored."""
    wanted = set((text or "").split())
    return tuple(code for code in ACCESS if code in wanted)
