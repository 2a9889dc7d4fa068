"""An entry in words: what it says, line by line, and in which direction each part runs."""

from __future__ import annotations

import pytest
from flask import Flask

from house.catalogue.change_words import value_words
from house.languages import speak

DEADLINE = {"rule": "5 days after arrival", "days": 5}


def test_a_part_is_told_line_by_line() -> None:
    told = list(value_words(DEADLINE, "deadline", {}))
    assert told == ["The rule in words: 5 days after arrival", "Days: 5"]


@pytest.mark.parametrize(("language", "isolated"), [("ar", True), ("fa", True), ("uk", False)])
def test_english_among_words_from_right_to_left_keeps_its_own_direction(
    app: Flask, language: str, isolated: bool
) -> None:
    with app.app_context(), speak(language):
        rule, _days = value_words(DEADLINE, "deadline", {})
    assert ("\u20685 days after arrival\u2069" in rule) is isolated
