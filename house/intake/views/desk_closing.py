"""We are closed today: who is coming is shown first, then one button closes; a minute to take it back."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from house import doors
from house.catalogue.face import ClosedFor
from house.db import db
from house.doors import Role
from house.forms import ActionForm, HouseForm
from house.intake import closing_today, manage_words
from house.intake.cancelling import UNDO
from house.intake.closing_forms import TodayForm
from house.intake.views import bp
from house.intake.views.at_desk import actor
from house.intake.views.manage import my_reach
from house.problems import Moved, NotHere, Problem

at_the_front = doors.staff(Role.DESK, Role.MANAGER)
CLOSING = f"<int(max={2**63 - 1}):closing_id>"


@bp.get("/desk/closed-today")
@at_the_front
def desk_closed_today() -> ResponseReturnValue:
    """Who would hear of it; or that it is closed, with the way back."""
    return _page(TodayForm(formdata=None))


@bp.post("/desk/closed-today")
@at_the_front
def desk_close_today() -> ResponseReturnValue:
    """Close for the rest of today and write to who was coming."""
    form, session = TodayForm(), db.session()
    if not form.validate():
        return _page(form, form.status)
    told = ClosedFor(form.told.data) if form.told.data else None
    try:
        _row, asked = closing_today.close(
            session, ClosedFor(form.reason.data), told, form.seen.number(-1), actor()
        )
    except Problem as problem:
        db.session.rollback()
        form.form_errors.append(manage_words.refusal(problem))
        return _page(form, problem.status)
    db.session.commit()
    letters = ngettext("One visitor is written to.", "%(num)s visitors are written to.", asked)
    closed = _("We are closed for the rest of today.")
    flash(f"{closed} {letters}", "good")
    return redirect(url_for("intake.desk_closed_today"), 303)


@bp.post(f"/desk/closed-today/{CLOSING}/undo")
@at_the_front
def desk_open_today(closing_id: int) -> ResponseReturnValue:
    """Take it back before anybody heard of it."""
    form, session = ActionForm(), db.session()
    if not form.validate():
        return _page(form, form.status)
    try:
        closing_today.undo(session, closing_id, actor())
    except NotHere:
        raise
    except Moved as problem:
        db.session.rollback()
        form.form_errors.append(_("It is too late to take this back. The letters have left."))
        return _page(form, problem.status)
    db.session.commit()
    flash(_("It is open again. Nobody was written to."), "good")
    return redirect(url_for("intake.desk_closed_today"), 303)


def _page(form: HouseForm, status: int = 200) -> ResponseReturnValue:
    session = db.session()
    closed = closing_today.closed_now(session)
    preview = None if closed else _preview()
    today = form if isinstance(form, TodayForm) else TodayForm(formdata=None)
    today.seen.data, today.seen.raw_data = str(len(preview.coming)) if preview else "", None
    page = render_template(
        "intake/desk_closed_today.html", form=today, refused=form, closed=closed, preview=preview,
        undo_until=closed.closed_at + UNDO if closed and closing_today.can_undo(closed) else None,
        may_lift=bool(closed) and my_reach(session).house, words=manage_words,
        untold=closing_today.still_to_tell(session) if closed else (),
    )  # fmt: skip
    return page, status


def _preview() -> closing_today.Preview | None:
    try:
        return closing_today.preview(db.session())
    except NotHere:
        raise
    except Problem:  # the day is over
        return None
