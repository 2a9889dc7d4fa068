"""The house as text: its Python, templates and styles, parsed once."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WINGS = ("people", "reporting", "catalogue", "intake", "events", "referrals")

# Wings that a wing may use, by their faces.
BELOW = {
    "people": (),
    "reporting": ("people",),
    "catalogue": ("reporting", "people"),
    "intake": ("catalogue", "reporting", "people"),
    "events": ("intake", "catalogue", "reporting", "people"),
    "referrals": ("intake", "catalogue", "reporting", "people"),
}

# Rooms that a person can try in a REPL with nothing but dates and lists, and what else they may import.
PURE: dict[str, tuple[str, ...]] = {
    "house/catalogue/answers.py": ("house.plain",),
    "house/catalogue/asking.py": (),
    "house/catalogue/alike.py": (),
    "house/catalogue/bundle_file.py": (),
    "house/catalogue/cases.py": ("yaml",),
    "house/catalogue/changes.py": (),
    "house/catalogue/checking.py": ("jsonschema", "yaml", "house.languages", "house.plain"),
    "house/catalogue/condition_rows.py": (),
    "house/catalogue/conditions.py": (),
    "house/catalogue/entries.py": (),
    "house/catalogue/entry_parts.py": (),
    "house/catalogue/foreseen.py": (),
    "house/catalogue/danish_days.py": ("holidays",),
    "house/catalogue/deadlines.py": (),
    "house/catalogue/finding.py": (),
    "house/catalogue/for_whom.py": (),
    "house/catalogue/hsds/asking.py": (),
    "house/catalogue/hsds/audience.py": (),
    "house/catalogue/hsds/fields.py": (),
    "house/catalogue/hsds/hours.py": (),
    "house/catalogue/hsds/ids.py": (),
    "house/catalogue/hsds/openapi.py": (),
    "house/catalogue/hsds/profile.py": (),
    "house/catalogue/hsds/tabular.py": (),
    "house/catalogue/hsds/terms.py": (),
    "house/catalogue/hsds/voice.py": (),
    "house/catalogue/language_tree.py": (),
    "house/catalogue/opening.py": (),
    "house/catalogue/overlaps.py": (),
    "house/catalogue/persons.py": (),
    "house/catalogue/plan.py": (),
    "house/catalogue/pressing.py": (),
    "house/catalogue/reviewing.py": (),
    "house/catalogue/questions.py": (),
    "house/catalogue/rulebook.py": (),
    "house/catalogue/searching.py": ("rapidfuzz",),
    "house/catalogue/steps.py": (),
    "house/catalogue/subjects.py": (),
    "house/catalogue/prerequisites.py": (),
    "house/catalogue/residence.py": (),
    "house/catalogue/worklist.py": (),
    "house/events/seats.py": (),
    "house/intake/api/openapi.py": (),
    "house/intake/api/operations.py": (),
    "house/intake/api/reading.py": ("jsonschema",),
    "house/intake/api/schemas.py": (),
    "house/intake/chains.py": (),
    "house/intake/clashes.py": (),
    "house/intake/daymap.py": (),
    "house/intake/device_time.py": (),
    "house/intake/household.py": (),
    "house/intake/nights.py": (),
    "house/intake/reminder_times.py": ("house.intake.nights",),
    "house/intake/lateness.py": ("house.problems",),
    "house/intake/partly.py": (),
    "house/intake/estimating.py": (),
    "house/intake/playing.py": (),
    "house/intake/queue.py": (),
    "house/intake/replay.py": (),
    "house/intake/retelling.py": (),
    "house/intake/slots.py": (),
    "house/intake/timetable.py": (),
    "house/referrals/states.py": (),
    "house/reporting/codes.py": (),
    "house/reporting/cubes.py": (),
    "house/reporting/disclosure.py": (),
}


@dataclass(frozen=True)
class Source:
    """One Python file of the house."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.path)

    @property
    def module(self) -> str:
        return self.path.removesuffix(".py").replace("/", ".").removesuffix(".__init__")

    @property
    def wing(self) -> str | None:
        """The wing it stands in, or None for the ground and the top floor."""
        parts = self.path.split("/")
        return parts[1] if len(parts) > 2 and parts[1] in WINGS else None

    @property
    def room(self) -> str:
        """The room of its wing: `views` for everything in `views/`, else the file's own name."""
        parts = self.path.removesuffix(".py").split("/")
        return parts[2] if len(parts) > 3 else parts[-1]

    def at(self, node: ast.AST | int, words: str) -> str:
        """A finding at a place in this file."""
        line = node if isinstance(node, int) else getattr(node, "lineno", 1)
        return f"{self.path}:{line}: {words}"

    def imports(self) -> Iterator[tuple[ast.AST, str]]:
        """Every module imported anywhere in the file, also inside functions; names of packages resolved."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((node, name.name) for name in node.names)
            elif isinstance(node, ast.ImportFrom):
                base = self._absolute(node)
                yield from ((node, f"{base}.{name.name}") for name in node.names)

    def _absolute(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        parts = self.path.removesuffix(".py").split("/")[: -node.level]
        return ".".join([*parts, *([node.module] if node.module else [])])


@dataclass(frozen=True)
class House:
    """The code under one root: the real one, or a temporary one with a fault in it."""

    root: Path

    @cached_property
    def python(self) -> list[Source]:
        """Every Python file of the house itself."""
        return [Source(self._name(path), path.read_text("utf-8")) for path in self._files("house", "*.py")]

    def texts(self, folder: str, pattern: str) -> list[tuple[str, str]]:
        """Other files as (name, text)."""
        return [(self._name(path), path.read_text("utf-8")) for path in self._files(folder, pattern)]

    @cached_property
    def templates(self) -> list[tuple[str, str]]:
        return self.texts("house/templates", "*.html") + self.texts("house/templates", "*.txt")

    def has(self, path: str) -> bool:
        return (self.root / path).exists()

    def module(self, dotted: str) -> str | None:
        """The file that an imported name lives in: `house.db.Key` → `house/db.py`; None for others."""
        parts = dotted.split(".")
        if parts[0] != "house":
            return None
        for length in range(len(parts), 0, -1):
            path = "/".join(parts[:length])
            if self.has(f"{path}.py"):
                return f"{path}.py"
            if self.has(f"{path}/__init__.py"):
                return f"{path}/__init__.py"
        return None

    def _files(self, folder: str, pattern: str) -> list[Path]:
        found = sorted((self.root / folder).rglob(pattern))
        return [
            path for path in found if "__pycache__" not in path.parts and "node_modules" not in path.parts
        ]

    def _name(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()


Rule = Callable[[House], Iterator[str]]


def called(node: ast.Call) -> str:
    """The dotted name that a call calls, as far as it is one: `db.session.commit`."""
    names: list[str] = []
    what: ast.expr = node.func
    while isinstance(what, ast.Attribute):
        names.append(what.attr)
        what = what.value
    names.append(what.id if isinstance(what, ast.Name) else "…")
    return ".".join(reversed(names))


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method, also inner ones."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
