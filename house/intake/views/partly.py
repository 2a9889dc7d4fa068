"""Booking online where not everything can be had: what cannot and where else it is, what can, and times that
another system gave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from house import clock, doors
from house.catalogue import face as catalogue
from house.db import db
from house.intake import words
from house.intake.forms import OtherTimeForm
from house.intake.offering import search
from house.intake.views import bp
from house.intake.views.asking import Asked, asked, remember_time_elsewhere
from house.intake.views.times import about
from house.intake.wishes import OtherTime, Wish, bookable_services
from house.problems import NotHere


@dataclass(frozen=True)
class Away:
    """A service that cannot be booked here, and what to do instead."""

    service: catalogue.ServiceView
    authority: str
    where: str
    link: str | None


@dataclass(frozen=True)
class Part:
    """Services that can be booked in one visit, and those that remain for another."""

    services: tuple[catalogue.ServiceView, ...]
    url: str
    rest: tuple[catalogue.ServiceView, ...]
    rest_url: str | None


def not_all_here(visit: Asked, wish: Wish) -> ResponseReturnValue:
    """Which services are not booked here and where they are; the rest can be booked without them."""
    gone = list(dict.fromkeys([*visit.away, *wish.nowhere]))
    rest = visit.only([service.slug for service in wish.here if service not in gone])
    return render_template(
        "intake/elsewhere.html", **about(visit, wish), place=wish.place, rest=rest if rest.services else None,
        rows=[instead_of(visit, service) for service in gone],
        tellable=bool(rest.services) and bool(others_of(visit)),
    )  # fmt: skip


def instead_of(visit: Asked, service: catalogue.ServiceView) -> Away:
    """Where to go for a service that the house does not do for this visitor."""
    authority = catalogue.authority_of(db.session(), service).name.text
    link = service.record.get("link") or ""
    where = words.booked_elsewhere(service)
    if service in visit.away:
        where = words.not_for_your_municipality(catalogue.served(db.session(), [service]))
    return Away(service, authority, where, link if link.startswith("http") else None)


def only_a_part(visit: Asked, wish: Wish) -> ResponseReturnValue | None:
    """The largest parts that fit into one visit; None where there are no times at all."""
    parts = search(db.session(), wish).parts()
    if not parts:
        return None
    rows = [_part(visit, set(slugs)) for slugs in parts]
    never = [one for one in wish.here if all(one not in row.services for row in rows)]
    return render_template("intake/partly.html", **about(visit, wish), parts=rows, never=never)


def _part(visit: Asked, slugs: set[str]) -> Part:
    booked = {other.slug for other in visit.others}
    part = visit.only(list(slugs | booked))
    rest = visit.only([slug for slug in visit.slugs if slug not in slugs | booked])
    here = tuple(one for one in part.services if one.slug in slugs)
    return Part(
        here, part.path("intake.days"), rest.services, rest.path("intake.days") if rest.services else None
    )


def others_of(visit: Asked) -> list[catalogue.ServiceView]:
    """The services of a visit that may have a time in another system: the authority books, or we do not."""
    session = db.session()
    here = {service.slug for service in bookable_services(session)}
    return [
        one
        for one in visit.services
        if one.slug not in here or catalogue.authority_of(session, one).record.get("own_booking_system")
    ]


@bp.route("/<lang:lang_tag>/book/<slugs>/<int:party>/other-time", methods=["GET", "POST"])
@doors.public
def other_time(lang_tag: str, slugs: str, party: int) -> ResponseReturnValue:
    """Do you already have a time for one of these somewhere else? Then we plan the others around it."""
    visit = asked(lang_tag, slugs, party)
    services = others_of(visit)
    if len(visit.services) < 2 or not services:
        raise NotHere()
    told = visit.others[0] if visit.others else None
    zone = clock.zone(catalogue.place(db.session()).timezone)
    form = OtherTimeForm(data=_told(told, zone.key))
    form.offer(services)
    if not form.is_submitted() or not form.validate():
        return render_template("intake/other_time.html", form=form, visit=visit, told=told), form.status
    for other in visit.others:
        remember_time_elsewhere(other.slug, None)
    if not form.remove.data and form.day.data and form.at.data:
        starts_at = datetime.combine(form.day.data, form.at.data, zone)
        remember_time_elsewhere(
            form.service.data, OtherTime(form.service.data, starts_at, form.reference.data or None)
        )
    return redirect(url_for("intake.days", lang_tag=lang_tag, slugs=slugs, party=party), 303)


def _told(told: OtherTime | None, zone: str) -> dict[str, object]:
    """What was told before."""
    if told is None:
        return {}
    at = clock.local(told.starts_at, zone)
    return {"service": told.slug, "day": at.date(), "at": at.time(), "reference": told.reference}

