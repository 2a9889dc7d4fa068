"""Texts in other languages, for editors: what is to be done, one text beside its source, its history."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from house import doors
from house.catalogue import text_words
from house.catalogue.changes import changes
from house.catalogue.language_tree import Said, TextState
from house.catalogue.owning import texts_of
from house.catalogue.publishing import NotYours
from house.catalogue.searching import fold
from house.catalogue.shelf import shelf
from house.catalogue.stored_texts import versions
from house.catalogue.text_forms import TextForm, TextsForm
from house.catalogue.text_models import TextVersion
from house.catalogue.translating import Changed, NewText, all_items, confirm_text, every_language, write_text
from house.catalogue.views import bp
from house.catalogue.worklist import Item, alike, counted
from house.db import db
from house.doors import Role
from house.languages import BY_TAG, LANGUAGES
from house.people import face as people
from house.problems import NotHere, Problem

A_PAGE = 40


def mine(session: Session) -> Callable[[str], bool]:
    """Which texts who is signed in may write, by their paths."""
    person = people.person()
    return texts_of(session, person.id if person else 0)


def actor() -> str:
    """How the audit names who is signed in."""
    person = people.person()
    return person.house_actor if person else "nobody"


def names(session: Session) -> dict[str, str]:
    """What services and authorities are called, by the beginning of their texts' paths."""
    stand = shelf(session)
    services = {f"service/{one.slug}": one.name for one in stand.services}
    return services | {f"authority/{one.slug}": one.name.text for one in stand.authorities.values()}


@bp.get("/manage/catalogue/texts/")
@doors.staff(Role.EDITOR)
def texts() -> ResponseReturnValue:
    """Every language with how much is done."""
    every = every_language(db.session(), [one.tag for one in LANGUAGES])
    rows = [(BY_TAG[tag], counted(several), len(several)) for tag, several in every.items()]
    return render_template("catalogue/texts.html", rows=rows, words=text_words)


