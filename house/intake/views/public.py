"""Booking online, the first questions: what do you need, and who comes. Nothing is written yet."""

from __future__ import annotations

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from house import doors
from house.catalogue import face as catalogue
from house.db import db
from house.intake.forms import NeedForm, WhoForm
from house.intake.household import LARGEST_PARTY, Household
from house.intake.views import bp
from house.intake.views.asking import joined, known_household, remember_household, services_in, tidy
from house.intake.views.closed import closed_today
from house.intake.wishes import bookable_services


@bp.get("/<lang:lang_tag>/book/")
@doors.public
def need(lang_tag: str) -> ResponseReturnValue:
    """What do you need? Links may bring services and the number of people along."""
    services = bookable_services(db.session())
    form = NeedForm(request.args)
    form.offer(services, {service.slug for service in catalogue.services(db.session())})
    if ("on" in request.args or "party" in request.args) and form.validate():
        ordered = joined([service.slug for service in services_in(joined(form.chosen))])
        return redirect(url_for("intake.who", lang_tag=lang_tag, slugs=ordered, party=_number()))
    authorities = catalogue.authority_names(db.session())
    hints = {service.slug: authorities.get(service.authority_id, "") for service in services}
    return render_template(
        "intake/need.html", form=form, services=services, hints=hints, party=_number(),
        has_plan="catalogue.plan" in current_app.view_functions, **closed_today(),
    ), form.status  # fmt: skip


def _number() -> int | None:
    """How many people a link says that come."""
    number = request.args.get("party", type=int)
    return number if number and 1 <= number <= LARGEST_PARTY else None


@bp.route("/<lang:lang_tag>/book/<slugs>/", methods=["GET", "POST"])
@doors.public
def who(lang_tag: str, slugs: str) -> ResponseReturnValue:
    """Who comes, in which language, and what do they need to get on well here?"""
    if request.method == "GET" and (path := tidy(lang_tag, slugs, "intake.who", party=_number())):
        return redirect(path)
    services = services_in(slugs)
    form = WhoForm(data=_so_far(lang_tag))
    asks_where = catalogue.asks_where(services)
    form.ask_where(catalogue.municipalities(db.session()) if asks_where else None)
    if not form.is_submitted() or not form.validate():
        back = url_for("intake.need", lang_tag=lang_tag, service=[service.slug for service in services])
        page = render_template("intake/who.html", form=form, services=services, slugs=slugs, back=back)
        return page, form.status
    household = form.household()
    remember_household(household)
    ordered = joined([service.slug for service in services])
    return redirect(url_for("intake.days", lang_tag=lang_tag, slugs=ordered, party=household.party), 303)


def _so_far(lang_tag: str) -> dict[str, object]:
    """The answers given before; a link's number of people, and the language of the page."""
    number = _number()
    said = known_household() or Household(number or 1, speaks=lang_tag)
    if number and number != said.party:
        said = Household(number, 0, said.speaks, said.interpreter, said.access, said.municipality)
    return {**vars(said), "speaks": said.speaks or lang_tag, "municipality": said.municipality or ""}
