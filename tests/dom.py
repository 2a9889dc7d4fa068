"""A parsed page with parents and plain selectors: just enough of a DOM for tests."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any
from xml.etree.ElementTree import Element as Node

import html5lib
from html5lib.constants import E

_SIMPLE = re.compile(r"([#.]?[\w-]+|\*)|\[([\w:-]+)(?:=\"?([^\"\]]*)\"?)?\]")
# Elements whose words nobody sees as part of the page.
UNSEEN = frozenset({"script", "style", "template", "head", "noscript"})
BLOCKS = frozenset({
    "br", "button", "dd", "div", "dt", "fieldset", "form", "h1", "h2", "h3", "h4", "h5", "h6", "label",
    "legend", "li", "option", "p", "section", "summary", "td", "th", "tr",
})  # fmt: skip


class Element:
    """An element of a page. It knows where it stands among all of them, so that asking for some is quick."""

    def __init__(self, node: Node, parent: Element | None) -> None:
        self.node, self.parent = node, parent
        self.tag = str(node.tag).rpartition("}")[2] if isinstance(node.tag, str) else ""
        self.classes = str(node.attrib.get("class", "")).split()
        self.page: Index = Index() if parent is None else parent.page
        self.begins = self.page.add(self)
        self.children = [Element(child, self) for child in node]
        self.ends = len(self.page.all)

    def __repr__(self) -> str:
        wanted = [
            f'{name}="{self[name]}"' for name in ("id", "name", "class", "href", "for") if self.get(name)
        ]
        return f"<{' '.join([self.tag, *wanted])}>"

    def __getitem__(self, name: str) -> str:
        return str(self.node.attrib[name])

    def get(self, name: str, default: Any = None) -> Any:
        return self.node.attrib.get(name, default)

    @property
    def attributes(self) -> dict[str, str]:
        return {str(name): value for name, value in self.node.attrib.items()}

    def everything(self) -> list[Element]:
        """This element and all below it, in the order of the page."""
        return self.page.all[self.begins : self.ends]

    def ancestors(self) -> Iterator[Element]:
        if self.parent is not None:
            yield self.parent
            yield from self.parent.ancestors()

    @property
    def raw_text(self) -> str:
        return "".join(self.node.itertext())

    @property
    def text(self) -> str:
        """The words in it, with single spaces."""
        return " ".join("".join(self._words()).split())

    def _words(self) -> Iterator[str]:
        if self.tag in UNSEEN or not self.tag:
            return
        gap = " " if self.tag in BLOCKS else ""
        yield gap + (self.node.text or "")
        for child in self.children:
            yield from child._words()
            yield child.node.tail or ""
        yield gap

    def words(self) -> Iterator[str]:
        """Every text node somebody sees, one by one."""
        if self.tag in UNSEEN or not self.tag:
            return
        yield self.node.text or ""
        for child in self.children:
            yield from child.words()
            yield child.node.tail or ""

    def select(self, css: str) -> list[Element]:
        """Elements below by a selector of tags, #ids, .classes, [attributes], spaces and commas."""
        found: list[Element] = []
        for steps in _read(css):
            likely = self.page.likely(steps[-1])
            found += [one for one in likely if self.begins < one.begins < self.ends and one._ends(steps)]
        return found

    def _ends(self, steps: Steps) -> bool:
        if not all(self._has(*part) for part in steps[-1]):
            return False
        rest = steps[:-1]
        return not rest or any(one._ends(rest) for one in self.ancestors())

    def _has(self, kind: str, name: str, value: str | None) -> bool:
        if kind == "[":
            return self.get(name) is not None and value in (None, self.get(name))
        if kind == "#":
            return bool(self.get("id") == name)
        return name in self.classes if kind == "." else name in ("*", self.tag)


class Index:
    """All elements of a page in order, and those of each tag, class and attribute."""

    def __init__(self) -> None:
        self.all: list[Element] = []
        self.by: dict[tuple[str, str], list[Element]] = {}

    def add(self, one: Element) -> int:
        """Its number."""
        keys = [("", one.tag), *((".", name) for name in set(one.classes))]
        for key in [*keys, *(("[", str(name)) for name in one.node.attrib)]:
            self.by.setdefault(key, []).append(one)
        self.all.append(one)
        return len(self.all) - 1

    def likely(self, step: Step) -> list[Element]:
        """Few elements among which are all that fit this step."""
        keys = [("[", "id") if kind == "#" else (kind, name) for kind, name, _ in step if name != "*"]
        return min((self.by.get(key, []) for key in keys), key=len, default=self.all)


Part = tuple[str, str, str | None]
"""What one element must have: "" and its tag, "#" and id, "." and a class, "[" and an attribute."""

Step = tuple[Part, ...]
Steps = tuple[Step, ...]


@cache
def _read(css: str) -> tuple[Steps, ...]:
    return tuple(tuple(map(_step, path.split())) for path in css.split(","))


def _step(simple: str) -> Step:
    parts: list[Part] = []
    for name, attribute, value in (match.groups() for match in _SIMPLE.finditer(simple)):
        if attribute is not None:
            parts.append(("[", attribute, value))
        else:
            parts.append((name[0], name[1:], None) if name[0] in "#." else ("", name, None))
    return tuple(parts)


@dataclass(frozen=True)
class Parsed:
    """A page and what its parser did not like about it."""

    document: Element
    errors: list[str]


@lru_cache(maxsize=8)  # whoever inspects a page and whoever walks on it read it one after the other
def parse(html: str) -> Parsed:
    """Read HTML as browsers do, and collect every error they would forgive."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    root = parser.parse(html)
    lines = html.splitlines()
    errors = [
        f"line {line}, column {column}: {E.get(code, code) % data} in {lines[line - 1].strip()[:100]!r}"
        for (line, column), code, data in parser.errors
        if 0 < line <= len(lines)
    ]
    page = Node("document")
    page.append(root)
    return Parsed(Element(page, None), errors)
