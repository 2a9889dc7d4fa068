"""An entry of the catalogue as the answers of a form, and the answers as an entry again.

Nothing is lost on the way: what a form does not ask stays as it was, and a part whose answer did not change
keeps its very value, in its very order. Answers hold text and lists of text only, so that whatever was typed
is shown again; whether it makes sense is for `shapes.py` and `checking.py` to say. What is asked of each kind
of entry is listed in `entry_parts.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from house.catalogue.condition_rows import Known, asked, in_order, number, said
from house.plain import clean_line

MISSING = object()
WAS = "was"
"""In a row of answers: which row of the entry it was."""
_NOT_ANSWERS = frozenset({"add", "csrf_token", "seen", "do"})


@dataclass(frozen=True)
class Part:
    """One name of an entry and how it is asked."""

    key: str

    def ask(self, value: Any, known: Known) -> Any:
        """The answer that stands for a value."""
        return "" if value is MISSING or value is None else clean_line(str(value))

    def say(self, answer: Any, before: Any, known: Known) -> Any:
        """The value that an answer means; MISSING when nothing was said."""
        return answer or MISSING

    def value(self, answer: Any, before: Any, known: Known) -> Any:
        """The value of an answer: the very value that stood there when the answer did not change."""
        return before if answer == self.ask(before, known) else self.say(answer, before, known)


class Number(Part):
    """A number, kept as it was typed when it is none."""

    def say(self, answer: Any, before: Any, known: Known) -> Any:
        return number(answer) if answer else MISSING


class Flag(Part):
    """Yes or no, or a word of its own."""

    def ask(self, value: Any, known: Known) -> Any:
        return {True: "yes", False: "no"}[value] if isinstance(value, bool) else super().ask(value, known)

    def say(self, answer: Any, before: Any, known: Known) -> Any:
        return {"yes": True, "no": False}.get(answer, answer or MISSING)


class Marks(Part):
    """Marks of sources in one line: `S01, A`."""

    def ask(self, value: Any, known: Known) -> Any:
        return "" if value is MISSING else ", ".join(value)

    def say(self, answer: Any, before: Any, known: Known) -> Any:
        return re.findall(r"[^\s,;]+", answer) or MISSING


@dataclass(frozen=True)
class Several(Part):
    """Some of the services or authorities."""

    of: str = "services"

    def ask(self, value: Any, known: Known) -> Any:
        return in_order(() if value is MISSING else value, getattr(known, self.of))

    def say(self, answer: Any, before: Any, known: Known) -> Any:
        return list(answer) or MISSING


class When(Part):
    """A condition, a row for each of its parts."""

    def ask(self, value: Any, known: Known) -> Any:
        return {
            "rows": [] if value is MISSING else [asked(key, wanted, known) for key, wanted in value.items()]
        }

    def say(self, answer: Any, before: Any, known: Known) -> Any:
        return dict(said(row, known) for row in answer["rows"]) or MISSING


@dataclass(frozen=True)
class Group(Part):
    """A few named things that belong together."""

    parts: tuple[Part, ...] = ()

    def ask(self, value: Any, known: Known) -> Any:
        return ask(self.parts, {} if value is MISSING else value, known)

    def say(self, answer: Any, before: Any, known: Known) -> Any:
        return say(self.parts, answer, {} if before is MISSING else before, known) or MISSING


@dataclass(frozen=True)
class Rows(Part):
    """A list, a row for each; `plain` names the part that stands alone where a row has nothing else."""

    parts: tuple[Part, ...] = ()
    plain: str = ""
    always: bool = False
    alone: bool = False

    def ask(self, value: Any, known: Known) -> Any:
        listed = [] if value is MISSING else [value] if self.alone and not isinstance(value, list) else value
        return [self._ask_row(one, known) | {WAS: str(n)} for n, one in enumerate(listed)]

    def value(self, answer: Any, before: Any, known: Known) -> Any:
        if self.always and before is MISSING:
            return self.say(answer, before, known)
        return super().value(answer, before, known)

    def _ask_row(self, row: Any, known: Known) -> dict[str, Any]:
        return ask(self.parts, {self.plain: row} if not isinstance(row, dict) else row, known)

    def say(self, answer: Any, before: Any, known: Known) -> Any:
        stood = before if isinstance(before, list) else []
        made = [self._say_row(row, stood, known) for row in answer]
        if self.alone and len(made) == 1 and not isinstance(made[0], dict):
            return made[0]
        if self.alone:
            made = [one if isinstance(one, dict) else {self.plain: one} for one in made]
        return made if made or self.always or before is not MISSING else MISSING

    def _say_row(self, row: Mapping[str, Any], stood: list[Any], known: Known) -> Any:
        at = row.get(WAS, "")
        was = stood[int(at)] if at.isdecimal() and len(at) < 4 and int(at) < len(stood) else {}
        answers = {name: one for name, one in row.items() if name != WAS}
        if was and answers == self._ask_row(was, known):
            return was
        made = say(self.parts, answers, was if isinstance(was, dict) else {}, known)
        return made[self.plain] if self.plain and list(made) == [self.plain] else made


class Conditions(Part):
    """Conditions of which one must hold."""

    def ask(self, value: Any, known: Known) -> Any:
        each = When("")
        listed = [] if value is MISSING else value
        return [each.ask(one, known) | {WAS: str(n)} for n, one in enumerate(listed)]

    def say(self, answer: Any, before: Any, known: Known) -> Any:
        stood = [] if before is MISSING else before
        listed = self.ask(before, known)
        each = When("")
        made = [
            stood[listed.index(one)] if one in listed else each.say(one, MISSING, known) for one in answer
        ]
        return [one for one in made if one is not MISSING] or MISSING


def ask(parts: Iterable[Part], record: Mapping[str, Any], known: Known) -> dict[str, Any]:
    """The answers that stand for a record."""
    return {part.key: part.ask(record.get(part.key, MISSING), known) for part in parts}


def say(
    parts: Sequence[Part], answers: Mapping[str, Any], before: Mapping[str, Any], known: Known
) -> dict[str, Any]:
    """The record that answers mean; names that are not asked stay, in their places."""
    by_key = {part.key: part for part in parts}
    made: dict[str, Any] = {}
    for key in (*before, *(key for key in by_key if key not in before)):
        was = before.get(key, MISSING)
        part = by_key.get(key)
        value = part.value(answers[key], was, known) if part and key in answers else was
        if value is not MISSING:
            made[key] = value
    return made


def tidy(answers: Any) -> Any:
    """Answers as a form gives them, without what is no answer and without rows nobody wrote in."""
    if isinstance(answers, Mapping):
        return {name: tidy(one) for name, one in answers.items() if name not in _NOT_ANSWERS}
    if isinstance(answers, list):
        return [one for one in map(tidy, answers) if not blank(one)]
    return "" if answers is None else answers


def blank(answer: Any) -> bool:
    """Whether nobody wrote anything here."""
    if isinstance(answer, Mapping):
        return all(blank(one) for name, one in answer.items() if name != WAS)
    return all(map(blank, answer)) if isinstance(answer, list) else answer in ("", None)
