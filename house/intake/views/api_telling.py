"""How times, holds and visits are told to a machine; names are in the language of the answer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import select

from house import clock
from house.catalogue import face as catalogue
from house.db import db
from house.intake.cards import HOLD, Station, card_of, stations_of
from house.intake.extending import MOST_EXTENSIONS
from house.intake.household import access_codes
from house.intake.models import Counter, Visit
from house.intake.moving import can_change
from house.intake.offering import Offer, Time
from house.intake.wishes import Wish
from house.intake.worklist import must_move
from house.languages import current
from house.pages import address
from house.seals import keyring

Told = dict[str, Any]


def times(offer: Offer, found: Iterable[Time], speaks: str) -> list[Told]:
    """Times on offer, each with its way from counter to counter."""
    session, wish = db.session(), offer.wish
    rows = session.execute(select(Counter.id, Counter.label).where(Counter.id.in_(wish.counters)))
    labels = {id_: label for id_, label in rows}  # noqa: C416 - rows are no pairs to mypy
    return [_time(wish, time, labels, speaks) for time in found]


def _time(wish: Wish, time: Time, labels: dict[int, str], speaks: str) -> Told:
    session, steps = db.session(), []
    for step, spoken in zip(time.itinerary.steps, time.spoken, strict=True):
        service = catalogue.service_by_id(session, int(step.service))
        steps.append({
            **_service(service), "counter": labels[step.counter],
            "starts_at": wall(step.starts_at), "ends_at": wall(step.ends_at), "languages": sorted(spoken),
        })  # fmt: skip
    common = time.languages
    best = next((tag for tag in (speaks, "en", *sorted(common)) if tag in common), None)
    return {
        "starts_at": steps[0]["starts_at"], "ends_at": steps[-1]["ends_at"],
        "minutes": time.itinerary.minutes, "language": best, "steps": steps,
    }  # fmt: skip


def _service(service: catalogue.ServiceView) -> Told:
    authority = catalogue.authority_of(db.session(), service).name.text
    return {"service": service.slug, "name": service.name, "authority": authority}


def wall(moment: datetime) -> str:
    """A moment on the wall of the house, with its offset."""
    return clock.local(moment, catalogue.place(db.session()).timezone).isoformat()


def hold(visit: Visit) -> Told:
    """A visit that is only held."""
    token = keyring().link(HOLD, visit.reference, visit.generation)
    until = visit.held_until or clock.now()
    return {
        "hold": token, "held_until": wall(until),
        "extensions_left": max(MOST_EXTENSIONS - visit.extensions, 0), **_card(visit),
    }  # fmt: skip


def visit(mine: Visit) -> Told:
    """A booked visit. Name and address are not told again: they are the visitor's own."""
    token = card_of(db.session(), mine).link
    by = None if mine.cancelled_by is None else "visitor" if mine.cancelled_by == "visitor" else "house"
    tag = current().tag
    return {
        "visit": token, "reference": mine.reference, "state": mine.state.value, "cancelled_by": by,
        "can_change": can_change(mine),
        "must_move": can_change(mine) and must_move(db.session(), mine),
        "tell_earlier": mine.asked_earlier_at is not None,
        "interpreter": mine.interpreter,
        "access": list(access_codes(mine.access)),
        "page": address("intake.visit", lang_tag=tag, token=token),
        "calendar": address("intake.visit_calendar", lang_tag=tag, token=token), **_card(mine),
    }  # fmt: skip


def _card(mine: Visit) -> Told:
    card = card_of(db.session(), mine)
    stations = stations_of(db.session(), card)
    return {
        "starts_at": wall(card.starts_at), "ends_at": wall(card.ends_at), "party": mine.party,
        "children": mine.children, "language": mine.speaks or mine.language,
        "steps": [_station(one) for one in stations if one.here],
        "elsewhere": [_station(one) for one in stations if not one.here],
    }  # fmt: skip


def _station(one: Station) -> Told:
    says = current_app.jinja_env.filters["conditions"]
    return {
        **_service(one.service), "counter": one.step.counter if one.here else "",
        "reference": None if one.here else one.step.counter or None,
        "starts_at": wall(one.step.starts_at), "ends_at": wall(one.step.ends_at),
        "papers": [
            {"text": paper.said.text, "language": paper.said.lang,
             "if": [str(line) for line in says(paper.when)]}
            for paper in one.papers
        ],
    }  # fmt: skip
