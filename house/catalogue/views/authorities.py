"""The authorities behind the services: all of them, and what one of them does and where it is met."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from house import doors
from house.catalogue import structured, words
from house.catalogue.hooks import bookable_slugs
from house.catalogue.introducing import introduce, read_on
from house.catalogue.keeping import kept
from house.catalogue.shelf import AuthorityView, Shelf, shelf
from house.catalogue.views import bp
from house.db import db
from house.languages import current
from house.problems import NotHere


@bp.get("/<lang:lang_tag>/authorities/")
@doors.public
def authorities(lang_tag: str) -> ResponseReturnValue:
    """Every authority: those in the house first."""
    catalogue = shelf(db.session())
    listing = kept(catalogue, "authorities", lambda: _list(catalogue))
    return render_template("catalogue/authorities.html", listing=listing)


def _list(catalogue: Shelf) -> str:
    everyone = list(catalogue.authorities.values())
    return render_template(
        "catalogue/authority_list.html",
        here=[one for one in everyone if _met_here(one)],
        elsewhere=[one for one in everyone if not _met_here(one)],
        words=words,
    )


def _met_here(one: AuthorityView) -> bool:
    return one.record.get("at_house") in (True, "via_citizen_service")


@bp.get("/<lang:lang_tag>/authorities/<slug>")
@doors.public
def authority_page(lang_tag: str, slug: str) -> ResponseReturnValue:
    """One authority: what it does, whether it is met in the house, how else, and who says so."""
    session = db.session()
    catalogue, bookable = shelf(session), bookable_slugs(session)
    authority = catalogue.authority_by_slug.get(slug)
    if authority is None:
        raise NotHere()
    body = kept(catalogue, ("authority", slug, bookable), lambda: _told(catalogue, authority, bookable))
    return render_template("catalogue/authority.html", authority=authority, body=body)


def _told(catalogue: Shelf, authority: AuthorityView, bookable: frozenset[str]) -> str:
    """Everything the page of an authority tells, as HTML."""
    about = introduce(catalogue, authority)
    return render_template(
        "catalogue/authority_body.html",
        about=about, words=words, bookable=bookable, read_on=read_on(catalogue),
        others={authority.name.lang, *(one.name_lang for one in about.does)} - {current().tag},
        block=structured.as_block(structured.authority(about)),
    )  # fmt: skip
