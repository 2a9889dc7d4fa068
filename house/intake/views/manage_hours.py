"""Managers' page of a counter's hours, with what they make before they are saved."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from house.catalogue import face as catalogue
from house.db import db
from house.intake import counter_hours, manage_words, worklist
from house.intake.hours_forms import HoursForm, hours_form
from house.intake.models import Counter
from house.intake.previewing import preview
from house.intake.views import bp
from house.intake.views.manage import COUNTER, actor, at_manager, my_counter
from house.problems import Problem


@bp.route(f"/manage/counters/{COUNTER}/hours", methods=["GET", "POST"])
@at_manager
def manage_hours(counter_id: int) -> ResponseReturnValue:
    """When a counter is open; buttons add and remove rows, show what they make, and save."""
    session = db.session()
    counter = my_counter(session, counter_id)
    stored = counter_hours.hours_of(session, counter)
    form = hours_form(stored, counter.revision, counter.capacity, _tags(counter))
    if not form.is_submitted():
        return _page(counter, form, stored)
    pressed = request.form.get("do", "")[:60]
    if form.press(pressed):
        return _page(counter, form, None)
    if not form.validate():
        return _page(counter, form, None), form.status
    wanted = form.rules._replace(closings=stored.closings)
    if pressed != "save":
        return _page(counter, form, wanted)
    try:
        counter_hours.change_hours(session, counter, wanted, form.seen, actor())
    except Problem as problem:
        db.session.rollback()
        return _refused(counter_id, form, wanted, problem)
    db.session.commit()
    return _saved(counter_id)


def _saved(counter_id: int) -> ResponseReturnValue:
    """Back to the page, or to the worklist when visits do not fit any more."""
    counter = my_counter(db.session(), counter_id)
    flash(_("The hours of counter %(counter)s are saved.", counter=counter.label), "good")
    if any(one.is_open for one in worklist.worklist(db.session(), [counter])):
        return redirect(url_for("intake.manage_worklist"), 303)
    return redirect(url_for("intake.manage_hours", counter_id=counter_id), 303)


def _refused(
    counter_id: int, form: HoursForm, wanted: catalogue.Rules, problem: Problem
) -> ResponseReturnValue:
    """The answers as they were; when somebody was faster also what stands now."""
    session = db.session()
    counter = my_counter(session, counter_id)
    form.form_errors.append(manage_words.refusal(problem))
    theirs = counter_hours.hours_of(session, counter) if problem.status == 409 else None
    form.revision.data = str(counter.revision)
    return _page(counter, form, wanted, theirs), problem.status


def _tags(counter: Counter) -> list[str]:
    return [one.language for one in counter.languages]


def _page(
    counter: Counter, form: HoursForm, shown: catalogue.Rules | None, theirs: catalogue.Rules | None = None
) -> str:
    """The form; with rules that hold together also what they make."""
    return render_template(
        "intake/manage_hours.html", form=form, counter=counter, words=manage_words, theirs=theirs,
        preview=preview(db.session(), counter, shown) if shown else None,
    )  # fmt: skip
