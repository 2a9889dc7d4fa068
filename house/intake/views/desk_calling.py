"""Calling at the desk and at the counter: next, again, begin, pause, finish, hand over inside and outside."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy.orm import Session

from house.catalogue import face as catalogue
from house.db import db
from house.forms import ActionForm
from house.intake import calling, closing, desk_screen, desk_today, handing_on, parking, seeing
from house.intake.desk_forms import FinishForm, OutsideForm
from house.intake.handing_on import Next
from house.intake.models import Outcome, Step, Visit
from house.intake.views import bp
from house.intake.views.at_desk import (
    actor,
    at_the_desk,
    authorities,
    back,
    my_counter,
    my_steps_only,
    refused,
    seen,
    show,
    where_to,
)
from house.problems import NotHere, Problem

STEP = f"<int(max={2**63 - 1}):step_id>"
"""A key that fits into the database's; a longer number is no address of this house."""
ACTS: dict[str, Callable[[Session, Step, str], None]] = {
    "again": calling.call_again, "start": calling.start, "missed": closing.did_not_come,
    "back": calling.back_to_queue, "pause": parking.park,
}  # fmt: skip


@bp.post("/desk/call")
@at_the_desk
def desk_call() -> ResponseReturnValue:
    """Call the next person to my counter."""
    form, session = ActionForm(), db.session()
    if not form.validate():
        return show(422, action=form)
    try:
        step = calling.call_next(session, my_counter(session), desk_screen.today(session), actor())
    except Problem as problem:
        return refused(problem, action=form)
    if step is None:
        return back(_("Nobody waits for your counter."), "")
    db.session.commit()
    return back()


@bp.post(f"/desk/step/{STEP}/<any('again', 'start', 'missed', 'back', 'pause'):act>")
@at_the_desk
def desk_step(step_id: int, act: str) -> ResponseReturnValue:
    """Call again, begin to serve, did not come, send back to the queue, or let pause."""
    form, session = ActionForm(), db.session()
    my_steps_only(session, step_id)
    if not form.validate():
        return show(422, action=form)
    try:
        ACTS[act](session, calling.step_at(session, my_counter(session), step_id), actor())
    except NotHere:
        raise
    except Problem as problem:
        return refused(problem, action=form)
    db.session.commit()
    return back()


@bp.post(f"/desk/step/{STEP}/finish")
@at_the_desk
def desk_finish(step_id: int) -> ResponseReturnValue:
    """Finish with an outcome; the visit goes on with its next step, or with what was chosen."""
    form, session = FinishForm(), db.session()
    my_steps_only(session, step_id)
    current, served, seats = desk_screen.choices_at(session, step_id)
    form.offer(current, served, where_to(session, seats))
    if not form.validate():
        return show(422, finish=form)
    outcome, to, kind = Outcome(form.outcome.data), form.next, "good"
    try:
        step = calling.step_at(session, my_counter(session), step_id)
        if to == Next():
            following = closing.finish(session, step, outcome, actor(), missing=form.papers)
        else:
            following = handing_on.hand_over(session, step, outcome, actor(), to, form.papers)
    except NotHere:
        raise
    except Problem as problem:
        return refused(problem, finish=form)
    said = _goes_on(session, following) if following else None
    if outcome is Outcome.PAPERS_MISSING and not following:
        said, kind = _another_time(session, step.visit), "warn"
    db.session.commit()
    return back(said, kind)


def _goes_on(session: Session, step: Step) -> str:
    service = catalogue.service_by_id(session, step.service_id)
    return str(_("They wait for: %(service)s", service=service.name))


def _another_time(session: Session, visit: Visit) -> Markup:
    services = desk_today.undone(session, seeing.steps_seen(visit, seen(session)))
    page = render_template("intake/desk_again.html", visit=visit, services=services)
    return Markup(page)  # noqa: S704 - the template has escaped it


@bp.post(f"/desk/step/{STEP}/outside")
@at_the_desk
def desk_outside(step_id: int) -> ResponseReturnValue:
    """Hand the person over to an authority outside; this leaves the house and cannot be taken back."""
    form, session = OutsideForm(), db.session()
    my_steps_only(session, step_id)
    form.wanted.choices = [(one.slug, one.name) for one in catalogue.services(session)]
    if not form.validate():
        return show(422, outside=form)
    try:
        step = calling.step_at(session, my_counter(session), step_id)
        matter = form.matter.data or None
        reference = handing_on.hand_outside(
            session, step, form.wanted.data, form.ground.data, matter, actor(),
            next(iter(authorities(session)), None),
        )
    except NotHere:
        raise
    except Problem as problem:
        return refused(problem, outside=form)
    db.session.commit()
    flash(_("Please tell the authority yourself. See Hand-overs."), "warn")
    return back(_("Handed over: %(reference)s", reference=reference))
