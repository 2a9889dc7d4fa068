"""All that I did today, each act with its way back; and the way back itself, from here and from the desk."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from house.db import db
from house.forms import ActionForm
from house.intake import done_besides, done_today, undoing
from house.intake.desk_words import BESIDES, DEEDS, REFUSALS, refusal
from house.intake.views import bp
from house.intake.views.at_desk import actor, at_the_desk, back, refused, seen, show
from house.problems import NotHere, Problem

PAGE = "done"
"""What a form of this page says of where it stands."""


@bp.get("/desk/done")
@at_the_desk
def desk_done() -> ResponseReturnValue:
    """Time, act and ticket of all that I did today, the last act first."""
    return _page()


@bp.post(f"/desk/undo/<int(max={2**63 - 1}):deed_id>")
@at_the_desk
def desk_undo(deed_id: int) -> ResponseReturnValue:
    """Take back what I did today."""
    form, session, here = ActionForm(), db.session(), request.form.get("page") == PAGE
    if not form.validate():
        return _page(422, form) if here else show(422, action=form)
    try:
        deed = undoing.undo(session, deed_id, actor())
    except NotHere:
        raise
    except Problem as problem:
        return _refused(problem, form) if here else refused(problem, action=form)
    said = _("Taken back: %(act)s", act=DEEDS[deed.verb])
    db.session.commit()
    if not here:
        return back(said)
    flash(said, "good")
    return redirect(url_for("intake.desk_done"), 303)


def _refused(problem: Problem, form: ActionForm) -> ResponseReturnValue:
    db.session.rollback()
    form.form_errors.append(refusal(problem))
    return _page(problem.status, form)


def _page(status: int = 200, form: ActionForm | None = None) -> ResponseReturnValue:
    before = request.args.get("before", done_today.LAST, type=int)
    before = min(max(before, 0), done_today.LAST)
    done = done_today.all_of_mine(db.session(), actor(), before)
    earlier = done[-1] if len(done) == done_today.AT_ONCE else None
    until = done_today.at_of(db.session(), actor(), before) if before < done_today.LAST else None
    besides = done_besides.all_of_mine(
        db.session(), actor(), seen(db.session()), earlier.at if earlier else None, until
    )
    page = render_template(
        "intake/desk_done.html", done=sorted([*done, *besides], key=lambda one: one.at, reverse=True),
        words={**DEEDS, **BESIDES}, reasons=REFUSALS, refused=form or ActionForm(formdata=None), page=PAGE,
        earlier=earlier.id if earlier else None,
    )  # fmt: skip
    return page, status
