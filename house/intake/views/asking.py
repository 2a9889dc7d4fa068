"""What a visitor has answered so far: the services and the party in the path, the rest in the own session.

Nothing of it is in our tables before a time is held, and nothing of who comes is ever in an address.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import request, session, url_for

from house.catalogue import face as catalogue
from house.db import db
from house.intake.household import LARGEST_PARTY, MOST_SERVICES, Household
from house.intake.wishes import OtherTime, Wish, make_wish
from house.problems import NotHere
from house.seals import Unsealable, keyring

ANSWERS, TIMES = "who", "times elsewhere"
JOINED = "+"
OWN = "own"
"""`?in=own`: only times at counters that speak the visitor's language."""


@dataclass(frozen=True)
class Asked:
    """A visit as it is asked for."""

    lang_tag: str
    services: tuple[catalogue.ServiceView, ...]
    household: Household
    others: tuple[OtherTime, ...] = ()
    own_language: bool = False

    @property
    def slugs(self) -> list[str]:
        return [service.slug for service in self.services]

    @property
    def party(self) -> int:
        return self.household.party

    @property
    def speaks(self) -> str:
        """The language they want to speak."""
        return self.household.speaks or self.lang_tag

    @property
    def away(self) -> list[catalogue.ServiceView]:
        """The services that somebody who lives there cannot get in this house."""
        lives = self.household.municipality
        return [one for one in self.services if not catalogue.done_here(db.session(), one, lives)]

    def wish(self) -> Wish:
        """The same for the search."""
        return make_wish(
            db.session(), self.slugs, self.party, self.speaks,
            own_language=self.own_language, others=self.others,
        )  # fmt: skip

    def path(self, endpoint: str, **more: Any) -> str:
        """The address of a page about this visit."""
        if self.own_language:
            more.setdefault("in", OWN)
        return url_for(endpoint, lang_tag=self.lang_tag, slugs=joined(self.slugs), party=self.party, **more)

    def only(self, slugs: Sequence[str]) -> Asked:
        """The same people, with a part of the services."""
        return replace(self, services=tuple(one for one in self.services if one.slug in slugs))

    def in_own_language(self, own: bool) -> Asked:
        return replace(self, own_language=own)


def joined(slugs: Sequence[str]) -> str:
    """Services as they stand in an address."""
    return JOINED.join(slugs)


def services_in(slugs: str) -> tuple[catalogue.ServiceView, ...]:
    """The services of an address, each once, in the catalogue's order; raises `NotHere`."""
    wanted = set(slugs.split(JOINED))
    found = tuple(service for service in catalogue.services(db.session()) if service.slug in wanted)
    if not found or len(found) < len(wanted) or len(found) > MOST_SERVICES:
        raise NotHere()
    return found


def asked(lang_tag: str, slugs: str, party: int) -> Asked:
    """What is asked for at this address by this browser; raises `NotHere` for what cannot be."""
    if not 1 <= party <= LARGEST_PARTY:
        raise NotHere()
    services = services_in(slugs)
    others = tuple(other for other in times_elsewhere() if other.slug in {one.slug for one in services})
    own = request.args.get("in") == OWN
    return Asked(lang_tag, services, household_of(party), others, own)


def tidy(lang_tag: str, slugs: str, endpoint: str, **more: Any) -> str | None:
    """Where an address with services twice or out of order leads; None for a tidy one."""
    right = joined([service.slug for service in services_in(slugs)])
    return None if right == slugs else url_for(endpoint, lang_tag=lang_tag, slugs=right, **more)


def household_of(party: int) -> Household:
    """Who comes, as far as this browser said; the number in the address counts."""
    said = known_household()
    if said is None:
        return Household(party)
    if said.party == party:
        return said
    return replace(said, adults=party - min(said.children, party - 1), children=min(said.children, party - 1))


def known_household() -> Household | None:
    """Who comes, if this browser said."""
    try:
        said = json.loads(keyring().carried(ANSWERS, str(session.get(ANSWERS, ""))))
    except (Unsealable, ValueError):
        return None
    return Household(**{**said, "access": tuple(said["access"])})


def remember_household(household: Household) -> None:
    """Remember who comes; sealed, for a session is only signed: what somebody needs is nobody's to read."""
    session[ANSWERS] = keyring().carry(ANSWERS, json.dumps(vars(household)))


def times_elsewhere() -> list[OtherTime]:
    """The times that other systems gave, as this browser said."""
    told: dict[str, list[Any]] = session.get(TIMES) or {}
    return [OtherTime(slug, datetime.fromisoformat(at), ref) for slug, (at, ref) in told.items()]


def remember_time_elsewhere(slug: str, other: OtherTime | None) -> None:
    """Remember a time that another system gave, or forget it."""
    told = dict(session.get(TIMES) or {})
    told.pop(slug, None)
    if other:
        told[slug] = [other.starts_at.isoformat(), other.reference]
    session[TIMES] = told
