"""A catalogue as a file: text becomes data whose every entry knows its line, and data becomes text again.

Whether the data is a sound catalogue is for `shapes.py` and `checking.py` to say. A file may come from anyone
and must not make the house slow: size, depth, number and length are limited before anything is understood.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator
from datetime import date, datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from yaml.constructor import SafeConstructor

from house.catalogue.checking import DATES, Finding, Lines, Where, faults
from house.catalogue.shapes import misshapen
from house.problems import Problem

LARGEST = 2 * 1024 * 1024
DEEPEST = 20
MOST_EVENTS = 100_000
MOST_TOLD = 100
LONGEST = 4000
LONGEST_NUMBER = 100
HEADER = (
    "# Service catalogue of an International House. Its rule language is described in the bundled file.\n"
)
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_Dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


class BrokenCatalogue(Problem):
    """The file is refused and nothing was changed; each finding has its line."""

    code = "broken_catalogue"

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(number=len(findings))
        self.findings = findings


class Checked(NamedTuple):
    """What was found in a catalogue's text: sound data only when there is no finding."""

    data: dict[str, Any]
    lines: Lines
    findings: list[Finding]


class Unreadable(Exception):
    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.finding = Finding(line, reason)


def check(text: str | bytes) -> Checked:
    """Read and judge a catalogue's text."""
    lines: Lines = {(): 1}
    findings: list[Finding] = []
    try:
        data = understand(decode(text), lines, findings)
    except Unreadable as fault:
        return Checked({}, lines, [fault.finding])
    told = islice(chain(misshapen(data), faults(data)), MOST_TOLD)
    findings += [Finding(line_of(where, lines), reason) for where, reason in told]
    return Checked(data if isinstance(data, dict) else {}, lines, sorted(set(findings)))


def check_file(path: Path) -> list[Finding]:
    """What is wrong with a catalogue file, by line; nothing when it can be taken over."""
    return read_file(path).findings


def read_file(path: Path) -> Checked:
    """Read and judge a file, of which no more is read than a catalogue may hold."""
    with path.open("rb") as stream:
        return check(stream.read(LARGEST + 1))


def write(catalogue: dict[str, Any]) -> str:
    """The catalogue as YAML: what `safe_load` reads from it is the same, in the same order."""
    return HEADER + str(
        yaml.dump(
            catalogue,
            Dumper=PlainDumper,
            sort_keys=False,
            allow_unicode=True,
            default_flow_style=None,
            width=110,
        )
    )


class PlainDumper(_Dumper):  # type: ignore[misc, valid-type]
    def ignore_aliases(self, data: Any) -> bool:
        return True


# --- dates rest as text in the records -----------------------------------------------------------------


