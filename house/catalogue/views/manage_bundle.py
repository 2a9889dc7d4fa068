"""The whole catalogue as one file: out for editors, in for administrators, after a look at what changes."""

from __future__ import annotations

import base64
import binascii

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from house import doors
from house.catalogue.bundle_file import BadBundle
from house.catalogue.bundling import BundleDiff, bundle_in, bundle_out
from house.catalogue.catalogue_file import BrokenCatalogue
from house.catalogue.finding_forms import in_english
from house.catalogue.manage_forms import BundleForm, KeptBundleForm
from house.catalogue.shelf import edition_mark
from house.catalogue.views import bp
from house.catalogue.views.manage_desk import me
from house.db import db
from house.doors import Role
from house.forms import HouseForm

NAME = "catalogue-bundle.zip"


@bp.get("/manage/catalogue/bundle.zip")
@doors.staff(Role.EDITOR)
def manage_bundle_out() -> ResponseReturnValue:
    """The catalogue, its texts and the cases of staff as one file."""
    headers = {"Content-Disposition": f'attachment; filename="{NAME}"', "Content-Type": "application/zip"}
    return bundle_out(db.session()), 200, headers


@bp.route("/manage/catalogue/bundle", methods=["GET", "POST"])
@doors.staff()
def manage_bundle() -> ResponseReturnValue:
    """Choose a bundle, and see what it would change; nothing is changed yet."""
    session, form = db.session(), BundleForm()
    if not form.is_submitted() or not form.validate():
        return _page(form), form.status
    data = form.bundle.data.read()
    diff = _tried(form, data, dry_run=True)
    session.rollback()
    if diff is None:
        return _page(form), form.status
    kept = KeptBundleForm(
        formdata=None, data_kept=base64.b64encode(data).decode(), edition=edition_mark(session)
    )
    return _page(form, kept, diff)


def _tried(form: HouseForm, data: bytes, dry_run: bool) -> BundleDiff | None:
    """What the bundle changes; None when it is refused, which the form then says."""
    try:
        return bundle_in(db.session(), data, f"staff {me()}", dry_run=dry_run)
    except BadBundle as problem:
        form.form_errors.append(in_english(str(problem)))
    except BrokenCatalogue as problem:
        form.form_errors.extend(
            in_english(f"services.yaml, line {one.line}: {one.reason}") for one in problem.findings
        )
    return None


@bp.post("/manage/catalogue/bundle/take-over")
@doors.staff()
def manage_bundle_in() -> ResponseReturnValue:
    """Take over the bundle that was looked at, if the catalogue is still the one it was compared with."""
    session, form, kept = db.session(), BundleForm(formdata=None), KeptBundleForm()
    if not kept.validate():
        form.form_errors = [one for errors in kept.errors.values() for one in errors]
        return _page(form), kept.status
    if kept.edition.data != edition_mark(session):
        form.form_errors = [_("The catalogue has changed meanwhile. Please look at the bundle again.")]
        return _page(form), 409
    try:
        data = base64.b64decode(kept.data_kept.data or "", validate=True)
    except (binascii.Error, ValueError):
        data = b""
    if _tried(form, data, dry_run=False) is None:
        session.rollback()
        return _page(form), 422
    session.commit()
    flash(_("The bundle is taken over."), "good")
    return redirect(url_for("catalogue.manage"), 303)


def _page(form: HouseForm, kept: KeptBundleForm | None = None, diff: BundleDiff | None = None) -> str:
    return render_template("catalogue/manage_bundle.html", form=form, kept=kept, diff=diff)
