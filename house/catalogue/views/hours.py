"""Where we are and when we are open: the page, and the same for machines. `?lang=` chooses their words."""

from __future__ import annotations

import json
from functools import lru_cache

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from house import doors
from house.catalogue import hours_feeds, structured, words
from house.catalogue.views import bp
from house.catalogue.visiting import Ahead, visiting
from house.db import db
from house.languages import speak
from house.pages import conditional

SHOWN_DAYS = 14


@bp.get("/<lang:lang_tag>/visit-us")
@doors.public
def visit_us(lang_tag: str) -> ResponseReturnValue:
    """Where we are, when the door and the telephone are open, the next two weeks, and what differs after."""
    visit = visiting(db.session())
    return render_template(
        "catalogue/visit_us.html",
        visit=visit, words=words, tables=_tables(visit.ahead, lang_tag),
        block=structured.as_block(structured.office(visit)),
    )  # fmt: skip


@lru_cache(maxsize=64)
def _tables(ahead: Ahead, _language: str) -> Markup:
    """The usual week and the days to come as HTML, made once for as long as they stay as they are."""
    return Markup(  # noqa: S704
        render_template("catalogue/hours_tables.html", ahead=ahead, words=words, shown=SHOWN_DAYS)
    )


@bp.get("/hours.json")
@doors.machine
def hours_data() -> ResponseReturnValue:
    """The opening hours of the next weeks as data."""
    with speak(request.args.get("lang", "en")):
        found = hours_feeds.as_data(visiting(db.session()), words.closed_for)
    content = json.dumps(found, ensure_ascii=False)
    return conditional(Response(content, content_type="application/json; charset=utf-8"))


@bp.get("/hours.ics")
@doors.machine
def hours_calendar() -> ResponseReturnValue:
    """The opening hours of the next weeks as a calendar to subscribe to."""
    with speak(request.args.get("lang", "en")):
        content = hours_feeds.as_calendar(visiting(db.session()), words.closed_for)
    headers = {"Content-Disposition": 'inline; filename="hours.ics"'}
    return conditional(Response(content, content_type="text/calendar; charset=utf-8", headers=headers))
