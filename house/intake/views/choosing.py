"""Booking online, the choice: which day, which time; and what to do where not everything can be had."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, timedelta

from flask import redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from house import clock, doors, formats
from house.db import db
from house.intake import words
from house.intake.fairness import count_held, count_hold
from house.intake.forms import TimeForm
from house.intake.holding import hold
from house.intake.lateness import TooLate
from house.intake.offering import Offer, Time, search
from house.intake.views import bp
from house.intake.views.asking import Asked, asked, tidy
from house.intake.views.closed import closed_today
from house.intake.views.limits import Limit, keep_limit, limit_of
from house.intake.views.partly import not_all_here, only_a_part, others_of
from house.intake.views.times import about, after_holding, nearest
from house.intake.wishes import Wish
from house.problems import NotHere, Taken
from house.seals import keyring

DAYS_SHOWN = 10
LOOK_AHEAD = 18
"""Days that are looked at first: in most weeks of the year more than ten of them are working days."""
NOON = 12
PATH = "/<lang:lang_tag>/book/<slugs>/<int:party>/"


@dataclass(frozen=True)
class DayRow:
    """A day to choose, as `day_list` wants it."""

    url: str
    date: str
    words: str
    note: str


@bp.get(PATH)
@doors.public
def days(lang_tag: str, slugs: str, party: int) -> ResponseReturnValue:
    """The next days that have times."""
    if path := tidy(lang_tag, slugs, "intake.days", party=party):
        return redirect(path)
    visit = asked(lang_tag, slugs, party)
    wish = visit.wish()
    if visit.away or not wish.bookable:
        return not_all_here(visit, wish)
    today = clock.today(wish.timezone)
    since = max(_day_in(request.args.get("from"), today), today)
    offers, found = _days_from(wish, since)
    if not found and since == today and len(visit.services) > 1 and (page := only_a_part(visit, wish)):
        return page
    limit = limit_of(visit.services)
    rows = [_day_row(visit, day, count, limit) for day, count in found[:DAYS_SHOWN]]
    later = found[DAYS_SHOWN][0] if len(found) > DAYS_SHOWN else None
    misses_today = since == today and not (found and found[0][0] == today)
    return render_template(
        "intake/days.html", **about(visit, wish), days=rows, later=later, earlier=since > today,
        may_tell=len(visit.services) > 1 and not visit.others and others_of(visit),
        tongues=words.tongues(visit.speaks, offers) if not visit.own_language else None,
        mine=words.language_names([visit.speaks]) if visit.own_language else None,
        **(closed_today() if misses_today else {}),
    )  # fmt: skip


def _days_from(wish: Wish, since: date) -> tuple[list[Offer], list[tuple[date, int]]]:
    """More days than are shown, or all there are; few have to look further than the next weeks."""
    offers: list[Offer] = []
    found: list[tuple[date, int]] = []
    for ahead in (LOOK_AHEAD, None):
        offer = search(db.session(), wish, since, ahead)
        if not offer.timetable.horizon.days:
            break
        offers.append(offer)
        found += offer.days(since)
        if len(found) > DAYS_SHOWN:
            break
        since += timedelta(days=LOOK_AHEAD)
    return offers, found


def _day_row(visit: Asked, day: date, count: int, limit: Limit | None) -> DayRow:
    note = ngettext("One time", "%(num)s times", count)
    if limit and limit.before(day):
        note = " · ".join([note, _("After your last day")])
    return DayRow(visit.path("intake.times", day=day.isoformat()), day.isoformat(), formats.day(day), note)


def _day_in(text: str | None, otherwise: date) -> date:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return otherwise


@bp.route(PATH + "<day>", methods=["GET", "POST"])
@doors.public
def times(lang_tag: str, slugs: str, party: int, day: str) -> ResponseReturnValue:
    """The times of a day; pressing the button holds one for a quarter of an hour."""
    on = _day(day)
    if request.method == "GET" and (path := tidy(lang_tag, slugs, "intake.times", party=party, day=day)):
        return redirect(path)
    visit, form = asked(lang_tag, slugs, party), TimeForm()
    if request.method == "GET" or not form.validate():
        return _times_page(visit, on, form, form.status)
    count_hold()
    try:
        if visit.away:
            raise NotHere()
        held = hold(
            db.session(), visit.slugs, party, form.start.data or 0, lang_tag, _browser(),
            household=visit.household, own_language=visit.own_language, others=visit.others,
        )  # fmt: skip
        keep_limit(held, visit.slugs, form)
        onward = after_holding(lang_tag, held)
        count_held(db.session())
        db.session.commit()
    except TooLate as problem:
        db.session.rollback()
        last = formats.day(problem.facts["last_day"])  # type: ignore[arg-type]
        too_late = _("This is after your last day, %(day)s. Please choose an earlier day.", day=last)
        form.late.errors = [too_late]
        return _times_page(visit, on, form, problem.status)
    except Taken as problem:
        db.session.rollback()
        return _times_page(visit, on, form, problem.status)
    return redirect(onward, 303)


def _times_page(visit: Asked, day: date, form: TimeForm, status: int) -> ResponseReturnValue:
    """The times of one day; when there are none, or somebody was faster, with the nearest others on top."""
    _browser()
    taken, wish = status == Taken.status and not form.late.errors, visit.wish()
    if visit.away or not wish.bookable:
        raise NotHere()
    found = search(db.session(), wish, day, 1).times(day)
    near = nearest(visit, wish, form.start.data if taken else day) if taken or not found else []
    return render_template(
        "intake/times.html", **about(visit, wish), form=form, day=day, groups=_groups(visit, found),
        near=near, taken=taken, spoken=_spoken(visit, found), lasts=words.lasting(_lasts(found)),
        **(closed_today() if day == clock.today(wish.timezone) else {}),
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


def _groups(visit: Asked, found: list[Time]) -> list[tuple[str, list[tuple[int, str, str]]]]:
    """The times before noon and after; each says its language where that is not the same for all."""
    mixed = len({visit.speaks in time.languages for time in found}) > 1
    marks = [words.languages_of(visit.speaks, time) if mixed else "" for time in found]
    shown = [
        (time.starts_at.hour < NOON, (time.start, formats.wall(time.starts_at), mark))
        for time, mark in zip(found, marks, strict=True)
    ]
    return [
        (_("Morning"), [one for morning, one in shown if morning]),
        (_("Afternoon"), [one for morning, one in shown if not morning]),
    ]


def _spoken(visit: Asked, found: list[Time]) -> str:
    """In which languages the counters help, when at no time it is the visitor's own."""
    if not found:
        return ""
    return words.help_in(frozenset[str]().union(*(time.languages for time in found)), visit.speaks)


def _lasts(found: list[Time]) -> int:
    """How many minutes the visit takes at least, as far as these times go."""
    return min((time.itinerary.minutes for time in found), default=0)
