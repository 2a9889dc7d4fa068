"""Pieces of pages: drawn once in each language, of nothing that a reader brings along."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import meta

from house.languages import LANGUAGES
from house.pieces import piece
from tests.inspecting import BASE_URL

TEMPLATES = Path(__file__).parents[1] / "house" / "templates"
PLACED = re.compile(r"piece\('([^']+)'((?:, \w+=[\w.']+)*)\)")
SAME_FOR_ALL = {"_", "asset", "ngettext", "pgettext", "url_for", "way_to"}
"""What a piece may ask beside the words it is told: nothing of who looks, or of the request."""


def placed() -> list[tuple[str, frozenset[str]]]:
    """Every piece that stands in a template, with what it is told."""
    found = {
        (name, frozenset(re.findall(r"(\w+)=", told)))
        for template in TEMPLATES.rglob("*.html")
        for name, told in PLACED.findall(template.read_text(encoding="utf-8"))
    }
    return sorted(found, key=str)


def test_every_piece_is_seen_here() -> None:
    calls = sum(one.read_text(encoding="utf-8").count("piece(") for one in TEMPLATES.rglob("*.html"))
    assert calls == sum(
        len(PLACED.findall(one.read_text(encoding="utf-8"))) for one in TEMPLATES.rglob("*.html")
    )
    assert len(placed()) >= 2


@pytest.mark.parametrize(("name", "told"), placed())
def test_a_piece_knows_nothing_of_who_looks(app: Flask, name: str, told: frozenset[str]) -> None:
    source = (TEMPLATES / name).read_text(encoding="utf-8")
    assert "{% include" not in source and "{% extends" not in source and "{% from" not in source
    asks = meta.find_undeclared_variables(app.jinja_env.parse(source))
    assert asks - told <= SAME_FOR_ALL


@pytest.mark.parametrize(("name", "told"), placed())
def test_a_piece_is_drawn_once_in_each_language(app: Flask, name: str, told: frozenset[str]) -> None:
    words = dict.fromkeys(told, "<&")
    drawn = {}
    for language in LANGUAGES:
        with app.test_request_context(f"/{language.tag}/", BASE_URL):
            app.preprocess_request()
            drawn[language.tag] = piece(name, **words)
            assert piece(name, **words) is drawn[language.tag]
            assert ("&lt;&amp;" in drawn[language.tag]) == bool(told) and "<&" not in drawn[language.tag]
            assert not told or piece(name, **dict.fromkeys(told, "other")) != drawn[language.tag]
    assert len(set(drawn.values())) == len(LANGUAGES)


def test_a_piece_leads_to_where_the_house_stands(app: Flask) -> None:
    for under in ("", "/under"):
        with app.test_request_context("/", BASE_URL + under):
            assert f'data-scope="{under}/desk/"' in piece("intake/desk_unsent.html", timezone="UTC")
