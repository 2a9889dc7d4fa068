"""Pages of the catalogue, open to everybody: the directory, one service, where we are and when."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from flask import render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from house import doors
from house.catalogue import condition_words, words
from house.catalogue.describing import describe
from house.catalogue.forms import SearchForm
from house.catalogue.hooks import bookable_slugs
from house.catalogue.searching import finds
from house.catalogue.shelf import ServiceView, Shelf, shelf
from house.catalogue.views import bp
from house.catalogue.visiting import visiting
from house.db import db
from house.languages import current
from house.problems import NotHere

MOST_KEPT = 64


@bp.get("/<lang:lang_tag>/services/")
@doors.public
def services(lang_tag: str) -> ResponseReturnValue:
    """Every service, or those that a few words find."""
    session, form = db.session(), SearchForm(request.args)
    wanted = form.q.text if form.validate() else ""
    catalogue, bookable = shelf(session), bookable_slugs(session)
    found = [one for one in catalogue.services if finds(wanted, catalogue.index[one.id])] if wanted else None
    page = render_template(
        "catalogue/services.html",
        form=form, wanted=wanted, found=found, empty=not catalogue.services,
        listing=_listing(catalogue, found, bookable),
        others=_spoken(catalogue, catalogue.services if found is None else found) - {current().tag},
    )  # fmt: skip
    return page, form.status


def _listing(catalogue: Shelf, found: list[ServiceView] | None, bookable: frozenset[str]) -> Markup:
    """The list as HTML; the one of all services is kept."""
    if found is None:
        return _kept(catalogue, bookable, lambda: _listing(catalogue, list(catalogue.services), bookable))
    page = render_template(
        "catalogue/service_list.html",
        groups=_grouped(found), authorities=catalogue.authorities, bookable=bookable, way=words.way,
    )  # fmt: skip
    return Markup(page)  # noqa: S704 - rendered above


def _kept(catalogue: Shelf, made_of: object, make: Callable[[], str]) -> Markup:
    """A part of a page, made once for this edition, this language and what else it is made of."""
    page = catalogue.pages.get(made_of)
    if page is None:
        page = make()
        if len(catalogue.pages) < MOST_KEPT:
            catalogue.pages[made_of] = page
    return Markup(page)  # noqa: S704 - rendered by whoever made it


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
    body = _kept(catalogue, (slug, bookable), lambda: _told(catalogue, service, bookable))
    return render_template("catalogue/service.html", service=service, body=body)


def _told(catalogue: Shelf, service: ServiceView, bookable: bool) -> str:
    """Everything the page of a service tells, as HTML."""
    facts = catalogue.sections["meta"]["person_facts"]
    about = describe(catalogue, service)
    return render_template(
        "catalogue/service_body.html",
        about=about, service=service, bookable=bookable, words=words,
        whom=condition_words.whom(about.applies, facts),
        sentences=lambda condition: condition_words.sentences(condition, facts),
        others=about.languages - {current().tag},
    )  # fmt: skip


@bp.get("/<lang:lang_tag>/visit-us")
@doors.public
def visit_us(lang_tag: str) -> ResponseReturnValue:
    """Where we are, when the door and the telephone are open, and the next days that differ."""
    return render_template("catalogue/visit_us.html", visit=visiting(db.session()), words=words)
