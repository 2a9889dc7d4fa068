"""The conditions of the catalogue's rule language, asked of one person: true, false, or not known yet.

A condition is AND between its keys; alternatives are OR between conditions. How it is written is told in the
header of the catalogue file; how it is said in words is `condition_words.py`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from operator import contains, ge, gt, is_, le, lt
from typing import Any, NamedTuple

Condition = Mapping[str, Any]
Facts = Mapping[str, Any]
"""What is known of a person; a fact that is missing or None is not known."""


def _in(value: Any, wanted: Any) -> bool:
    return bool(contains(wanted, value))


def _not_in(value: Any, wanted: Any) -> bool:
    return not contains(wanted, value)


_HOW: dict[str, Callable[[Any, Any], bool]] = {
    "_not": _not_in, "_is": is_, "_gte": ge, "_lte": le, "_gt": gt, "_lt": lt,
}  # fmt: skip


class Clause(NamedTuple):
    """One key of a condition: which fact, how it is compared, with what."""

    key: str
    fact: str
    compare: Callable[[Any, Any], bool]
    wanted: Any

    def of(self, facts: Facts) -> bool | None:
        """Whether it holds; None where the fact is not known."""
        value = facts.get(self.fact)
        return None if value is None else self.compare(value, self.wanted)


Clauses = tuple[Clause, ...]


def clauses_of(condition: Condition | None) -> Clauses:
    """A condition made ready to be asked often; no condition holds for everybody."""
    return tuple(_clause(key, wanted) for key, wanted in (condition or {}).items())


def _clause(key: str, wanted: Any) -> Clause:
    for ending, compare in _HOW.items():
        if key.endswith(ending):
            return Clause(key, key.removesuffix(ending), compare, _ready(wanted))
    return Clause(key, key, _in, _ready(wanted))


def _ready(wanted: Any) -> Any:
    if isinstance(wanted, list | tuple):
        return frozenset(wanted)
    return frozenset({wanted}) if isinstance(wanted, str) else wanted


def holds(clauses: Clauses, facts: Facts) -> bool | None:
    """Whether a person meets a condition: one "no" decides, else one "not known" leaves it open."""
    known, told = True, facts.get
    for _key, fact, compare, wanted in clauses:  # as `Clause.of`, which costs a call: a page asks thousands
        value = told(fact)
        if value is None:
            known = False
        elif not compare(value, wanted):
            return False
    return True if known else None


def any_holds(groups: Iterable[Clauses], facts: Facts) -> bool | None:
    """Whether a person meets one of several conditions."""
    answer: bool | None = False
    for clauses in groups:
        found = holds(clauses, facts)
        if found:
            return True
        if found is None:
            answer = None
    return answer


def open_in(clauses: Clauses, facts: Facts) -> list[str]:
    """The facts that would still decide a condition; none where it is decided."""
    still_open = []
    for _key, fact, compare, wanted in clauses:
        value = facts.get(fact)
        if value is None:
            still_open.append(fact)
        elif not compare(value, wanted):
            return []
    return still_open


def failing(groups: Iterable[Clauses], facts: Facts) -> dict[str, Any]:
    """What keeps a person from the alternative she is nearest to, as a condition; {} when nothing does."""
    missed = ([clause for clause in clauses if clause.of(facts) is False] for clauses in groups)
    return {clause.key: _written(clause.wanted) for clause in min(missed, key=len)}


def because(clauses: Clauses, facts: Facts) -> dict[str, Any]:
    """Why a condition holds for a person, said of herself: her own value where values are listed."""
    own: dict[str, Any] = {}
    for clause in clauses:
        if isinstance(clause.wanted, frozenset):
            own[clause.fact] = [facts[clause.fact]]
        else:
            own[clause.key] = clause.wanted
    return own


def _written(wanted: Any) -> Any:
    return sorted(wanted) if isinstance(wanted, frozenset) else wanted
