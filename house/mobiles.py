"""Mobile numbers as people write them: with blanks, in any digits, with or without the country."""

from __future__ import annotations

import re

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from house.plain import clean_line

AT_HOME = "DK"
"""Whose numbers are written without a country code."""
_TEXTABLE = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)
"""Danish numbers do not tell by themselves whether they are mobile."""
_WORDS_AFTER = re.compile(r"\d.*[^\W\d_]")


def mobile_number(text: str) -> str | None:
    """The number as the world dials it, +4520123456; None when it is none that a text message can reach.

    Signs that turn the direction are passed over; letters within a number are not.
    """
    line = clean_line(text)
    if _WORDS_AFTER.search(line):
        return None
    try:
        number = phonenumbers.parse(line, AT_HOME)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number) or phonenumbers.number_type(number) not in _TEXTABLE:
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)
