"""Pages of intake: `public.py`, `holding.py` book, `visit.py` is my visit; `desk.py`, `manage*.py`: staff."""

from flask import Blueprint

bp = Blueprint("intake", __name__)

from house.intake.views import (  # noqa: E402
    desk,
    holding,
    manage,
    manage_closings,
    manage_hours,
    public,
    visit,
)

__all__ = ["bp", "desk", "holding", "manage", "manage_closings", "manage_hours", "public", "visit"]
