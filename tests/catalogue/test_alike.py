"""Words that look alike, counted for all words at once: as counting them one by one would."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from house.catalogue.alike import MOST, Alike, pairs

WORDS = st.lists(st.text("abcø ", min_size=1, max_size=8), max_size=90, unique=True)


def one_by_one(words: list[str], word: str) -> list[tuple[str, float]]:
    """The same, said slowly: most pairs in common first, then as they stand."""
    mine = pairs(word)
    common = {other: len(set(mine) & set(pairs(other))) for other in words}
    found = sorted((other for other in words if common[other]), key=lambda other: -common[other])
    return [(one, 2 * common[one] / (len(mine) + len(one) + 1)) for one in found[:MOST]]


@given(WORDS, st.text("abcø ", min_size=1, max_size=20))
def test_it_finds_what_counting_one_by_one_finds(words: list[str], word: str) -> None:
    assert Alike(words).to(word) == one_by_one(words, word)


def test_a_slip_of_the_pen_is_nearest_to_its_word() -> None:
    words = Alike(["kindergarten", "garden", "licence", "driving"])
    assert words.to("drivng")[0][0] == "driving"
    assert words.to("xyz") == []
    assert Alike([]).to("driving") == []
