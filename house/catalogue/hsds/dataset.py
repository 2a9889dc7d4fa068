"""The open data of one language as plain things: lists of entries, each in every shape it is asked for."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from house.catalogue.hsds.tabular import package

BASIC, FULL, FULL_SERVICE, MINIMAL = "basic", "full", "full_service", "minimal"
Record = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Entry:
    """One thing that is given out, with what it is filtered by."""

    id: str
    shapes: Mapping[str, Record]
    found_by: str
    changed: datetime | None = None
    terms: frozenset[str] = frozenset()
    taxonomies: frozenset[str] = frozenset()
    organization: str = ""
    service: str = ""
    postcodes: frozenset[str] = frozenset()
    parent: str | None = None
    _told: dict[str, str] = field(default_factory=dict, repr=False)

    @property
    def known_as(self) -> str:
        """What it is found as: a service at a location as the service."""
        return self.service or self.id

    def shape(self, wanted: str) -> Record:
        """It in this shape; where it has none such, as full as it is."""
        return self.shapes.get(wanted) or self.shapes.get(FULL) or self.shapes[BASIC]

    def told(self, wanted: str) -> str:
        """A shape as JSON, written once."""
        known = self._told.get(wanted)
        if known is None:
            known = json.dumps(self.shape(wanted), ensure_ascii=False, separators=(",", ":"))
            self._told[wanted] = known
        return known


@dataclass(frozen=True, eq=False)
class Dataset:
    """Everything that is given out in one language: lists by the last word of their address."""

    lists: Mapping[str, Mapping[str, Entry]]
    locations: tuple[Record, ...]
    language: str

    def full(self, name: str) -> Iterator[Record]:
        """Every entry of a list in full."""
        return (one.shape(FULL) for one in self.lists[name].values())

    @cached_property
    def changed(self) -> datetime | None:
        """When any of it last changed."""
        entries = (one for listed in self.lists.values() for one in listed.values())
        return max((one.changed for one in entries if one.changed), default=None)

    @cached_property
    def zipped(self) -> bytes:
        """The same as tables with their description, packed once."""
        things = {
            "service": self.full("services"), "organization": self.full("organizations"),
            "location": iter(self.locations), "taxonomy": self.full("taxonomies"),
            "taxonomy_term": self.full("taxonomy_terms"),
        }  # fmt: skip
        return package(things, self.language, self.changed)
