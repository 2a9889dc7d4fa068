"""What a list shows, step by step: the same for the page, the paper and the calendar. How it is told is in
`plan_telling.py`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from house.catalogue.describing import Description
from house.catalogue.language_tree import Said
from house.catalogue.shelf import ServiceView
from house.catalogue.steps import Item
from house.languages import current


@dataclass(frozen=True)
class Caution:
    """Something that may stand in this person's way, and who can say."""

    said: Said
    ask: Said | None


@dataclass(frozen=True)
class Step:
    """One step of a list as it is told."""

    key: str
    item: Item
    service: ServiceView
    authority: Said
    tag: str
    when: tuple[str, ...]
    windows: tuple[tuple[Said, date, date], ...]
    """What must be done between two days."""
    rules: tuple[Said, ...]
    """The catalogue's own words about the time, where no day is known."""
    late: bool
    waits_for: tuple[Said, ...]
    waits_for_sponsor: tuple[Said, ...]
    together: str
    papers: tuple[Said, ...]
    held: tuple[Said, ...]
    channels: tuple[Said, ...]
    cautions: tuple[Caution, ...]
    reasons: tuple[str, ...]
    not_known: tuple[str, ...]
    new: bool
    about: Description


@dataclass(frozen=True)
class PersonsList:
    """The list of one person of the household."""

    key: str
    name: str
    steps: tuple[Step, ...]
    uncertain: tuple[Step, ...]
    not_for: tuple[tuple[ServiceView, list[str]], ...]
    gone: tuple[ServiceView, ...]
    """What was on the list before the last answers."""


@dataclass(frozen=True)
class Everything:
    """All lists of a household, and what is said once for all."""

    lists: tuple[PersonsList, ...]
    routes: tuple[Said, ...]
    handed_on: bool
    sponsor_needs: tuple[tuple[ServiceView, bool], ...] = ()
    """What the person whom the visitor joins must have first, and whether it is ticked."""

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        return tuple(step for one in self.lists for step in one.steps)

    @property
    def in_other_language(self) -> bool:
        """Whether a text is missing in the visitor's language."""
        spoken = {said.lang for step in self.steps for said in (*step.papers, *step.rules, *step.channels)}
        return bool(spoken - {current().tag})
