"""What the open data needs to be told in words: the words themselves are in `hsds_words.py`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

Condition = Mapping[str, Any]


class Named(NamedTuple):
    """A name and what it means."""

    name: str
    description: str


@dataclass(frozen=True)
class Voice:
    """How things are said in one language, which codes there are to speak of, and where one reads on."""

    tag: str
    taxonomy: Callable[[str], Named]
    term: Callable[[str, str], Named]
    """Of a fact or list and one of its codes: `term("purpose", "student")`."""
    whom: Callable[[Iterable[Condition], Mapping[str, Any]], str]
    """Whom something is for, in sentences."""
    only_if: Callable[[Condition, Mapping[str, Any]], str]
    way: Callable[[str, bool], str]
    """How it is done: a mode of the catalogue, and whether it is booked here."""
    authority: Callable[[str, Iterable[str]], str]
    """What an authority is: its level and the names of its services."""
    price: Callable[[float], str]
    language: Callable[[str], str]
    desk: Callable[[], str]
    reason: Callable[[str], str]
    """Why a day differs."""
    kinds: tuple[str, ...]
    obligations: tuple[str, ...]
    page: Callable[[str], str]
    """Where the page of a service is."""
    visit_us: str
    profile: str


def without_gaps(record: Mapping[str, Any]) -> dict[str, Any]:
    """What is there: HSDS knows no null, and an empty list says nothing."""
    return {key: value for key, value in record.items() if value is not None and value not in ([], {}, "")}
