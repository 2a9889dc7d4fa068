"""One person of today: where they are, and what can be done at the desk; and the list of everybody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask import session as browser
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from house.catalogue import face as catalogue
from house.db import db
from house.forms import ActionForm, HouseForm
from house.intake import (
    calling,
    closing,
    deeds,
    desk_screen,
    desk_today,
    done_today,
    notes,
    parking,
    ranking,
    registration,
    seeing,
)
from house.intake.desk_forms import CheckInForm, FindForm, PersonForm
from house.intake.desk_words import DEEDS, PRIORITIES, STATES, STEPS, refusal
from house.intake.household import access_codes
from house.intake.models import Priority, Step, StepState, Visit, VisitState
from house.intake.note_forms import NoteForm
from house.intake.views import bp
from house.intake.views.at_desk import (
    COUNTER,
    actor,
    at_the_desk,
    authorities,
    back,
    my_counter,
    refused,
    seen,
    show,
)
from house.intake.words import access_names
from house.problems import Moved, Problem


def person_of_today(reference: str) -> Visit:
    """Somebody of today by reference; for an adviser only one that her authority sees."""
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
    return person_page(person_of_today(reference))


@bp.post("/desk/person/<reference>/<any('pause', 'resume', 'came-back', 'check-in'):act>")
@at_the_desk
def desk_person_act(reference: str, act: str) -> ResponseReturnValue:
    """A pause, the end of it, here after all, or here for the booking."""
    form, session = ActionForm(), db.session()
    visit = person_of_today(reference)
    if not form.validate():
        return person_page(visit, 422, action=form)
    try:
        ACTS[act](session, deeds.lock(session, visit.id), actor())
    except Problem as problem:
        return _refused(reference, problem, action=form)
    db.session.commit()
    return redirect(url_for("intake.desk_person", reference=reference), 303)


@bp.post("/desk/resume")
@at_the_desk
def desk_resume() -> ResponseReturnValue:
    """The end of somebody's pause, from the list of those who have one."""
    form, session = ActionForm(), db.session()
    if not form.validate():
        return show(422, action=form)
    visit = person_of_today(request.form.get("reference", "")[:40])
    try:
        _unpark(session, deeds.lock(session, visit.id), actor())
    except Problem as problem:
        return refused(problem, action=form)
    db.session.commit()
    return back()


@bp.post("/desk/person/<reference>")
@at_the_desk
def desk_person_change(reference: str) -> ResponseReturnValue:
    """Name, language, how many came, why they go first, and a further service: one act."""
    form, session = PersonForm(), db.session()
    visit = person_of_today(reference)
    form.service.choices = _services(session)
    if not form.validate():
        if visit.state is not VisitState.ARRIVED:
            form.say_only(refusal(Moved()))
        return person_page(visit, 422, form=form)
    try:
        first = Priority(form.priority.data) if form.priority.data else None
        visit = deeds.lock(session, visit.id)
        to = ranking.Known(
            form.party.data or 1, first, form.language.data, form.name.text or None, form.service.data or None
        )
        ranking.change(session, visit, to, actor())
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
    return person_page(person_of_today(reference), problem.status, **forms)


def person_page(visit: Visit, status: int = 200, **forms: HouseForm) -> ResponseReturnValue:
    """The page of somebody; a form that was refused comes back as it was filled in."""
    session = db.session()
    first = visit.priority.value if visit.priority else ""
    form = forms.get("form") or PersonForm(
        formdata=None, party=visit.party, priority=first, name=visit.name,
        language=visit.speaks or visit.language,
    )  # fmt: skip
    form["service"].choices = _services(session)
    services = {service.id: service for service in catalogue.services(session)}
    labels = {seat.id: seat.label for seat in calling.counters_at(session, visit.place_id)}
    wrong = forms.get("action") or forms.get("note") or form
    now = next((step.state for step in visit.steps if step.state in desk_today.AT), None)
    hers = seeing.steps_seen(visit, seen(session))
    page = render_template(
        "intake/desk_person.html", visit=visit, form=form, refused=wrong, now=now,
        services=services, counters=labels, steps=STEPS, state=STATES[visit.state], priorities=PRIORITIES,
        deeds=done_today.with_visit(session, actor(), visit), words=DEEDS,
        access=access_names(access_codes(visit.access)),
        missed=_may_come_back(visit), booked=visit.state is VisitState.BOOKED,
        again=desk_today.undone(session, hers),
        missing={step.id: desk_today.missing_papers(session, step) for step in hers if step.missing},
        **_notes_of(session, visit, forms.get("note")),
    )  # fmt: skip
    return page, status


def _notes_of(session: Session, visit: Visit, form: HouseForm | None) -> dict[str, Any]:
    """The notes of my counter's authority; who sits at no counter reads none."""
    try:
        at = my_counter(session)
    except Moved:
        return {"authority": None, "notes": [], "note": form, "writes": form is not None}
    return {
        "notes": notes.of_visit(session, visit.id, at.authority_id, actor()),
        "note": form or NoteForm(formdata=None), "writes": form is not None or notes.can_be_written(visit),
        "authority": catalogue.authority_names(session).get(at.authority_id, ""),
    }  # fmt: skip


def _may_come_back(visit: Visit) -> bool:
    missed = any(step.state is StepState.MISSED for step in visit.steps)
    return missed and visit.arrived_at is not None and visit.state is not VisitState.ARRIVED
