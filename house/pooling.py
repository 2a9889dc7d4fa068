"""Connections of PostgreSQL that lie ready: whether one still lives is asked only where there is doubt."""

from __future__ import annotations

import select
import time
from typing import Any
from weakref import WeakKeyDictionary

RESTED = 30.0
"""After so many seconds of rest a connection is asked whether it lives."""


def ask_seldom(dialect: Any) -> None:
    """Ask a pooled connection of PostgreSQL whether it lives only where there is doubt: it is a round trip.

    A server that ended a connection has said so on its line. One that was used a moment ago and says nothing
    lives; after a rest it is asked, for a line can be cut without a word.
    """
    really, used = dialect.do_ping, WeakKeyDictionary[Any, float]()

    def ping(connection: Any) -> bool:
        now = time.monotonic()
        rested = now - used.get(connection, -RESTED) >= RESTED
        lives: bool = not (rested or says_something(connection)) or really(connection)
        used[connection] = now
        return lives

    dialect.do_ping = ping


def says_something(connection: Any) -> bool:
    """Whether something waits to be read on the line of an idle connection, or its end was reached."""
    line = select.poll()
    line.register(connection.fileno(), select.POLLIN)
    return bool(line.poll(0))
