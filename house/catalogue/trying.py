"""Trying a change before anybody lives by it: the worked cases, bundled and staff's, by old and new rules."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from house import audit, clock
from house.catalogue.cases import BadCase, Case, read_cases
from house.catalogue.catalogue_file import Unreadable, decode, understand
from house.catalogue.checking import Finding, deceptive_signs
from house.catalogue.editing_models import StaffCase
from house.catalogue.entries import Kind, put
from house.catalogue.foreseen import Foreseen, foresee
from house.catalogue.planning import is_open
from house.catalogue.rulebook import Rulebook
from house.catalogue.storing import lock, stored
from house.problems import Moved, NotHere, Problem

BUNDLED = Path(__file__).parent / "data" / "cases.yaml"
LONGEST = 20_000


class UnreadableCase(Problem):
    """A text that is no case; `reason` says in English why."""

    code = "unreadable_case"

    def __init__(self, reason: str) -> None:
        super().__init__()
        self.reason = reason


@lru_cache(maxsize=1)
def bundled_cases() -> tuple[Case, ...]:
    """The worked cases that come with the house."""
    return tuple(read_cases(BUNDLED.read_text("utf-8")))


def staff_cases(session: Session) -> list[StaffCase]:
    """The cases that staff added, by title."""
    return list(session.scalars(select(StaffCase).order_by(StaffCase.title)))


def all_cases(session: Session) -> list[Case]:
    """Every case; those of staff go by their title."""
    own = [{**case, "id": row.title} for row in staff_cases(session) for case in read_cases(row.yaml)]
    return [*bundled_cases(), *own]


def foreseen(session: Session, kind: Kind, slug: str, record: Any) -> Foreseen | None:
    """Whose lists would change with this text; None where the kind of entry has no rules in it."""
    if kind not in (Kind.SERVICE, Kind.ROUTES):
        return None
    before = stored(session)
    after = put(before, kind, slug, record)
    return foresee(Rulebook.of(before), Rulebook.of(after), all_cases(session), is_open(session))


def readable_case(text: str) -> list[Case]:
    """The cases in a text; UnreadableCase for one that is none."""
    if len(text) > LONGEST:
        raise UnreadableCase("The case is too long.")
    findings: list[Finding] = []
    try:
        understand(decode(text), {(): 1}, findings)  # refuses what would make the house slow
        cases = read_cases(text)
    except Unreadable as fault:
        raise UnreadableCase(f"Line {fault.finding.line}: {fault.finding.reason}") from None
    except BadCase as error:
        raise UnreadableCase(str(error)[:300]) from None
    for reason in (*(one.reason for one in findings), *(one for _, one in deceptive_signs(cases))):
        raise UnreadableCase(reason)
    return cases


def checked_case(session: Session, text: str) -> None:
    """Raise UnreadableCase for a text that is no case, or that the rules cannot be tried on."""
    cases, book = readable_case(text), Rulebook.of(stored(session))
    if foresee(book, book, cases, is_open(session)).failed:
        raise UnreadableCase("The rules cannot be tried on it; look at the facts and dates.")


def add_case(session: Session, title: str, text: str, actor: str) -> StaffCase:
    """Add a case; Moved when one of this title is there."""
    checked_case(session, text)
    lock(session)  # two who add one of the same title at the same moment
    if session.scalar(select(StaffCase.id).where(StaffCase.title == title)) is not None:
        raise Moved("case_exists")
    made = StaffCase(title=title, yaml=text, changed_at=clock.now())
    session.add(made)
    session.flush()
    audit.record(session, actor, "case_added", f"staff_case {made.id}")
    return made


def remove_case(session: Session, id_: int, actor: str) -> None:
    """Take a case out; NotHere when it is gone."""
    found = session.get(StaffCase, id_)
    if found is None:
        raise NotHere()
    session.delete(found)
    audit.record(session, actor, "case_removed", f"staff_case {id_}")
