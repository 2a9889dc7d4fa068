"""Signing in and out: staff by password, company contacts by a one-time link."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Select, select
from werkzeug.wrappers import Response

from house import doors, languages
from house.db import db
from house.doors import Role
from house.forms import ActionForm, HouseForm
from house.pages import safe_next
from house.people import known, links, signing_in
from house.people.forms import LinkForm, SignInForm
from house.people.models import Account, Body, BodyKind, Membership
from house.people.networks import from_network
from house.people.signing_in import Bucket
from house.problems import Gone

bp = Blueprint("people", __name__)
LINKS, TRIES_SECONDS = 5, 15 * 60


@bp.route("/sign-in", methods=["GET", "POST"])
@doors.public
def sign_in() -> ResponseReturnValue:
    """Staff sign in with e-mail and password."""
    form = SignInForm()
    if request.method == "GET":
        form.next.data = request.args.get("next", "")
    form.next.data = safe_next(form.next.data)
    if request.method == "GET" or not form.validate():
        return _sign_in_page(form)
    signing_in.count_attempt(*known.tries(form.email.text))
    account = signing_in.admit(db.session(), form.email.text, form.password.data or "")
    if account is None:
        form.form_errors.append(_("This e-mail address and password do not fit together."))
        return _sign_in_page(form)
    inside = _enter(account, "password", form.next.data)
    known.remember(inside, form.email.text)
    return inside


def _sign_in_page(form: SignInForm, pressed: HouseForm | None = None) -> ResponseReturnValue:
    personas = PERSONAS if doors.demo() else ()
    page = render_template("people/sign_in.html", form=form, refused=pressed or form, personas=personas)
    return page, (pressed or form).status


def _enter(account: Account, how: str, wanted: str | None = None) -> Response:
    """Begin this person's session, and go on to the page they wanted or to where their day begins."""
    signing_in.enter(db.session(), account, how)
    roles = frozenset(membership.role for membership in account.memberships)
    db.session.commit()
    return redirect(wanted or room_of(roles), 303)


def room_of(roles: frozenset[Role]) -> str:
    """Where a person with these roles begins the day."""
    if roles & {Role.DESK, Role.ADMIN}:
        return url_for("intake.desk")
    if Role.ADVISER in roles:
        return url_for("intake.counter")
    if Role.COMPANY in roles:
        return url_for("events.company_room", lang_tag=languages.current().tag)
    if Role.MANAGER in roles:
        return url_for("reporting.report")
    if Role.EDITOR in roles:
        return url_for("catalogue.manage")
    if Role.ORGANISER in roles:
        return url_for("events.manage")
    return url_for("front.home", lang_tag=languages.current().tag)


@bp.post("/sign-out")
@doors.public
def sign_out() -> ResponseReturnValue:
    """End this person's signed-in sessions, in this browser and wherever its cookie was copied to."""
    form = ActionForm()
    if not form.validate():
        return render_template("people/sign_out.html", form=form), form.status
    signing_in.leave(db.session())
    db.session.commit()
    return redirect(url_for("front.home", lang_tag=languages.current().tag), 303)


@bp.route("/<lang:lang_tag>/company/sign-in", methods=["GET", "POST"])
@doors.public
def company_sign_in(lang_tag: str) -> ResponseReturnValue:
    """A company contact asks for a link; the answer is the same whether there is an account or not."""
    form = LinkForm()
    if request.method == "GET" or not form.validate():
        return render_template("people/company_sign_in.html", form=form), form.status
    signing_in.count_attempt(
        Bucket(f"link to {form.email.text.lower()}", LINKS, TRIES_SECONDS),
        *from_network("link", LINKS * 10, TRIES_SECONDS),
    )
    links.send_sign_in_link(db.session(), form.email.text, lang_tag)
    db.session.commit()
    return redirect(url_for("people.company_link_sent", lang_tag=lang_tag), 303)


@bp.get("/<lang:lang_tag>/company/sign-in/sent")
@doors.public
def company_link_sent(lang_tag: str) -> ResponseReturnValue:
    """Look in your mailbox."""
    return render_template("people/company_link_sent.html")


@bp.route("/<lang:lang_tag>/company/sign-in/<token>", methods=["GET", "POST"])
@doors.by_link
def company_enter(lang_tag: str, token: str) -> ResponseReturnValue:
    """The link itself: looking at it does nothing (mail scanners look), the button signs in."""
    form = ActionForm()
    if not links.link_is_open(db.session(), token):
        return render_template("people/company_link_gone.html"), Gone.status
    if request.method == "GET" or not form.validate():
        return render_template("people/company_enter.html", form=form, token=token), form.status
    try:
        account = links.use_link(db.session(), token)
    except Gone:
        return render_template("people/company_link_gone.html"), Gone.status
    account.language = lang_tag  # whoever holds the link reads it: later letters come in it, too
    return _enter(account, "link", url_for("events.company_room", lang_tag=lang_tag))


# Whom one can be in the demo house: a role, and in what kind of body.
PERSONAS = {
    "desk": (Role.DESK, BodyKind.HOUSE),
    "adviser": (Role.ADVISER, BodyKind.AUTHORITY),
    "manager": (Role.MANAGER, BodyKind.HOUSE),
    "editor": (Role.EDITOR, BodyKind.HOUSE),
    "authority": (Role.EDITOR, BodyKind.AUTHORITY),
    "company": (Role.COMPANY, BodyKind.COMPANY),
}


@bp.post("/demo/sign-in/<role>")
@doors.demo_only
def demo_sign_in(role: str) -> ResponseReturnValue:
    """In the demo house: become somebody of the desk, a manager, a company and others by one press."""
    form = ActionForm()
    if role not in PERSONAS:
        abort(404)
    if not form.validate():
        return _sign_in_page(SignInForm(formdata=None), form)
    account = db.session.scalar(_first_account(*PERSONAS[role]))
    if account is None:
        flash(_("This demo house has nobody with that role."), "bad")
        return redirect(url_for("people.sign_in"), 303)
    return _enter(account, "demo")


def _first_account(role: Role, kind: BodyKind) -> Select[Account]:
    wanted = select(Account).join(Membership).join(Body).where(Membership.role == role, Body.kind == kind)
    return wanted.where(Account.active).order_by(Account.id).limit(1)
