"""Deciding about somebody whom a desk registered without the net, and what could not be done as sent."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from house import clock
from house.catalogue import face as catalogue
from house.db import db
from house.forms import HouseForm
from house.intake import cases, deeds, desk_numbers, desk_screen, outbox
from house.intake.desk_forms import CheckInForm
from house.intake.desk_words import refusal
from house.intake.outbox_forms import CaseForm
from house.intake.outbox_models import EntryKind, EntryState, OutboxEntry, Settled
from house.intake.outbox_words import KINDS, why
from house.intake.views import bp
from house.intake.views.at_desk import actor, at_the_desk, seen, told_ticket
from house.problems import NotHere, Problem


@bp.route("/desk/cases/<entry_id>", methods=["GET", "POST"])
@at_the_desk
def desk_case(entry_id: str) -> ResponseReturnValue:
    """Register the person, or say why nothing is to be done."""
    session = db.session()
    entry = cases.case(session, entry_id, seen(session))
    form = CaseForm(service=entry.service) if request.method == "GET" else CaseForm()
    form.service.choices = desk_screen.service_choices(session)
    if request.method == "GET":
        return _page(entry, form)
    return _decide(entry, form, lambda: _decided(entry_id, form))


@bp.post("/desk/cases/<entry_id>/check-in")
@at_the_desk
def desk_case_check_in(entry_id: str) -> ResponseReturnValue:
    """Check in the booking that was meant, by another spelling of its reference or by its name."""
    session = db.session()
    entry, form = cases.case(session, entry_id, seen(session)), CheckInForm()
    return _decide(entry, form, lambda: _checked_in(entry_id, form))


def _decide(entry: OutboxEntry, form: HouseForm, act: Callable[[], str]) -> ResponseReturnValue:
    """To the desk with what happened, or the same page with what was refused."""
    entry_id = entry.id
    if not form.validate():
        if entry.state is not EntryState.CONFLICT:
            form.say_only(refusal(Problem("settled_already")))
        return _page(entry, form), form.status
    try:
        said = act()
    except Problem as problem:
        form.form_errors.append(refusal(problem))
        db.session.rollback()
        return _page(cases.case(db.session(), entry_id), form), problem.status
    db.session.commit()
    flash(said, "good")
    return redirect(url_for("intake.desk"), 303)


def _decided(entry_id: str, form: CaseForm) -> str:
    decision = Settled(form.decision.data)
    if decision is not Settled.REGISTERED:
        cases.dismiss(db.session(), entry_id, decision, actor())
        return str(_("That is settled."))
    ticket = cases.register_anew(db.session(), entry_id, form.service.data, actor())
    return told_ticket(db.session(), ticket)


def _checked_in(entry_id: str, form: CheckInForm) -> str:
    session = db.session()
    try:
        ticket = cases.check_in(session, entry_id, form.reference.text, actor(), seen(session))
    except NotHere:
        raise Problem(NotHere.code) from None
    return told_ticket(session, ticket)


def _page(entry: OutboxEntry, form: HouseForm) -> str:
    session = db.session()
    zone = catalogue.place(session).timezone
    decide = form if isinstance(form, CaseForm) else CaseForm(formdata=None, service=entry.service)
    decide.service.choices = desk_screen.service_choices(session)
    find = form if isinstance(form, CheckInForm) else CheckInForm(formdata=None, reference=entry.typed)
    return render_template(
        "intake/desk_case.html", entry=entry, form=decide, refused=form, why=why(entry),
        kind=KINDS[entry.kind], find=find if entry.kind is EntryKind.CHECK_IN else None,
        number=desk_numbers.spoken(entry.number) if entry.number else None,
        came=clock.local(entry.came_at, zone) if entry.came_at else None,
        ticket=outbox.ticket_of(session, entry), undo=deeds.of_case(session, entry.id, actor()),
    )  # fmt: skip
