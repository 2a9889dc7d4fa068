"""What people forgets: used and expired links and old counts; an account's data goes when it is closed."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from house.people.models import Account, Attempt, SignInLink

LINKS_KEPT = timedelta(days=1)
COUNTS_KEPT = timedelta(days=2)


def forget(session: Session, now: datetime) -> int:
    """Delete links a day after they ran out and counts of tries after two days; blank closed accounts."""
    links = session.execute(delete(SignInLink).where(SignInLink.expires_at < now - LINKS_KEPT))
    counts = session.execute(delete(Attempt).where(Attempt.ends_at < now - COUNTS_KEPT))
    blank = session.execute(
        update(Account)
        .where(Account.closed_at.is_not(None), Account.email.is_not(None))
        .values(email=None, name=None, email_mark=None, password=None)
    )
    return sum(result.rowcount for result in (links, counts, blank))  # type: ignore[attr-defined]
