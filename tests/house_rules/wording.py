"""How the house puts text into code: translatable, lazy where it must be, whole sentences, short ones."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from jinja2 import Environment, nodes

from tests.house_rules.reading import House, Source, called

EAGER = frozenset({"_", "gettext", "ngettext", "pgettext", "npgettext"})
LAZY = frozenset({"_l", "_ln", "_lp", "lazy_gettext", "lazy_ngettext", "lazy_pgettext", "lazy_string"})
LONGEST = 15
_UNNAMED = re.compile(r"%(?!\()")
_TO_PHONE = re.compile(r"\b(?:call|phone) us\b|\bplease phone\b", re.IGNORECASE)
_NUMBER = "parts/phone.html"
_CLASS = re.compile(r"\{% block \w+_class %\}.*?\{% endblock %\}")  # a CSS class, not words
# Marks and names that are the same in every language.
SAME_EVERYWHERE = frozenset(
    {"CVR", "CPR", "QR", "MitID", "iCal", "ICS", "PDF", "JSON", "CSV", "PX", "XLSX", "HSDS"}
)
_ENV = Environment(extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"])


def text_waits_for_its_language(house: House) -> Iterator[str]:
    """No eager gettext when a module or class is made: it would stay in that moment's language for ever."""
    for source in house.python:
        for call in _made_at_import(source.tree):
            if called(call) in EAGER:
                yield source.at(
                    call, f"{called(call)}() at import time; use _l, or call it inside a function"
                )


