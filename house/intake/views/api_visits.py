"""The API, changing: hold a time, extend it, book it; see a visit, move it, cancel it."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime

from flask import Response
from flask.typing import ResponseReturnValue

from house.db import db
from house.intake.api.openapi import QUERIES
from house.intake.api.reading import Body, Misasked, check, moment_in
from house.intake.booking import begins, confirm, give_contact
from house.intake.cancelling import cancel
from house.intake.cards import HOLD, VISIT, visit_by
from house.intake.daymap import utc_tick
from house.intake.earlier import ask
from house.intake.extending import extend
from house.intake.fairness import count_held, count_hold
from house.intake.holding import hold
from house.intake.models import Visit, VisitState
from house.intake.moving import can_change, move, other_times, wish_of
from house.intake.offering import Offer, search
from house.intake.views import api_telling
from house.intake.views.api import (
    BadQuery,
    answer,
    body_of,
    changing,
    key_is_sound,
    no_query,
    query_of,
    refuse,
    serves,
)
from house.intake.views.api_asking import all_here, contact_of, tick_of, wanted, window_of
from house.intake.views.asking import Asked
from house.languages import current
from house.pages import address
from house.problems import Gone, Moved, NotHere, Taken
from house.seals import keyring


@serves("hold")
def hold_time() -> ResponseReturnValue:
    """Keep a time for a quarter of an hour, instead of an earlier one where that is named."""
    body = body_of("hold")
    visit = wanted(body)
    all_here(visit)
    key_is_sound()
    count_hold()
    return _or_nearest(
        lambda: changing("hold", lambda: _hold(body, visit)),
        (lambda: search(db.session(), visit.wish()), lambda: moment_in(body["starts_at"]), visit.speaks),
    )


def _hold(body: Body, visit: Asked) -> tuple[Body, str]:
    held = hold(
        db.session(), visit.slugs, visit.party, tick_of(body["starts_at"]), visit.lang_tag,
        _mark(body.get("replaces")), household=visit.household, own_language=visit.own_language,
        others=visit.others,
    )  # fmt: skip
    told = api_telling.hold(held)
    count_held(db.session())
    return told, address("intake.api.getHold", token=told["hold"])


def _mark(token: str | None) -> bytes:
    """Who holds: the same as for the hold that is given up, else somebody new."""
    if token is not None:
        before = _held(token)
        if before.browser is not None:
            return before.browser
    return keyring().mark("visit.browser", secrets.token_urlsafe(12))


def _held(token: str) -> Visit:
    """The visit that a hold's token opens, while it is only held."""
    visit = visit_by(db.session(), HOLD, token)
    if visit.state is not VisitState.HELD:
        raise Gone()
    return visit


Offering = tuple[Callable[[], Offer], Callable[[], datetime], str]
"""Where to look for other times, about when, and in which language; asked only when it is needed."""


def _or_nearest(work: Callable[[], Response], near: Offering) -> Response:
    """What the work answers; where somebody was faster, a refusal with the three nearest times."""
    try:
        return work()
    except Taken as problem:
        db.session.rollback()
        offered, about, speaks = near
        offer = offered()
        found = offer.nearest(utc_tick(about()))
        return refuse(problem, nearest=api_telling.times(offer, found, speaks))


def _near(held: Visit) -> Offering:
    """Times near the one that is held."""
    return (
        lambda: search(db.session(), wish_of(db.session(), held)), lambda: begins(held),
        held.speaks or held.language,
    )  # fmt: skip


@serves("getHold")
def see_hold(token: str) -> ResponseReturnValue:
    """A hold, also when it ran out but nobody took its places."""
    no_query()
    return answer(api_telling.hold(_held(token)))


@serves("extendHold")
def extend_hold(token: str) -> ResponseReturnValue:
    """Another quarter of an hour, a few times."""
    visit = visit_by(db.session(), HOLD, token)
    body_of("extendHold")

    def work() -> tuple[Body, None]:
        return api_telling.hold(extend(db.session(), visit)), None

    return _or_nearest(lambda: changing("extendHold", work), _near(visit))


@serves("bookVisit")
def book_visit() -> ResponseReturnValue:
    """Make a hold a booked visit; again is harmless, and the name stays the one given first."""
    body = body_of("bookVisit")
    name, email, mobile = contact_of(body)
    visit = visit_by(db.session(), HOLD, body["hold"])

    def work() -> tuple[Body, str]:
        session = db.session()
        give_contact(session, visit, name, email, bool(body.get("tell_earlier")), mobile)
        confirm(session, visit, current().tag, shown=_shown(body.get("starts_at")))
        told = api_telling.visit(visit)
        return told, address("intake.api.getVisit", token=told["visit"])

    return _or_nearest(lambda: changing("bookVisit", work), _near(visit))


def _shown(text: str | None) -> int | None:
    try:
        return None if text is None else tick_of(text)
    except Taken:
        raise Moved() from None


# --- a visit that is booked -------------------------------------------------------------------------------


def _mine(token: str) -> Visit:
    """The visit that a token opens; one that is only held is none yet."""
    mine = visit_by(db.session(), VISIT, token)
    if mine.state is VisitState.HELD or not any(step.starts_at for step in mine.steps):
        raise NotHere()
    return mine


@serves("getVisit")
def see_visit(token: str) -> ResponseReturnValue:
    """A visit as it stands."""
    no_query()
    return answer(api_telling.visit(_mine(token)))


@serves("listTimes")
def times(token: str) -> ResponseReturnValue:
    """Other times for a visit."""
    mine, asked = _mine(token), query_of(tuple(QUERIES["Times"]))
    number = asked.get("limit", "")
    try:
        whole = int(number) if number.isascii() and number.isdigit() and len(number) < 9 else number
        check("Search", {"services": ["x"], **asked, **({"limit": whole} if "limit" in asked else {})})
        if not can_change(mine):
            raise Moved()
        offer = other_times(db.session(), mine)
        found, more = window_of({**asked, "limit": whole or None}, offer.wish.timezone).of(offer)
    except Misasked as problem:
        raise BadQuery(*(one._replace(pointer=one.pointer[1:]) for one in problem.findings)) from None
    told = api_telling.times(offer, found, mine.speaks or mine.language)
    return answer({"itineraries": told, "next_after": more and api_telling.wall(more)})


@serves("moveVisit")
def move_visit(token: str) -> ResponseReturnValue:
    """Move a visit; one that cannot be moved there stays as it is."""
    mine = _mine(token)
    body = body_of("moveVisit")
    key_is_sound()
    count_hold()

    def work() -> tuple[Body, None]:
        told = api_telling.visit(move(db.session(), mine, tick_of(body["starts_at"])))
        count_held(db.session())
        return told, None

    about = moment_in(body["starts_at"])
    near = lambda: other_times(db.session(), mine), lambda: about, mine.speaks or mine.language
    return _or_nearest(lambda: changing("moveVisit", work), near)


@serves("askEarlier")
def ask_earlier(token: str) -> ResponseReturnValue:
    """Write to me when something earlier is free, or no longer; the offer itself comes by letter."""
    mine = _mine(token)
    body = body_of("askEarlier")

    def work() -> tuple[Body, None]:
        ask(db.session(), mine, body["wanted"])
        return api_telling.visit(mine), None

    return changing("askEarlier", work)


@serves("cancelVisit")
def cancel_visit(token: str) -> ResponseReturnValue:
    """Cancel a visit; its places are free again."""
    mine = _mine(token)
    body_of("cancelVisit")
    return changing("cancelVisit", lambda: (api_telling.visit(cancel(db.session(), mine)), None))
