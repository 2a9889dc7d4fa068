"""The calendar, and one event with the form to take a seat."""

from __future__ import annotations

from itertools import groupby

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from house import doors, formats
from house.db import db
from house.events import programme, words
from house.events.forms import SeatForm
from house.events.models import EventKind
from house.events.programme import EventCard, Stage
from house.events.signing_up import AlreadyComing, Person, send_again, sign_up
from house.events.views import bp
from house.people import face as people
from house.problems import Moved, NotHere, Problem, Taken

TRIES, TRIES_SECONDS = 60, 15 * 60
LETTERS, LETTERS_SECONDS = 6, 24 * 3600
"""So many letters of one address a day: who types that of somebody else cannot fill a mailbox."""


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
    """One event; who signs up gets a seat, and its page by letter.

    Whether an address has a seat already is told to nobody but its owner: the answer is the same.
    """
    form = SeatForm()
    card = programme.by_slug(db.session(), slug)
    if request.method == "GET" or not form.validate():
        return _page(card, form), form.status
    people.count_attempt(
        *people.from_network("seat", TRIES, TRIES_SECONDS),
        people.Bucket(f"seat to {form.email.text.lower()}", LETTERS, LETTERS_SECONDS),
    )
    person = Person(form.name.text, form.email.text, lang_tag)
    try:
        sign_up(db.session(), card.id, [person], once=form.once.data)
    except AlreadyComing as problem:
        send_again(db.session(), card.id, person.email)
        if card.stage is Stage.FULL:
            db.session.commit()
            form.form_errors.append(words.refusal(Problem("full")))
            return _page(card, form), problem.status
    except (Taken, Moved) as problem:
        db.session.rollback()
        form.form_errors.append(words.refusal(problem))
        return _page(programme.by_slug(db.session(), slug), form), problem.status
    db.session.commit()
    flash(_("Thank you. We have sent you a letter: its link opens your seat."), "good")
    return redirect(url_for("events.event", lang_tag=lang_tag, slug=slug), 303)


def _page(card: EventCard, form: SeatForm) -> str:
    """The form stands where one may sign up, and stays with its answers where the last place just went."""
    just_full = card.stage is Stage.FULL and bool(form.errors)
    can_sign_up = not card.for_companies and (card.stage is Stage.OPEN or just_full)
    others = [] if card.stage is Stage.OPEN else programme.instead_of(db.session(), card)
    return render_template("events/event.html", card=card, form=form, can_sign_up=can_sign_up, others=others)
