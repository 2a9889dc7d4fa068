"""Words without their accents: folded to plain letters in every script of the house, and cut as people type.

What is found by them is for `finding.py` to say.
"""

from __future__ import annotations

import re
import unicodedata

from rapidfuzz.distance import OSA

# Letters that Unicode does not take apart, those that Persian keyboards write otherwise, and the Cyrillic
# ones that Ukrainian, Russian and Bulgarian keyboards do not share.
_PLAIN = str.maketrans({
    "ø": "o", "æ": "ae", "œ": "oe", "ß": "ss", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i",
    "ى": "ي", "ی": "ي", "ک": "ك", "ہ": "ه", "ة": "ه", "ـ": "", "\u200c": "", "\u200d": "",
    "і": "и", "ы": "и", "є": "е", "э": "е", "ґ": "г", "ь": "",
})  # fmt: skip
_APOSTROPHES = str.maketrans("", "", "'’ʼ`´")
_WORD = re.compile(r"\w+")
_DIGRAPH = re.compile(r"([aou])e|(\w)\2+")
_ARTICLE = re.compile(r"(?:[وبكف]?ال|لل)(?=\w{3})")
_LATIN = str.maketrans({
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "zh", "з": "z", "и": "i", "й": "y",
    "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u",
    "ф": "f", "х": "h", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sht", "ъ": "a", "ю": "yu", "я": "ya",
})  # fmt: skip


def fold(text: str) -> str:
    """Small letters without accents: `Lægevalg, ÅRHUS` → `laegevalg, arhus`. Digits of any script as 0-9."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(sign for sign in apart if unicodedata.category(sign) != "Mn").translate(_PLAIN)
    return "".join(str(unicodedata.decimal(sign, sign)) for sign in plain)


def finds(wanted: str, folded: str) -> bool:
    """Whether every word of `wanted` stands in a folded text."""
    return all(word in folded for word in fold(wanted).split())


def words_of(text: str) -> list[str]:
    """The words of a text as they are compared.

    Folded, without apostrophes and the Arabic article, and where people write two letters for one or leave
    one out (`fuehrerschein`, `boernehave`, `adress`), with one.
    """
    return [_as_compared(word) for word in _WORD.findall(fold(text.translate(_APOSTROPHES)))]


def in_latin(word: str) -> str:
    """A folded Cyrillic word as it is typed where there is no such keyboard; others stay as they are."""
    return word if word.isascii() else word.translate(_LATIN)


def _as_compared(word: str) -> str:
    if len(word) < 4:
        return word
    return _DIGRAPH.sub(r"\1\2", word) if word.isascii() else _ARTICLE.sub("", word, count=1)


def slips_between(one: str, other: str, most: int) -> int:
    """How many slips lie between two words: a letter more, less, other, or two swapped.

    Counted as far as `most`: beyond that it is always one more.
    """
    return OSA.distance(one, other, score_cutoff=most)
