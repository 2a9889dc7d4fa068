"""How foreign names are written in a text from right to left: in one piece, by their true signs."""

from __future__ import annotations

import pytest
from flask import Flask
from markupsafe import Markup

from house.formats import both_names, language_name, unbroken
from house.languages import speak

WHOLE = '<bdi class="whole">{}</bdi>'


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("وثيقة (EU-opholdsdokument)", "وثيقة " + WHOLE.format("(EU-opholdsdokument)")),
        ("لدى AKU-Aalborg (سكن)", "لدى " + WHOLE.format("AKU-Aalborg") + " (سكن)"),
        ("(CV drop-in)", WHOLE.format("(CV drop-in)")),
        ("<b> & Å-æ-ö", "&lt;b&gt; &amp; " + WHOLE.format("Å-æ-ö")),
        ("من 2027-01-31 إلى PD U2 - SIRI", "من 2027-01-31 إلى PD U2 - SIRI"),
    ],
)
def test_a_hyphened_name_stays_in_one_piece(app: Flask, text: str, shown: str) -> None:
    with app.app_context(), speak("ar"):
        assert str(Markup("").join([unbroken(text)])) == shown
    with app.app_context(), speak("da"):
        assert unbroken(text) == text and not hasattr(unbroken(text), "__html__")


def test_what_is_html_already_is_left_alone() -> None:
    with speak("fa"):
        assert unbroken(Markup("<b>EU-opholdskort</b>")) == Markup("<b>EU-opholdskort</b>")


@pytest.mark.parametrize(
    ("reader", "tag", "name", "both"),
    [
        ("en", "ar", "Arabic", "Arabic · العربية"),
        ("da", "uk", "ukrainsk", "ukrainsk · Українська"),
        ("ar", "ar", "العربية", "العربية"),
        ("en", "en", "English", "English"),
        ("da", "xx", "xx", "xx"),
    ],
)
def test_staff_read_a_language_by_the_name_they_know_it_by(
    app: Flask, reader: str, tag: str, name: str, both: str
) -> None:
    with app.app_context(), speak(reader):
        assert language_name(tag) == name
        assert both_names(tag) == both
