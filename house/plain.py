"""Plain text as people mean it: which signs are kept, and what may not be written. Needs no form."""

from __future__ import annotations

import re
import unicodedata

_CPR_SHAPED = re.compile(r"(?<!\d)(0[1-9]|[12]\d|3[01])(0[1-9]|1[0-2])\d{2}[ -]?\d{4}(?!\d)")
_JOINERS = "\u200c\u200d"
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")


def has_cpr(text: str) -> bool:
    """Whether a text holds something shaped like a CPR number; none is ever stored."""
    return bool(_CPR_SHAPED.search(text))


def turns_direction(text: str) -> bool:
    """Whether a text holds signs that make what stands there read as something else."""
    return not _TURNING.isdisjoint(text)


def shows(sign: str) -> bool:
    """Whether a page can show this sign: any but control signs and halves of a pair."""
    return sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cs")


def clean_line(text: str) -> str:
    """One line as people mean it: NFC, no control or direction signs, single spaces, no edges."""
    text = unicodedata.normalize("NFC", text)
    kept = "".join(
        " " if sign in "\t\r\n" else sign for sign in text if sign in f"\t\r\n{_JOINERS}" or _plain(sign)
    )
    return " ".join(kept.split())


def _plain(sign: str) -> bool:
    return unicodedata.category(sign) not in ("Cc", "Cf", "Co", "Cs", "Cn")
