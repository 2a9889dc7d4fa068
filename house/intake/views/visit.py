"""My visit, by its link: what was booked, the calendar entry, cancelling."""

from __future__ import annotations

import segno
from flask import Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from house import clock, doors
from house.catalogue import face as catalogue
from house.db import db
from house.forms import ActionForm
from house.intake import cards, following
from house.intake.calendar import calendar_of, method_of
from house.intake.cancelling import cancel
from house.intake.letter_words import step_lines
from house.intake.models import Visit, VisitState
from house.intake.moving import can_change
from house.intake.offers import link_of, open_offer
from house.intake.reaching import recipient
from house.intake.views import bp
from house.intake.worklist import must_move
from house.pages import address
from house.problems import Moved, NotHere

OFF = (VisitState.CANCELLED,)
OVER = (VisitState.DONE, VisitState.MISSED)


@bp.get("/<lang:lang_tag>/visit/<token>")
@doors.by_link
def visit(lang_tag: str, token: str) -> ResponseReturnValue:
    """My visit: still to come, cancelled, or past; each is a page of its own. Once checked in, my ticket."""
    mine, card = _load(token)
    if mine.state is VisitState.ARRIVED and mine.ticket is not None:
        there = url_for("intake.ticket", lang_tag=lang_tag, token=following.link_of(mine))
        return redirect(there, 303)
    return _page(mine, card, token, lang_tag)


@bp.get("/<lang:lang_tag>/visit/<token>.ics")
@doors.by_link
def visit_calendar(lang_tag: str, token: str) -> ResponseReturnValue:
    """The visit as a calendar entry."""
    _mine, card = _load(token)
    content = calendar_of(card, catalogue.place(db.session()), step_lines(card), lang_tag, clock.now())
    kind = f"text/calendar; charset=utf-8; method={method_of(card)}"
    disposition = f'attachment; filename="visit-{card.reference}.ics"'
    return Response(content, content_type=kind, headers={"Content-Disposition": disposition})


@bp.route("/<lang:lang_tag>/visit/<token>/cancel", methods=["GET", "POST"])
@doors.by_link
def cancel_visit(lang_tag: str, token: str) -> ResponseReturnValue:
    """Do you really want to cancel? The button does it."""
    mine, card = _load(token)
    form = ActionForm()
    if not form.is_submitted() and not can_change(mine):
        return redirect(url_for("intake.visit", lang_tag=lang_tag, token=token))
    if not form.is_submitted() or not form.validate():
        way = cards.stations_of(db.session(), card)
        return render_template(
            "intake/cancel.html", form=form, card=card, token=token, way=way
        ), form.status  # fmt: skip
    try:
        cancel(db.session(), mine)
        db.session.commit()
    except Moved as problem:
        db.session.rollback()
        return _page(mine, cards.card_of(db.session(), mine), token, lang_tag), problem.status
    return redirect(url_for("intake.visit", lang_tag=lang_tag, token=token), 303)


def _load(token: str) -> tuple[Visit, cards.VisitCard]:
    """The visit this link opens; one that is only held has no page yet."""
    mine = cards.visit_by(db.session(), cards.VISIT, token)
    card = cards.card_of(db.session(), mine)
    if mine.state is VisitState.HELD or not card.steps:
        raise NotHere()
    return mine, card


def _page(mine: Visit, card: cards.VisitCard, token: str, lang_tag: str) -> str:
    way = cards.stations_of(db.session(), card)
    facts = {"card": card, "token": token, "way": way, "place": catalogue.place(db.session())}
    if mine.state in OFF:
        by_us = mine.cancelled_by not in (None, "visitor")
        return render_template(f"intake/visit_{'called_off' if by_us else 'cancelled'}.html", **facts)
    if mine.state in OVER or card.ends_at < clock.now():
        return render_template("intake/visit_past.html", **facts)
    link = address("intake.visit", lang_tag=lang_tag, token=token)
    facts |= {"brings": any(one.papers for one in way), "qr": qr_of(link), "written_to": recipient(mine)}
    offer = open_offer(db.session(), mine) if mine.asked_earlier_at else None
    facts |= {"asked": mine.asked_earlier_at, "offer": offer, "offer_token": offer and link_of(offer)}
    facts |= {"can_change": can_change(mine), "must_move": can_change(mine) and must_move(db.session(), mine)}
    return render_template("intake/visit.html", **facts)


def qr_of(link: str, fixed: bool = True) -> Markup:
    """A QR code of a link as a picture in the page, of one size or as large as its style says.

    The page says in words what it is.
    """
    svg = segno.make(link, error="m", micro=False).svg_inline(scale=4, border=2, omitsize=not fixed)
    return Markup(svg)  # noqa: S704 - drawn from our own link
