"""Where we are and when we are open, for everybody."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from house import doors
from house.catalogue import words
from house.catalogue.views import bp
from house.catalogue.visiting import visiting
from house.db import db


@bp.get("/<lang:lang_tag>/visit-us")
@doors.public
def visit_us(lang_tag: str) -> ResponseReturnValue:
    """Where we are, when the door and the telephone are open, and the next days that differ."""
    return render_template("catalogue/visit_us.html", visit=visiting(db.session()), words=words)
