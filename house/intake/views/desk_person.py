"""One person of today: where they are, and what can be done at the desk; and the list of everybody."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, url_for
from flask import session as browser
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from house.catalogue import face as catalogue
from house.db import db
from house.forms import ActionForm, HouseForm
from house.intake import calling, closing, deeds, desk_screen, desk_today, parking, ranking, registration
from house.intake.desk_forms import CheckInForm, FindForm, PersonForm
from house.intake.desk_words import DEEDS, PRIORITIES, STATES, STEPS, refusal
from house.intake.household import access_codes
from house.intake.models import Priority, Step, StepState, Visit, VisitState
from house.intake.views import bp
from house.intake.views.at_desk import COUNTER, actor, at_the_desk, authorities, seen
from house.intake.words import access_names
from house.problems import Moved, Problem


def _visit(reference: str) -> Visit:
    session = db.session()
    return desk_today.visit_of_today(session, reference, authorities(session), browser.get(COUNTER))


def _here(visit: Visit, *states: StepState) -> Step:
    """The step that is on now; raises `Moved` when there is none in such a state."""
    step = next((step for step in visit.steps if step.state in states), None)
    if step is None:
        raise Moved()
    return step


def _park(session: Session, visit: Visit, who: str) -> None:
    parking.park(session, _here(visit, StepState.WAITING), who)


def _unpark(session: Session, visit: Visit, who: str) -> None:
    parking.unpark(session, _here(visit, StepState.PARKED), who)


ACTS: dict[str, Callable[[Session, Visit, str], object]] = {
    "pause": _park, "resume": _unpark, "came-back": closing.came_back, "check-in": registration.check_in,
}  # fmt: skip


@bp.route("/desk/today", methods=["GET", "POST"])
@at_the_desk
def desk_today_list() -> ResponseReturnValue:
    """Everybody of today, or those whose name, reference or ticket has the words."""
    form = FindForm()
    valid = form.is_submitted() and form.validate()
    session = db.session()
    guests = desk_today.everybody(session, form.words.text if valid else "", seen(session))
    page = render_template(
        "intake/desk_today.html", form=form, guests=guests, steps=STEPS, check_in=CheckInForm(formdata=None),
    )  # fmt: skip
    return page, form.status


@bp.get("/desk/person/<reference>")
@at_the_desk
def desk_person(reference: str) -> ResponseReturnValue:
    """Where this person is, since when, and what comes."""
    return _page(_visit(reference))


@bp.post("/desk/person/<reference>/<any('pause', 'resume', 'came-back', 'check-in'):act>")
@at_the_desk
def desk_person_act(reference: str, act: str) -> ResponseReturnValue:
    """A pause, the end of it, here after all, or here for the booking."""
    form, session = ActionForm(), db.session()
    visit = _visit(reference)
    if not form.validate():
        return _page(visit, 422, action=form)
    try:
        ACTS[act](session, deeds.lock(session, visit.id), actor())
    except Problem as problem:
        return _refused(reference, problem, action=form)
    db.session.commit()
    return redirect(url_for("intake.desk_person", reference=reference), 303)


@bp.post("/desk/person/<reference>")
@at_the_desk
def desk_person_change(reference: str) -> ResponseReturnValue:
    """How many came, why they go first, and a further service: one act."""
    form, session = PersonForm(), db.session()
    visit = _visit(reference)
    form.service.choices = _services(session)
    if not form.validate():
        if visit.state is not VisitState.ARRIVED:
            form.say_only(refusal(Moved()))
        return _page(visit, 422, form=form)
    try:
        first = Priority(form.priority.data) if form.priority.data else None
        visit = deeds.lock(session, visit.id)
        ranking.change(session, visit, form.party.data, first, form.service.data or None, actor())
    except Problem as problem:
        return _refused(reference, problem, form=form)
    db.session.commit()
    flash(_("Changed."), "good")
    return redirect(url_for("intake.desk_person", reference=reference), 303)


def _services(session: Session) -> list[tuple[str, str]]:
    return [("", str(_("No further service"))), *desk_screen.service_choices(session)]


def _refused(reference: str, problem: Problem, **forms: HouseForm) -> ResponseReturnValue:
    next(iter(forms.values())).form_errors.append(refusal(problem))
    db.session.rollback()
    return _page(_visit(reference), problem.status, **forms)


def _page(visit: Visit, status: int = 200, **forms: HouseForm) -> ResponseReturnValue:
    session = db.session()
    first = visit.priority.value if visit.priority else ""
    form = forms.get("form") or PersonForm(formdata=None, party=visit.party, priority=first)
    form["service"].choices = _services(session)
    services = {service.id: service for service in catalogue.services(session)}
    labels = {seat.id: seat.label for seat in calling.counters_at(session, visit.place_id)}
    now = next((step.state for step in visit.steps if step.state in desk_today.AT), None)
    page = render_template(
        "intake/desk_person.html", visit=visit, form=form, refused=forms.get("action") or form, now=now,
        services=services, counters=labels, steps=STEPS, state=STATES[visit.state], priorities=PRIORITIES,
        deeds=deeds.mine(session, actor(), visit), words=DEEDS,
        access=access_names(access_codes(visit.access)),
        missed=_may_come_back(visit), booked=visit.state is VisitState.BOOKED,
        again=desk_today.undone(session, visit),
        missing={step.id: desk_today.missing_papers(session, step) for step in visit.steps if step.missing},
    )  # fmt: skip
    return page, status


def _may_come_back(visit: Visit) -> bool:
    missed = any(step.state is StepState.MISSED for step in visit.steps)
    return missed and visit.arrived_at is not None and visit.state is not VisitState.ARRIVED
