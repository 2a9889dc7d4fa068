"""Pages of events: `public.py` calendar and event, `seat.py` my seat, `company.py` the company's room,
`door.py` the organisers' list, `feeds.py` calendars for machines."""

from typing import Any

from flask import Blueprint

from house.events import words

bp = Blueprint("events", __name__)


@bp.context_processor
def say() -> dict[str, Any]:
    """Words that all templates of this wing use."""
    return {
        "when": words.when, "short_month": words.short_month, "places": words.places,
        "kinds": words.KINDS, "audiences": words.AUDIENCES,
    }  # fmt: skip


from house.events.views import company, door, feeds, public, seat  # noqa: E402, F401
