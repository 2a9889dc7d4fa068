"""Reading what a machine sends: strict JSON, and every mistake at once. Sentences are in `api_words.py`."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError

from house.intake.api.schemas import SCHEMAS
from house.problems import Problem

LARGEST_BODY = 64 * 1024
DEEPEST = 16
MOST_FINDINGS = 50
Body = dict[str, Any]


class Finding(NamedTuple):
    """What is wrong with one place of a body: a JSON pointer, the rule that it breaks, and the rule's limit.

    `detail` is a sentence where the rule alone does not say enough.
    """

    pointer: str
    rule: str
    limit: Any = None
    detail: str = ""


class Unreadable(Problem):
    """What came is no JSON as RFC 8259 and this house want it."""

    status = 400
    code = "unreadable"


class Misasked(Problem):
    """Readable, and not what can be asked here."""

    code = "misasked"

    def __init__(self, *findings: Finding) -> None:
        super().__init__()
        self.findings = findings


def parse(data: bytes) -> Any:
    """The JSON of a body; raises `Unreadable`: also for keys given twice, NaN, halves of signs, and depth."""
    try:
        found = json.loads(data.decode(), object_pairs_hook=_once, parse_constant=_never, parse_float=_finite)
        json.dumps(found, ensure_ascii=False).encode()  # refuses half of a pair of signs
    except (ValueError, RecursionError):
        raise Unreadable() from None
    if _depth(found) > DEEPEST:
        raise Unreadable()
    return found


def _once(pairs: list[tuple[str, Any]]) -> Body:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("A key stands twice.")
    return found


def _never(name: str) -> None:
    raise ValueError(f"{name} is no number in JSON.")


def _finite(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ValueError("Too large a number.")
    return number


def _depth(found: Any) -> int:
    depth, level = 0, [found]
    while level and depth <= DEEPEST:
        nested = [one for one in level if isinstance(one, dict | list)]
        level = [part for one in nested for part in (one.values() if isinstance(one, dict) else one)]
        depth += 1
    return depth


# --- checking ---------------------------------------------------------------------------------------------

_FORMATS = FormatChecker(())
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(_DAY.pattern + r"T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?(Z|[+-][0-9]{2}:[0-9]{2})")


@_FORMATS.checks("date-time", ValueError)
def _is_moment(value: object) -> bool:
    return not isinstance(value, str) or moment_in(value) is not None


@_FORMATS.checks("date", ValueError)
def _is_day(value: object) -> bool:
    if isinstance(value, str) and not _DAY.fullmatch(value):
        raise ValueError("A day is year, month and day.")
    return not isinstance(value, str) or bool(date.fromisoformat(value))


def moment_in(text: str) -> datetime:
    """A date and time with its offset; raises ValueError for what is none, or lies at the ends of time."""
    if not _MOMENT.fullmatch(text):
        raise ValueError("A moment is written as in RFC 3339, with its offset.")
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except OverflowError:
        raise ValueError("So far away is nobody.") from None


@lru_cache
def _validator(name: str) -> Draft202012Validator:
    """The house's own schema of a body, with those it refers to beside it."""
    schema = {"$ref": f"#/components/schemas/{name}", "components": {"schemas": SCHEMAS}}
    return Draft202012Validator(schema, format_checker=_FORMATS)


def check(name: str, body: Any) -> Body:
    """The body, when it is as the schema of this name says; raises `Misasked` with all that is wrong."""
    found = [finding for error in _validator(name).iter_errors(body) for finding in _findings(error)]
    if found:
        raise Misasked(*sorted(set(found), key=lambda one: one.pointer)[:MOST_FINDINGS])
    checked: Body = body
    return checked


def _findings(error: ValidationError) -> list[Finding]:
    """One for each place: what is missing and what is not known stands where it would be."""
    rule: str = str(error.validator)
    limit: Any = error.validator_value
    schema: Any = error.schema
    path = [str(part) for part in error.absolute_path]
    body: Any = error.instance
    if rule == "required":
        return [Finding(pointer(*path, name), rule) for name in limit if name not in body]
    if rule == "additionalProperties":
        known = schema["properties"]
        return [Finding(pointer(*path, name[:60]), rule) for name in body if name not in known]
    plain = limit if isinstance(limit, int | str) else ", ".join(map(str, limit)) if rule == "enum" else None
    return [Finding(pointer(*path), rule, plain)]


def pointer(*parts: str) -> str:
    """A JSON pointer, RFC 6901."""
    return "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in parts)
