"""The front desk: one screen to register, check in, call, serve and finish, by keyboard; and its counters."""

from __future__ import annotations

from flask import jsonify, render_template
from flask import session as browser
from flask.typing import ResponseReturnValue

from house import doors
from house.db import db
from house.forms import ActionForm
from house.intake import desk_screen, outbox, parking, registration, serving_at_once
from house.intake.desk_forms import CheckInForm, CounterForm, RegisterForm
from house.intake.desk_words import PRIORITIES
from house.intake.manage_words import REASONS
from house.intake.models import Outcome, Priority, Ticket
from house.intake.outbox_models import EntryKind
from house.intake.outbox_words import came_before
from house.intake.views import bp
from house.intake.views.at_desk import (
    COUNTER,
    actor,
    at_the_desk,
    authorities,
    back,
    my_counter,
    refused,
    seats_of,
    seen,
    show,
    sit_down,
    told_ticket,
)
from house.intake.views.closed import closed_today
from house.pages import conditional
from house.problems import NotHere, Problem

PARTS = ("closed", "waiting", "coming")


@bp.get("/desk/")
@at_the_desk
def desk() -> ResponseReturnValue:
    """Who waits, who is coming, who is at my counter."""
    return show()


@bp.get("/desk/queue")
@at_the_desk
@doors.by_itself
def desk_queue() -> ResponseReturnValue:
    """The parts of the screen that keep themselves fresh; 304 while nothing changed."""
    session = db.session()
    queue = desk_screen.load_queue(session, browser.get(COUNTER), authorities(session))
    facts = {"queue": queue, "words": {"priorities": PRIORITIES, "reasons": REASONS}, **closed_today()}
    parts = {part: render_template(f"intake/desk_{part}.html", **facts) for part in PARTS}
    return conditional(jsonify(parts))


@bp.post("/desk/counter")
@at_the_desk
def desk_counter() -> ResponseReturnValue:
    """Sit down at a counter."""
    form, session = CounterForm(), db.session()
    seats = desk_screen.seats(session)
    form.counter.choices = [(seat.id, seat.label) for seat in seats_of(session, seats)]
    if not form.validate():
        return show(422, seat=form)
    sit_down(form.counter.data)
    return back()


@bp.post("/desk/register")
@at_the_desk
def desk_register() -> ResponseReturnValue:
    """Register a walk-in, or answer a quick question; the same page sent twice registers once."""
    form, session = RegisterForm(), db.session()
    form.service.choices = desk_screen.service_choices(session)
    if not form.validate():
        return show(422, register=form)
    if known := outbox.begin(session, form.once.data, EntryKind.WALK_IN):
        return back(came_before(known), "", registered=known.id)
    first = Priority(form.priority.data) if form.priority.data else None
    services, name, party = [form.service.data], form.name.data or None, form.party.data or 1
    walk_in = registration.WalkIn(services, form.language.data, party, name, first)
    try:
        ticket = _serve(form, walk_in) if form.quick.data else None
        ticket = ticket or registration.register_walk_in(session, walk_in, actor())
    except Problem as problem:
        return refused(problem, register=form)
    said = told_ticket(session, outbox.note(session, form.once.data, ticket))
    db.session.commit()
    return back(said, registered=form.once.data)


def _serve(form: RegisterForm, walk_in: registration.WalkIn) -> Ticket | None:
    session, outcome = db.session(), form.quick.data
    ended = None if outcome == "stay" else Outcome(outcome)
    return serving_at_once.quick_serve(session, my_counter(session), walk_in, actor(), ended).visit.ticket


@bp.post("/desk/check-in")
@at_the_desk
def desk_check_in() -> ResponseReturnValue:
    """Check in a booking, by reference or by name."""
    form, session = CheckInForm(), db.session()
    if not form.validate():
        return show(422, check_in=form)
    id_ = outbox.check_in_id(form.once.data, form.reference.text)
    if known := outbox.begin(session, id_, EntryKind.CHECK_IN):
        return back(came_before(known), "", registered=form.once.data)
    try:
        visit = registration.find_for_check_in(
            session, form.reference.text, desk_screen.today(session), seen(session)
        )
        said = told_ticket(session, outbox.note(session, id_, registration.check_in(session, visit, actor())))
    except NotHere:
        return refused(Problem(NotHere.code), check_in=form)
    except Problem as problem:
        return refused(problem, check_in=form)
    db.session.commit()
    return back(said, registered=form.once.data)


@bp.post("/desk/break/<any('begin', 'end'):act>")
@at_the_desk
def desk_break(act: str) -> ResponseReturnValue:
    """My break: this counter calls nobody until I am back."""
    form, session = ActionForm(), db.session()
    if not form.validate():
        return show(422, action=form)
    try:
        pause = parking.pause_counter if act == "begin" else parking.resume_counter
        pause(session, my_counter(session), actor())
    except Problem as problem:
        return refused(problem, action=form)
    db.session.commit()
    return back()
