"""The front desk: one screen to register, check in, call, serve and finish, by keyboard."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, jsonify, make_response, redirect, render_template, url_for
from flask import session as browser
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from house import doors
from house.db import db
from house.doors import Role
from house.forms import ActionForm, HouseForm
from house.intake import calling, closing, desk_screen, registration
from house.intake.desk_forms import CheckInForm, CounterForm, FinishForm, RegisterForm
from house.intake.desk_words import refusal
from house.intake.models import Counter, Outcome, Step, Ticket
from house.intake.views import bp
from house.pages import conditional
from house.people import face as people
from house.problems import Moved, NotHere, Problem

at_the_desk = doors.staff(Role.DESK, Role.ADVISER)
COUNTER = "counter"
STEP = f"<int(max={2**63 - 1}):step_id>"
"""A key that fits into the database's; a longer number is no address of this house."""
ACTS: dict[str, Callable[[Session, Step, str], None]] = {
    "again": calling.call_again, "start": calling.start,
    "missed": closing.did_not_come, "back": calling.back_to_queue,
}  # fmt: skip


def _actor() -> str:
    person = people.person()
    return person.house_actor if person else "nobody"


def _screen(status: int = 200, **forms: HouseForm) -> ResponseReturnValue:
    """The whole screen; a form that was refused comes back as it was filled in."""
    screen = desk_screen.load(db.session(), browser.get(COUNTER))
    _sit_down(screen.mine.id if screen.mine else None)
    shown = {
        "register": RegisterForm(formdata=None), "check_in": CheckInForm(formdata=None),
        "seat": CounterForm(formdata=None, counter=browser.get(COUNTER)), **forms,
    }  # fmt: skip
    if screen.current and screen.current.serving:
        shown.setdefault("finish", FinishForm(formdata=None))
    shown["register"]["service"].choices = screen.served
    shown["seat"]["counter"].choices = desk_screen.counter_choices(screen.seats)
    refused = next((form for form in forms.values() if form.errors), None)
    page = render_template("intake/desk.html", screen=screen, queue=screen.queue, refused=refused, **shown)
    return make_response(page, status)


def _sit_down(counter_id: int | None) -> None:
    """Remember the counter in this browser; nothing is written where nothing changes."""
    if browser.get(COUNTER) != counter_id:
        browser[COUNTER] = counter_id


def _my_counter(session: Session) -> Counter:
    try:
        return calling.counter(session, browser.get(COUNTER))
    except NotHere:
        raise Moved("no_counter") from None


def _back(said: str | None = None, kind: str = "good") -> ResponseReturnValue:
    if said:
        flash(said, kind)
    return redirect(url_for("intake.desk"), 303)


def _ticket_said(ticket: Ticket) -> str:
    return str(_("Ticket %(ticket)s", ticket=f"{ticket.letter}{ticket.number}"))


def _refused(problem: Problem, **forms: HouseForm) -> ResponseReturnValue:
    """The screen as it is now, the answers kept, and the sentence for what was refused."""
    next(iter(forms.values())).form_errors.append(refusal(problem))
    db.session.rollback()
    return _screen(problem.status, **forms)


@bp.get("/desk/")
@at_the_desk
def desk() -> ResponseReturnValue:
    """Who waits, who is coming, who is at my counter."""
    return _screen()


@bp.get("/desk/queue")
@at_the_desk
def desk_queue() -> ResponseReturnValue:
    """The parts of the screen that keep themselves fresh; 304 while nothing changed."""
    queue = desk_screen.load_queue(db.session(), browser.get(COUNTER))
    parts = {part: render_template(f"intake/desk_{part}.html", queue=queue) for part in ("waiting", "coming")}
    return conditional(jsonify(parts))


@bp.post("/desk/counter")
@at_the_desk
def desk_counter() -> ResponseReturnValue:
    """Sit down at a counter."""
    form = CounterForm()
    form.counter.choices = desk_screen.counter_choices(desk_screen.load(db.session(), None).seats)
    if not form.validate():
        return _screen(422, seat=form)
    _sit_down(form.counter.data)
    return _back()


@bp.post("/desk/register")
@at_the_desk
def desk_register() -> ResponseReturnValue:
    """Register a walk-in; the same page sent twice registers once."""
    form, session = RegisterForm(), db.session()
    form.service.choices = desk_screen.service_choices(session)
    if not form.validate():
        return _screen(422, register=form)
    if form.once.data and not people.first_time(session, form.once.data):
        return _back(_("This walk-in has a ticket already."), "")
    services, name = [form.service.data], form.name.data or None
    walk_in = registration.WalkIn(services, form.language.data, form.party.data or 1, name)
    said = _ticket_said(registration.register_walk_in(session, walk_in, _actor()))
    db.session.commit()
    return _back(said)


@bp.post("/desk/check-in")
@at_the_desk
def desk_check_in() -> ResponseReturnValue:
    """Check in a booking, by reference or by name."""
    form, session = CheckInForm(), db.session()
    if not form.validate():
        return _screen(422, check_in=form)
    try:
        visit = registration.find_for_check_in(session, form.reference.text, desk_screen.today(session))
        said = _ticket_said(registration.check_in(session, visit, _actor()))
    except NotHere:
        return _refused(Problem(NotHere.code), check_in=form)
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
        step = calling.call_next(session, _my_counter(session), desk_screen.today(session), _actor())
    except Moved as problem:
        return _refused(problem, action=form)
    if step is None:
        return _back(_("Nobody waits for your counter."), "")
    db.session.commit()
    return _back()


@bp.post(f"/desk/step/{STEP}/<any('again', 'start', 'missed', 'back'):act>")
@at_the_desk
def desk_step(step_id: int, act: str) -> ResponseReturnValue:
    """Call again, begin to serve, did not come, or send back to the queue."""
    form, session = ActionForm(), db.session()
    if not form.validate():
        return _screen(422, action=form)
    try:
        ACTS[act](session, calling.step_at(session, _my_counter(session), step_id), _actor())
    except Moved as problem:
        return _refused(problem, action=form)
    db.session.commit()
    return _back()


@bp.post(f"/desk/step/{STEP}/finish")
@at_the_desk
def desk_finish(step_id: int) -> ResponseReturnValue:
    """Finish with an outcome."""
    form, session = FinishForm(), db.session()
    if not form.validate():
        return _screen(422, finish=form)
    try:
        step = calling.step_at(session, _my_counter(session), step_id)
        closing.finish(session, step, Outcome(form.outcome.data), _actor())
    except Moved as problem:
        return _refused(problem, finish=form)
    db.session.commit()
    return _back()
