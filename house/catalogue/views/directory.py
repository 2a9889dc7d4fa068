"""The directory, open to everybody: all services, what somebody looks for, and the page of one service."""

from __future__ import annotations

from collections.abc import Iterable

from flask import render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from house import doors
from house.catalogue import condition_words, structured, words
from house.catalogue.browsing import Shown, browse
from house.catalogue.describing import describe
from house.catalogue.for_whom import CHOICES, Ticked
from house.catalogue.forms import SearchForm
from house.catalogue.hooks import bookable_slugs
from house.catalogue.introducing import read_on
from house.catalogue.keeping import kept, kept_of_find
from house.catalogue.shelf import ServiceView, Shelf, shelf
from house.catalogue.views import bp
from house.catalogue.visiting import visiting
from house.db import db
from house.languages import current
from house.problems import NotHere


@bp.get("/<lang:lang_tag>/services/")
@doors.public
def services(lang_tag: str) -> ResponseReturnValue:
    """Every service, or those that a few words find and that can be for who one is."""
    session, form = db.session(), SearchForm(request.args)
    wanted = form.q.text if form.validate() else ""
    catalogue, ticked = shelf(session), form.ticked
    shown = browse(catalogue, wanted, ticked)
    page = render_template(
        "catalogue/services.html",
        form=form, wanted=wanted, ticked=ticked, shown=shown, empty=not catalogue.services, words=words,
        panel=_panel(catalogue, wanted, ticked, shown),
        listing=_listing(catalogue, wanted, ticked, shown) if shown.services else "",
        others=_spoken(catalogue, shown.services) - {current().tag},
        further=_further(catalogue, shown) if shown.nothing and catalogue.services else "",
    )  # fmt: skip
    return page, form.status


def _listing(catalogue: Shelf, wanted: str, ticked: Ticked, shown: Shown) -> Markup:
    """The list as HTML: by kind where no words were given, in the order of the find where some were."""
    bookable = bookable_slugs(db.session())

    def listed() -> str:
        return render_template(
            "catalogue/service_list.html",
            groups=[(None, shown.services)] if wanted else _grouped(shown.services),
            authorities=catalogue.authorities, bookable=bookable, way=words.way,
        )  # fmt: skip

    if wanted:
        return kept_of_find(catalogue, ("list", *(one.slug for one in shown.services), bookable), listed)
    return kept(catalogue, ("list", ticked, bookable), listed)


def _panel(catalogue: Shelf, wanted: str, ticked: Ticked, shown: Shown) -> Markup:
    """What can be ticked of oneself, each with the number of services that it would show."""

    def rendered() -> str:
        counts = dict(catalogue.for_whom.counts(ticked, shown.found))
        return render_template(
            "catalogue/who.html", groups=CHOICES, counts=counts, ticked=ticked, words=words
        )

    if wanted:
        return kept_of_find(catalogue, ("who", ticked, shown.found), rendered)
    return kept(catalogue, ("who", ticked), rendered)


def _further(catalogue: Shelf, shown: Shown) -> Markup:
    """What can be done by who found nothing: names a little like it, my list, coming, phoning."""
    try:
        visit = visiting(db.session())
    except NotHere:  # before the place was set up
        visit = None

    def told() -> str:
        return render_template("catalogue/nothing_found.html", near=shown.near, visit=visit)

    said = (visit.place.phone, tuple(visit.hours_today), visit.opens_next) if visit else None
    return kept_of_find(catalogue, ("nothing", *(one.slug for one in shown.near), said), told)


def _grouped(found: Iterable[ServiceView]) -> list[tuple[str, list[ServiceView]]]:
    """Services under the heading of their kind; kinds without any are left out."""
    listed = list(found)
    by_kind = ((words.KINDS[kind], [one for one in listed if one.kind == kind]) for kind in words.KINDS)
    return [(heading, services) for heading, services in by_kind if services]


def _spoken(catalogue: Shelf, listed: Iterable[ServiceView]) -> set[str]:
    """The languages that services and their authorities are named in."""
    shown = list(listed)
    authorities = {catalogue.authorities[one.authority_id].name.lang for one in shown}
    return {one.name_lang for one in shown} | authorities


@bp.get("/<lang:lang_tag>/services/<slug>")
@doors.public
def service_page(lang_tag: str, slug: str) -> ResponseReturnValue:
    """One service: whom it is for, what to bring, what to do first, by when, and how."""
    session = db.session()
    catalogue, bookable = shelf(session), slug in bookable_slugs(session)
    service = catalogue.by_slug.get(slug)
    if service is None:
        raise NotHere()
    body = kept(catalogue, ("service", slug, bookable), lambda: _told(catalogue, service, bookable))
    return render_template("catalogue/service.html", service=service, body=body)


def _told(catalogue: Shelf, service: ServiceView, bookable: bool) -> str:
    """Everything the page of a service tells, as HTML."""
    facts = catalogue.sections["meta"]["person_facts"]
    about = describe(catalogue, service)
    return render_template(
        "catalogue/service_body.html",
        about=about, service=service, bookable=bookable, words=words, read_on=read_on(catalogue),
        whom=condition_words.whom(about.applies, facts),
        sentences=lambda condition: condition_words.sentences(condition, facts),
        others=about.languages - {current().tag},
        block=structured.as_block(structured.service(about, bookable, str(words.KINDS[service.kind]))),
    )  # fmt: skip
