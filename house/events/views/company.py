"""The company's room: onboarding days, signing employees up, taking one back; all by the company's key."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from house import doors
from house.db import db
from house.doors import Role
from house.events import employees, programme, words
from house.events.cancelling import withdraw
from house.events.forms import CompanySignUpForm
from house.events.models import Attendee, AttendeeState
from house.events.programme import FOR_COMPANIES, EventCard, Stage
from house.events.signing_up import AlreadyComing, sign_up
from house.events.views import bp
from house.forms import ActionForm
from house.people import face as people
from house.problems import Moved, NotHere, Taken


@dataclass(frozen=True)
class Contact:
    """The company whose contact is signed in, and how the audit names it."""

    company_id: int
    actor: str


def _contact() -> Contact:
    person = people.person()
    if person is None or person.company_id is None:
        raise NotHere()
    return Contact(person.company_id, person.house_actor)


@bp.get("/<lang:lang_tag>/company/")
@doors.public
def company_entry(lang_tag: str) -> ResponseReturnValue:
    """What a company can do here, and the way in."""
    person = doors.person_if_session()
    inside = person is not None and Role.COMPANY in person.roles
    cards = programme.upcoming(db.session(), FOR_COMPANIES, limit=5)
    return render_template("events/company_entry.html", cards=cards, inside=inside)


@bp.get("/<lang:lang_tag>/company/room")
@doors.company
def company_room(lang_tag: str) -> ResponseReturnValue:
    """Onboarding days with their places, and whom we signed up for them."""
    ours = _contact().company_id
    session = db.session()
    everybody = employees.of_company(session, ours)
    cards = programme.recent_and_upcoming(session, FOR_COMPANIES)
    by_event = {key: list(group) for key, group in groupby(everybody, key=lambda one: one.event_id)}
    return render_template(
        "events/company_room.html", company=people.company(session, ours).name, by_event=by_event,
        coming_up=[card for card in cards if card.stage is not Stage.OVER],
        with_us=[card for card in cards if card.id in by_event],
    )  # fmt: skip


@bp.route("/<lang:lang_tag>/company/events/<slug>", methods=["GET", "POST"])
@doors.company
def company_sign_up(lang_tag: str, slug: str) -> ResponseReturnValue:
    """Sign employees up, a row each; all of them get a seat, or none."""
    contact = _contact()
    card = programme.by_slug(db.session(), slug, FOR_COMPANIES)
    form = CompanySignUpForm()
    if "more" in request.form:
        form.add_rows()
        return _sign_up_page(card, form), 200
    if request.method == "GET" or not form.validate():
        return _sign_up_page(card, form), form.status
    try:
        signup = sign_up(
            db.session(), card.id, form.persons,
            company_id=contact.company_id, actor=contact.actor, once=form.once.data,
        )  # fmt: skip
    except (Taken, Moved, AlreadyComing) as problem:
        db.session.rollback()
        return _refused(slug, form, problem), problem.status
    reference = signup.reference
    db.session.commit()
    return redirect(url_for("events.company_signup", lang_tag=lang_tag, reference=reference), 303)


def _refused(slug: str, form: CompanySignUpForm, problem: Taken | Moved | AlreadyComing) -> str:
    if isinstance(problem, AlreadyComing):
        rows = [row for number, row in enumerate(form.filled) if number in problem.rows]
        form.refuse(rows, words.refusal(problem))
    else:
        form.form_errors.append(words.refusal(problem))
    return _sign_up_page(programme.by_slug(db.session(), slug, FOR_COMPANIES), form)


def _sign_up_page(card: EventCard, form: CompanySignUpForm) -> str:
    can_sign_up = card.stage is Stage.OPEN or bool(form.errors)
    return render_template("events/company_sign_up.html", card=card, form=form, can_sign_up=can_sign_up)


@bp.get("/<lang:lang_tag>/company/signups/<reference>")
@doors.company
def company_signup(lang_tag: str, reference: str) -> ResponseReturnValue:
    """One act of signing up: who got a letter, and who comes."""
    event_id, group = employees.of_signup(db.session(), _contact().company_id, reference)
    card = programme.by_id(db.session(), event_id)
    return render_template(
        "events/company_signup.html", reference=reference, card=card, group=group,
        may_withdraw=card.stage in (Stage.OPEN, Stage.FULL, Stage.CLOSED),
    )  # fmt: skip


@bp.route("/<lang:lang_tag>/company/signups/<reference>/withdraw/<employee>", methods=["GET", "POST"])
@doors.company
def company_withdraw(lang_tag: str, reference: str, employee: str) -> ResponseReturnValue:
    """Take one employee back; the button does it, and the employee gets a letter."""
    contact, form = _contact(), ActionForm()
    attendee = employees.to_withdraw(db.session(), contact.company_id, reference, employee)
    back = url_for("events.company_signup", lang_tag=lang_tag, reference=reference)
    if request.method == "GET" and attendee.state is AttendeeState.CANCELLED:
        return redirect(back)
    if request.method == "GET" or not form.validate():
        return _withdraw_page(attendee, reference, form), form.status
    try:
        withdraw(db.session(), attendee, people.company(db.session(), contact.company_id).name, contact.actor)
        db.session.commit()
    except Moved as problem:
        db.session.rollback()
        form.form_errors.append(words.refusal(problem))
        return _withdraw_page(attendee, reference, form), problem.status
    return redirect(back, 303)


def _withdraw_page(attendee: Attendee, reference: str, form: ActionForm) -> str:
    card = programme.by_id(db.session(), attendee.event_id)
    return render_template(
        "events/company_withdraw.html", card=card, attendee=attendee, reference=reference, form=form
    )
