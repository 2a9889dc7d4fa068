"""How pages are made: logical CSS that mirrors by itself, templates in their wing, nothing inline."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.house_rules.reading import WINGS, House

_SIDED = re.compile(r"(?:^|-)(?:left|right)(?:-|$)")
_SIDED_VALUE = re.compile(r"(?:^|[\s,])(?:left|right)(?=$|[\s,;!])")
_SIDE = re.compile(r"[^\s(]*\((?:[^()]|\([^()]*\))*\)|\S+")
_VALUES = frozenset({
    "background", "background-position", "clear", "float", "text-align", "transform-origin", "caption-side",
    "object-position",
})  # fmt: skip
HOUSEHOLD = ("front", "parts")
FRAMES = ("layout.html", "desk_layout.html", "error.html", "letter.html", "letter.txt")


def styles_are_logical(house: House) -> Iterator[str]:
    """No left and right in CSS, in a name, in a value or hidden in a list of four sides."""
    for path, text in house.texts("house/static", "*.css"):
        for line, name, value in declarations(text):
            if problem := _physical(name, value):
                yield f"{path}:{line}: {name}: {value} {problem}"


def declarations(css: str) -> Iterator[tuple[int, str, str]]:
    """Every declaration of a style sheet as (line, property, value)."""
    css = re.sub(r"/\*.*?\*/", lambda found: "\n" * found.group().count("\n"), css, flags=re.DOTALL)
    for found in re.finditer(r"(?<=[{;])\s*([\w-]+)\s*:\s*([^;{}]+)(?=[;}])", css):
        yield css.count("\n", 0, found.start(1)) + 1, found.group(1), found.group(2).strip()


def _physical(name: str, value: str) -> str | None:
    if name.startswith("--"):
        return None
    if _SIDED.search(name):
        return "is physical; use inline-start and inline-end"
    if name in _VALUES and _SIDED_VALUE.search(value):
        return "is physical; use start and end"
    sides = _SIDE.findall(value.split("!")[0])
    if name in ("margin", "padding", "inset", "border-width", "border-color", "border-style"):
        if len(sides) == 4 and sides[1] != sides[3]:
            return "differs between right and left; use …-inline"
    elif name == "border-radius" and "/" not in value and len(sides) in (3, 4):
        corners = [*sides, sides[1]][:4]
        if corners[0] != corners[1] or corners[2] != corners[3]:
            return "differs between right and left; use border-start-start-radius and its sisters"
    return None


def templates_carry_no_style(house: House) -> Iterator[str]:
    """No style attributes, handlers, inline scripts or physical sides in templates: the policy is strict."""
    faults = {
        r"\sstyle\s*=": "style=; give it a class in house.css",
        r"\son[a-z]+\s*=": "an inline handler; put it into house.js",
        r"<script(?![^>]*\bsrc=)(?![^>]*ld\+json)": "an inline script; put it into house.js",
        r"<style\b": "a <style> element; put it into house.css",
        r"\s(?:align|bgcolor|border|valign)\s*=\s*[\"']": "an old attribute for looks; use CSS",
        r"(?<![\"'])\|\s*safe\b": "|safe; only what we write ourselves is Markup",
    }
    for path, text in house.templates:
        if path.endswith("/letter.html"):
            continue  # mail programs know no style sheets
        text = re.sub(r"\{#.*?#\}", lambda found: "\n" * found.group().count("\n"), text, flags=re.DOTALL)
        for pattern, mend in faults.items():
            if path.endswith(".txt") and "safe" in pattern:
                continue  # plain text is not escaped
            for found in re.finditer(pattern, text):
                yield f"{path}:{text.count(chr(10), 0, found.start()) + 1}: {mend}"


def templates_live_in_their_wing(house: House) -> Iterator[str]:
    """`templates/<wing>/…`: two of the same name elsewhere would shadow each other."""
    for path, _ in house.templates:
        below = path.removeprefix("house/templates/")
        folder = below.split("/")[0]
        if "/" not in below and below not in FRAMES:
            yield f"{path}: belongs into house/templates/<wing>/"
        elif "/" in below and folder not in (*WINGS, *HOUSEHOLD):
            yield f"{path}: {folder} is no wing"
    for path, _ in house.texts("house", "*.html"):
        if not path.startswith("house/templates/"):
            yield f"{path}: templates live in house/templates/<wing>/"
