"""Editing an entry: as a form in plain words, as a piece of the catalogue file, and beginning a new one."""

from __future__ import annotations

import re

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from house import doors
from house.catalogue import drafting, entry_file, manage_words, versions
from house.catalogue.answers import ask, say
from house.catalogue.change_words import value_words
from house.catalogue.changes import differing, merge
from house.catalogue.entries import Kind, Record
from house.catalogue.entry_parts import PARTS
from house.catalogue.finding_forms import place
from house.catalogue.judging import judge
from house.catalogue.manage_forms import NewForm, NewSourceForm, YamlForm
from house.catalogue.pressing import press
from house.catalogue.record_forms import EntryForm, filled, posted, pressed
from house.catalogue.views import bp
from house.catalogue.views.manage_desk import KINDS, Desk, me, offered, title_of, writable
from house.db import db
from house.doors import Role
from house.problems import Moved, NotHere

NEW_IDS = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,59}")


def _to_edit(kind: str, slug: str) -> Desk:
    found = writable(db.session(), kind, slug, new=True)
    if found.there.published is None and found.there.draft is None and not NEW_IDS.fullmatch(slug):
        raise NotHere()
    return found


@bp.route(f"/manage/catalogue/entries/<{KINDS}:kind>/<slug>/edit", methods=["GET", "POST"])
@doors.staff(Role.EDITOR)
def manage_edit(kind: str, slug: str) -> ResponseReturnValue:
    """Edit an entry in a form; its buttons add and take out rows, and save the draft."""
    found = _to_edit(kind, slug)
    choices = offered(db.session(), found.catalogue)
    form = posted(found.there.kind, choices)
    if not form.is_submitted():
        text = found.there.text or found.there.published or _blank(found)
        given = ask(PARTS[found.there.kind], text, found.known)
        return _edit_page(found, filled(found.there.kind, given, found.there.seen, choices))
    button = pressed()
    if button.startswith("take "):
        return _edit_page(found, _take_theirs(found, form, button.removeprefix("take ")))
    if button != "save":
        given = press(form.data, button, found.known)
        return _edit_page(found, filled(found.there.kind, given, form.seen_number, choices))
    if not form.validate():
        return _edit_page(found, form), form.status
    return _save(found, form)


def _save(found: Desk, form: EntryForm) -> ResponseReturnValue:
    session, there = db.session(), found.there
    before = _on_screen(found, form.seen_number)
    record = say(PARTS[there.kind], form.answers, before, found.known)
    findings = judge(found.catalogue, there.kind, there.slug, record)
    if findings:
        form = filled(there.kind, form.answers, form.seen_number, offered(session, found.catalogue))
        place(form, findings)
        return _edit_page(found, form), form.status
    try:
        number = drafting.save(session, there.kind, there.slug, record, form.seen_number, me())
        session.commit()
    except Moved as problem:
        session.rollback()
        return _somebody_was_faster(there.kind, there.slug, before, record), problem.status
    return _saved(there, number)


def _saved(there: drafting.Entry, number: int) -> ResponseReturnValue:
    flash(str(manage_words.DONE["saved" if number != there.seen else "same"]), "good")
    return redirect(url_for("catalogue.manage_entry", kind=there.kind.value, slug=there.slug), 303)


def _on_screen(found: Desk, seen: int) -> Record:
    """The text that this version was."""
    there = found.there
    if seen == there.seen:
        return there.text or there.published or _blank(found)
    return versions.version(db.session(), there.kind, there.slug, seen).record or _blank(found)


def _blank(found: Desk) -> Record:
    return {} if found.there.kind in (Kind.SOURCE, Kind.ROUTES) else {"id": found.there.slug}


def _somebody_was_faster(kind: Kind, slug: str, base: Record, mine: Record) -> str:
    """Both texts side by side, and a form that holds them brought together."""
    found = _to_edit(kind.value, slug)
    theirs = found.there.text or {}
    merged = merge(base, mine, theirs)
    choices = offered(db.session(), found.catalogue)
    form = filled(kind, ask(PARTS[kind], merged.record, found.known), found.there.seen, choices)
    facts = found.known.facts
    both = [
        (key, *(list(value_words(side.get(key), key, facts)) for side in (mine, theirs)))
        for key in differing(mine, theirs)
    ]
    return _edit_page(found, form, both=both, disputed=merged.disputed)


def _take_theirs(found: Desk, form: EntryForm, key: str) -> EntryForm:
    """The form with one answer replaced by what stands in the saved text."""
    kind, theirs = found.there.kind, found.there.text or {}
    answers = form.data | {
        name: one for name, one in ask(PARTS[kind], theirs, found.known).items() if name == key
    }
    return filled(kind, answers, form.seen_number, offered(db.session(), found.catalogue))


def _edit_page(found: Desk, form: EntryForm, **more: object) -> str:
    there = found.there
    kept = there.text or there.published or _blank(found)
    return render_template(
        "catalogue/manage_edit.html", opened=pressed().partition(" ")[2].partition("-")[0],
        there=there, form=form, words=manage_words, heading=title_of(there.kind, there.slug, kept),
        parts=[form[part.key] for part in PARTS[there.kind] if part.key != "id"], **more,
    )  # fmt: skip


@bp.route(f"/manage/catalogue/entries/<{KINDS}:kind>/<slug>/raw", methods=["GET", "POST"])
@doors.staff(Role.EDITOR)
def manage_raw(kind: str, slug: str) -> ResponseReturnValue:
    """Edit an entry as it stands in a catalogue file, with findings by line."""
    session, found, form = db.session(), _to_edit(kind, slug), YamlForm()
    there = found.there
    if not form.is_submitted():
        text = there.text or there.published or _blank(found)
        form = YamlForm(formdata=None, seen=str(there.seen), yaml=entry_file.written(text, there.kind))
        return _raw_page(found, form)
    if not form.validate():
        return _raw_page(found, form), form.status
    read = entry_file.read(form.yaml.data or "", there.kind, slug, found.catalogue)
    if read.findings:
        return _raw_page(found, form, findings=read.findings), 422
    try:
        number = drafting.save(session, there.kind, slug, read.data, form.seen_number, me())
        session.commit()
    except Moved as problem:
        session.rollback()
        found = _to_edit(kind, slug)
        theirs = entry_file.written(found.there.text or _blank(found), there.kind)
        form.seen.data = str(found.there.seen)
        return _raw_page(found, form, theirs=theirs), problem.status
    return _saved(there, number)


def _raw_page(found: Desk, form: YamlForm, **more: object) -> str:
    there = found.there
    return render_template(
        "catalogue/manage_raw.html", there=there, form=form, words=manage_words,
        heading=title_of(there.kind, there.slug, there.text or there.published), **more,
    )  # fmt: skip


@bp.route("/manage/catalogue/new/<any(service,authority,offer,source):kind>", methods=["GET", "POST"])
@doors.staff(Role.EDITOR)
def manage_new(kind: str) -> ResponseReturnValue:
    """Begin a new entry: its short name first, which stays for ever."""
    form = NewSourceForm() if kind == Kind.SOURCE else NewForm()
    if form.is_submitted() and form.validate():
        slug = form.id.text
        try:
            drafting.entry(db.session(), Kind(kind), slug)
        except NotHere:
            return redirect(url_for("catalogue.manage_edit", kind=kind, slug=slug), 303)
        form.id.errors = [manage_words.refusal(Moved("id_taken"))]
    page = render_template("catalogue/manage_new.html", form=form, kind=kind, words=manage_words)
    return page, form.status
