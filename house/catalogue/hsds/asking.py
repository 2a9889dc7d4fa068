"""What can be asked of the open data, and reading a question: every mistake in it is named at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, NamedTuple
from uuid import UUID

from house.problems import Problem

MOST_PER_PAGE = 100
PER_PAGE = 50
MOST_PAGES = 1_000_000
LONGEST_SEARCH = 200
LONGEST_VALUE = 500


class Finding(NamedTuple):
    """What is wrong with one parameter."""

    parameter: str
    detail: str


class Misasked(Problem):
    """A question that cannot be answered as it stands."""

    status = 400
    code = "misasked"

    def __init__(self, findings: Iterable[Finding]) -> None:
        super().__init__()
        self.findings = tuple(findings)


class Malformed(ValueError):
    """A value that is not of its kind; the message says what is expected."""


def _text(value: str) -> str:
    if len(value) > LONGEST_SEARCH:
        raise Malformed(f"At most {LONGEST_SEARCH} characters.")
    return value.strip()


def _number(lowest: int, highest: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        if not (value.isascii() and value.isdigit() and len(value) < 10 and lowest <= int(value) <= highest):
            raise Malformed(f"A whole number from {lowest} to {highest}.")
        return int(value)

    return read


def _flag(value: str) -> bool:
    if value.lower() not in ("true", "false"):
        raise Malformed("true or false.")
    return value.lower() == "true"


def _uuid(value: str) -> str:
    try:
        return str(UUID(value))
    except ValueError:
        raise Malformed("A UUID.") from None


def _moment(value: str) -> datetime:
    """A date or a date and time; without an offset it is meant in UTC."""
    try:
        if len(value) == len("2026-01-01"):
            return datetime.combine(date.fromisoformat(value), time(), UTC)
        found = datetime.fromisoformat(value.replace(" ", "+"))  # a plus sign that nobody escaped
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Malformed("A date, or a date and time as in RFC 3339: 2026-01-31T08:00:00Z.") from None


def _format(value: str) -> str:
    if value not in ("json", "ndjson"):
        raise Malformed("json or ndjson.")
    return value


@dataclass(frozen=True)
class Parameter:
    """One thing that can be asked: how it is read, its JSON schema and what it is for."""

    name: str
    read: Callable[[str], Any]
    schema: Mapping[str, Any]
    says: str
    several: bool = False


_ID = {"type": "string", "format": "uuid"}
_FLAG = {"type": "boolean"}
PARAMETERS = {
    one.name: one
    for one in (
        Parameter("search", _text, {"type": "string", "maxLength": LONGEST_SEARCH},
                  "Words that the entry must be found by, in the language asked for or in the record's."),
        Parameter("page", _number(1, MOST_PAGES), {"type": "integer", "minimum": 1, "default": 1},
                  "Which page, from 1. A page after the last one is empty."),
        Parameter("per_page", _number(1, MOST_PER_PAGE),
                  {"type": "integer", "minimum": 1, "maximum": MOST_PER_PAGE, "default": PER_PAGE},
                  "How many entries a page has at most."),
        Parameter("format", _format, {"type": "string", "enum": ["json", "ndjson"], "default": "json"},
                  "`ndjson` streams every entry, one on a line, without pages."),
        Parameter("modified_after", _moment, {"type": "string", "format": "date-time"},
                  "Only what changed at this moment or later; a date means its beginning in UTC."),
        Parameter("taxonomy_term_id", _uuid, _ID,
                  "Only services with this term or one below it. Given several times, all must hold.", True),
        Parameter("taxonomy_id", _uuid, _ID, "Only services with a term of this taxonomy; or its terms."),
        Parameter("organization_id", _uuid, _ID, "Only services of this organization."),
        Parameter("minimal", _flag, _FLAG, "Only `id` and `modified_date` of every service, on one page."),
        Parameter("full", _flag, _FLAG, "Entries with everything that belongs to them."),
        Parameter("full_service", _flag, _FLAG, "Organizations with their services told in full."),
        Parameter("top_only", _flag, _FLAG, "Only terms that stand below no other."),
        Parameter("parent_id", _uuid, _ID, "Only terms that stand right below this one."),
        Parameter("postcode", _text, {"type": "string"},
                  "Only at locations with this postal code."),
        Parameter("proximity", _number(0, 1_000_000), {"type": "integer", "minimum": 0},
                  "Metres from the middle of `postcode`. The house has no map: it answers as with 0."),
        Parameter("lang", _text, {"type": "string"},
                  "The language of the answer; without it, what Accept-Language prefers."),
    )
}  # fmt: skip

_PAGED = ("search", "page", "per_page", "format", "lang")
_OF_SERVICES = ("modified_after", "taxonomy_term_id", "taxonomy_id", "organization_id")
LISTS: dict[str, tuple[str, ...]] = {
    "services": (*_PAGED, *_OF_SERVICES, "minimal", "full"),
    "service_at_locations": (*_PAGED, *_OF_SERVICES, "full", "postcode", "proximity"),
    "organizations": (*_PAGED, "modified_after", "taxonomy_term_id", "taxonomy_id", "full", "full_service"),
    "taxonomies": _PAGED,
    "taxonomy_terms": (*_PAGED, "taxonomy_id", "top_only", "parent_id"),
}
"""What each list can be asked."""
SINGLE: dict[str, tuple[str, ...]] = {"organizations": ("lang", "full_service")}
"""What one entry can be asked, where it is more than its language."""


def read(allowed: Iterable[str], given: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """The values asked for, by name; raises Misasked with everything that is wrong.

    An empty value is as good as none. A parameter that is not known is refused: a filter that was misspelt
    and ignored would look like an answer.
    """
    names, findings = tuple(allowed), []
    asked: dict[str, Any] = {}
    for name, value in given:
        found = _one(names, name, value, asked)
        if found:
            findings.append(Finding(name[:60], found))
    if asked.get("proximity") is not None and "postcode" not in asked:
        findings.append(Finding("proximity", "Only together with postcode."))
    if findings:
        raise Misasked(findings)
    return asked


def _one(names: tuple[str, ...], name: str, value: str, asked: dict[str, Any]) -> str | None:
    """Read one parameter into `asked`, or say what is wrong with it."""
    if name not in names:
        return f"Not known here. What can be asked: {', '.join(sorted(names))}."
    if not value.strip():
        return None
    parameter = PARAMETERS[name]
    if name in asked and not parameter.several:
        return "Given more than once."
    try:
        found = parameter.read(value[:LONGEST_VALUE])
    except Malformed as expected:
        return f"Expected: {expected}"
    if parameter.several:
        asked.setdefault(name, []).append(found)
    else:
        asked[name] = found
    return None


def page_of(entries: list[Any], page: int, per_page: int) -> tuple[dict[str, Any], list[Any]]:
    """What a page says of itself, and the entries on it."""
    pages = -(-len(entries) // per_page)
    shown = entries[(page - 1) * per_page : page * per_page]
    about = {
        "total_items": len(entries), "total_pages": pages, "page_number": page, "size": len(shown),
        "first_page": page == 1, "last_page": page >= pages, "empty": not shown,
    }  # fmt: skip
    return about, shown
