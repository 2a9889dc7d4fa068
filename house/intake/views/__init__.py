"""Pages of intake: `public.py`, `choosing.py`, `partly.py` and `holding.py` book, `visit.py` is my visit.

`moving.py`, `earlier.py` and `finding.py` change a visit that is booked, `desk_visit.py` does so for staff,
who have `desk.py` and `manage*.py` too.
"""

from flask import Blueprint

bp = Blueprint("intake", __name__)

from house.intake.views import (  # noqa: E402
    board,
    choosing,
    desk,
    desk_visit,
    earlier,
    finding,
    holding,
    manage,
    manage_closings,
    manage_hours,
    moving,
    partly,
    public,
    visit,
)

__all__ = [
    "board", "bp", "choosing", "desk", "desk_visit", "earlier", "finding", "holding", "manage",
    "manage_closings", "manage_hours", "moving", "partly", "public", "visit",
]  # fmt: skip
