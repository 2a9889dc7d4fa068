"""Which links of the catalogue the worker looks at next, and what it found: one at a time, few a day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from house.catalogue.editing_models import LinkCheck
from house.catalogue.entries import Kind, find, slugs
from house.catalogue.link_looking import Found
from house.catalogue.storing import lock, stored

MOST_A_DAY = 60
AGAIN = timedelta(days=7)
FAILING_AGAIN = timedelta(days=1)
Places = dict[str, list[tuple[Kind, str]]]


def of_catalogue(catalogue: Mapping[str, Any]) -> Places:
    """Every link of the catalogue and the entries it stands in."""
    found: Places = {}
    for kind in Kind:
        for slug in slugs(catalogue, kind):
            for url in _links(find(catalogue, kind, slug)):
                places = found.setdefault(url, [])
                if (kind, slug) not in places:
                    places.append((kind, slug))
    return found


def _links(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, one in value.items():
            if key in ("url", "link") and isinstance(one, str):
                yield one
            else:
                yield from _links(one)
    elif isinstance(value, list):
        for one in value:
            yield from _links(one)


def claim(session: Session, now: datetime) -> str | None:
    """The link to look at now, claimed so that no other worker does; None when enough was done for today.

    Links never looked at come first, then those that fail, a day later, then all others, a week later.
    """
    if not lock(session):
        return None
    a_day_ago = now - timedelta(days=1)
    lately = session.scalar(
        select(func.count()).select_from(LinkCheck).where(LinkCheck.looked_at > a_day_ago)
    )
    if (lately or 0) >= MOST_A_DAY:
        return None
    rows = {row.url: row for row in session.scalars(select(LinkCheck))}
    urls = of_catalogue(stored(session))
    url = next((one for one in urls if one not in rows), None) or _oldest(rows, urls, now)
    if url is not None:
        row = rows.get(url) or LinkCheck(url=url)
        row.looked_at = now
        session.add(row)
        session.flush()
    return url


def _oldest(rows: Mapping[str, LinkCheck], urls: Places, now: datetime) -> str | None:
    due = [
        row
        for row in rows.values()
        if row.url in urls and row.looked_at <= now - (FAILING_AGAIN if row.trouble else AGAIN)
    ]
    return min(due, key=lambda row: (row.trouble is None, row.looked_at)).url if due else None


def note(session: Session, url: str, found: Found, now: datetime) -> None:
    """Write down what was found; the first failure in a row keeps its day."""
    row = session.get(LinkCheck, url)
    if row is None:
        return
    row.status, row.trouble, row.looked_at = found.status, found.trouble, now
    row.failing_since = (row.failing_since or now) if found.trouble else None


def failing(session: Session) -> list[LinkCheck]:
    """Links that stand in the catalogue and fail, the longest failing first."""
    urls = of_catalogue(stored(session))
    rows = session.scalars(select(LinkCheck).where(LinkCheck.failing_since.is_not(None)))
    return sorted((row for row in rows if row.url in urls), key=lambda row: (row.failing_since, row.url))
