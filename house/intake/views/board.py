"""The board of the waiting room: public, numbers and counters only, fresh by asking again and again."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache

from flask import Response, current_app, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue

from house import clock, doors, languages
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
ASSETS = ("board.css", "board.js")


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
            "intake/board.html", calls=calls, groups=groups, place=place, lang=first,
            shown=int(clock.now().timestamp()) // TURN % len(groups),
        )  # fmt: skip
    return make_response(page)


@bp.get("/board/<slug>/now")
@doors.public
def board_now(slug: str) -> ResponseReturnValue:
    """The numbers alone, for the screen that asks again; 304 while nobody was called."""
    calls = _lately(slug)
    mark = _edition(calls)
    if request.if_none_match.contains(mark):
        answer = Response(status=304)
    else:
        answer = jsonify(page=edition(*ASSETS), calls=render_template("intake/board_calls.html", calls=calls))
    answer.set_etag(mark)
    return answer


def _lately(slug: str) -> list[board.Call]:
    """Who is called, as it was read less than half a second ago."""
    known: dict[str, tuple[datetime, list[board.Call]]] = current_app.extensions.setdefault("house-board", {})
    now, (read_at, calls) = clock.now(), known.get(slug, (None, []))
    if read_at is None or abs(now - read_at) >= REMEMBERED:
        calls = board.called(db.session(), slug)
        known[slug] = (now, calls)
    return calls


@lru_cache(maxsize=64)
def _groups(tags: tuple[str, ...]) -> list[list[BoardWords]]:
    """Remembered, because every reload of every screen says the same."""
    return board_words(list(tags))


def _edition(calls: list[board.Call]) -> str:
    """The mark of the numbers and of the files that show them: an updated house is fetched anew."""
    return f"{board.mark_of(calls)}-{edition(*ASSETS)}"
