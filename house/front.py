"""Pages of the house itself: home, statements, language switch, the demo's mailbox, probes."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select, text

from house import doors, languages, post
from house.catalogue import face as catalogue
from house.db import db
from house.formats import in_order, wall
from house.pages import safe_next
from house.problems import NotHere

bp = Blueprint("front", __name__)
YEAR = 365 * 24 * 3600


@bp.get("/")
@doors.public
def entrance() -> ResponseReturnValue:
    """To the home page in the visitor's language."""
    response = redirect(url_for("front.home", lang_tag=languages.chosen().tag))
    response.headers["Vary"] = "Accept-Language, Cookie"
    return response


@bp.get("/<lang:lang_tag>/")
@doors.public
def home(lang_tag: str) -> ResponseReturnValue:
    """What do you need?"""
    return render_template("front/home.html", **_door_today())


def _door_today() -> dict[str, Any]:
    """Today's hours in words, none when closed, None before there is a place; whether they are over.

    With what closes the rest of today, where something does.
    """
    try:
        door = catalogue.door(db.session())
    except NotHere:
        return {"today_hours": None}
    return {
        "today_hours": in_order(", ".join(f"{wall(start)}–{wall(end)}" for start, end in door.today)),
        "over": all(end <= door.now for _start, end in door.today), "closed": door.closed,
        "opens_next": door.opens_next,
    }  # fmt: skip


@bp.get("/language/<lang:lang_tag>")
@doors.public
def switch_language(lang_tag: str) -> ResponseReturnValue:
    """Remember a language for the pages that have none in their path, and go back there."""
    response = redirect(safe_next(request.args.get("next")) or url_for("front.home", lang_tag=lang_tag))
    response.set_cookie(languages.COOKIE, lang_tag, max_age=YEAR, samesite="Lax", httponly=True)
    return response


@bp.get("/<lang:lang_tag>/about/accessibility")
@doors.public
def accessibility(lang_tag: str) -> ResponseReturnValue:
    return render_template("front/accessibility.html")


@bp.get("/was")
@doors.public
def was() -> ResponseReturnValue:
    """The short address Danish authorities use for their accessibility statement."""
    return redirect(url_for("front.accessibility", lang_tag=languages.chosen().tag))


@bp.get("/<lang:lang_tag>/about/privacy")
@doors.public
def privacy(lang_tag: str) -> ResponseReturnValue:
    return render_template("front/privacy.html")


@bp.get("/demo/mailbox")
@doors.demo_only
def mailbox() -> ResponseReturnValue:
    """The letters of the demo house, newest first."""
    letters = db.session.scalars(select(post.Letter).order_by(post.Letter.id.desc()).limit(50)).all()
    shown = [(letter, _said_by(letter).subject) for letter in letters if letter.recipient]
    return render_template("front/mailbox.html", letters=shown)


def _said_by(letter: post.Letter) -> post.Sheet:
    """What a letter says on the way it goes."""
    with languages.speak(letter.language):
        sheet = post.sheet_of(letter)
    return post.shortened(sheet) if letter.way is post.Way.SMS else sheet


@bp.get("/demo/mailbox/<int:number>")
@doors.demo_only
def mailbox_letter(number: int) -> ResponseReturnValue:
    """One letter as it would arrive."""
    letter = db.session.get(post.Letter, number)
    if letter is None or not letter.recipient:
        abort(404)
    sheet = _said_by(letter)
    return render_template(
        "front/letter.html", letter=letter, sheet=sheet, letter_language=languages.BY_TAG[letter.language],
        files=[(index, one.name) for index, one in enumerate(sheet.enclosures)],
    )  # fmt: skip


@bp.get("/demo/mailbox/<int:number>/<int:index>")
@doors.demo_only
def mailbox_enclosure(number: int, index: int) -> ResponseReturnValue:
    """A file that came with a letter."""
    letter = db.session.get(post.Letter, number)
    if letter is None or not letter.recipient:
        abort(404)
    enclosures = _said_by(letter).enclosures
    if index >= len(enclosures):
        abort(404)
    one = enclosures[index]
    disposition = f'attachment; filename="{one.name}"'
    return Response(one.content, content_type=one.kind, headers={"Content-Disposition": disposition})


@bp.get("/livez")
@doors.machine
def livez() -> ResponseReturnValue:
    """The process answers."""
    return Response("ok\n", mimetype="text/plain")


@bp.get("/readyz")
@doors.machine
def readyz() -> ResponseReturnValue:
    """The database answers and its tables are there."""
    db.session.execute(text("SELECT version_num FROM alembic_version"))
    return Response("ready\n", mimetype="text/plain")


