"""One booked visit as staff see it: move it, cancel it, and take the cancelling back within a minute."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from house.db import db
from house.forms import ActionForm
from house.intake.cancelling import can_undo, cancel, undo_cancel
from house.intake.cards import card_of, stations_of, visit_called
from house.intake.desk_words import STATES, refusal
from house.intake.models import Visit
from house.intake.moving import can_change
from house.intake.views import bp, listing, moving
from house.intake.views.at_desk import actor, at_the_desk, mine_only
from house.problems import Problem

ACTS: dict[str, Callable[[Session, Visit, str], Visit]] = {"cancel": cancel, "undo": undo_cancel}


def _mine(reference: str) -> Visit:
    """A booked visit by reference; for an adviser only one that her authority has a step in."""
    session = db.session()
    visit = visit_called(session, reference)
    mine_only(session, visit)
    return visit


def _way(mine: Visit) -> moving.Way:
    return moving.Way(
        url_for("intake.desk_visit", reference=mine.reference),
        url_for("intake.desk_move_days", reference=mine.reference),
        "desk_layout.html", actor(),
    )  # fmt: skip


@bp.get("/desk/visit/<reference>")
@at_the_desk
def desk_visit(reference: str) -> ResponseReturnValue:
    """When, what, who; and what can be done about it."""
    return _page(_mine(reference), ActionForm(formdata=None)), 200


@bp.post("/desk/visit/<reference>/<any('cancel', 'undo'):act>")
@at_the_desk
def desk_visit_act(reference: str, act: str) -> ResponseReturnValue:
    """Cancel the visit, or take that back before anybody heard of it."""
    mine, form = _mine(reference), ActionForm()
    if not form.validate():
        return _page(mine, form), form.status
    try:
        ACTS[act](db.session(), mine, actor())
        db.session.commit()
    except Problem as problem:
        db.session.rollback()
        form.form_errors.append(refusal(problem))
        return _page(mine, form), problem.status
    flash(_("The visit is cancelled.") if act == "cancel" else _("The visit is booked as before."), "good")
    return redirect(url_for("intake.desk_visit", reference=mine.reference), 303)


@bp.get("/desk/visit/<reference>/move/")
@at_the_desk
def desk_move_days(reference: str) -> ResponseReturnValue:
    """Which other day suits the caller?"""
    mine = _mine(reference)
    return moving.days_page(mine, _way(mine))


@bp.route("/desk/visit/<reference>/move/<day>", methods=["GET", "POST"])
@at_the_desk
def desk_move_times(reference: str, day: str) -> ResponseReturnValue:
    """Which other time? The button moves the visit, and the visitor gets the letter."""
    mine = _mine(reference)
    return moving.times_page(mine, _way(mine), listing.day_in(day))


def _page(mine: Visit, form: ActionForm) -> str:
    card = card_of(db.session(), mine)
    return render_template(
        "intake/desk_visit.html", visit=mine, card=card, form=form, state=STATES[mine.state],
        way=stations_of(db.session(), card), can_change=can_change(mine), can_undo=can_undo(mine),
    )  # fmt: skip
