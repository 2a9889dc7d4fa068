"""What this wing forgets, and when."""

from datetime import datetime

from sqlalchemy.orm import Session


def forget(session: Session, now: datetime) -> int:
    """Nothing personal here yet."""
    return 0
