"""How foreign names are written in a text from right to left: in one piece, by their true signs."""

from __future__ import annotations

import pytest
from flask import Flask
from markupsafe import Markup

from house.formats import both_names, in_order, language_name, unbroken
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


def test_from_one_number_to_another_stays_in_order_from_right_to_left() -> None:
    with speak("ar"):
        told = in_order("مفتوح: 08:30–16:00, 17:00–18:00 (5–10)")
        assert told == "مفتوح: \u206608:30–16:00\u2069, \u206617:00–18:00\u2069 (\u20665–10\u2069)"
        assert in_order(Markup("<b>5–10</b>")) == Markup("<b>\u20665–10\u2069</b>")
    with speak("en"):
        assert in_order("08:30–16:00") == "08:30–16:00"
