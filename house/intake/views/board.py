"""The board of the waiting room: public, numbers and counters only, fresh by asking again and again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, TypeVar, cast

from flask import Response, current_app, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue

from house import clock, doors, languages, sessions
from house.catalogue import face as catalogue
from house.db import db
from house.intake import board
from house.intake.hall_words import BoardWords, board_languages, board_words
from house.intake.views import bp
from house.pages import edition
from house.problems import NotHere

TURN = 12
"""Seconds a group of languages stands where no script changes it."""
REMEMBERED = timedelta(seconds=0.5)
"""Thirty screens ask fifteen times a second: the database is asked twice. With the two seconds between the
questions of a screen, it is never older than three."""
DOOR_REMEMBERED = timedelta(seconds=10)
Seen = TypeVar("Seen")
ASSETS = ("board.css", "board.js")
bp.record_once(lambda state: sessions.none_under(state.app, "/board/"))  # a screen is nobody


@bp.get("/board/<slug>")
@doors.public
def board_page(slug: str) -> ResponseReturnValue:
    """Who is called where, in the languages that this screen was set up with."""
    calls = board.called(db.session(), slug)
    place = catalogue.place(db.session())
    if place.slug != slug:
        raise NotHere()
    tags = board_languages(request.args.get("languages"))
    groups = _groups(tuple(tags))
    with languages.speak(tags[0]) as first:
        page = render_template(
            "intake/board.html", calls=calls, groups=groups, place=place, lang=first, shut=_shut(slug),
            shown=int(clock.now().timestamp()) // TURN % len(groups),
        )  # fmt: skip
    return make_response(page)


@bp.get("/board/<slug>/now")
@doors.public
def board_now(slug: str) -> ResponseReturnValue:
    """The numbers alone, for the screen that asks again; 304 while nobody was called."""
    calls, shut, mark = _remembered(f"now {slug}", REMEMBERED, lambda: _now(slug))
    if request.if_none_match.contains(mark):
        answer = Response(status=304)
    else:
        fragment = render_template("intake/board_calls.html", calls=calls)
        answer = jsonify(page=edition(*ASSETS), shut=shut, calls=fragment)
    answer.set_etag(mark)
    return answer


def _now(slug: str) -> tuple[list[board.Call], bool, str]:
    """Who is called, whether the door is closed, and the mark of both: an updated house is fetched anew."""
    calls, shut = board.called(db.session(), slug), _shut(slug)
    return calls, shut, f"{board.mark_of(calls, shut)}-{edition(*ASSETS)}"


def _shut(slug: str) -> bool:
    """Whether the door is closed, as it was a few seconds ago."""
    return _remembered(f"shut {slug}", DOOR_REMEMBERED, lambda: board.is_shut(db.session()))


def _remembered(what: str, long: timedelta, read: Callable[[], Seen]) -> Seen:
    """What was read so long ago at most, or else what is there now."""
    known: dict[str, tuple[datetime, Any]] = current_app.extensions.setdefault("house-board", {})
    now, (read_at, seen) = clock.now(), known.get(what, (None, None))
    if read_at is None or abs(now - read_at) >= long:
        seen = read()
        known[what] = (now, seen)
    return cast(Seen, seen)


@lru_cache(maxsize=64)
def _groups(tags: tuple[str, ...]) -> list[list[BoardWords]]:
    """Remembered, because every reload of every screen says the same."""
    return board_words(list(tags))
