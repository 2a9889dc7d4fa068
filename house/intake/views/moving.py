"""Moving a visit: choose another day, choose another time, done. By the visit's link, or by staff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from house import clock, doors
from house.db import db
from house.intake.cards import VISIT, card_of, services_in, visit_by
from house.intake.fairness import count_held, count_hold
from house.intake.forms import TimeForm
from house.intake.models import Visit
from house.intake.moving import OtherTimes, can_change, move, other_times
from house.intake.views import bp, listing
from house.problems import Moved, NotHere, Taken


@dataclass(frozen=True)
class Way:
    """Whose pages these are: where they lead, in which frame they stand, and who acts."""

    visit_page: str
    days_page: str
    layout: str = "layout.html"
    actor: str = "visitor"

    def times_page(self, day: date) -> str:
        """The page of a day's times."""
        return self.days_page + day.isoformat()


def _visitors_way(lang_tag: str, token: str) -> Way:
    return Way(
        url_for("intake.visit", lang_tag=lang_tag, token=token),
        url_for("intake.move_days", lang_tag=lang_tag, token=token),
    )


@bp.get("/<lang:lang_tag>/visit/<token>/move/")
@doors.by_link
def move_days(lang_tag: str, token: str) -> ResponseReturnValue:
    """Which other day?"""
    return days_page(visit_by(db.session(), VISIT, token), _visitors_way(lang_tag, token))


@bp.route("/<lang:lang_tag>/visit/<token>/move/<day>", methods=["GET", "POST"])
@doors.by_link
def move_times(lang_tag: str, token: str, day: str) -> ResponseReturnValue:
    """Which other time? The button moves the visit."""
    way = _visitors_way(lang_tag, token)
    return times_page(visit_by(db.session(), VISIT, token), way, listing.day_in(day))


def days_page(mine: Visit, way: Way) -> ResponseReturnValue:
    """The days that have other times, ten at a time."""
    if not can_change(mine):
        return redirect(way.visit_page)
    offer = other_times(db.session(), mine)
    today = clock.today(offer.wish.timezone)
    since = max(_day_or(request.args.get("from"), today), today)
    found = offer.days(since)
    later = found[listing.DAYS_SHOWN][0] if len(found) > listing.DAYS_SHOWN else None
    lines = listing.day_lines(found[: listing.DAYS_SHOWN], way.times_page)
    return _page("intake/move_days.html", mine, way, days=lines, later=later, earlier=since > today)


def times_page(mine: Visit, way: Way, day: date) -> ResponseReturnValue:
    """The other times of a day; pressing the button moves the visit there."""
    form = TimeForm()
    if not form.is_submitted() and not can_change(mine):
        return redirect(way.visit_page)
    if not form.is_submitted() or not form.validate():
        return _times(mine, way, day, form, form.status)
    if way.actor == "visitor":
        count_hold()
    try:
        move(db.session(), mine, form.start.data or 0, way.actor)
        if way.actor == "visitor":
            count_held(db.session())
        db.session.commit()
    except Taken as problem:
        db.session.rollback()
        return _times(mine, way, day, form, problem.status)
    except Moved as problem:
        db.session.rollback()
        return render_template("intake/move_over.html", way=way), problem.status
    flash(_("Your visit has a new time."), "good")
    return redirect(way.visit_page, 303)


def _times(mine: Visit, way: Way, day: date, form: TimeForm, status: int) -> ResponseReturnValue:
    """The times of a day; when there are none, or somebody was faster, with the nearest on top."""
    if not can_change(mine):
        return render_template("intake/move_over.html", way=way), Moved.status
    taken = status == Taken.status
    offer = other_times(db.session(), mine)
    found = offer.times(day)
    about = form.start.data if taken else _noon(offer, day)
    near = listing.near_lines(offer.nearest(about or 0), way.times_page) if taken or not found else []
    return _page(
        "intake/move_times.html", mine, way, form=form, day=day, here=way.times_page(day),
        groups=listing.halves(found), near=near, taken=taken,
    ), status  # fmt: skip


def _noon(offer: OtherTimes, day: date) -> int:
    """Roughly the middle of a day, however far away it is."""
    frame = offer.timetable.horizon.frames[0]
    return frame.first + (day - frame.day).days * frame.n + frame.n // 2


def _page(template: str, mine: Visit, way: Way, **facts: object) -> str:
    """A page of moving, with the visit as it is now."""
    card = card_of(db.session(), mine)
    services = services_in(db.session(), card)
    return render_template(template, way=way, card=card, services=services, **facts)


def _day_or(text: str | None, otherwise: date) -> date:
    try:
        return listing.day_in(text or "")
    except NotHere:
        return otherwise
