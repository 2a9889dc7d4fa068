"""Pages of intake: `public.py`, `choosing.py`, `partly.py` and `holding.py` book, `visit.py` is my visit.

`moving.py`, `earlier.py` and `finding.py` change a visit that is booked, `desk_visit.py` does so for staff,
who have `desk*.py`, `counter.py` and `manage*.py` too. `api*.py` are the same for machines. In the hall are
`board.py` and `kiosk.py`; `ticket.py` follows.
"""

from flask import Blueprint

bp = Blueprint("intake", __name__)

from house.intake.views import (  # noqa: E402
    api,
    api_times,
    api_visits,
    board,
    choosing,
    counter,
    desk,
    desk_caller,
    desk_calling,
    desk_cases,
    desk_closing,
    desk_done,
    desk_guidance,
    desk_notes,
    desk_outbox,
    desk_person,
    desk_visit,
    earlier,
    finding,
    holding,
    kiosk,
    manage,
    manage_closings,
    manage_hours,
    manage_screens,
    moving,
    partly,
    public,
    ticket,
    visit,
)

bp.register_blueprint(api.bp)

__all__ = [
    "api", "api_times", "api_visits", "board", "bp", "choosing", "counter", "desk", "desk_caller",
    "desk_calling", "desk_cases", "desk_closing", "desk_done", "desk_guidance", "desk_notes", "desk_outbox",
    "desk_person", "desk_visit", "earlier", "finding", "holding", "kiosk", "manage", "manage_closings",
    "manage_hours", "manage_screens", "moving", "partly", "public", "ticket", "visit",
]  # fmt: skip
