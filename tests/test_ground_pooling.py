"""Connections that lie ready: whom the server let go of is found out, and nobody is asked without need."""

from __future__ import annotations

import socket
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import func, select, text

from house import pooling
from house.audit import Act
from house.db import db


def asked(dialect: Any) -> list[bool]:
    """Each time the server is really asked whether it lives from now on."""
    found: list[bool] = []
    really = dialect.do_ping
    dialect.do_ping = lambda connection: found.append(True) or really(connection)
    pooling.ask_seldom(dialect)
    return found


POSTGRESQL = pytest.param("postgresql", marks=pytest.mark.postgres)


@pytest.mark.parametrize("engine_url", [POSTGRESQL], indirect=True)
def test_a_connection_that_the_server_ended_is_found_out_without_asking_each_time(engine_app: Flask) -> None:
    with engine_app.app_context():
        # Houses of one test process share a dialect for what is compiled; the pool asks by its own.
        found = asked(db.engine.pool._dialect)
        for _ in range(4):
            with db.engine.connect() as connection:
                before = connection.scalar(text("SELECT pg_backend_pid()"))
        assert found == [True], "asked once: after that it was used a moment ago, and says nothing"
        with psycopg.connect(db.engine.url.render_as_string(False).replace("+psycopg", "")) as other:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", [before])
        assert db.session.scalar(select(func.count()).select_from(Act)) == 0, "nobody notices"
        assert db.session.scalar(text("SELECT pg_backend_pid()")) != before
        assert len(found) == 2


class Quiet:
    """The dialect of a server that always lives."""

    def __init__(self) -> None:
        self.asked = 0

    def do_ping(self, _connection: object) -> bool:
        self.asked += 1
        return True


def test_after_a_rest_a_line_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    here, there = socket.socketpair()
    dialect = Quiet()
    pooling.ask_seldom(dialect)
    asked = []
    for rested in (pooling.RESTED, pooling.RESTED, 0.0, 0.0, pooling.RESTED):
        monkeypatch.setattr(pooling, "RESTED", rested)
        assert dialect.do_ping(here)
        asked.append(dialect.asked)
    assert asked == [1, 1, 2, 3, 3]
    there.close()
    assert dialect.do_ping(here)
    assert dialect.asked == 4, "the line has ended"
    here.close()
