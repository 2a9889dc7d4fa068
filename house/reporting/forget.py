"""What reporting forgets: exact figures and contacts, fifteen months after their month."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from house.reporting import closing


def forget(session: Session, now: datetime) -> int:
    """Burn what is due."""
    return closing.burn(session, now)
