"""Booking online, the first half: what do you need, which day, which time."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, timedelta

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from house import clock, doors, formats
from house.catalogue import face as catalogue
from house.db import db
from house.intake import words
from house.intake.cards import HOLD
from house.intake.fairness import count_hold
from house.intake.forms import NeedForm, TimeForm
from house.intake.holding import hold
from house.intake.models import Visit
from house.intake.offering import HORIZON, Offer, Time, search
from house.intake.views import bp
from house.intake.wishes import Wish, bookable_services, make_wish
from house.problems import NotHere, Taken
from house.seals import keyring

DAYS_SHOWN = 10
LOOK_AHEAD = HORIZON // 2
NOON = 12


@dataclass(frozen=True)
class DayRow:
    """A day to choose, as `day_list` wants it."""

    url: str
    date: str
    words: str
    note: str


@dataclass(frozen=True)
class NearTime:
    """One of the nearest times: a button of its own, for it may lie on another day."""

    url: str
    start: int
    words: str


@bp.get("/<lang:lang_tag>/book/")
@doors.public
def need(lang_tag: str) -> ResponseReturnValue:
    """What do you need, and how many people come?"""
    services = bookable_services(db.session())
    form = NeedForm(request.args)
    form.offer(services)
    if "party" in request.args and form.validate():
        wanted = {"slug": form.service.data, "party": form.party.data}
        return redirect(url_for("intake.days", lang_tag=lang_tag, **wanted))
    authorities = catalogue.authority_names(db.session())
    hints = {service.slug: authorities.get(service.authority_id, "") for service in services}
    return render_template("intake/need.html", form=form, services=services, hints=hints), form.status


@bp.get("/<lang:lang_tag>/book/<slug>/<int:party>/")
@doors.public
def days(lang_tag: str, slug: str, party: int) -> ResponseReturnValue:
    """The next days that have times."""
    wish = make_wish(db.session(), [slug], party, lang_tag)
    if not wish.chain:
        [service] = wish.services
        where = words.booked_elsewhere(service)
        return render_template("intake/elsewhere.html", service=service, where=where, place=wish.place)
    today = clock.today(wish.timezone)
    since = max(_day_in(request.args.get("from"), today), today)
    found = _days_from(wish, since)
    here = url_for("intake.days", lang_tag=lang_tag, slug=slug, party=party)
    rows = [_day_row(here, day, count) for day, count in found[:DAYS_SHOWN]]
    later = found[DAYS_SHOWN][0] if len(found) > DAYS_SHOWN else None
    return render_template("intake/days.html", wish=wish, days=rows, later=later, earlier=since > today)


def _days_from(wish: Wish, since: date) -> list[tuple[date, int]]:
    """More days than are shown, or all there are; few look further than a month, so we begin with one."""
    found: list[tuple[date, int]] = []
    while len(found) <= DAYS_SHOWN:
        offer = search(db.session(), wish, since, LOOK_AHEAD)
        if not offer.timetable.horizon.days:
            break
        found += offer.days(since)
        since += timedelta(days=LOOK_AHEAD)
    return found


def _day_row(here: str, day: date, count: int) -> DayRow:
    note = ngettext("One time", "%(num)s times", count)
    return DayRow(here + day.isoformat(), day.isoformat(), formats.day(day), note)


def _day_in(text: str | None, otherwise: date) -> date:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return otherwise


@bp.route("/<lang:lang_tag>/book/<slug>/<int:party>/<day>", methods=["GET", "POST"])
@doors.public
def times(lang_tag: str, slug: str, party: int, day: str) -> ResponseReturnValue:
    """The times of a day; pressing the button holds one for a quarter of an hour."""
    form = TimeForm()
    if request.method == "GET" or not form.validate():
        return _times_page(lang_tag, slug, party, _day(day), form, form.status)
    count_hold(request.remote_addr)
    try:
        visit = hold(db.session(), slug, party, form.start.data or 0, lang_tag, _browser())
        db.session.commit()
    except Taken as problem:
        db.session.rollback()
        return _times_page(lang_tag, slug, party, _day(day), form, problem.status)
    return redirect(_after_holding(lang_tag, visit), 303)


def _times_page(
    lang_tag: str, slug: str, party: int, day: date, form: TimeForm, status: int
) -> ResponseReturnValue:
    """The times of one day; when there are none, or somebody was faster, with the nearest others on top."""
    _browser()
    taken = status == Taken.status
    wish = make_wish(db.session(), [slug], party, lang_tag)
    if not wish.chain:
        raise NotHere()
    found = search(db.session(), wish, day, 1).times(day)
    near: list[NearTime] = []
    if taken or not found:
        near = nearest(search(db.session(), wish), lang_tag, form.start.data if taken else None, day)
    return render_template(
        "intake/times.html", form=form, wish=wish, day=day, groups=_groups(found), near=near,
        taken=taken, spoken=_spoken(found),
    ), status  # fmt: skip


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotHere() from None


def _browser() -> bytes:
    """A blind mark of this browser: it holds one time, however often a button is pressed."""
    if "browser" not in session:
        session["browser"] = secrets.token_urlsafe(12)
    return keyring().mark("visit.browser", session["browser"])


def _after_holding(lang_tag: str, visit: Visit) -> str:
    """To the questions, or straight to the check when they were answered for an earlier hold."""
    page = "intake.check" if visit.name else "intake.contact"
    token = keyring().link(HOLD, visit.reference, visit.generation)
    return url_for(page, lang_tag=lang_tag, token=token)


def _groups(found: list[Time]) -> list[tuple[str, list[tuple[int, str]]]]:
    shown = [(time.starts_at.hour < NOON, (time.start, formats.wall(time.starts_at))) for time in found]
    return [
        (_("Morning"), [one for morning, one in shown if morning]),
        (_("Afternoon"), [one for morning, one in shown if not morning]),
    ]


def _spoken(found: list[Time]) -> str:
    """In which languages the counters help, when at no time it is the visitor's own."""
    return words.help_in(frozenset[str]().union(*(time.languages for time in found))) if found else ""


def nearest(offer: Offer, lang_tag: str, start: int | None, day: date | None = None) -> list[NearTime]:
    """The three times nearest to a tick, or to a day's beginning, as buttons."""
    if start is None and day is not None:
        start = _about(offer, day)
    [slug] = offer.wish.slugs
    party = offer.wish.party
    rows = []
    for time in offer.nearest(start or 0):
        on = time.starts_at.date()
        url = url_for("intake.times", lang_tag=lang_tag, slug=slug, party=party, day=on.isoformat())
        rows.append(NearTime(url, time.start, f"{formats.short_day(on)}, {formats.wall(time.starts_at)}"))
    return rows


def _about(offer: Offer, day: date) -> int:
    """Roughly the tick a day begins with, however far away the day is."""
    today = offer.timetable.horizon.frames[0]
    return today.first + (day - today.day).days * today.n
