"""Requests that a machine may send again: the answer to a key is kept with the work it was given for.

The row of the key is written first and in the transaction of the work: the primary key decides who works, the
others wait for the row and get the same answer. A request that is refused rolls back and leaves no row.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import LargeBinary, delete, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from house import clock
from house.db import Model, is_sqlite, personal
from house.problems import Problem
from house.seals import keyring

KEEP = timedelta(hours=48)


class Answered(Model):
    """What was answered to a request with a key. Key and fingerprint are blind marks.

    While the work is going on, in its own transaction, there is no `answer` yet.
    """

    __tablename__ = "answered"

    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)
    status: Mapped[int]
    answer: Mapped[str | None] = personal("answered.answer", fate="removed 48 hours after it was given")
    made_at: Mapped[datetime] = mapped_column(index=True)


@dataclass(frozen=True)
class Request:
    """A request by its key and by all that it asks for."""

    key: bytes
    fingerprint: bytes


class OtherRequest(Problem):
    """The same key came with another request before."""

    code = "key_used"


def request_with(key: str, path: str, body: bytes) -> Request:
    """A request that carries a key; the same key on another path is another one."""
    ring = keyring()
    asked = ring.mark("answered.fingerprint", f"{path}\0{body.hex()}")
    return Request(ring.mark("answered.key", f"{path}\0{key}"), asked)


def begin(session: Session, request: Request) -> Answered | None:
    """Write the row of a request, or return what was answered to it; raises `OtherRequest`.

    Where the same key is worked on right now, this waits until that is over. Nothing else may be written or
    locked before.
    """
    dialect = sqlite if is_sqlite(session) else postgresql
    row = dialect.insert(Answered).values(
        key=request.key, fingerprint=request.fingerprint, status=0, answer=None, made_at=clock.now()
    )
    mine = session.scalar(row.on_conflict_do_nothing().returning(Answered.key))
    return _answered(session, request) if mine is None else None


def _answered(session: Session, request: Request) -> Answered | None:
    found = session.get(Answered, request.key, populate_existing=True)
    if found is None:  # forgotten in this very moment
        return begin(session, request)
    if found.fingerprint != request.fingerprint:
        raise OtherRequest()
    return found


def note(session: Session, request: Request, status: int, answer: str) -> None:
    """Keep what is answered, in the transaction of the work."""
    row = update(Answered).where(Answered.key == request.key)
    session.execute(row.values(status=status, answer=answer))


def forget(session: Session, now: datetime) -> int:
    """Remove answers 48 hours after they were given."""
    old = delete(Answered).where(Answered.made_at < now - KEEP)
    return session.execute(old).rowcount  # type: ignore[attr-defined, no-any-return]
