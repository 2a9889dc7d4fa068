"""A ticket: following it on the telephone, and the slip of paper with the way to do so."""

from __future__ import annotations

from typing import Any

from flask import jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from house import doors
from house.catalogue import face as catalogue
from house.db import db
from house.intake import deeds, following
from house.intake.hall_words import before_words, wait_words
from house.intake.models import Visit
from house.intake.views import bp
from house.intake.views.at_desk import actor, at_the_desk, mine_only
from house.intake.views.visit import qr_of
from house.pages import address, conditional
from house.problems import NotHere

WORDS = {"wait_words": wait_words, "before_words": before_words}


@bp.get("/<lang:lang_tag>/ticket/<token>")
@doors.by_link
def ticket(lang_tag: str, token: str) -> ResponseReturnValue:
    """Where I stand now."""
    facts = _facts(following.visit_by(db.session(), token))
    return render_template("intake/ticket.html", token=token, **facts)


@bp.get("/<lang:lang_tag>/ticket/<token>/now")
@doors.by_link
def ticket_now(lang_tag: str, token: str) -> ResponseReturnValue:
    """The part of the page that changes; 304 while it does not."""
    facts = _facts(following.visit_by(db.session(), token))
    part = render_template("intake/ticket_now.html", **facts)
    return conditional(jsonify(now=part, stands=facts["now"].stands.value))


@bp.get("/<lang:lang_tag>/ticket/<token>/print")
@doors.by_link
def ticket_print(lang_tag: str, token: str) -> ResponseReturnValue:
    """The ticket on paper, 80 millimetres wide."""
    mine = following.visit_by(db.session(), token)
    place = catalogue.place(db.session())
    return render_template("intake/ticket_print.html", place=place, **sheet_of(mine, lang_tag))


@bp.get("/desk/ticket/<reference>")
@at_the_desk
def desk_ticket(reference: str) -> ResponseReturnValue:
    """From the desk to the ticket on paper, in the visitor's language."""
    mine = following.visit_of(db.session(), reference)
    try:
        mine_only(db.session(), mine)
    except NotHere:
        if not deeds.mine(db.session(), actor(), mine):  # whoever gave a ticket prints it, whatever for
            raise
    token = following.link_of(mine)
    return redirect(url_for("intake.ticket_print", lang_tag=mine.language, token=token), 303)


def _facts(mine: Visit) -> dict[str, Any]:
    now = following.follow(db.session(), mine)
    return {"now": now, "papers": catalogue.papers(now.service), **WORDS}


def sheet_of(mine: Visit, lang_tag: str) -> dict[str, Any]:
    """What stands on the paper: nothing that says who it is."""
    link = address("intake.ticket", lang_tag=lang_tag, token=following.link_of(mine))
    return {**_facts(mine), "qr": qr_of(link, fixed=False), "party": mine.party, "at": mine.arrived_at}