def to_record(value: Any) -> Any:
    """The value as JSON holds it; a date becomes text, for it stands under names that say so."""
    if isinstance(value, dict):
        return {key: to_record(one) for key, one in value.items()}
    if isinstance(value, list):
        return [to_record(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


def from_record(value: Any, key: str = "") -> Any:
    """The value as the file holds it."""
    if isinstance(value, dict):
        return {name: from_record(one, name) for name, one in value.items()}
    if isinstance(value, list):
        return [from_record(one) for one in value]
    return date.fromisoformat(value) if key in DATES else value


# --- understanding a text ------------------------------------------------------------------------------


def decode(text: str | bytes) -> str:
    raw = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    if len(raw) > LARGEST:
        raise Unreadable(1, f"The file is larger than {LARGEST // 1024 // 1024} MB.")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Unreadable(raw[: error.start].count(b"\n") + 1, "This is not UTF-8 text.") from None


def understand(text: str, lines: Lines, findings: list[Finding]) -> Any:
    try:
        _refuse_bombs(text)
        node = yaml.compose(text, _Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise Unreadable(mark.line + 1 if mark else 1, f"This is not YAML: {error.problem}.") from None
    except yaml.YAMLError as error:
        raise Unreadable(_line_at(text, error), "This is not YAML: a sign that must not be in it.") from None
    if node is None:
        raise Unreadable(1, "The file is empty.")
    return _value(node, (), lines, findings)


def line_of(where: Where, lines: Lines) -> int:
    """The line of an entry, or of the nearest one around it."""
    while where not in lines:
        where = where[:-1]
    return lines[where]


def _line_at(text: str, error: yaml.YAMLError) -> int:
    return text.count("\n", 0, getattr(error, "position", 0) or 0) + 1


def _refuse_bombs(text: str) -> None:
    """Look at the text event by event, before anything is built from it."""
    depth = documents = 0
    for number, event in enumerate(yaml.parse(text, _Loader)):
        line = event.start_mark.line + 1 if event.start_mark else 1
        documents += isinstance(event, yaml.DocumentStartEvent)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise Unreadable(line, "Anchors (&) and aliases (*) are not taken; write the entry out.")
        if documents > 1:
            raise Unreadable(line, "One file holds one catalogue; '---' begins a second.")
        if depth > DEEPEST:
            raise Unreadable(line, f"Entries are nested more than {DEEPEST} deep.")
        if number > MOST_EVENTS:
            raise Unreadable(line, "The file holds too many entries.")
        if isinstance(event, yaml.NodeEvent) and not _plain(event):
            raise Unreadable(line, "Tags (!) are not taken.")
        if isinstance(event, yaml.ScalarEvent) and len(event.value) > LONGEST:
            raise Unreadable(line, f"A text is longer than {LONGEST} signs.")


def _plain(event: yaml.NodeEvent) -> bool:
    return getattr(event, "tag", None) is None


def _value(node: yaml.Node, where: Where, lines: Lines, findings: list[Finding]) -> Any:
    line = node.start_mark.line + 1
    lines.setdefault(where, line)
    if isinstance(node, yaml.SequenceNode):
        return [_value(one, (*where, n), lines, findings) for n, one in enumerate(node.value)]
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node, line, findings)
    entries: dict[str, Any] = {}
    for key_node, value_node in node.value:
        at = key_node.start_mark.line + 1
        key = _scalar(key_node, at, findings) if isinstance(key_node, yaml.ScalarNode) else None
        if not isinstance(key, str):
            findings.append(Finding(at, f"A name must be text; put {_shown(key_node)} in quotes."))
        elif key in entries:
            findings.append(Finding(at, f"{key} stands here twice."))
        else:
            lines[*where, key] = at
            entries[key] = _value(value_node, (*where, key), lines, findings)
    return entries


def _scalar(node: yaml.ScalarNode, line: int, findings: list[Finding]) -> Any:
    if node.tag == "tag:yaml.org,2002:str":
        value = str(node.value)
    elif len(node.value) > LONGEST_NUMBER:
        value = None
    else:
        try:
            value = SafeConstructor().construct_object(node)
        except (yaml.YAMLError, ValueError, OverflowError):
            findings.append(
                Finding(line, f"{_shown(node)} is neither a date nor a number; put it in quotes.")
            )
            return None
    findings.extend(Finding(line, reason) for reason in _faults(value, node))
    return value


def _faults(value: Any, node: yaml.ScalarNode) -> Iterator[str]:
    """What cannot be kept as it is."""
    if isinstance(value, str):
        if any(unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\t" for sign in value):
            yield "A text holds a sign that cannot be shown."
    elif value is None and len(node.value) > LONGEST_NUMBER:
        yield "A number is too long."
    elif isinstance(value, datetime):
        yield f"{_shown(node)} has a time of day; put it in quotes."
    elif isinstance(value, float) and not math.isfinite(value):
        yield f"{_shown(node)} is no number one can count with."
    elif not isinstance(value, str | int | float | date | None):
        yield f"{_shown(node)} cannot be kept; put it in quotes."


def _shown(node: yaml.Node) -> str:
    return repr(str(node.value)[:40])
