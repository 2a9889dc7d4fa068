"""Managers' page of the screens in the hall: where the board is, and the key of the kiosk."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from house.catalogue import face as catalogue
from house.db import db
from house.forms import ActionForm
from house.intake import kiosk
from house.intake.views import bp
from house.intake.views.manage import actor, at_manager, my_reach
from house.pages import address


@bp.get("/manage/screens")
@at_manager
def manage_screens() -> ResponseReturnValue:
    """Where to point the screens."""
    _whole_house()
    return _page(ActionForm(formdata=None))


@bp.post("/manage/screens")
@at_manager
def manage_screens_key() -> ResponseReturnValue:
    """Make a new key for the kiosks."""
    _whole_house()
    form, session = ActionForm(), db.session()
    if not form.validate():
        return _page(form), form.status
    kiosk.new_key(session, catalogue.place(session), actor())
    db.session.commit()
    flash(_("The kiosk has a new key."), "good")
    return redirect(url_for("intake.manage_screens"), 303)


def _whole_house() -> None:
    """The hall is the house's: who manages one authority's counters does not open it."""
    if not my_reach(db.session()).house:
        abort(403)


def _page(form: ActionForm) -> str:
    place = catalogue.place(db.session())
    token = kiosk.key_of(db.session(), place)
    return render_template(
        "intake/manage_screens.html", form=form, place=place, token=token,
        board=address("intake.board_page", slug=place.slug),
        key=token and address("intake.kiosk_key", slug=place.slug, token=token),
    )  # fmt: skip
