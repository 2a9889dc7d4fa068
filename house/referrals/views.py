"""Hand-overs: the staff's inbox, one hand-over, and the person's own page of it."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from house import doors
from house.catalogue import face as catalogue
from house.db import db
from house.doors import Role
from house.people import face as people
from house.problems import Moved
from house.referrals import handover
from house.referrals.forms import ReferralForm, TurnForm
from house.referrals.models import Basis, Referral, open_first
from house.referrals.states import ENDS, NEXT, ReferralState
from house.referrals.words import STATES

bp = Blueprint("referrals", __name__)


def _actor() -> str:
    person = people.person()
    return person.house_actor if person else "nobody"


@bp.get("/referrals/")
@doors.staff(Role.DESK, Role.ADVISER, Role.MANAGER)
def inbox() -> ResponseReturnValue:
    """Who waits for an answer from outside, oldest first."""
    session = db.session()
    referrals = session.scalars(open_first(100)).all()
    names = {service.id: service for service in catalogue.services(session)}
    return render_template(
        "referrals/inbox.html", referrals=referrals, services=names, states=STATES, ends=ENDS,
        authorities=catalogue.authority_names(session),
    )  # fmt: skip


@bp.route("/referrals/new", methods=["GET", "POST"])
@doors.staff(Role.DESK, Role.ADVISER)
def new() -> ResponseReturnValue:
    """Hand a person over to an authority outside."""
    form = ReferralForm()
    services = catalogue.services(db.session())
    form.service.choices = [(service.slug, service.name) for service in services]
    if request.method == "GET" or not form.validate():
        return render_template("referrals/new.html", form=form), form.status
    wanted = handover.Wanted(
        service_id=catalogue.service(db.session(), form.service.data).id,
        name=form.name.text, email=form.email.data or None, matter=form.matter.data or None,
        language=form.language.data, basis=Basis(form.basis.data),
    )  # fmt: skip
    referral = handover.send(db.session(), wanted, _actor())
    reference = referral.reference
    db.session.commit()
    return redirect(url_for("referrals.referral", reference=reference), 303)


@bp.route("/referrals/<reference>", methods=["GET", "POST"])
@doors.staff(Role.DESK, Role.ADVISER, Role.MANAGER)
def referral(reference: str) -> ResponseReturnValue:
    """One hand-over: what happened, and what happens next."""
    found = handover.by_reference(db.session(), reference)
    form = TurnForm()
    form.state.choices = [(state.value, STATES[state]) for state in NEXT[found.state]]
    if request.method == "GET" or not form.validate():
        return _page(found, form), form.status
    try:
        handover.turn(db.session(), found, ReferralState(form.state.data), _actor())
    except Moved:
        return _page(found, form), 409
    db.session.commit()
    return redirect(url_for("referrals.referral", reference=reference), 303)


def _page(found: Referral, form: TurnForm) -> str:
    session = db.session()
    return render_template(
        "referrals/referral.html", referral=found, form=form, states=STATES, ended=found.state in ENDS,
        service=catalogue.service_by_id(session, found.service_id),
        authority=catalogue.authority_names(session)[found.authority_id],
    )  # fmt: skip


@bp.get("/<lang:lang_tag>/referral/<token>")
@doors.by_link
def mine(lang_tag: str, token: str) -> ResponseReturnValue:
    """My matter: who has it, where it stands."""
    session = db.session()
    found = handover.by_token(session, token)
    return render_template(
        "referrals/mine.html", referral=found, states=STATES,
        service=catalogue.service_by_id(session, found.service_id),
        authority=catalogue.authority_names(session)[found.authority_id],
    )  # fmt: skip
