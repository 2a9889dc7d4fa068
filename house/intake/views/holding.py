"""Booking online, the second half, by the hold's link: who are you, are the answers right, done."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from house import clock, doors
from house.db import db
from house.intake import words
from house.intake.booking import confirm, give_contact
from house.intake.cards import HOLD, VISIT, card_of, services_in, spoken_at, visit_by
from house.intake.daymap import utc_tick
from house.intake.fairness import EnoughVisits
from house.intake.forms import CheckForm, ContactForm
from house.intake.models import Visit, VisitState
from house.intake.offering import find_times
from house.intake.views import bp
from house.intake.views.public import nearest
from house.problems import Gone, Moved, Taken
from house.seals import keyring


@bp.route("/<lang:lang_tag>/book/hold/<token>", methods=["GET", "POST"])
@doors.by_link
def contact(lang_tag: str, token: str) -> ResponseReturnValue:
    """How may we call you, and where does the confirmation go?"""
    visit = visit_by(db.session(), HOLD, token)
    if visit.state is not VisitState.HELD:
        return _past_holding(lang_tag, visit)
    given = {"name": visit.name, "email": visit.email, "earlier": visit.asked_earlier_at is not None}
    form = ContactForm(data=given)
    if form.is_submitted() and form.validate():
        email, earlier = form.email.data or None, bool(form.earlier.data)
        give_contact(db.session(), visit, form.name.data or "", email, earlier)
        db.session.commit()
        return redirect(url_for("intake.check", lang_tag=lang_tag, token=token), 303)
    if not form.is_submitted() and _is_over(visit):
        return _over(lang_tag, visit, Gone.status)
    return _page("intake/contact.html", visit, token, form=form), form.status


@bp.route("/<lang:lang_tag>/book/hold/<token>/check", methods=["GET", "POST"])
@doors.by_link
def check(lang_tag: str, token: str) -> ResponseReturnValue:
    """Are the answers right? The button books the visit."""
    visit = visit_by(db.session(), HOLD, token)
    if visit.state is not VisitState.HELD:
        return _past_holding(lang_tag, visit)
    if not visit.name:
        return redirect(url_for("intake.contact", lang_tag=lang_tag, token=token), 303)
    form = CheckForm()
    if not form.is_submitted() and _is_over(visit):
        return _over(lang_tag, visit, Gone.status)
    if not form.is_submitted() or not form.validate():
        return _page("intake/check.html", visit, token, form=form), form.status
    try:
        confirm(db.session(), visit, lang_tag, shown=form.shown.data)
        db.session.commit()
    except Moved as problem:
        db.session.rollback()
        return _page("intake/check.html", visit, token, form=form, moved=True), problem.status
    except EnoughVisits as problem:
        db.session.rollback()
        form.form_errors.append(words.enough_visits())
        return _page("intake/check.html", visit, token, form=form), problem.status
    except (Taken, Gone) as problem:
        db.session.rollback()
        return _over(lang_tag, visit, problem.status)
    return _past_holding(lang_tag, visit)


def _past_holding(lang_tag: str, visit: Visit) -> ResponseReturnValue:
    """A hold that became a visit leads to the visit, whatever became of that."""
    token = keyring().link(VISIT, visit.reference, visit.generation)
    return redirect(url_for("intake.visit", lang_tag=lang_tag, token=token), 303)


def _is_over(visit: Visit) -> bool:
    return visit.held_until is not None and visit.held_until < clock.now()


def _over(lang_tag: str, visit: Visit, status: int) -> ResponseReturnValue:
    """The hold ran out: the answers are kept, and the three nearest times are offered."""
    card = card_of(db.session(), visit)
    [slug] = [step.service for step in card.steps]
    offer = find_times(db.session(), slug, visit.party, lang_tag)
    near = nearest(offer, lang_tag, utc_tick(card.starts_at)) if offer.wish.chain else []
    return render_template(
        "intake/hold_over.html", near=near, slug=slug, party=visit.party, began=card.starts_at
    ), status  # fmt: skip


def _page(template: str, visit: Visit, token: str, form: ContactForm | CheckForm, moved: bool = False) -> str:
    """A page of the second half, with what is held and until when."""
    card = card_of(db.session(), visit)
    services = services_in(db.session(), card)
    spoken = words.help_in(spoken_at(visit))
    return render_template(
        template, form=form, visit=visit, card=card, token=token, services=services, spoken=spoken,
        shown=utc_tick(card.starts_at), moved=moved,
    )  # fmt: skip
