"""Managers' pages of closings, and the worklist of booked visits that no longer fit."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from house import clock
from house.catalogue import face as catalogue
from house.db import db
from house.forms import ActionForm
from house.intake import closings, counters, manage_words, worklist
from house.intake.clashes import Planned
from house.intake.closing_forms import HOUSE, AskAllForm, ClosingForm, SettleForm, scope_value
from house.intake.closings import Scope
from house.intake.models import Answer, Counter
from house.intake.views import bp
from house.intake.views.manage import actor, at_manager, list_page, my_reach
from house.problems import Moved, NotHere, Problem

KEY = f"int(max={2**63 - 1})"


@bp.route("/manage/counters/closings/new", methods=["GET", "POST"])
@at_manager
def manage_closing_new() -> ResponseReturnValue:
    """Close for a while: first what it meets is shown, then the same button closes."""
    session = db.session()
    form = ClosingForm(data=_asked_for(session))
    form.scope.choices = _scopes(session)
    if not form.is_submitted():
        return _closing_page(form)
    if not form.validate():
        return _closing_page(form), form.status
    everywhere = counters.all_counters(session)
    try:
        met = closings.met_by(session, form.closing(), everywhere)
        if form.shown is None or "back" in request.form:
            return _closing_page(form, met if "back" not in request.form else None)
        _closed, met = closings.close(session, form.closing(), everywhere, form.shown, actor())
    except Problem as problem:
        return _closing_refused(form, problem)
    db.session.commit()
    flash(_("It is closed. New bookings are stopped."), "good")
    return redirect(url_for("intake.manage_worklist" if met else "intake.manage_counters"), 303)


def _asked_for(session: Session) -> dict[str, object]:
    """What a link to this page asks for: what is closed, and today."""
    wanted: dict[str, object] = {"scope": request.args.get("scope", "")[:40]}
    if "today" in request.args:
        wanted["first"] = clock.today(catalogue.place(session).timezone)
    return wanted


def _closing_refused(form: ClosingForm, problem: Problem) -> ResponseReturnValue:
    db.session.rollback()
    session = db.session()
    form.form_errors.append(manage_words.refusal(problem))
    form.scope.choices = _scopes(session)
    met = None
    if isinstance(problem, Moved):
        met = closings.met_by(session, form.closing(), counters.all_counters(session))
    return _closing_page(form, met), problem.status


def _closing_page(form: ClosingForm, met: list[Planned] | None = None) -> str:
    """The questions; with `met` the answers, and which visits they would meet."""
    session = db.session()
    labels = {one.id: one.label for one in counters.all_counters(session)}
    names = {service.id: service.name for service in catalogue.services(session)}
    visits = len({step.visit for step in met or ()})
    form.seen.data = str(visits) if met is not None else ""
    form.seen.raw_data = None
    return render_template(
        "intake/manage_closing.html", form=form, met=met, visits=visits, labels=labels, names=names,
        words=manage_words,
    )  # fmt: skip


def _scopes(session: Session) -> list[tuple[str, str]]:
    """What this manager may close, the largest first."""
    reach = my_reach(session)
    mine = counters.managed(session, reach)
    names = catalogue.authority_names(session)
    house = [(HOUSE, str(_("The whole house")))] if reach.house else []
    of = dict.fromkeys(one.authority_id for one in mine)
    authorities = [(scope_value(Scope(authority_id=id_)), names[id_]) for id_ in of]
    single = [
        (scope_value(Scope(counter_id=one.id)), _counter_named(one, names[one.authority_id])) for one in mine
    ]
    return [*house, *authorities, *single]


def _counter_named(counter: Counter, authority: str) -> str:
    return str(_("Counter %(counter)s (%(authority)s)", counter=counter.label, authority=authority))


@bp.post(f"/manage/counters/closings/<{KEY}:closing_id>/open")
@at_manager
def manage_closing_open(closing_id: int) -> ResponseReturnValue:
    """Take a closing back: times are on offer again at once."""
    form, session = ActionForm(), db.session()
    if not form.validate():
        return list_page(form), form.status
    reach = my_reach(session)
    mine = counters.managed(session, reach)
    closings.open_again(session, closing_id, mine, reach.house, actor())
    db.session.commit()
    flash(_("It is open again."), "good")
    return redirect(url_for("intake.manage_counters"), 303)


@bp.get("/manage/counters/worklist")
@at_manager
def manage_worklist() -> ResponseReturnValue:
    """Booked visits that no longer fit, those that wait for somebody first."""
    return _worklist()


@bp.post(f"/manage/counters/worklist/<{KEY}:visit_id>")
@at_manager
def manage_settle(visit_id: int) -> ResponseReturnValue:
    """The visit stays, the visitor is asked to move, was told by phone, or it is cancelled."""
    form, session = SettleForm(), db.session()
    if not form.validate():
        return _worklist(form)
    mine = counters.managed(session, my_reach(session))
    try:
        visit, found = worklist.misfit(session, mine, visit_id, form.seen)
        if form.how.data == "cancel":
            worklist.call_off(session, visit, actor())
        else:
            worklist.settle(session, visit, found, Answer(form.how.data), actor())
    except NotHere:
        raise
    except Problem as problem:
        db.session.rollback()
        form.form_errors.append(manage_words.refusal(problem))
        return _worklist(form, problem.status)
    db.session.commit()
    return redirect(url_for("intake.manage_worklist"), 303)


@bp.post("/manage/counters/worklist/ask")
@at_manager
def manage_ask_all() -> ResponseReturnValue:
    """Ask everybody on the list who has an address to choose another time."""
    form, session = AskAllForm(), db.session()
    if not form.validate():
        return _worklist(form)
    asked = worklist.ask_all(session, counters.managed(session, my_reach(session)), form.seen, actor())
    db.session.commit()
    flash(ngettext("One visitor is asked.", "%(num)s visitors are asked.", asked), "good")
    return redirect(url_for("intake.manage_worklist"), 303)


def _worklist(
    refused: SettleForm | AskAllForm | None = None, status: int | None = None
) -> ResponseReturnValue:
    session = db.session()
    found = worklist.worklist(session, counters.managed(session, my_reach(session)))
    names = {service.id: service.name for service in catalogue.services(session)}
    page = render_template(
        "intake/manage_worklist.html", refused=refused, names=names, words=manage_words,
        waiting=[one for one in found if one.is_open], settled=[one for one in found if not one.is_open],
    )  # fmt: skip
    return page, status or (refused.status if refused else 200)
