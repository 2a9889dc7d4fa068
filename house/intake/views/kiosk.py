"""The kiosk in the hall: a language, then a ticket or checking in, by touch, and back to the start.

A screen is a kiosk by a key in its cookie, which a manager's link put there: no account stands in the hall,
and nobody takes tickets from elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, abort, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from house import doors
from house.catalogue import face as catalogue
from house.db import db
from house.forms import HouseForm
from house.intake import desk_screen, following, waits
from house.intake import kiosk as verbs
from house.intake.hall_words import kiosk_refusal, wait_words
from house.intake.kiosk_forms import CodeForm, KeyForm, TakeForm
from house.intake.models import Ticket
from house.intake.registration import LARGEST_PARTY, WalkIn
from house.intake.views import bp
from house.intake.views.ticket import sheet_of
from house.languages import LANGUAGES
from house.people import face as people
from house.problems import Gone, NotHere, Problem, TooMany
from house.seals import ALPHABET

COOKIE, PRINTS = "house_kiosk", "~printer"
A_YEAR = 366 * 24 * 3600
IN_TEN_MINUTES, MOST_TICKETS, MOST_CODES = 600, 150, 60
"""More than a hall takes in its fullest ten minutes; few enough that no code is ever guessed."""


@bp.get("/kiosk/<slug>")
@doors.by_link
def kiosk(slug: str) -> ResponseReturnValue:
    """Choose your language."""
    return _page("kiosk", _here(slug), tongues=LANGUAGES)


@bp.route("/kiosk/<slug>/key/<token>", methods=["GET", "POST"])
@doors.by_link
def kiosk_key(slug: str, token: str) -> ResponseReturnValue:
    """Make this screen a kiosk; the key then lies in its cookie and stands in no address."""
    place, form = verbs.hall(db.session(), slug), KeyForm()
    if not verbs.opens(db.session(), place, token):
        raise NotHere()
    if not form.is_submitted() or not form.validate():
        return _page("kiosk_key", place, form.status, form=form, token=token)
    answer = redirect(url_for("intake.kiosk", slug=slug), 303)
    secure = current_app.extensions["house-config"].secure
    answer.set_cookie(
        COOKIE, token + (PRINTS if form.prints.data else ""), max_age=A_YEAR, path="/kiosk/",
        secure=secure, httponly=True, samesite="Lax",
    )  # fmt: skip
    return answer


@bp.get("/kiosk/<slug>/<lang:lang_tag>/")
@doors.by_link
def kiosk_menu(slug: str, lang_tag: str) -> ResponseReturnValue:
    """A booking, or a ticket for one of these services, with the wait that is expected."""
    place, services = _here(slug), []
    when = _when()
    if when["gives"]:
        room = waits.look(db.session(), place)
        services = [(one, room.of_service(one.id)) for one in _services().values()]
    return _page("kiosk_menu", place, services=services, wait_words=wait_words, **when)


@bp.route("/kiosk/<slug>/<lang:lang_tag>/take/<service>", methods=["GET", "POST"])
@doors.by_link
def kiosk_take(slug: str, lang_tag: str, service: str) -> ResponseReturnValue:
    """How many are you? Each number is a button that takes the ticket; none while the house is closed."""
    place, form = _here(slug), TakeForm()
    wanted = _services().get(service)
    if wanted is None:
        raise NotHere()
    refused = None
    if form.is_submitted() and form.validate():
        walk_in = WalkIn([service], lang_tag, form.party.data or 1)
        taken = _try(form, f"kiosk take {place.id}", MOST_TICKETS,
                     lambda: verbs.take(db.session(), walk_in, form.once.data or ""))  # fmt: skip
        if isinstance(taken, Ticket):
            return _to_ticket(slug, lang_tag, taken)
        refused = taken
    when = _when()
    wait = waits.look(db.session(), place).of_service(wanted.id) if when["gives"] else None
    facts = {"service": wanted, "wait": wait, "wait_words": wait_words, "form": form, **when}
    return _page("kiosk_take", place, refused or form.status, numbers=range(1, LARGEST_PARTY + 1), **facts)


@bp.route("/kiosk/<slug>/<lang:lang_tag>/check-in", methods=["GET", "POST"])
@doors.by_link
def kiosk_check_in(slug: str, lang_tag: str) -> ResponseReturnValue:
    """Check in with the code of a booking; the keys on the screen write it without a script too."""
    place, form, refused = _here(slug), CodeForm(), None
    pressed = request.form.get("press")
    if pressed is not None:
        form.press(pressed)
    elif form.is_submitted() and form.validate():
        taken = _try(form, f"kiosk code {place.id}", MOST_CODES, lambda: _check_in(form.typed.text))
        if isinstance(taken, Ticket):
            return _to_ticket(slug, lang_tag, taken)
        refused = taken
    return _page("kiosk_check_in", place, refused or form.status, form=form, signs=ALPHABET, **_when())


@bp.get("/kiosk/<slug>/<lang:lang_tag>/ticket/<token>")
@doors.by_link
def kiosk_ticket(slug: str, lang_tag: str, token: str) -> ResponseReturnValue:
    """The number, large, and the code to follow it; the screen goes back to its start by itself."""
    place = _here(slug)
    try:
        mine = following.visit_by(db.session(), token)
    except (Gone, NotHere):
        return redirect(url_for("intake.kiosk", slug=slug), 303)
    prints = request.cookies.get(COOKIE, "").endswith(PRINTS)
    return _page("kiosk_ticket", place, prints=prints, **sheet_of(mine, lang_tag))


def _here(slug: str) -> catalogue.Place:
    """The place, where this screen is a kiosk of it."""
    place = verbs.hall(db.session(), slug)
    token = request.cookies.get(COOKIE, "").removesuffix(PRINTS)
    if not verbs.opens(db.session(), place, token):
        abort(_page("kiosk_shut", place, 403))
    return place


def _when() -> dict[str, Any]:
    """The door, and what can be done here now."""
    session, door = db.session(), catalogue.door(db.session())
    return {"door": door, "gives": verbs.gives_tickets(door), "checks_in": verbs.checks_in(session, door)}


def _services() -> dict[str, catalogue.ServiceView]:
    """What the counters here give, what most of them give first."""
    every = {one.slug: one for one in catalogue.services(db.session())}
    return {slug: every[slug] for slug, _name in desk_screen.service_choices(db.session())}


def _check_in(typed: str) -> Ticket:
    return verbs.check_in(db.session(), typed, desk_screen.today(db.session()))


def _try(form: HouseForm, bucket: str, limit: int, act: Callable[[], Ticket]) -> Ticket | Problem:
    """Do it and commit; a refusal is a sentence on the form, for the same page again."""
    try:
        people.count_attempt(people.Bucket(bucket, limit, IN_TEN_MINUTES))
        ticket = act()
        db.session.commit()
        return ticket
    except Problem as problem:
        db.session.rollback()
        form.form_errors.append(kiosk_refusal(problem))
        return problem


def _to_ticket(slug: str, lang_tag: str, ticket: Ticket) -> ResponseReturnValue:
    token = following.link_of(ticket.visit)
    return redirect(url_for("intake.kiosk_ticket", slug=slug, lang_tag=lang_tag, token=token), 303)


def _page(name: str, place: catalogue.Place, status: int | Problem = 200, **facts: Any) -> Response:
    """A page of the kiosk; it holds back what a refusal says of the time to wait."""
    page = render_template(f"intake/{name}.html", place=place, **facts)
    if not isinstance(status, Problem):
        return make_response(page, status)
    code = 422 if isinstance(status, NotHere) else status.status
    headers = {"Retry-After": str(status.retry_after)} if isinstance(status, TooMany) else {}
    return make_response(page, code, headers)
