"""Staff book for somebody on the telephone, in that person's language, on one page; then read it out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask import session as browser
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from house import clock, formats
from house.catalogue import face as catalogue
from house.db import db
from house.intake import booking, words
from house.intake.caller_forms import CallerBySmsForm, CallerForm, WantedForm
from house.intake.cards import card_of, stations_of, visit_called
from house.intake.daymap import tick_begins
from house.intake.desk_words import refusal
from house.intake.household import Household
from house.intake.lateness import TooLate
from house.intake.models import Channel, Visit
from house.intake.offering import Offer, Time, search
from house.intake.views import bp
from house.intake.views.at_desk import actor, at_the_desk, mine_only
from house.intake.views.desk_person import person_of_today
from house.intake.wishes import Wish, bookable_services, make_wish
from house.languages import current, speak
from house.people import face as people
from house.problems import NotHere, Problem, Taken

DAYS = 3
LOOK_AHEAD = 14
ON_THE_PHONE = timedelta(minutes=30)
PHONED = "phoned"
FAR = 2**24
"""No tick of this house lies so far ahead."""


@dataclass(frozen=True)
class Wanted:
    """What the caller wants, as the first form says it."""

    form: WantedForm
    wish: Wish | None

    @property
    def path(self) -> str:
        """The address of this page with everything that was answered."""
        return self.since(self.form.since.data)

    def since(self, day: date | None) -> str:
        """The same, not before a day."""
        asked: dict[str, Any] = {"service": self.form.service.data, "party": self.form.party.data}
        after, again = day.isoformat() if day else None, self.form.again.data or None
        return url_for("intake.desk_caller", **asked, language=self.language, since=after, again=again)

    @property
    def language(self) -> str:
        return str(self.form.language.data)


@bp.get("/desk/caller")
@at_the_desk
def desk_caller() -> ResponseReturnValue:
    """What, how many, in which language: the next times stand below, the first one chosen."""
    wanted = _wanted()
    return _page(wanted, None, wanted.form.status if request.args else 200)


@bp.post("/desk/caller")
@at_the_desk
def desk_caller_book() -> ResponseReturnValue:
    """Book the time for the caller; the same page sent twice books once."""
    wanted, form, session = _wanted(), _caller_kind()(), db.session()
    if not form.validate() or wanted.wish is None:
        return _page(wanted, form, 422)
    if form.once.data and not people.first_time(session, form.once.data):
        flash(_("This visit is booked already."))
        return redirect(url_for("intake.desk_caller"), 303)
    try:
        visit = _book(wanted.wish, form)
    except TooLate as problem:
        db.session.rollback()
        last = formats.day(problem.facts["last_day"])  # type: ignore[arg-type]
        form.late.errors = [_("This is after the last day, %(day)s. Please say why.", day=last)]
        return _page(wanted, form, problem.status)
    except Problem as problem:
        db.session.rollback()
        form.form_errors.append(refusal(problem))
        return _page(wanted, form, 409 if isinstance(problem, NotHere) else problem.status)
    db.session.commit()
    browser[PHONED] = visit.reference
    return redirect(url_for("intake.desk_caller_booked", reference=visit.reference), 303)


def _caller_kind() -> type[CallerForm]:
    """A mobile number is asked for only where texts can be sent."""
    return CallerBySmsForm if current_app.extensions["house-config"].sms else CallerForm


def _book(wish: Wish, form: CallerForm) -> Visit:
    start = form.start.data or 0
    if not 0 < start < FAR:
        raise Taken()
    return booking.book(
        db.session(), wish.slugs, wish.party, tick_begins(start), wish.language, form.name.text,
        form.email.data or None, Channel.PHONED, actor(), household=Household(wish.party),
        last_days=form.last_days(wish.slugs), late=form.why_late,
        mobile=form.mobile.text if form.mobile is not None else None,
    )  # fmt: skip


@bp.get("/desk/caller/<reference>")
@at_the_desk
def desk_caller_booked(reference: str) -> ResponseReturnValue:
    """What to read out: the reference, the time, the way, the papers, in the caller's language and mine."""
    visit = visit_called(db.session(), reference)
    if not _just_phoned(visit):
        mine_only(db.session(), visit)
    own = _read_out(visit, current().tag) if visit.language != current().tag else None
    return render_template(
        "intake/desk_caller_booked.html", visit=visit, theirs=_read_out(visit, visit.language), mine=own
    )  # fmt: skip


