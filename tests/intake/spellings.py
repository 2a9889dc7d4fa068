"""Every spelling in which a reference comes from a keyboard or a scanner. The house reads all of them, and so
does the desk without the net: one list for both.
"""

from __future__ import annotations

from house.seals import Keyring

RING = Keyring("a secret of this house, long enough")
DANISH = str.maketrans({"/": "-", ":": "Æ", "-": "+", "_": "?"})
"""What a scanner that is set to an American keyboard types where a Danish one is."""
REFERENCE = "K7M4QXT"


def spelled(link: str) -> tuple[str, ...]:
    """One link as scanners type it."""
    danish = link.translate(DANISH)
    return link, link.swapcase(), danish, danish.swapcase(), f"  {link}\r", f"{link}?x=1", f"{link}/print"


def links(kind: str, reference: str, generation: int) -> tuple[str, ...]:
    """A link of ours in every spelling."""
    return spelled(f"https://house.example.dk/uk/{kind}/{RING.link(kind, reference, generation)}")


BY_HAND = ("K7M4QXT", "k7m4qxt", " k7m 4qxt ", "K7M-4QXT", "k7m.4qxt", "k7m_4qxt", "K7M+4QXT")
GENERATIONS = next(
    [one, other]
    for one in range(1, 99)
    for other in range(1, 99)
    if "-" in RING.link("visit", REFERENCE, one) and "_" in RING.link("visit", REFERENCE, other)
)
"""Links with each of the signs that another keyboard changes."""
SCANNED = [one for number in GENERATIONS for one in links("visit", REFERENCE, number)]
ALL = (*BY_HAND, *SCANNED, *links("ticket", REFERENCE, 1))
