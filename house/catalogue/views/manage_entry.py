"""One entry on the editors' desk: its text, its draft, whose lists that changes, its history, its buttons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from house import doors
from house.catalogue import acting, manage_words, trying, versions
from house.catalogue.change_words import said, value_words
from house.catalogue.changes import changes
from house.catalogue.drafting import take_in
from house.catalogue.editing_models import Version
from house.catalogue.entries import Record
from house.catalogue.entry_parts import not_asked
from house.catalogue.finding_forms import in_english
from house.catalogue.judging import judge
from house.catalogue.manage_forms import ActForm, SeenForm
from house.catalogue.publishing import Unsound
from house.catalogue.reviewing import REVIEWED, review_of
from house.catalogue.shelf import shelf
from house.catalogue.views import bp
from house.catalogue.views.manage_desk import KINDS, Desk, desk, me, title_of, today
from house.db import db
from house.doors import Role
from house.people import face as people
from house.problems import NotHere, Problem


@bp.get(f"/manage/catalogue/entries/<{KINDS}:kind>/<slug>")
@doors.staff(Role.EDITOR)
def manage_entry(kind: str, slug: str) -> ResponseReturnValue:
    """Everything about one entry."""
    return _page(desk(db.session(), kind, slug))


def _page(found: Desk, form: ActForm | None = None) -> str:
    session, there, facts = db.session(), found.there, found.known.facts
    history = versions.history(session, there.kind, there.slug)
    kept = there.text or there.published or {}
    unsound = judge(found.catalogue, there.kind, there.slug, there.text) if there.draft else []
    tried = there.draft and not unsound
    return render_template(
        "catalogue/manage_entry.html",
        there=there, form=form or ActForm(formdata=None), words=manage_words,
        heading=title_of(there.kind, there.slug, kept), text=told(kept, facts),
        raw_only=not_asked(there.kind, kept), hands=found.hands, history=history,
        changed=said(changes(there.published, there.text), facts) if there.draft else [],
        disputed=take_in(session, there).disputed if there.outdated and there.text else (),
        foreseen=trying.foreseen(session, there.kind, there.slug, there.text) if tried else None,
        unsound=[in_english(f"{one.elsewhere} {one.reason}".strip()) for one in unsound],
        may=acting.allowed(there, found.hands, me()), names=authors(history), service_name=service_name,
        publishers=found.hands.who_may_publish(there.draft.authors) if there.draft else [],
        review=review_of(there.published, today()) if there.published and there.kind in REVIEWED else None,
    )  # fmt: skip


def told(record: Record, facts: Mapping[str, object]) -> list[tuple[str, list[str]]]:
    """An entry as names and lines."""
    return [(manage_words.field_name(key), list(value_words(one, key, facts))) for key, one in record.items()]


def authors(history: Sequence[Version]) -> dict[int, str]:
    """What those who wrote these versions are called."""
    return people.names(db.session(), {one.account_id for one in history if one.account_id})


def service_name(slug: str) -> str:
    """A service by its name in the language of the moment."""
    found = shelf(db.session()).by_slug.get(slug)
    return found.name if found else slug


@bp.post(f"/manage/catalogue/entries/<{KINDS}:kind>/<slug>")
@doors.staff(Role.EDITOR)
def manage_act(kind: str, slug: str) -> ResponseReturnValue:
    """Send, take back, publish, give up, take in, confirm, take out: whatever button was pressed."""
    session, form = db.session(), ActForm()
    found = desk(session, kind, slug)
    if not form.validate():
        return _page(found, form), form.status
    try:
        acting.act(session, found.there, acting.Act(form.do.data), form.seen_number, me(), today())
        session.commit()
    except NotHere:
        raise
    except Problem as problem:
        session.rollback()
        return _refused(kind, slug, form, problem), problem.status
    flash(str(manage_words.DONE[form.do.data]), "good")
    return redirect(_after(kind, slug), 303)


def _refused(kind: str, slug: str, form: ActForm, problem: Problem) -> str:
    form.form_errors.append(manage_words.refusal(problem))
    if isinstance(problem, Unsound):
        reasons = (f"{one.elsewhere} {one.reason}".strip() for one in problem.findings)
        form.form_errors.extend(in_english(reason) for reason in reasons)
    return _page(desk(db.session(), kind, slug), form)


def _after(kind: str, slug: str) -> str:
    """The entry's page, or the list where there is no such entry any more."""
    try:
        desk(db.session(), kind, slug)
    except NotHere:
        return url_for("catalogue.manage_entries", kind=kind)
    return url_for("catalogue.manage_entry", kind=kind, slug=slug)


@bp.route(f"/manage/catalogue/entries/<{KINDS}:kind>/<slug>/versions/<int:number>", methods=["GET", "POST"])
@doors.staff(Role.EDITOR)
def manage_version(kind: str, slug: str, number: int) -> ResponseReturnValue:
    """One text of the past, what it changed, and a button that makes it a new draft."""
    session, form = db.session(), SeenForm()
    found = desk(session, kind, slug, new=True)
    version = versions.version(session, found.there.kind, slug, number)
    if form.is_submitted() and form.validate():
        try:
            acting.restore(session, found.there, number, form.seen_number, me())
            session.commit()
            flash(str(manage_words.DONE["restore"]), "good")
            return redirect(_after(kind, slug), 303)
        except Problem as problem:
            session.rollback()
            form.form_errors.append(manage_words.refusal(problem))
            return _version_page(desk(session, kind, slug, new=True), version, form), problem.status
    return _version_page(found, version, form), form.status


def _version_page(found: Desk, version: Version, form: SeenForm) -> str:
    there, facts = found.there, found.known.facts
    before = versions.before(db.session(), version)
    form.seen.data = str(there.seen)
    return render_template(
        "catalogue/manage_version.html", there=there, version=version, form=form, words=manage_words,
        heading=title_of(there.kind, there.slug, version.record or there.text), names=authors([version]),
        text=told(version.record or {}, facts), may_write=found.may_write,
        changed=said(changes(before.record if before else None, version.record), facts),
    )  # fmt: skip
