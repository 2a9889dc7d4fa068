"""Something earlier: asking to hear of it, on the page of the visit, and answering an offer by its link."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from house import clock, doors
from house.db import db
from house.intake.cards import VISIT, card_of, services_in, visit_by
from house.intake.change_forms import AnswerForm
from house.intake.change_models import EarlierOffer, OfferState
from house.intake.earlier import accept, ask, decline
from house.intake.models import Visit
from house.intake.offers import link_of, offer_by
from house.intake.views import bp
from house.problems import Gone, Moved, Taken
from house.seals import keyring


@bp.route("/<lang:lang_tag>/visit/<token>/earlier", methods=["GET", "POST"])
@doors.by_link
def ask_earlier(lang_tag: str, token: str) -> ResponseReturnValue:
    """Tell me when something earlier is free, or tell me no longer."""
    mine, form = visit_by(db.session(), VISIT, token), AnswerForm()
    back = url_for("intake.visit", lang_tag=lang_tag, token=token)
    if not form.is_submitted():  # where a refused page leads in another language
        return redirect(back)
    if not form.validate():
        return render_template("intake/earlier_refused.html", form=form, back=back), form.status
    try:
        ask(db.session(), mine, form.yes)
        db.session.commit()
    except Moved as problem:
        db.session.rollback()
        return render_template("intake/earlier_refused.html", form=form, back=back), problem.status
    told = _("We write to you when something earlier is free.")
    flash(told if form.yes else _("You keep the time you have."), "good")
    return redirect(back, 303)


@bp.route("/<lang:lang_tag>/earlier/<token>", methods=["GET", "POST"])
@doors.by_link
def earlier(lang_tag: str, token: str) -> ResponseReturnValue:
    """An earlier time is kept for you: take it, or keep yours. Looking changes nothing."""
    offer, form = offer_by(db.session(), token), AnswerForm()
    if not form.is_submitted() or not form.validate():
        return _offer_page(lang_tag, offer, form)
    try:
        if form.yes:
            accept(db.session(), offer)
        else:
            decline(db.session(), offer)
        db.session.commit()
    except (Gone, Taken) as problem:
        db.session.rollback()
        return _over(lang_tag, offer, problem.status)
    flash(_("Your visit has a new time.") if form.yes else _("You keep the time you have."), "good")
    return redirect(_visit_page(lang_tag, offer.visit), 303)


def _offer_page(lang_tag: str, offer: EarlierOffer, form: AnswerForm) -> ResponseReturnValue:
    if offer.state is OfferState.ACCEPTED:
        return redirect(_visit_page(lang_tag, offer.visit))
    if offer.state is not OfferState.OPEN or offer.expires_at < clock.now():
        return _over(lang_tag, offer, Gone.status)
    card = card_of(db.session(), offer.visit)
    services = services_in(db.session(), card)
    here = url_for("intake.earlier", lang_tag=lang_tag, token=link_of(offer))
    return render_template(
        "intake/earlier.html", form=form, offer=offer, card=card, services=services, here=here
    ), form.status  # fmt: skip


def _over(lang_tag: str, offer: EarlierOffer, status: int) -> ResponseReturnValue:
    """The offer is no more; the visit is as it was."""
    card = card_of(db.session(), offer.visit)
    back = _visit_page(lang_tag, offer.visit)
    return render_template("intake/earlier_over.html", card=card, back=back, offer=offer), status


def _visit_page(lang_tag: str, visit: Visit) -> str:
    token = keyring().link(VISIT, visit.reference, visit.generation)
    return url_for("intake.visit", lang_tag=lang_tag, token=token)
