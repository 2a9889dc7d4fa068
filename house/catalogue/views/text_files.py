"""Texts as files for translators: out at once, in only after the page has shown what would change."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from house import doors
from house.catalogue import text_words
from house.catalogue.exchanging import LARGEST, BrokenFile, read
from house.catalogue.incoming import export_texts, incoming
from house.catalogue.language_tree import TextState
from house.catalogue.text_forms import FileForm, TakeForm
from house.catalogue.translating import all_items, write_texts
from house.catalogue.views import bp
from house.catalogue.views.texts import actor, mine, names
from house.catalogue.worklist import Item
from house.db import db
from house.doors import Role
from house.languages import BY_TAG
from house.problems import Problem


@bp.route("/manage/catalogue/texts/<lang:into>/files", methods=["GET", "POST"])
@doors.staff(Role.EDITOR)
def texts_files(into: str) -> ResponseReturnValue:
    """Files out, and a file in: it is read and compared, and nothing is written yet."""
    several, form = all_items(db.session(), into), FileForm()
    if request.method == "GET" or not form.validate():
        return _page(into, form, several), form.status
    try:
        rows = read(form.file.data.stream.read(LARGEST + 1), into)
    except BrokenFile as problem:
        form.file.errors = [text_words.file_refusal(problem)]
        return _page(into, form, several), problem.status
    found = incoming(rows, several, machine=form.machine.data, may=mine(db.session()))
    take = TakeForm(formdata=None, changes=TakeForm.told(one.wanted for one in found.changes))
    return render_template(
        "catalogue/texts_incoming.html",
        into=BY_TAG[into], found=found, form=take, words=text_words, names=names(db.session()),
    )  # fmt: skip


def _page(into: str, form: FileForm, several: list[Item]) -> str:
    to_do = sum(one.state is not TextState.UP_TO_DATE for one in several)
    return render_template(
        "catalogue/texts_files.html", into=BY_TAG[into], form=form, to_do=to_do, number=len(several)
    )


@bp.post("/manage/catalogue/texts/<lang:into>/files/take")
@doors.staff(Role.EDITOR)
def texts_take(into: str) -> ResponseReturnValue:
    """Write what the page showed, all of it or nothing; only as long as it is still what stands there."""
    session, form = db.session(), TakeForm()
    several = all_items(session, into)
    if not form.validate():
        again = FileForm(formdata=None)
        again.form_errors.append(_("The page was open for a long time. Please choose the file again."))
        return _page(into, again, several), form.status
    try:
        written = write_texts(session, into, form.wanted, actor(), mine(session))
        session.commit()
    except Problem as problem:
        session.rollback()
        again = FileForm(formdata=None)
        again.form_errors.append(_("A text has changed since you looked. Please choose the file again."))
        return _page(into, again, several), problem.status
    flash(ngettext("One text was brought in.", "%(num)s texts were brought in.", written), "good")
    return redirect(url_for("catalogue.texts_in", into=into), 303)


@bp.get("/manage/catalogue/texts/<lang:into>/texts.xliff")
@doors.staff(Role.EDITOR)
def texts_xliff(into: str) -> ResponseReturnValue:
    """The texts as XLIFF 1.2."""
    return _download(into, "xliff", "application/xliff+xml")


@bp.get("/manage/catalogue/texts/<lang:into>/texts.csv")
@doors.staff(Role.EDITOR)
def texts_csv(into: str) -> ResponseReturnValue:
    """The texts as CSV."""
    return _download(into, "csv", "text/csv")


def _download(into: str, ending: str, kind: str) -> Response:
    """All texts of a language, or with `which=to_do` those that wait for somebody."""
    only_to_do = request.args.get("which") == "to_do"
    data = export_texts(db.session(), into, ending == "csv", only_to_do=only_to_do)
    response = Response(data, mimetype=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="texts-{into}.{ending}"'
    return response
