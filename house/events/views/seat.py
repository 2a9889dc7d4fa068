"""My seat, by its link: where and when, the calendar entry, giving it back."""

from __future__ import annotations

from flask import Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from house import clock, doors
from house.db import db
from house.events import attendees, ical, programme, words
from house.events.cancelling import cancel
from house.events.models import Attendee, AttendeeState
from house.events.programme import EventCard
from house.events.views import bp
from house.forms import ActionForm
from house.problems import Moved


@bp.get("/<lang:lang_tag>/seat/<token>")
@doors.by_link
def seat(lang_tag: str, token: str) -> ResponseReturnValue:
    """My seat: still to come, given back, called off, or over; each says so in its own words."""
    attendee, card = _load(token)
    return _page(attendee, card, token)


@bp.get("/<lang:lang_tag>/seat/<token>.ics")
@doors.by_link
def seat_calendar(lang_tag: str, token: str) -> ResponseReturnValue:
    """The seat as a calendar entry, or its cancelling."""
    attendee, card = _load(token)
    off = card.off or attendee.state is AttendeeState.CANCELLED
    sequence = attendee.revision + card.revision
    content = ical.seat_entry(card, attendee.reference, token, sequence, off, clock.now())
    kind = f"text/calendar; charset=utf-8; method={ical.method(off)}"
    disposition = f'attachment; filename="event-{attendee.reference}.ics"'
    return Response(content, content_type=kind, headers={"Content-Disposition": disposition})


@bp.route("/<lang:lang_tag>/seat/<token>/cancel", methods=["GET", "POST"])
@doors.by_link
def cancel_seat(lang_tag: str, token: str) -> ResponseReturnValue:
    """Do you really want to give it back? The button does it."""
    attendee, card = _load(token)
    form = ActionForm()
    back = url_for("events.seat", lang_tag=lang_tag, token=token)
    if not form.is_submitted() and not _may_leave(attendee, card):
        return redirect(back)
    if not form.is_submitted() or not form.validate():
        return render_template("events/cancel_seat.html", form=form, card=card, token=token), form.status
    try:
        cancel(db.session(), attendee)
        db.session.commit()
    except Moved as problem:
        db.session.rollback()
        return _page(*_load(token), token, words.refusal(problem)), problem.status
    return redirect(back, 303)


def _load(token: str) -> tuple[Attendee, EventCard]:
    attendee = attendees.by_token(db.session(), token)
    return attendee, programme.by_id(db.session(), attendee.event_id)


def _page(attendee: Attendee, card: EventCard, token: str, refused: str | None = None) -> str:
    facts = {"card": card, "token": token, "attendee": attendee, "refused": refused}
    if attendee.state is AttendeeState.CANCELLED or card.off:
        return render_template("events/seat_cancelled.html", **facts)
    if card.ends_at <= clock.now():
        return render_template("events/seat_over.html", **facts)
    return render_template("events/seat.html", **facts, can_cancel=_may_leave(attendee, card))


def _may_leave(attendee: Attendee, card: EventCard) -> bool:
    return attendee.state is AttendeeState.COMING and not card.off and clock.now() < card.starts_at
