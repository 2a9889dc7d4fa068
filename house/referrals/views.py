"""Hand-overs: the staff's inbox, one hand-over, and the person's own page of it."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from house import clock, doors
from house.catalogue import face as catalogue
from house.db import db
from house.doors import Role
from house.intake import face as intake
from house.people import face as people
from house.problems import Moved, Problem
from house.referrals import handover
from house.referrals.forms import ReferralForm, TurnForm
from house.referrals.handover import UNANSWERED_AFTER
from house.referrals.models import Basis, Referral, how_many, open_first
from house.referrals.states import BY_CLOCK, ENDS, NEXT, ReferralState
from house.referrals.words import STATES, TOLD_BY

bp = Blueprint("referrals", __name__)
SHOWN = 100


def _actor() -> str:
    person = people.person()
    return person.house_actor if person else "nobody"


@bp.get("/referrals/")
@doors.staff(Role.DESK, Role.ADVISER, Role.MANAGER)
def inbox() -> ResponseReturnValue:
    """Who is still to be told of to an authority, then who waits for its answer; managers see how many."""
    session, zone = db.session(), current_app.extensions["house-config"].timezone
    if not _handles():
        return _counts(session)
    mine = intake.authorities_of(session, people.person())
    found = session.execute(open_first(SHOWN, mine))
    lines = [(line, clock.local(line.made_at, zone).date()) for line in found]
    abouts = {(line.service_id, line.route) for line, _since in lines}
    return render_template(
        "referrals/inbox.html", lines=lines, states=STATES, ends=ENDS,
        matters={about: handover.matter_of(session, *about) for about in abouts},
    )  # fmt: skip


def _handles() -> bool:
    """Whether I hand people over; a manager who does not sees no person."""
    person = people.person()
    return bool(person and person.roles & {Role.DESK, Role.ADVISER, Role.ADMIN})


def _counts(session: Session) -> ResponseReturnValue:
    of = intake.authorities_of(session, people.person(), Role.MANAGER)
    counted = dict(session.execute(how_many(of)).all())
    return render_template("referrals/counts.html", counted=counted, states=STATES)


@bp.route("/referrals/new", methods=["GET", "POST"])
@doors.staff(Role.DESK, Role.ADVISER)
def new() -> ResponseReturnValue:
    """Hand a person over to an authority outside; the same page sent twice hands over once."""
    asked = {name: request.args[name][:80] for name in ("language", "visit") if request.args.get(name)}
    form = ReferralForm(data={"service": request.args.get("about", "").removeprefix("service:"), **asked})
    session = db.session()
    form.service.choices = _choices(session)
    if request.method == "GET" or not form.validate():
        return render_template("referrals/new.html", form=form), form.status
    if form.once.data and not people.first_time(session, form.once.data):
        flash(_("This hand-over was sent already."))
        return redirect(url_for("referrals.inbox"), 303)
    wanted = handover.Wanted(
        **_about(session, form.service.data), visit_reference=form.visit.data,
        name=form.name.text, email=form.email.data or None, matter=form.matter.data or None,
        language=form.language.data, basis=Basis(form.basis.data),
        made_by=next(iter(intake.authorities_of(session, people.person())), None),
    )  # fmt: skip
    reference = handover.send(session, wanted, _actor()).reference
    db.session.commit()
    return redirect(url_for("referrals.referral", reference=reference), 303)


def _choices(session: Session) -> list[tuple[str, str]]:
    """The services by their slugs, and the ways out of the catalogue."""
    services = [(service.slug, service.name) for service in catalogue.services(session)]
    known = catalogue.can_be_asked(session)
    return services + [(about.code, said.text) for about, said in known.items() if about.kind == "routes"]


def _about(session: Session, chosen: str) -> dict[str, int | None]:
    if chosen.startswith("routes:"):
        return {"service_id": None, "route": int(catalogue.read_about(chosen).slug)}
    return {"service_id": catalogue.service(session, chosen).id, "route": None}


@bp.route("/referrals/<reference>", methods=["GET", "POST"])
@doors.staff(Role.DESK, Role.ADVISER)
def referral(reference: str) -> ResponseReturnValue:
    """One hand-over: what happened, and what happens next; for its makers and its receivers."""
    session = db.session()
    mine = intake.authorities_of(session, people.person())
    found = handover.by_reference(session, reference, mine, lock=request.method == "POST")
    form = TurnForm()
    if request.method == "GET" or not form.validate():
        return _page(found, form)
    try:
        wanted = ReferralState(form.state.data)
        handover.turn(session, found, wanted, _actor(), form.seen.data or "", form.told)
    except Moved:
        form.form_errors.append(_("Somebody else changed this hand-over. Please look again."))
        return _page(found, form, Moved.status)
    except Problem as problem:
        form.refuse_the_day()
        return _page(found, form, problem.status)
    db.session.commit()
    return redirect(url_for("referrals.referral", reference=reference), 303)


def _page(found: Referral, form: TurnForm, status: int | None = None) -> ResponseReturnValue:
    """The hand-over as it stands now, with the states it may go to; what was chosen stays if it may."""
    session = db.session()
    following = (state for state in NEXT[found.state] if state not in BY_CLOCK)
    form.state.choices = [(state.value, STATES[state]) for state in following]
    form.seen.data = found.state.value
    if request.method == "GET":
        form.told_on.data = clock.today(current_app.extensions["house-config"].timezone)
    page = render_template(
        "referrals/referral.html", referral=found, form=form, states=STATES, ended=found.state in ENDS,
        told_by=TOLD_BY, days=UNANSWERED_AFTER.days,
        matter=handover.matter_of(session, found.service_id, found.route),
    )  # fmt: skip
    return page, status or form.status


@bp.get("/<lang:lang_tag>/referral/<token>")
@doors.by_link
def mine(lang_tag: str, token: str) -> ResponseReturnValue:
    """My matter: who has it, where it stands."""
    session = db.session()
    found = handover.by_token(session, token)
    return render_template(
        "referrals/mine.html", referral=found, states=STATES,
        matter=handover.matter_of(session, found.service_id, found.route),
    )  # fmt: skip
