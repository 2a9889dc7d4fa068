"""The editors' lists: all entries of a kind, whose they are, their state, and when they were confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from house import doors
from house.catalogue import manage_words
from house.catalogue.editing_models import Draft
from house.catalogue.entries import Kind, Record, find, slugs
from house.catalogue.reviewing import REVIEWED, Review, review_of
from house.catalogue.storing import stored
from house.catalogue.versions import version
from house.catalogue.views import bp
from house.catalogue.views.manage_desk import KINDS, title_of, today
from house.db import db
from house.doors import Role


@dataclass(frozen=True)
class Line:
    """One entry in a list."""

    slug: str
    title: str
    authority: str | None
    state: str
    review: Review | None


@bp.get("/manage/catalogue/")
@doors.staff(Role.EDITOR)
def manage() -> ResponseReturnValue:
    """All services."""
    return _listed(Kind.SERVICE)


@bp.get(f"/manage/catalogue/entries/<{KINDS}:kind>/")
@doors.staff(Role.EDITOR)
def manage_entries(kind: str) -> ResponseReturnValue:
    """All entries of a kind."""
    return _listed(Kind(kind))


def _listed(kind: Kind) -> str:
    session = db.session()
    catalogue = stored(session)
    drafts = {one.slug: one for one in session.scalars(select(Draft).where(Draft.kind == kind))}
    listed = dict.fromkeys([*slugs(catalogue, kind), *drafts])
    day = today()
    return render_template(
        "catalogue/manage_list.html", kind=kind, words=manage_words, reviewed=kind in REVIEWED,
        entries=[_line(catalogue, kind, slug, drafts.get(slug), day) for slug in listed],
    )  # fmt: skip


def _line(catalogue: Record, kind: Kind, slug: str, draft: Draft | None, day: date) -> Line:
    record = find(catalogue, kind, slug)
    text = record
    if record is None and draft is not None:
        text = version(db.session(), kind, slug, draft.number).record
    owner = (text or {}).get("authority") if kind is Kind.SERVICE else None
    return Line(
        slug,
        title_of(kind, slug, text),
        title_of(Kind.AUTHORITY, owner, find(catalogue, Kind.AUTHORITY, owner)) if owner else None,
        draft.state.value if draft else "published",
        review_of(record, day) if record and kind in REVIEWED else None,
    )
