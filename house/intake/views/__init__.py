"""Pages of intake: `public.py` and `holding.py` book, `visit.py` is my visit; `desk.py`, `manage*.py`: staff.

`moving.py`, `earlier.py` and `finding.py` change a visit that is booked, `desk_visit.py` does so for staff.
"""

from flask import Blueprint

bp = Blueprint("intake", __name__)

from house.intake.views import (  # noqa: E402
    desk,
    desk_visit,
    earlier,
    finding,
    holding,
    manage,
    manage_closings,
    manage_hours,
    moving,
    public,
    visit,
)

__all__ = [
    "bp", "desk", "desk_visit", "earlier", "finding", "holding", "manage", "manage_closings", "manage_hours",
    "moving", "public", "visit",
]  # fmt: skip
