"""Who did what: one row per act, in the act's own transaction; the worker seals the rows into a hash chain.

Rows hold codes, keys and references, never names or addresses.
"""

from __future__ import annotations

import json
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from house import clock
from house.db import Key, Model


class Act(Model):
    """One act: an actor ("staff 3", "visitor", "worker"), a verb, and what it was done to."""

    __tablename__ = "act"

    id: Mapped[Key]
    at: Mapped[datetime]
    actor: Mapped[str]
    verb: Mapped[str]
    subject: Mapped[str]
    facts: Mapped[dict[str, Any]]
    link: Mapped[int | None] = mapped_column(unique=True)
    seal: Mapped[str | None]


def record(session: Session, actor: str, verb: str, subject: str, **facts: str | int | bool | None) -> None:
    """Write down an act. `facts` are codes only."""
    session.add(Act(at=clock.now(), actor=actor, verb=verb, subject=subject, facts=facts))


def _link(previous: str, act: Act) -> str:
    content = [act.id, act.at.isoformat(), act.actor, act.verb, act.subject, act.facts]
    return sha256((previous + json.dumps(content, sort_keys=True)).encode()).hexdigest()


def seal(session: Session, limit: int = 1000) -> int:
    """Chain acts not yet sealed, oldest first; the worker commits. Returns how many.

    The chain has its own order (`link`): on PostgreSQL a lower key may be committed after a higher one.
    """
    last = session.scalar(select(Act).where(Act.link.is_not(None)).order_by(Act.link.desc()).limit(1))
    previous, link = (last.seal or "", last.link or 0) if last else ("", 0)
    acts = session.scalars(select(Act).where(Act.link.is_(None)).order_by(Act.id).limit(limit)).all()
    for number, act in enumerate(acts, start=link + 1):
        act.link, act.seal = number, _link(previous, act)
        previous = act.seal
    return len(acts)


def first_broken(session: Session) -> int | None:
    """The key of the first act that was changed, or whose predecessor was removed, after sealing."""
    previous = ""
    for act in session.scalars(select(Act).where(Act.link.is_not(None)).order_by(Act.link)):
        if act.seal != _link(previous, act):
            return act.id
        previous = act.seal
    return None
