"""The calendar, and one event with the form to take a seat."""

from __future__ import annotations

from itertools import groupby

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from house import doors, formats
from house.db import db
from house.events import programme, words
from house.events.attendees import token_of
from house.events.forms import SeatForm
from house.events.models import EventKind
from house.events.programme import EventCard, Stage
from house.events.signing_up import AlreadyComing, Person, send_again, sign_up
from house.events.views import bp
from house.people import face as people
from house.problems import Moved, NotHere, Taken

TRIES, TRIES_SECONDS = 60, 15 * 60


@bp.get("/<lang:lang_tag>/events/")
@doors.public
def calendar(lang_tag: str) -> ResponseReturnValue:
    """What happens, month by month; of one kind, if wanted."""
    wanted = _kind(request.args.get("kind"))
    cards = programme.upcoming(db.session())
    offered = [kind for kind in EventKind if any(card.kind is kind for card in cards)]
    shown = [card for card in cards if wanted in (None, card.kind)]
    months = [(name, list(group)) for name, group in groupby(shown, key=_month)]
    return render_template("events/calendar.html", months=months, offered=offered, wanted=wanted)


def _month(card: EventCard) -> str:
    return formats.month(card.starts.date())


def _kind(text: str | None) -> EventKind | None:
    try:
        return EventKind(text) if text else None
    except ValueError:
        raise NotHere() from None


@bp.route("/<lang:lang_tag>/events/<slug>", methods=["GET", "POST"])
@doors.public
def event(lang_tag: str, slug: str) -> ResponseReturnValue:
    """One event; who signs up gets a seat and goes to the page of the seat."""
    form = SeatForm()
    card = programme.by_slug(db.session(), slug)
    if request.method == "GET" or not form.validate():
        return _page(card, form), form.status
    people.count_attempt(people.Bucket(f"seat from {request.remote_addr}", TRIES, TRIES_SECONDS))
    person = Person(form.name.text, form.email.text, lang_tag)
    try:
        signup = sign_up(db.session(), card.id, [person], once=form.once.data)
    except AlreadyComing as problem:
        send_again(db.session(), card.id, person.email)
        db.session.commit()
        form.email.errors = [words.sent_again()]
        return _page(card, form), problem.status
    except (Taken, Moved) as problem:
        db.session.rollback()
        form.form_errors.append(words.refusal(problem))
        return _page(programme.by_slug(db.session(), slug), form), problem.status
    token = token_of(signup.attendees[0])
    db.session.commit()
    return redirect(url_for("events.seat", lang_tag=lang_tag, token=token), 303)


def _page(card: EventCard, form: SeatForm) -> str:
    """The form stands where one may sign up, and stays with its answers where the last place just went."""
    just_full = card.stage is Stage.FULL and bool(form.errors)
    can_sign_up = not card.for_companies and (card.stage is Stage.OPEN or just_full)
    others = [] if card.stage is Stage.OPEN else programme.instead_of(db.session(), card)
    return render_template("events/event.html", card=card, form=form, can_sign_up=can_sign_up, others=others)
