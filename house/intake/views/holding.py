"""Booking online, the second half, by the hold's link: who are you, are the answers right, done."""

from __future__ import annotations

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from house import clock, doors
from house.catalogue import face as catalogue
from house.db import db
from house.forms import ActionForm
from house.intake import words
from house.intake.booking import confirm, give_contact
from house.intake.cards import HOLD, VISIT, VisitCard, card_of, spoken_at, stations_of, visit_by
from house.intake.daymap import utc_tick
from house.intake.extending import MOST_EXTENSIONS, extend
from house.intake.fairness import EnoughVisits
from house.intake.forms import CheckForm, ContactBySmsForm, ContactForm
from house.intake.household import Household, access_codes
from house.intake.models import Visit, VisitState
from house.intake.views import bp
from house.intake.views.asking import Asked, household_of, joined, times_elsewhere
from house.intake.views.times import nearest
from house.languages import current
from house.problems import Gone, Moved, Problem, Taken
from house.seals import keyring

MORE_TIME = "more"
"""The name of the button that asks for more time."""


@bp.route("/<lang:lang_tag>/book/hold/<token>", methods=["GET", "POST"])
@doors.by_link
def contact(lang_tag: str, token: str) -> ResponseReturnValue:
    """How may we call you, and where does the confirmation go?"""
    visit = visit_by(db.session(), HOLD, token)
    if visit.state is not VisitState.HELD:
        return _past_holding(lang_tag, visit)
    form = _contact_form(visit)
    if MORE_TIME in request.form:
        return _more_time("intake/contact.html", lang_tag, visit, token, form)
    if form.is_submitted() and form.validate():
        mobile = form.mobile.text if form.mobile is not None else None
        give_contact(
            db.session(), visit, form.name.text, form.email.text, bool(form.earlier.data), mobile
        )  # fmt: skip
        db.session.commit()
        return redirect(url_for("intake.check", lang_tag=lang_tag, token=token), 303)
    if not form.is_submitted() and _is_over(visit):
        return _over(lang_tag, visit, Gone.status)
    return _page("intake/contact.html", visit, token, form=form), form.status


def _contact_form(visit: Visit) -> ContactForm:
    """The form with what was given before; a mobile number is asked for only where texts can be sent."""
    kind = ContactBySmsForm if current_app.extensions["house-config"].sms else ContactForm
    given = {"name": visit.name, "email": visit.email, "mobile": visit.mobile}
    return kind(data={**given, "earlier": visit.asked_earlier_at is not None})


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
    if MORE_TIME in request.form:
        return _more_time("intake/check.html", lang_tag, visit, token, form)
    if not form.is_submitted() and _is_over(visit):
        return _over(lang_tag, visit, Gone.status)
    if not form.is_submitted() or not form.validate():
        return _page("intake/check.html", visit, token, form=form), form.status
    try:
        confirm(db.session(), visit, lang_tag, shown=form.shown.data)
        done = _past_holding(lang_tag, visit)
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
    return done


def _past_holding(lang_tag: str, visit: Visit) -> ResponseReturnValue:
    """A hold that became a visit leads to the visit, whatever became of that."""
    token = keyring().link(VISIT, visit.reference, visit.generation)
    return redirect(url_for("intake.visit", lang_tag=lang_tag, token=token), 303)


def _more_time(
    template: str, lang_tag: str, visit: Visit, token: str, form: ContactForm | CheckForm
) -> ResponseReturnValue:
    """The same page with what was typed so far, and a hold that lasts longer."""
    pressed = ActionForm()
    if not pressed.validate():
        form.form_errors.extend(pressed.csrf_token.errors)
        return _page(template, visit, token, form=form), 422
    try:
        extend(db.session(), visit)
        db.session.commit()
    except (Taken, Gone) as problem:
        db.session.rollback()
        return _over(lang_tag, visit, problem.status)
    except Problem as problem:
        db.session.rollback()
        form.form_errors.append(_("You had more time three times. Please go on now."))
        return _page(template, visit, token, form=form), problem.status
    return _page(template, visit, token, form=form)


def _is_over(visit: Visit) -> bool:
    return visit.held_until is not None and visit.held_until < clock.now()


def _over(lang_tag: str, visit: Visit, status: int) -> ResponseReturnValue:
    """The hold ran out: the answers are kept, and the three nearest times are offered."""
    card = card_of(db.session(), visit)
    again = _asked(lang_tag, visit, card)
    wish = again.wish()
    near = nearest(again, wish, utc_tick(card.starts_at)) if wish.bookable else []
    return render_template(
        "intake/hold_over.html", near=near, days=again.path("intake.days"), began=card.starts_at
    ), status  # fmt: skip


def _asked(lang_tag: str, visit: Visit, card: VisitCard) -> Asked:
    """What was asked for, from what is held."""
    slugs = [*(step.service for step in card.steps), *(step.service for step in card.elsewhere)]
    services = tuple(one for one in catalogue.services(db.session()) if one.slug in slugs)
    who = Household(
        visit.party - visit.children, visit.children, visit.speaks or visit.language, visit.interpreter,
        access_codes(visit.access), household_of(visit.party).municipality,
    )  # fmt: skip
    others = tuple(other for other in times_elsewhere() if other.slug in slugs)
    return Asked(lang_tag, services, who, others)


def _page(template: str, visit: Visit, token: str, form: ContactForm | CheckForm, moved: bool = False) -> str:
    """A page of the second half, with what is held and until when."""
    card = card_of(db.session(), visit)
    asked = _asked(current().tag, visit, card)
    spoken = words.help_in(spoken_at(db.session(), visit), asked.speaks)
    left = (visit.held_until - clock.now()).total_seconds() if visit.held_until else 0
    return render_template(
        template, form=form, visit=visit, card=card, token=token, stations=stations_of(db.session(), card),
        spoken=spoken, shown=utc_tick(card.starts_at), moved=moved, left=max(int(left), 0),
        can_extend=visit.extensions < MOST_EXTENSIONS, asked=asked, change=_change(asked),
        access=words.access_names(asked.household.access), tongue=words.spoken_name(asked.speaks),
    )  # fmt: skip


def _change(asked: Asked) -> dict[str, str]:
    """Where the first answers can be changed."""
    return {
        "need": url_for("intake.need", lang_tag=asked.lang_tag, service=asked.slugs),
        "who": url_for("intake.who", lang_tag=asked.lang_tag, slugs=joined(asked.slugs)),
    }
