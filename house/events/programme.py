"""What a page, a letter or a feed says of events: cards in the language spoken now, read in one query."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, Select, String, and_, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from house import clock, languages
from house.events.models import Audience, Event, EventKind, EventState, EventText, OpenTo, Seat
from house.problems import NotHere

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LONGEST_SLUG = 80
RECENT = timedelta(days=30)
"""How long an event that is over is still shown to those who were part of it."""

ENDS_LATER = Event.ends_at > bindparam("since")
OF_SLUG = Event.slug == bindparam("slug")
OF_ID = Event.id == bindparam("event_id")
FOR_COMPANIES = Event.open_to == OpenTo.COMPANIES
FOR_EVERYBODY = Event.open_to == OpenTo.EVERYBODY


class Stage(StrEnum):
    """Where an event stands for somebody who wants to come."""

    CANCELLED = "cancelled"
    OVER = "over"
    CLOSED = "closed"
    FULL = "full"
    OPEN = "open"


@dataclass(frozen=True)
class EventCard:
    """An event in one language; `text_lang` says in which its words are."""

    timezone: str
    id: int
    slug: str
    kind: EventKind
    audience: Audience
    open_to: OpenTo
    state: EventState
    place: str
    address: str
    starts_at: datetime
    ends_at: datetime
    sign_up_until: datetime
    capacity: int
    revision: int
    changed_at: datetime
    title: str
    summary: str
    text_lang: str
    taken: int

    @property
    def starts(self) -> datetime:
        """When it begins, on the wall of the house."""
        return clock.local(self.starts_at, self.timezone)

    @property
    def ends(self) -> datetime:
        """When it ends, on the wall of the house."""
        return clock.local(self.ends_at, self.timezone)

    @property
    def left(self) -> int:
        """How many places are left."""
        return max(0, self.capacity - self.taken)

    @property
    def for_companies(self) -> bool:
        return self.open_to is OpenTo.COMPANIES

    @property
    def off(self) -> bool:
        return self.state is EventState.CANCELLED

    @property
    def stage(self) -> Stage:
        """Where it stands now."""
        now = clock.now()
        if self.off:
            return Stage.CANCELLED
        if self.ends_at <= now:
            return Stage.OVER
        if self.sign_up_until <= now:
            return Stage.CLOSED
        return Stage.OPEN if self.left else Stage.FULL


def upcoming(session: Session, *where: ColumnElement[bool], limit: int = 300) -> list[EventCard]:
    """Events that are not over yet, the next first; `where` are conditions made once, as `FOR_COMPANIES`."""
    return _cards(session, ENDS_LATER, *where, limit=limit, since=clock.now())


def recent_and_upcoming(session: Session, *where: ColumnElement[bool], limit: int = 500) -> list[EventCard]:
    """The same with those that ended in the last thirty days."""
    return _cards(session, ENDS_LATER, *where, limit=limit, since=clock.now() - RECENT)


def by_slug(session: Session, slug: str, *where: ColumnElement[bool]) -> EventCard:
    """One event by its address; raises `NotHere`."""
    if len(slug) > LONGEST_SLUG or not SLUG.fullmatch(slug):
        raise NotHere()
    return _one(_cards(session, OF_SLUG, *where, limit=1, slug=slug))


def by_id(session: Session, event_id: int) -> EventCard:
    """One event by its key; raises `NotHere`."""
    return _one(_cards(session, OF_ID, limit=1, event_id=event_id))


def instead_of(session: Session, card: EventCard, most: int = 3) -> list[EventCard]:
    """The nearest events with a place left, those of the same kind first."""
    others = [other for other in upcoming(session) if other.id != card.id and other.open_to is card.open_to]
    free = [other for other in others if other.stage is Stage.OPEN]
    return sorted(free, key=lambda other: other.kind is not card.kind)[:most]


def _one(cards: Sequence[EventCard]) -> EventCard:
    if not cards:
        raise NotHere()
    return cards[0]


def _cards(session: Session, *where: ColumnElement[bool], limit: int, **values: object) -> list[EventCard]:
    values["tongue"] = languages.current().tag
    zone = current_app.extensions["house-config"].timezone
    return [EventCard(zone, *row) for row in session.execute(_selection(where, limit), values)]


@lru_cache(maxsize=32)
def _selection(where: tuple[ColumnElement[bool], ...], limit: int) -> Select[Any]:
    """The columns of a card, in its order; kept, for making it costs more than asking the database."""
    own, english = aliased(EventText), aliased(EventText)
    taken = select(func.count()).where(Seat.event_id == Event.id).correlate(Event).scalar_subquery()
    columns = [
        Event.id, Event.slug, Event.kind, Event.audience, Event.open_to, Event.state, Event.place,
        Event.address, Event.starts_at, Event.ends_at, Event.sign_up_until, Event.capacity, Event.revision,
        Event.changed_at,
        func.coalesce(own.title, english.title),
        func.coalesce(own.summary, english.summary),
        func.coalesce(own.language, "en"),
        taken,
    ]  # fmt: skip
    return (
        select(*columns)
        .join(english, and_(english.event_id == Event.id, english.language == "en"))
        .outerjoin(own, and_(own.event_id == Event.id, own.language == bindparam("tongue", type_=String)))
        .where(*where)
        .order_by(Event.starts_at, Event.id)
        .limit(limit)
    )
