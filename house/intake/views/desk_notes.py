"""Notes of my counter's authority about somebody of today: writing one, and taking it back.

They stand on the person's page and at the counter; a form says which one it came from.
"""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask import session as browser
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from house.db import db
from house.forms import ActionForm, HouseForm
from house.intake import deeds, notes
from house.intake.desk_words import refusal
from house.intake.note_forms import NoteForm
from house.intake.views import bp
from house.intake.views.at_desk import COUNTER, actor, at_the_desk, back, my_counter, page, show
from house.intake.views.desk_person import person_of_today, person_page
from house.people import face as people
from house.problems import Moved, NotHere, Problem

NOTE = f"<int(max={2**63 - 1}):note_id>"


@bp.post("/desk/person/<reference>/note")
@at_the_desk
def desk_note(reference: str) -> ResponseReturnValue:
    """Write a note; the same page sent twice writes one."""
    form, session = NoteForm(), db.session()
    visit = person_of_today(reference)
    if not form.validate():
        return _again(reference, 422, note=form)
    if form.once.data and not people.first_time(session, form.once.data):
        flash(_("This is written down already."))
        return _where_it_stood(reference)
    try:
        at = my_counter(session)
        notes.write(session, deeds.lock(session, visit.id), at.authority_id, form.note.text, actor())
    except Problem as problem:
        return _refused(reference, problem, note=form)
    db.session.commit()
    flash(_("The note is written down."), "good")
    return _where_it_stood(reference)


@bp.post(f"/desk/person/<reference>/note/{NOTE}/remove")
@at_the_desk
def desk_note_remove(reference: str, note_id: int) -> ResponseReturnValue:
    """Take my own note of today back."""
    form, session = ActionForm(), db.session()
    visit = person_of_today(reference)
    if not form.validate():
        return _again(reference, 422, action=form)
    try:
        notes.remove(session, visit, my_counter(session).authority_id, note_id, actor())
    except NotHere:  # pressed twice, or in two windows; and no more is said of what is not mine
        return _refused(reference, Moved(), action=form)
    except Problem as problem:
        return _refused(reference, problem, action=form)
    db.session.commit()
    flash(_("The entry is taken back."), "good")
    return _where_it_stood(reference)


def _where_it_stood(reference: str) -> ResponseReturnValue:
    if page() == "counter":
        return back()
    return redirect(url_for("intake.desk_person", reference=reference), 303)


def _refused(reference: str, problem: Problem, **forms: HouseForm) -> ResponseReturnValue:
    next(iter(forms.values())).form_errors.append(refusal(problem))
    db.session.rollback()
    return _again(reference, problem.status, **forms)


def _again(reference: str, status: int, **forms: HouseForm) -> ResponseReturnValue:
    """The page that the form stands on; where its person has left the counter, the person's own."""
    visit = person_of_today(reference)
    here = {step.counter_id for step in visit.steps if step.state in deeds.BUSY}
    if page() == "counter" and browser.get(COUNTER) in here:
        return show(status, **forms)
    return person_page(visit, status, **forms)
