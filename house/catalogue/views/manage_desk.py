"""What all pages of the editors need: who is here, what can be chosen, an entry and whose it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from house import clock
from house.catalogue import drafting
from house.catalogue.condition_rows import Known
from house.catalogue.entries import Kind, Record, slugs
from house.catalogue.owning import Hands
from house.catalogue.publishing import NotYours, hands_on
from house.catalogue.record_forms import Offered
from house.catalogue.shelf import shelf
from house.catalogue.storing import stored
from house.people import face as people

KINDS = "any(service,authority,offer,routes,source)"


def me() -> int:
    """The account of whoever is signed in; doors saw to it that somebody is."""
    person = people.person()
    if person is None:
        raise NotYours()
    return person.id


@dataclass(frozen=True)
class Desk:
    """One entry on an editor's desk."""

    there: drafting.Entry
    hands: Hands
    catalogue: Record

    @property
    def may_write(self) -> bool:
        return self.hands.may_write(me())

    @property
    def known(self) -> Known:
        return known(self.catalogue)


def desk(session: Session, kind: str, slug: str, new: bool = False) -> Desk:
    """The entry, published or drafted; with `new` also one that is not there yet. NotHere otherwise."""
    there = drafting.entry(session, Kind(kind), slug, new=new)
    return Desk(there, hands_on(session, there), stored(session))


def writable(session: Session, kind: str, slug: str, new: bool = False) -> Desk:
    """The entry for somebody who may write it; NotYours for others."""
    found = desk(session, kind, slug, new)
    if not found.may_write:
        raise NotYours()
    return found


def known(catalogue: Record) -> Known:
    """What can be chosen from in this catalogue."""
    facts = (catalogue.get("meta") or {}).get("person_facts") or {}
    return Known(facts, slugs(catalogue, Kind.SERVICE), slugs(catalogue, Kind.AUTHORITY))


def offered(session: Session, catalogue: Record) -> Offered:
    """The same with names in the language of the moment."""
    here = shelf(session)
    services = {one.slug: one.name for one in here.services}
    authorities = {slug: one.name.text for slug, one in here.authority_by_slug.items()}
    return Offered(known(catalogue), services, authorities)


def title_of(kind: Kind, slug: str, record: Record | None) -> str:
    """What an entry is called on the editors' pages."""
    told: Callable[[Record], Any] = {
        Kind.SERVICE: lambda one: (one.get("name") or {}).get("en"),
        Kind.AUTHORITY: lambda one: one.get("name_en"),
        Kind.OFFER: lambda one: one.get("name"),
        Kind.SOURCE: lambda one: f"{slug} · {one['title']}" if one.get("title") else slug,
        Kind.ROUTES: lambda one: _("Routes out"),
    }[kind]
    return str(told(record or {}) or slug)


def today() -> date:
    """The day it is in the house."""
    return clock.today(current_app.extensions["house-config"].timezone)
