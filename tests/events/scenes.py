"""Events and people for the tests of this wing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from house import clock
from house.events.models import Event, EventKind, OpenTo
from house.events.publishing import add_event
from house.events.signing_up import Person

CAFE = {
    "en": ("Language café", "Talk Danish over coffee."),
    "da": ("Sprogcafé", "Tal dansk over en kop kaffe."),
}
DAY = {"en": ("Onboarding day", "Papers, tax and a tour, all in one day.")}


def an_event(session: Session, slug: str = "cafe", **changes: Any) -> Event:
    """A language café tomorrow at noon UTC for ten, unless told otherwise."""
    starts: datetime = changes.pop("starts_at", None) or tomorrow()
    wanted: dict[str, Any] = {
        "kind": EventKind.LANGUAGE_CAFE, "texts": CAFE, "starts_at": starts, "capacity": 10,
        "ends_at": starts + timedelta(hours=2), "place": "Main hall",
        "address": "Rantzausgade 4, 9000 Aalborg",
    }  # fmt: skip
    return add_event(session, slug, **(wanted | changes))


def an_onboarding_day(session: Session, slug: str = "onboarding", **changes: Any) -> Event:
    """An onboarding day that companies sign up for."""
    wanted = {"kind": EventKind.ONBOARDING_DAY, "texts": DAY, "open_to": OpenTo.COMPANIES}
    return an_event(session, slug, **(wanted | changes))


def tomorrow() -> datetime:
    return (clock.now() + timedelta(days=1)).replace(hour=12, minute=0, second=0, microsecond=0)


def a_person(number: int = 1, language: str = "en") -> Person:
    return Person(f"Person Number{number}", f"number{number}@example.dk", language)


def persons(count: int) -> list[Person]:
    return [a_person(number) for number in range(1, count + 1)]
