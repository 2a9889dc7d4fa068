"""The API, looking: which services there are, and which times for a visit through several."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask.typing import ResponseReturnValue

from house.catalogue import face as catalogue
from house.db import db
from house.intake import words
from house.intake.api.reading import Finding, Misasked
from house.intake.fairness import count_look
from house.intake.offering import Offer, Time, search
from house.intake.views import api_telling
from house.intake.views.api import answer, body_of, no_query, serves
from house.intake.views.api_asking import wanted, window_of
from house.intake.views.asking import Asked
from house.intake.views.partly import instead_of
from house.intake.wishes import Wish, bookable_services
from house.languages import LANGUAGES

Told = dict[str, Any]


@serves("listServices")
def services() -> ResponseReturnValue:
    """Every service of the catalogue, with what to do where it cannot be booked."""
    no_query()
    session = db.session()
    bookable = {one.slug for one in bookable_services(session)}
    return answer({
        "services": [_service(one, one.slug in bookable) for one in catalogue.services(session)],
        "municipalities": catalogue.municipalities(session),
        "languages": [language.tag for language in LANGUAGES],
        "timezone": catalogue.place(session).timezone,
    })  # fmt: skip


def _service(one: catalogue.ServiceView, bookable: bool) -> Told:
    session = db.session()
    here = catalogue.served(session, [one])
    own = catalogue.authority_of(session, one).record.get("own_booking_system")
    return {
        "service": one.slug, "name": one.name, "name_language": one.name_lang,
        "authority": catalogue.authority_of(session, one).name.text, "bookable": bookable,
        "instead": None if bookable else words.booked_elsewhere(one),
        "may_be_elsewhere": not bookable or bool(own), "municipalities": here or None,
    }  # fmt: skip


@serves("findItineraries")
def itineraries() -> ResponseReturnValue:
    """Times for a visit; where there are none, what can be had and what cannot."""
    count_look()
    body = body_of("findItineraries")
    db.session.rollback()  # looking needs no writer's lock
    visit = wanted(body)
    wish = visit.wish()
    gone = list(dict.fromkeys([*visit.away, *wish.nowhere]))
    if gone:
        return answer(_not_all_here(visit, wish, gone))
    if not wish.bookable:
        raise Misasked(Finding("/services", "nothing_left"))
    window = window_of(body, wish.timezone)
    if window.days is not None and window.days < 1:
        return answer(_told(visit, search(db.session(), wish), [], None))
    offer = search(db.session(), wish, window.first, window.days)
    found, more = window.of(offer)
    return answer(_told(visit, offer, found, more))


def _told(visit: Asked, offer: Offer, found: list[Time], more: datetime | None) -> Told:
    """What was found; where nothing was, when there is something, or which part there is."""
    told = _nothing()
    told["itineraries"] = api_telling.times(offer, found, visit.speaks)
    told["next_after"] = more and api_telling.wall(more)
    own = offer.in_own_language().first() if found else None
    told["first_in_language"] = own and api_telling.wall(own.starts_at)
    if not found:
        whole = search(db.session(), offer.wish)
        first = whole.first()
        told["first_anywhen"] = first and api_telling.wall(first.starts_at)
        told["parts"] = [] if first else [_part(offer.wish, slugs) for slugs in whole.parts()]
    return told


def _not_all_here(visit: Asked, wish: Wish, gone: list[catalogue.ServiceView]) -> Told:
    told, rest = _nothing(), [one.slug for one in wish.here if one not in gone]
    told["parts"] = [_part(wish, rest)] if rest else []
    for one in gone:
        away = instead_of(visit, one)
        told["not_here"].append({
            "service": one.slug, "name": one.name, "authority": away.authority, "detail": away.where,
            "link": away.link,
        })  # fmt: skip
    return told


def _part(wish: Wish, slugs: tuple[str, ...] | list[str]) -> Told:
    missing = [one.slug for one in wish.here if one.slug not in slugs]
    return {"services": list(slugs), "missing": missing}


def _nothing() -> Told:
    return {
        "itineraries": [], "next_after": None, "first_in_language": None, "first_anywhen": None, "parts": [],
        "not_here": [],
    }  # fmt: skip
