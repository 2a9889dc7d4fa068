"""Finding a name without its accents: words are folded to plain letters, in every script of the house."""

from __future__ import annotations

import unicodedata

# Letters that Unicode does not take apart, and the Arabic letters that Persian keyboards write otherwise.
_PLAIN = str.maketrans({
    "ø": "o", "æ": "ae", "œ": "oe", "ß": "ss", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i",
    "ى": "ي", "ی": "ي", "ک": "ك", "ہ": "ه", "ة": "ه", "ـ": "", "‌": "", "‍": "",
})  # fmt: skip


def fold(text: str) -> str:
    """Small letters without accents: `Lægevalg, ÅRHUS` → `laegevalg, arhus`. Digits of any script as 0-9."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(sign for sign in apart if unicodedata.category(sign) != "Mn").translate(_PLAIN)
    return "".join(str(unicodedata.decimal(sign, sign)) for sign in plain)


def finds(wanted: str, folded: str) -> bool:
    """Whether every word of `wanted` stands in a folded text."""
    return all(word in folded for word in fold(wanted).split())
