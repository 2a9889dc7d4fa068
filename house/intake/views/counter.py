"""The adviser's own screen: who is at my counter, the way through the visit, the papers, who is next."""

from __future__ import annotations

from flask import jsonify, render_template
from flask import session as browser
from flask.typing import ResponseReturnValue

from house.db import db
from house.intake import desk_screen
from house.intake.desk_words import PRIORITIES
from house.intake.views import bp
from house.intake.views.at_desk import COUNTER, at_the_desk, authorities, show
from house.pages import conditional


@bp.get("/counter/")
@at_the_desk
def counter() -> ResponseReturnValue:
    """My counter; its acts are those of the desk."""
    return show()


@bp.get("/counter/next")
@at_the_desk
def counter_next() -> ResponseReturnValue:
    """The part that keeps itself fresh: who waits for me; 304 while nothing changed."""
    session = db.session()
    queue = desk_screen.load_queue(session, browser.get(COUNTER), authorities(session))
    words = {"priorities": PRIORITIES}
    part = render_template("intake/counter_next.html", queue=queue, words=words)
    return conditional(jsonify({"next": part}))
