"""Times to offer on any page of booking: the nearest ones, and where holding one leads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for

from house import formats
from house.catalogue import face as catalogue
from house.db import db
from house.intake import offering, words
from house.intake.cards import HOLD, StepCard, station_of
from house.intake.models import Visit
from house.intake.views.asking import Asked, joined
from house.intake.views.limits import limit_of
from house.intake.wishes import Wish
from house.seals import keyring


def about(visit: Asked, wish: Wish) -> dict[str, Any]:
    """What the pages of choosing say of a visit that is not held yet."""
    session = db.session()
    times = [StepCard(one.slug, one.starts_at, one.starts_at, one.reference or "") for one in wish.others]
    served = catalogue.served(session, visit.services) if visit.household.municipality is None else []
    return {
        "visit": visit, "wish": wish, "served": words.in_a_row(served), "limit": limit_of(visit.services),
        "stations": [station_of(session, step, here=False) for step in times],
        "back": url_for("intake.who", lang_tag=visit.lang_tag, slugs=joined(visit.slugs)),
    }  # fmt: skip


@dataclass(frozen=True)
class NearTime:
    """One of the nearest times: a button of its own, for it may lie on another day."""

    url: str
    start: int
    words: str


def nearest(visit: Asked, wish: Wish, around: int | date | None) -> list[NearTime]:
    """The three times nearest to a tick, or to a day's beginning, as buttons."""
    rows = []
    for time in offering.nearest(db.session(), wish, around or 0):
        on = time.starts_at.date()
        url = visit.path("intake.times", day=on.isoformat())
        rows.append(NearTime(url, time.start, f"{formats.short_day(on)}, {formats.wall(time.starts_at)}"))
    return rows


def after_holding(lang_tag: str, visit: Visit) -> str:
    """To the questions, or straight to the check when they were answered for an earlier hold."""
    page = "intake.check" if visit.name else "intake.contact"
    token = keyring().link(HOLD, visit.reference, visit.generation)
    return url_for(page, lang_tag=lang_tag, token=token)