@bp.get("/manage/catalogue/texts/<lang:into>/")
@doors.staff(Role.EDITOR)
def texts_in(into: str) -> ResponseReturnValue:
    """The texts of one language: those to do, or those that were asked for."""
    session, form = db.session(), TextsForm(request.args)
    everything, called = all_items(session, into), names(session)
    found = listed(everything, form, called) if form.validate() else []
    pages = max(1, -(-len(found) // A_PAGE))
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    return render_template(
        "catalogue/texts_in.html",
        form=form, into=BY_TAG[into], found=found[(page - 1) * A_PAGE : page * A_PAGE], number=len(found),
        counts=counted(everything), page=page, pages=pages, names=called, words=text_words,
        asked={name: form[name].data for name in ("q", "state", "entry") if form[name].data},
    ), form.status  # fmt: skip


def listed(several: Sequence[Item], form: TextsForm, called: dict[str, str]) -> list[Item]:
    """The texts that a form asks for, in the catalogue's order."""
    wanted, entry = fold(form.q.text).split(), form.entry.data
    found = [one for one in several if form.wants(one.state) and entry in ("", one.entry)]
    if not wanted:
        return found
    heard = {
        one.subject: fold(f"{one.source.text} {one.text} {one.subject} {called.get(one.entry, '')}")
        for one in found
    }
    return [one for one in found if all(word in heard[one.subject] for word in wanted)]


@bp.route("/manage/catalogue/texts/<lang:into>/text/<path:subject>", methods=["GET", "POST"])
@doors.staff(Role.EDITOR)
def text(into: str, subject: str) -> ResponseReturnValue:
    """One text beside what it is made from; saving makes a version, of a machine's text also unchanged."""
    session = db.session()
    everything = all_items(session, into)
    item = next((one for one in everything if one.subject == subject), None)
    if item is None:
        raise NotHere()
    form = TextForm(text=item.text, mark=item.mark)
    if request.method == "GET" or item.own or not form.validate():
        status = 409 if item.own and request.method == "POST" else form.status
        return _text_page(into, item, everything, form), status
    try:
        written = _save(session, into, item, form)
        session.commit()
    except Changed as problem:
        session.rollback()
        return _somebody_was_faster(into, problem.item, form), problem.status
    except Problem as problem:
        session.rollback()
        said = [text_words.refusal(problem)]
        if isinstance(problem, NotYours):  # there is no field on that page
            form.form_errors = said
        else:
            form.text.errors = said
        return _text_page(into, item, everything, form), problem.status
    flash(ngettext("Saved in one place.", "Saved in %(num)s places.", written), "good") if written else None
    return redirect(_next_to_do(session, into, subject) if "next" in request.form else _back(into), 303)


def _save(session: Session, into: str, item: Item, form: TextForm) -> int:
    mark = form.mark.data or ""
    if item.state is TextState.MACHINE and form.text.text == item.text:
        return confirm_text(session, into, item.subject, mark, actor(), mine(session))
    new = NewText(item.subject, mark, form.text.text)
    return write_text(session, into, new, actor(), everywhere=form.everywhere.data, may=mine(session))


def _back(into: str) -> str:
    return url_for("catalogue.texts_in", into=into)


def _next_to_do(session: Session, into: str, subject: str) -> str:
    """The first text after this one, round the end, that readers see outdated, missing or by a machine."""
    everything, may = all_items(session, into), mine(session)
    at = next((n for n, one in enumerate(everything) if one.subject == subject), -1)
    for one in (*everything[at + 1 :], *everything[: at + 1]):
        if one.state is not TextState.UP_TO_DATE and may(one.subject):
            return url_for("catalogue.text", into=into, subject=one.subject)
    return _back(into)


def _somebody_was_faster(into: str, item: Item, form: TextForm) -> str:
    """Both texts side by side; the page's new mark lets the writer decide."""
    form.form_errors.append(_("Somebody else changed this while you wrote. Look at both and save again."))
    form.mark.data = item.mark
    return _text_page(into, item, all_items(db.session(), into), form, theirs=item.text)


def _text_page(
    into: str, item: Item, everything: list[Item], form: TextForm, theirs: str | None = None
) -> str:
    called = names(db.session())
    others = len(alike(everything, item))
    return render_template(
        "catalogue/text.html",
        form=form, item=item, into=BY_TAG[into], others=others, theirs=theirs, words=text_words,
        mine=mine(db.session())(item.subject),
        changed=_differences(item.was_made_from, item.source), names=called,
        entry=text_words.entry_name(item.entry, called), place=text_words.place(item.subject, called),
    )  # fmt: skip


def _differences(then: Said | None, now: Said) -> tuple[tuple[str, str], ...]:
    """The source word by word, from what it was to what it is; nothing where it is the same."""
    if then is None or then.lang != now.lang:
        return ()
    found = changes({"text": then.text}, {"text": now.text})
    return found[0].parts if found else ()


@bp.get("/manage/catalogue/texts/<lang:into>/history/<path:subject>")
@doors.staff(Role.EDITOR)
def text_history(into: str, subject: str) -> ResponseReturnValue:
    """Everything a text ever said, who wrote it and from what."""
    session = db.session()
    several = versions(session, into, subject)
    if not several:
        raise NotHere()
    called = names(session)
    return render_template(
        "catalogue/text_history.html",
        several=several, into=BY_TAG[into], subject=subject, who=_who(session, several), words=text_words,
        place=text_words.place(subject, called),
        entry=text_words.entry_name("/".join(subject.split("/")[:2]), called),
    )  # fmt: skip


def _who(session: Session, several: list[TextVersion]) -> dict[str, str]:
    """Names of those who wrote, by how the audit names them; a closed account has none."""
    keys = {one.made_by: int(one.made_by[6:]) for one in several if one.made_by.startswith("staff ")}
    known = people.names(session, set(keys.values()))
    return {actor: known.get(key, "") for actor, key in keys.items()}
