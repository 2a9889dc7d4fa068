"""The desk without the net: what the browser keeps for it, and what it sends when the net is back."""

from __future__ import annotations

from dataclasses import replace

from flask import Response, get_flashed_messages, jsonify, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf

from house import clock, doors
from house.catalogue import face as catalogue
from house.db import db
from house.forms import HouseForm
from house.intake import desk_numbers, desk_screen, outbox
from house.intake.following import number_of
from house.intake.outbox_forms import NumbersForm, OutboxForm
from house.intake.outbox_models import EntryState
from house.intake.outbox_words import why
from house.intake.registration import LARGEST_PARTY
from house.intake.views import bp
from house.intake.views.at_desk import actor, at_the_desk, seen
from house.languages import LANGUAGES
from house.pages import STATIC, asset, conditional

WORKER = ("outbox.js", "desk_worker.js")


@bp.get("/desk/worker.js")
@doors.public
def desk_worker() -> ResponseReturnValue:
    """The service worker: served from here because a worker only sees what lies beside it."""
    script = "\n".join((STATIC / name).read_text() for name in WORKER)
    return conditional(Response(script, mimetype="text/javascript"))


@bp.get("/desk/app.webmanifest")
@doors.public
def desk_manifest() -> ResponseReturnValue:
    """What a browser needs to install the desk as an app."""
    start = url_for("intake.desk")
    manifest = jsonify(
        name=_("Desk"), short_name=_("Desk"), id=start, start_url=start, scope=start, display="standalone",
        theme_color="#06404c", background_color="#fbf7ef",
        icons=[{"src": asset("favicon.svg"), "sizes": "any", "type": "image/svg+xml"}],
    )  # fmt: skip
    manifest.mimetype = "application/manifest+json"
    return manifest


@bp.get("/desk/without-net")
@at_the_desk
@doors.by_itself
def desk_without_net() -> ResponseReturnValue:
    """The page that the browser keeps for when the net is gone: the same for everybody, nobody is in it."""
    session = db.session()
    return render_template(
        "intake/desk_without_net.html", services=desk_screen.service_choices(session), languages=LANGUAGES,
        largest=LARGEST_PARTY, timezone=catalogue.place(session).timezone,
    )  # fmt: skip


@bp.get("/desk/outbox")
@at_the_desk
@doors.by_itself
def desk_outbox() -> ResponseReturnValue:
    """Whether I may send, and the token to send with; elsewhere one is led to the sign-in."""
    return jsonify(token=generate_csrf(), now=int(clock.now().timestamp() * 1000))


@bp.post("/desk/outbox/numbers")
@at_the_desk
@doors.by_itself
def desk_outbox_numbers() -> ResponseReturnValue:
    """Give a browser numbers for when the net is gone."""
    form = NumbersForm()
    if not form.validate():
        return _again(form)
    blocks = desk_numbers.blocks_for(db.session(), form.browser.data or "", form.nth.data or 1)
    db.session.commit()
    return jsonify(letter=desk_numbers.LETTER, blocks=list(desk_numbers.spare(blocks)))


@bp.post("/desk/outbox")
@at_the_desk
@doors.by_itself
def desk_outbox_send() -> ResponseReturnValue:
    """Take in one entry: done, done before, or kept as a conflict; the browser may forget it then."""
    form, session = OutboxForm(), db.session()
    if not form.validate():
        return _again(form)
    entry = outbox.take_in(session, replace(form.sent(), seen=seen(session)), actor())
    ticket = outbox.ticket_of(session, entry)
    told = number_of(ticket) if ticket else None
    why_not = why(entry) if entry.state is EntryState.CONFLICT else None
    db.session.commit()
    get_flashed_messages()  # an answer that never arrived told of a number that nobody was given
    return jsonify(state=entry.state.value, ticket=told, why=why_not)


def _again(form: HouseForm) -> ResponseReturnValue:
    """Nothing was taken in: an old token wants a new one, everything else wants a look."""
    answer = jsonify(state="again", errors=sorted(form.errors))
    answer.status_code = 403 if "csrf_token" in form.errors else 422
    return answer
