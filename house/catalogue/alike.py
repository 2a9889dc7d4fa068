"""Words that look alike: which of those there are share most letters in a row with another.

Pure. Each pair of letters has a bitmap of the words it stands in; adding the bitmaps up, digit by digit,
counts for all words at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise

MOST = 40
"""How many words are looked at closer."""


class Alike:
    """Words, ready to be compared with another."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = list(words)
        of: dict[str, list[int]] = defaultdict(list)
        for number, word in enumerate(self.words):
            for pair in pairs(word):
                of[pair].append(number)
        self.of = {pair: _bitmap(numbers) for pair, numbers in of.items()}

    def to(self, word: str) -> list[tuple[str, float]]:
        """The words that share most pairs with this one, most first, and which part; `MOST` at most."""
        mine = pairs(word)
        digits = _added(self.of.get(pair, 0) for pair in mine)
        found: list[tuple[str, float]] = []
        for common in range((1 << len(digits)) - 1, 0, -1):
            for number in _numbers(_that_count(digits, common)):
                other = self.words[number]
                found.append((other, 2 * common / (len(mine) + len(other) + 1)))
                if len(found) == MOST:
                    return found
        return found


def pairs(word: str) -> list[str]:
    """Two letters in a row, each pair once, the edges counting as letters."""
    return list(dict.fromkeys(map("".join, pairwise(f" {word} "))))


def _bitmap(numbers: Iterable[int]) -> int:
    found = 0
    for number in numbers:
        found |= 1 << number
    return found


def _added(bitmaps: Iterable[int]) -> list[int]:
    """In how many bitmaps each bit is set: the binary digits of all counts, lowest first, as bitmaps."""
    digits: list[int] = []
    for carry in bitmaps:
        for place, digit in enumerate(digits):
            digits[place], carry = digit ^ carry, digit & carry
        if carry:
            digits.append(carry)
    return digits


def _that_count(digits: list[int], count: int) -> int:
    """The bits whose count is this one, which is not 0."""
    found = -1
    for place, digit in enumerate(digits):
        found &= digit if count >> place & 1 else ~digit
    return found


def _numbers(bitmap: int) -> Iterator[int]:
    """The numbers of the set bits, lowest first."""
    while bitmap:
        low = bitmap & -bitmap
        yield low.bit_length() - 1
        bitmap ^= low
