"""A parsed page with parents and plain selectors: just enough of a DOM for tests."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
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
    """An element of a page."""

    def __init__(self, node: Node, parent: Element | None) -> None:
        self.node, self.parent = node, parent
        self.tag = str(node.tag).rpartition("}")[2] if isinstance(node.tag, str) else ""
        self.children = [Element(child, self) for child in node]

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

    @property
    def classes(self) -> list[str]:
        return str(self.get("class", "")).split()

    def everything(self) -> Iterator[Element]:
        """This element and all below it, in the order of the page."""
        yield self
        for child in self.children:
            yield from child.everything()

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
        for path in css.split(","):
            steps = path.split()
            found += [one for one in self.everything() if one is not self and one._ends(steps)]
        return found

    def _ends(self, steps: list[str]) -> bool:
        if not self._is(steps[-1]):
            return False
        rest = steps[:-1]
        return not rest or any(one._ends(rest) for one in self.ancestors())

    def _is(self, simple: str) -> bool:
        return all(self._has(*match.groups()) for match in _SIMPLE.finditer(simple))

    def _has(self, name: str | None, attribute: str | None, value: str | None) -> bool:
        if attribute is not None:
            return self.get(attribute) is not None and value in (None, self.get(attribute))
        assert name is not None
        if name[0] == "#":
            return bool(self.get("id") == name[1:])
        return name[1:] in self.classes if name[0] == "." else name in ("*", self.tag)


@dataclass(frozen=True)
class Parsed:
    """A page and what its parser did not like about it."""

    document: Element
    errors: list[str]


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
