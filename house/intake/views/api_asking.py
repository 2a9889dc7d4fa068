"""What a machine asks for, as the verbs take it; everything that does not fit is said at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask import current_app

from house import clock, languages
from house.catalogue import face as catalogue
from house.db import db
from house.intake.api.reading import Body, Finding, Misasked, moment_in, pointer
from house.intake.api.schemas import TIMES
from house.intake.daymap import tick_begins, utc_tick
from house.intake.household import OTHER, Household
from house.intake.offering import Offer, Time
from house.intake.views.asking import Asked
from house.intake.views.partly import instead_of, others_of
from house.intake.wishes import OtherTime
from house.mobiles import mobile_number
from house.plain import clean_line, has_cpr
from house.problems import Taken

AHEAD, DAY = timedelta(days=366), timedelta(days=1)


def wanted(body: Body) -> Asked:
    """The visit that a body asks for, its services in the catalogue's order; raises `Misasked`."""
    session, wrong = db.session(), []
    known = {one.slug for one in catalogue.services(session)}
    for number, slug in enumerate(body["services"]):
        if slug not in known:
            wrong.append(Finding(pointer("services", str(number)), "service"))
    party, children = int(body.get("party", 1)), int(body.get("children", 0))
    if children >= party:
        wrong.append(Finding("/children", "children"))
    lives = body.get("municipality")
    if lives not in (None, OTHER, *catalogue.municipalities(session)):
        wrong.append(Finding("/municipality", "municipality"))
    services = tuple(one for one in catalogue.services(session) if one.slug in body["services"])
    household = Household(
        party - children, children, body.get("language"), body.get("interpreter", False),
        tuple(body.get("access", ())), lives,
    )  # fmt: skip
    tag, own = languages.current().tag, body.get("only_in_this_language", False)
    visit = Asked(tag, services, household, (), own)
    others = _others(visit, body.get("elsewhere", ()), wrong)
    if wrong:
        raise Misasked(*wrong)
    return Asked(tag, services, household, others, own)


def _others(visit: Asked, told: Any, wrong: list[Finding]) -> tuple[OtherTime, ...]:
    """The times that other systems gave: each for a service of the visit, once, within a year."""
    may = {one.slug for one in others_of(visit)}
    found: dict[str, OtherTime] = {}
    for number, one in enumerate(told):
        at, slug = moment_in(one["starts_at"]), one["service"]
        if slug not in may or slug in found:
            wrong.append(Finding(pointer("elsewhere", str(number), "service"), "no_time"))
        if not clock.now() - DAY <= at <= clock.now() + AHEAD:
            wrong.append(Finding(pointer("elsewhere", str(number), "starts_at"), "day"))
        reference = clean_line(one.get("reference") or "")
        if has_cpr(reference):
            wrong.append(Finding(pointer("elsewhere", str(number), "reference"), "cpr"))
        found[slug] = OtherTime(slug, at, reference or None)
    return tuple(found.values())


def all_here(visit: Asked) -> None:
    """Raise `Misasked` for every service that cannot be booked here, saying what to do instead."""
    wish = visit.wish()
    gone = [*visit.away, *(one for one in wish.nowhere if one not in visit.away)]
    if gone or not wish.bookable:
        raise Misasked(
            *(Finding("/services", "not_here", one.slug, _instead(visit, one)) for one in gone),
            *([] if gone else [Finding("/services", "nothing_left")]),
        )


def _instead(visit: Asked, service: catalogue.ServiceView) -> str:
    return f"{service.name}: {instead_of(visit, service).where}"


def tick_of(text: str) -> int:
    """The tick that begins at this very moment; `Taken` where none does: nothing else is ever on offer."""
    at = moment_in(text)
    tick = utc_tick(at)
    if tick_begins(tick) != at:
        raise Taken()
    return tick


def contact_of(body: Body) -> tuple[str, str | None, str | None]:
    """Name, e-mail address and mobile number as they are kept; raises `Misasked`."""
    wrong: list[Finding] = []
    name, email = clean_line(body["name"]), body.get("email") or None
    mobile = _mobile(body, wrong)
    if not name or has_cpr(name):
        wrong.append(Finding("/name", "cpr" if name else "name"))
    if not email and not body.get("mobile") and body.get("tell_earlier"):
        wrong.append(Finding("/email", "email_needed"))
    if email is not None and has_cpr(email):
        wrong.append(Finding("/email", "cpr"))
    try:
        email = email and validate_email(clean_line(email), check_deliverability=False).normalized
    except EmailNotValidError:
        wrong.append(Finding("/email", "email"))
    if wrong:
        raise Misasked(*wrong)
    return name, email, mobile


def _mobile(body: Body, wrong: list[Finding]) -> str | None:
    """The mobile number as it is kept: only where text messages can be sent."""
    if not body.get("mobile"):
        return None
    if current_app.extensions["house-config"].sms is None:
        wrong.append(Finding("/mobile", "no_mobile"))
        return None
    number = mobile_number(body["mobile"])
    if number is None:
        wrong.append(Finding("/mobile", "cpr" if has_cpr(body["mobile"]) else "mobile"))
    return number


@dataclass(frozen=True)
class Window:
    """Which times are wanted: from a day on, to a day, after a moment, so many."""

    first: date
    last: date | None
    after: datetime
    limit: int

    @property
    def days(self) -> int | None:
        """How many days, None for all; none or fewer where the last day is over."""
        return None if self.last is None else min((self.last - self.first).days + 1, AHEAD.days)

    def of(self, offer: Offer) -> tuple[list[Time], datetime | None]:
        """The times of an offer that are wanted, and the last one's beginning if there are more."""
        found: list[Time] = []
        for day, _count in offer.days(self.first):
            if self.last is not None and day > self.last:
                break
            found += (one for one in offer.times(day) if one.starts_at > self.after)
            if len(found) > self.limit:
                return found[: self.limit], found[self.limit - 1].starts_at
        return found, None


def window_of(asked: Mapping[str, Any], timezone: str) -> Window:
    """The times wanted, from today on; raises `Misasked` where the days run backwards."""
    today = clock.today(timezone)
    first = max(date.fromisoformat(asked.get("from") or today.isoformat()), today)
    last = date.fromisoformat(asked["to"]) if asked.get("to") else None
    if last and asked.get("from") and last < date.fromisoformat(asked["from"]):
        raise Misasked(Finding("/to", "order"))
    after = moment_in(asked["after"]) if asked.get("after") else datetime.min.replace(tzinfo=UTC)
    first = max(first, min(_day_of(after, timezone), today + AHEAD))
    return Window(first, last, after, int(asked.get("limit") or TIMES))


def _day_of(moment: datetime, timezone: str) -> date:
    try:
        return clock.local(moment, timezone).date()
    except OverflowError:
        return moment.date()
