"""The front desk: one screen to register, check in, call, serve and finish, by keyboard."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, session as browser, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from house import doors
from house.db import db
from house.doors import Role
from house.forms import ActionForm, HouseForm
from house.intake import calling, closing, desk_screen, registration
from house.intake.desk_forms import CheckInForm, CounterForm, FinishForm, RegisterForm
from house.intake.desk_words import REFUSALS
from house.intake.models import Outcome, Ticket
from house.intake.views import bp
from house.pages import conditional
from house.people import face as people
from house.problems import Moved, NotHere, Problem

at_the_desk = doors.staff(Role.DESK, Role.ADVISER)
COUNTER = "counter"


def _actor() -> str:
    person = people.person()
    return person.house_actor if person else "nobody"


def _screen(status: int = 200, **forms: HouseForm) -> ResponseReturnValue:
    """The whole screen; a form that was refused comes back as it was filled in."""
    screen = desk_screen.load(db.session(), browser.get(COUNTER))
    browser[COUNTER] = screen.counter_id
    register = forms.pop("register", None) or RegisterForm(formdata=None)
    register.service.choices = screen.service_choices
    seat = CounterForm(formdata=None, counter=screen.counter_id)
    seat.counter.choices = screen.counter_choices
    shown = {
        "register": register, "seat": seat, "check_in": CheckInForm(formdata=None),
        "finish": FinishForm(formdata=None), **forms,
    }  # fmt: skip
    refused = next((form for form in shown.values() if form.errors), None)
    return make_response(render_template("intake/desk.html", screen=screen, refused=refused, **shown), status)


def _back(said: str | None = None, kind: str = "good") -> ResponseReturnValue:
    if said:
        flash(said, kind)
    return redirect(url_for("intake.desk"), 303)


def _ticket_said(ticket: Ticket) -> str:
    return _("Ticket %(ticket)s", ticket=f"{ticket.letter}{ticket.number}")


def _refused(problem: Problem, form: HouseForm | None = None, **forms: HouseForm) -> ResponseReturnValue:
    (form or next(iter(forms.values()))).form_errors.append(REFUSALS.get(problem.code, REFUSALS["moved"]))
    db.session.rollback()
    return _screen(problem.status if problem.status != 404 else 422, **forms)


@bp.get("/desk/")
@at_the_desk
def desk() -> ResponseReturnValue:
    """Who waits, who is coming, who is at my counter."""
    return _screen()


@bp.get("/desk/queue")
@at_the_desk
def desk_queue() -> ResponseReturnValue:
    """The queue alone, for the screen to keep itself fresh; 304 while nothing changed."""
    screen = desk_screen.load(db.session(), browser.get(COUNTER))
    return conditional(make_response(render_template("intake/desk_queue.html", screen=screen, part=True)))


@bp.post("/desk/counter")
@at_the_desk
def desk_counter() -> ResponseReturnValue:
    """Sit down at a counter."""
    form = CounterForm()
    form.counter.choices = desk_screen.load(db.session(), None).counter_choices
    if not form.validate():
        return _screen(422, seat=form)
    browser[COUNTER] = form.counter.data
    return _back()


@bp.post("/desk/register")
@at_the_desk
def desk_register() -> ResponseReturnValue:
    """Register a walk-in."""
    form = RegisterForm()
    form.service.choices = desk_screen.load(db.session(), None).service_choices
    if not form.validate():
        return _screen(422, register=form)
    walk_in = registration.WalkIn(
        [form.service.data], form.language.data, form.party.data or 1, form.name.data or None
    )
    said = _ticket_said(registration.register_walk_in(db.session(), walk_in, _actor()))
    db.session.commit()
    return _back(said)


@bp.post("/desk/check-in")
@at_the_desk
def desk_check_in() -> ResponseReturnValue:
    """Check in a booking, by reference or by name."""
    form = CheckInForm()
    if not form.validate():
        return _screen(422, check_in=form)
    session = db.session()
    try:
        visit = registration.find_for_check_in(session, form.reference.text, desk_screen.today(session))
        said = _ticket_said(registration.check_in(session, visit, _actor()))
    except Problem as problem:
        return _refused(problem, check_in=form)
    db.session.commit()
    return _back(said)


@bp.post("/desk/call")
@at_the_desk
def desk_call() -> ResponseReturnValue:
    """Call the next person to my counter."""
    form, session = ActionForm(), db.session()
    if not form.validate():
        return _screen(422, action=form)
    try:
        at = calling.counter(session, browser.get(COUNTER))
        step = calling.call_next(session, at, desk_screen.today(session), _actor())
    except (Moved, NotHere) as problem:
        return _refused(problem, action=form)
    if step is None:
        return _back(_("Nobody waits for your counter."), "")
    db.session.commit()
    return _back()


@bp.post("/desk/step/<int:step_id>/<any('again', 'start', 'missed', 'back'):act>")
@at_the_desk
def desk_step(step_id: int, act: str) -> ResponseReturnValue:
    """Call again, begin to serve, did not come, or send back to the queue."""
    form, session = ActionForm(), db.session()
    if not form.validate():
        return _screen(422, action=form)
    verbs = {
        "again": calling.call_again, "start": calling.start,
        "missed": closing.did_not_come, "back": calling.back_to_queue,
    }  # fmt: skip
    step = calling.step_at(session, calling.counter(session, browser.get(COUNTER)), step_id)
    try:
        verbs[act](session, step, _actor())
    except Moved as problem:
        return _refused(problem, action=form)
    db.session.commit()
    return _back()


@bp.post("/desk/step/<int:step_id>/finish")
@at_the_desk
def desk_finish(step_id: int) -> ResponseReturnValue:
    """Finish with an outcome."""
    form, session = FinishForm(), db.session()
    if not form.validate():
        return _screen(422, finish=form)
    step = calling.step_at(session, calling.counter(session, browser.get(COUNTER)), step_id)
    try:
        closing.finish(session, step, Outcome(form.outcome.data), _actor())
    except Moved as problem:
        return _refused(problem, finish=form)
    db.session.commit()
    return _back()
