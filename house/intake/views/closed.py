"""What pages say while the house is closed for the rest of today: public ones, and those who work there."""

from __future__ import annotations

from typing import Any

from house.catalogue import face as catalogue
from house.db import db
from house.intake import closing_today


def closed_today() -> dict[str, Any]:
    """The closing that holds now, and when the house opens next; one small statement where there is none."""
    closed = closing_today.closed_now(db.session())
    return {"closed": closed, "opens_next": catalogue.door(db.session()).opens_next if closed else None}
