"""Finding one's booking: reference and address send the link again; true and false pairs look the same."""

from __future__ import annotations

from flask import current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from house import doors
from house.db import db
from house.intake.change_forms import FindBySmsForm, FindForm
from house.intake.fairness import count_search
from house.intake.finding import send_link
from house.intake.views import bp


@bp.route("/<lang:lang_tag>/find", methods=["GET", "POST"])
@doors.public
def find(lang_tag: str) -> ResponseReturnValue:
    """Which booking, and which address?"""
    form = FindBySmsForm() if current_app.extensions["house-config"].sms else FindForm()
    if not form.is_submitted() or not form.validate():
        return render_template("intake/find.html", form=form), form.status
    count_search(form.address)
    send_link(db.session(), form.reference.text, form.address)
    db.session.commit()
    return redirect(url_for("intake.find_sent", lang_tag=lang_tag), 303)


@bp.get("/<lang:lang_tag>/find/sent")
@doors.public
def find_sent(lang_tag: str) -> ResponseReturnValue:
    """The same for everybody: look into your mailbox, or at your phone."""
    return render_template("intake/find_sent.html")
