"""The adviser's own screen: who is at my counter, the way through the visit, the papers, who is next.

And what stands in its place while the net is gone.
"""

from __future__ import annotations

from flask import Response, jsonify, render_template
from flask import session as browser
from flask.typing import ResponseReturnValue

from house import doors
from house.db import db
from house.intake import desk_screen
from house.intake.desk_words import PRIORITIES
from house.intake.manage_words import REASONS
from house.intake.views import bp
from house.intake.views.at_desk import COUNTER, at_the_desk, authorities, show
from house.intake.views.closed import closed_today
from house.pages import STATIC, conditional


@bp.get("/counter/")
@at_the_desk
def counter() -> ResponseReturnValue:
    """My counter; its acts are those of the desk."""
    return show()


@bp.get("/counter/worker.js")
@doors.public
def counter_worker() -> ResponseReturnValue:
    """The service worker of the counter: served from here because a worker only sees what lies beside it."""
    return conditional(Response((STATIC / "counter_worker.js").read_text(), mimetype="text/javascript"))


@bp.get("/counter/without-net")
@at_the_desk
@doors.by_itself
def counter_without_net() -> ResponseReturnValue:
    """The page that the browser keeps for when the net is gone: the same for everybody, nobody is in it."""
    return render_template("intake/counter_without_net.html")


@bp.get("/counter/next")
@at_the_desk
@doors.by_itself
def counter_next() -> ResponseReturnValue:
    """The part that keeps itself fresh: who waits for me; 304 while nothing changed."""
    session = db.session()
    queue = desk_screen.load_queue(session, browser.get(COUNTER), authorities(session))
    facts = {"queue": queue, "words": {"priorities": PRIORITIES, "reasons": REASONS}, **closed_today()}
    parts = {"closed": "desk_closed", "next": "counter_next"}
    fresh = {part: render_template(f"intake/{name}.html", **facts) for part, name in parts.items()}
    return conditional(jsonify(fresh))