def _just_phoned(visit: Visit) -> bool:
    """Whether I booked it and somebody may still be on the telephone: then I read it out, whatever it is."""
    return browser.get(PHONED) == visit.reference and clock.now() - visit.made_at < ON_THE_PHONE


def _read_out(visit: Visit, tag: str) -> dict[str, Any]:
    with speak(tag) as language:
        card = card_of(db.session(), visit)
        piece = render_template(
            "intake/caller_read_out.html", card=card, way=stations_of(db.session(), card),
            place=catalogue.place(db.session()),
        )  # fmt: skip
    return {"language": language, "piece": Markup(piece)}  # noqa: S704 - our own template


# --- the page ---------------------------------------------------------------------------------------------


def _wanted() -> Wanted:
    """The first form's answers, which stand in the address of both requests."""
    session = db.session()
    form = WantedForm(MultiDict(request.args)) if request.args else WantedForm(formdata=None)
    form.offer(bookable_services(session))
    if not request.args or not form.validate():
        return Wanted(form, None)
    chosen = form.service.data or ()
    slugs = [service.slug for service in bookable_services(session) if service.slug in chosen]
    return Wanted(form, make_wish(session, slugs, form.party.data or 1, str(form.language.data)))


def _page(wanted: Wanted, form: CallerForm | None, status: int) -> ResponseReturnValue:
    groups, later, spoken = _times(wanted)
    if wanted.wish is not None and form is None:
        form = _caller_kind()(formdata=None, **_known(wanted))
        if groups:
            form.start.data = groups[0][1][0][0]
    if form is not None and not groups:  # there is nothing to choose: what was refused is said above
        wanted.form.form_errors += form.form_errors
    refused = form if form is not None and groups else wanted.form
    page = render_template(
        "intake/desk_caller.html", wanted=wanted, form=form, refused=refused, groups=groups, spoken=spoken,
        later=wanted.since(later) if later else None,
    )  # fmt: skip
    return page, status


def _known(wanted: Wanted) -> dict[str, str | None]:
    """Name and addresses of who books another time, for who may see that visit; else the form is empty."""
    try:
        visit = person_of_today(wanted.form.again.data or "")
    except NotHere:
        return {}
    return {"name": visit.name, "email": visit.email, "mobile": visit.mobile}


def _times(wanted: Wanted) -> tuple[list[Any], date | None, str]:
    """The times of the next days that have some, the day to go on from, and what is spoken there."""
    if wanted.wish is None:
        return [], None, ""
    today = clock.today(wanted.wish.timezone)
    since = max(wanted.form.since.data or today, today)
    offer: Offer = search(db.session(), wanted.wish, since, LOOK_AHEAD)
    days = offer.days(since)
    if len(days) <= DAYS:
        offer = search(db.session(), wanted.wish, since)
        days = offer.days(since)
    found = [(day, offer.times(day)) for day, _count in days[:DAYS]]
    languages = frozenset[str]().union(*(time.languages for _, times in found for time in times))
    later = days[DAYS - 1][0] + timedelta(days=1) if len(days) > DAYS else None
    groups = [(formats.day(day), _marked(times, wanted.language)) for day, times in found]
    return groups, later, words.help_in(languages, wanted.language) if found else ""


def _marked(times: list[Time], language: str) -> list[tuple[int, str, str]]:
    """The times of a day, each with its language where that is not the same for all."""
    mixed = len({language in time.languages for time in times}) > 1
    return [
        (time.start, formats.wall(time.starts_at), words.languages_of(language, time) if mixed else "")
        for time in times
    ]
