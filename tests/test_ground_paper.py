"""Sheets of paper: tagged PDF, nothing that a text says becomes markup, no sign without a shape."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typst
import yaml
from babel.messages.pofile import read_po
from flask import Flask

from house import paper
from house.languages import LANGUAGES, TRANSLATIONS, speak

HOUSE = Path(paper.__file__).parent
TEXT = {"text": "A text", "lang": "en"}
STEP: dict[str, Any] = {
    "name": TEXT, "tag": "You must", "authority": TEXT, "when": ["By Monday 18 January 2027."],
    "rules": [TEXT], "after": ["Only after: another"], "together": "Together with: you.",
    "cautions": [TEXT], "papers": [TEXT] * 9, "reasons": "You come to work.", "done": False, "waits": True,
    "new": False,
}  # fmt: skip
TOLD: dict[str, Any] = {
    "title": "Your list", "house": "House", "made": "Made on Monday", "note": "Rules change.", "where": "x",
    "bring": "What to bring", "reasons": "Why", "depends": "It depends", "routes": [TEXT],
    "lists": [{"name": "You", "steps": [STEP, {**STEP, "done": True}], "uncertain": [TEXT]}],
}  # fmt: skip


def printed(app: Flask, told: dict[str, Any], language: str = "en") -> bytes:
    with app.app_context(), speak(language):
        return paper.typeset("plan_list", told)


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("people", [0, 1, 3])
def test_a_sheet_is_a_tagged_pdf_whoever_is_on_it(app: Flask, language: str, people: int) -> None:
    pdf = printed(app, {**TOLD, "lists": TOLD["lists"] * people}, language)
    assert pdf.startswith(b"%PDF-") and b"pdfuaid:part" in pdf
    assert f"/Lang({language})".encode() in pdf


HOSTILE = ["#panic()", '#read("/etc/passwd")', "$x$", "*b*", "= h", "\\", "]]", "\u202e\u2066", "\x00", "💩"]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_what_a_text_says_is_never_markup(app: Flask, hostile: str) -> None:
    said = {"text": hostile, "lang": "ar"}
    step = {**STEP, "name": said, "when": [hostile], "papers": [said]}
    pdf = printed(app, {**TOLD, "lists": [{"name": hostile, "steps": [step], "uncertain": []}]})
    assert pdf.startswith(b"%PDF-") and b"/StructTreeRoot" in pdf


def test_a_sheet_that_cannot_be_set_says_so(app: Flask) -> None:
    with pytest.raises(typst.TypstError):
        printed(app, {"title": "nothing else"})


# --- no sign without a shape --------------------------------------------------------------------------------


def signs_of(font: Path) -> set[int]:
    """The code points that a TrueType font has a shape for, read from its cmap (formats 4 and 12)."""
    data = font.read_bytes()
    tables = struct.unpack(">H", data[4:6])[0]
    for number in range(tables):
        tag, _, at, _ = struct.unpack(">4sIII", data[12 + number * 16 : 28 + number * 16])
        if tag == b"cmap":
            return {sign for start in _subtables(data, at) for sign in _signs(data, start)}
    raise AssertionError(f"{font} has no cmap")


def _subtables(data: bytes, at: int) -> Iterator[int]:
    for number in range(struct.unpack(">H", data[at + 2 : at + 4])[0]):
        yield at + struct.unpack(">I", data[at + 8 + number * 8 : at + 12 + number * 8])[0]


def _signs(data: bytes, at: int) -> Iterator[int]:
    kind = struct.unpack(">H", data[at : at + 2])[0]
    if kind == 4:
        count = struct.unpack(">H", data[at + 6 : at + 8])[0] // 2
        ends = struct.unpack(f">{count}H", data[at + 14 : at + 14 + count * 2])
        begins = struct.unpack(f">{count}H", data[at + 16 + count * 2 : at + 16 + count * 4])
        for first, last in zip(begins, ends, strict=True):
            yield from range(first, last + 1) if last != 0xFFFF else ()
    elif kind == 12:
        groups = struct.unpack(">I", data[at + 12 : at + 16])[0]
        for number in range(groups):
            first, last, _ = struct.unpack(">III", data[at + 16 + number * 12 : at + 28 + number * 12])
            yield from range(first, last + 1)


SHAPES = {
    weight: set().union(*(signs_of(font) for font in sorted(paper.FONTS.glob(f"*-{weight}.ttf"))))
    for weight in ("Regular", "Bold")
}


def texts(language: str) -> Iterator[str]:
    """Everything the house says in a language."""
    if language != "en":
        with (TRANSLATIONS / language / "LC_MESSAGES/messages.po").open("rb") as stream:
            for message in read_po(stream):
                yield from message.string if isinstance(message.string, tuple) else [message.string]
        entries = yaml.safe_load((HOUSE / f"catalogue/texts/{language}.yaml").read_text("utf-8"))
        yield from (entry["text"] for entry in entries)
    yield (HOUSE / "catalogue/data/services.yaml").read_text("utf-8")


@pytest.mark.parametrize("weight", SHAPES)
@pytest.mark.parametrize("language", [one.tag for one in LANGUAGES])
def test_no_text_of_the_house_has_a_sign_without_a_shape(language: str, weight: str) -> None:
    used = {sign for text in texts(language) for sign in text if not sign.isspace()}
    missing = sorted(sign for sign in used if ord(sign) not in SHAPES[weight])
    assert not missing, f"{missing} would be printed as boxes; cut the fonts anew"


def test_a_sign_without_a_shape_is_found() -> None:
    assert ord("中") not in SHAPES["Regular"] and ord("ż") in SHAPES["Bold"] and ord("گ") in SHAPES["Bold"]


def test_the_fonts_come_with_their_licence() -> None:
    assert "SIL Open Font License" in (paper.FONTS / "OFL.txt").read_text("utf-8")