def _made_at_import(node: ast.AST) -> Iterator[ast.Call]:
    """Calls that run when the module is imported: outside function bodies, but in defaults and decorators."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            for part in (*child.decorator_list, child.args):
                yield from _calls(part)
        elif not isinstance(child, ast.Lambda):
            if isinstance(child, ast.Call):
                yield child
            yield from _made_at_import(child)


def _calls(node: ast.AST) -> Iterator[ast.Call]:
    yield from (one for one in ast.walk(node) if isinstance(one, ast.Call))


def lazy_text_stays_in_forms_and_words(house: House) -> Iterator[str]:
    """`_l` only where labels are made once, in forms and words; elsewhere text is said when it is needed."""
    for source in house.python:
        name = PurePosixPath(source.path).stem
        if name in ("forms", "words") or name.endswith(("_forms", "_words")):
            continue
        for node, imported in source.imports():
            if imported.startswith("flask_babel.lazy_"):
                yield source.at(node, f"imports {imported}; lazy text belongs into forms.py or words.py")


def text_can_be_extracted(house: House) -> Iterator[str]:
    """The message is one literal, not empty, its placeholders named; f-strings are never extracted."""
    for source in house.python:
        for call in _calls(source.tree):
            if called(call) in EAGER | LAZY - {"lazy_string"}:
                yield from (source.at(call, problem) for problem in _bad_message(call))
        yield from _glued(source)
        yield from _inside_an_f_string(source)


def _bad_message(call: ast.Call) -> Iterator[str]:
    texts = {"ngettext": 2, "lazy_ngettext": 2, "_ln": 2, "pgettext": 2, "lazy_pgettext": 2, "_lp": 2}
    for argument in call.args[: texts.get(called(call), 1)]:
        if not isinstance(argument, ast.Constant) or not isinstance(argument.value, str):
            yield "a message must be one literal; put what changes into named placeholders"
        elif not argument.value.strip():
            yield "an empty message is the catalogue's header"
        elif _UNNAMED.search(argument.value.replace("%%", "")):
            yield f"{argument.value!r}: placeholders are named, as %(name)s, and a per cent sign is %%"


def _glued(source: Source) -> Iterator[str]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            sides = [side for side in (node.left, node.right) if isinstance(side, ast.Call)]
            if any(called(side) in EAGER for side in sides):
                yield source.at(node, "sentences are not glued together; one whole message with placeholders")


def _inside_an_f_string(source: Source) -> Iterator[str]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.JoinedStr) and any(called(call) in EAGER for call in _calls(node)):
            yield source.at(node, "Babel does not look into f-strings; say the message before")


def templates_can_be_extracted(house: House) -> Iterator[str]:
    """The same for `_()` in templates."""
    for path, text in house.templates:
        for call in _ENV.parse(text).find_all(nodes.Call):
            name = call.node.name if isinstance(call.node, nodes.Name) else ""
            if name not in EAGER:
                continue
            for argument in call.args[: 2 if name in ("ngettext", "pgettext") else 1]:
                if not isinstance(argument, nodes.Const) or not str(argument.value).strip():
                    yield f"{path}:{call.lineno}: a message must be one literal, with named placeholders"
                elif _UNNAMED.search(str(argument.value).replace("%%", "")):
                    yield f"{path}:{call.lineno}: placeholders are named, as %(name)s; per cent is %%"


def templates_speak_every_language(house: House) -> Iterator[str]:
    """No words in a template outside `_()`: they would be English on the Arabic page."""
    for path, text in house.templates:
        for line, words in _bare_words(text):
            yield f"{path}:{line}: {words!r} stands outside _()"


def _bare_words(text: str) -> Iterator[tuple[int, str]]:
    kept = []  # the template with everything that Jinja computes replaced by a blank of the same lines
    for _, kind, value in _ENV.lex(_CLASS.sub("", text)):
        kept.append(
            value
            if kind == "data"
            else "\n" * value.count("\n") or ("\x00" if kind.endswith("begin") else "")
        )
    page = "".join(kept)
    page = re.sub(r"<!--.*?-->|<!doctype[^>]*>", _lines, page, flags=re.DOTALL | re.IGNORECASE)
    spoken = r"""\s(?:alt|title|placeholder|aria-label|content)=["']([^"']*)["']"""
    for match in re.finditer(spoken, page):
        inside = page[page.rfind("<", 0, match.start()) : match.start()]
        machine = inside.startswith("<meta") and 'name="description"' not in inside
        if not machine and (words := _letters(match.group(1))):
            yield page.count("\n", 0, match.start()) + 1, words
    page = re.sub(r"<(script|style|kbd|code)\b.*?</\1>", _lines, page, flags=re.DOTALL)
    page = re.sub(r"<[a-zA-Z/][^<>]*>", _lines, page)
    for number, line in enumerate(page.split("\n"), start=1):
        if words := _letters(line):
            yield number, words


def _lines(match: re.Match[str]) -> str:
    return "\x00" + "\n" * match.group().count("\n")


def _letters(text: str) -> str:
    words = re.findall(r"[^\W\d_][\w-]*", re.sub(r"&#?\w+;", " ", text))
    return " ".join(word for word in words if word not in SAME_EVERYWHERE)


def blank_answers_are_no_answers(house: House) -> Iterator[str]:
    """A line that must be written has DataRequired: InputRequired lets a line of blanks pass."""
    for source in house.python:
        for call in _calls(source.tree):
            if called(call) in ("LineField", "EmailAddressField") and any(
                isinstance(one, ast.Name) and one.id == "InputRequired" for one in ast.walk(call)
            ):
                yield source.at(call, "InputRequired lets blanks pass; use DataRequired")


def sentences_are_short(house: House) -> Iterator[str]:
    """At most 15 words a sentence: most readers read a foreign language."""
    for path, line, message in messages(house):
        for sentence in re.split(r"(?<=[.!?:;])\s+|\n", message):
            words = len(re.findall(r"[^\W_][\w'’-]*(?:\([^)]*\)s)?", re.sub(r"%\(\w+\)[sd]", "X", sentence)))
            if words > LONGEST:
                yield f"{path}:{line}: {words} words in one sentence: {sentence!r}"


def nobody_is_told_to_phone_without_a_number(house: House) -> Iterator[str]:
    """Who is told to phone sees the number there: only beside `parts/phone.html`, never in code."""
    beside = {path for path, text in house.templates if _NUMBER in path or _NUMBER in text}
    for path, line, message in messages(house):
        if _TO_PHONE.search(message) and path not in beside:
            yield f"{path}:{line}: {message!r} shows no number; a house may have none. Say: talk to us"


def messages(house: House) -> Iterator[tuple[str, int, str]]:
    """Every translatable message as (file, line, text)."""
    for source in house.python:
        for call in _calls(source.tree):
            if called(call) in EAGER | LAZY:
                for argument in call.args:
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                        yield source.path, call.lineno, argument.value
    for path, text in house.templates:
        for found in _ENV.parse(text).find_all(nodes.Call):
            if isinstance(found.node, nodes.Name) and found.node.name in EAGER:
                for argument in found.args:
                    if isinstance(argument, nodes.Const):
                        yield path, found.lineno, str(argument.value)
