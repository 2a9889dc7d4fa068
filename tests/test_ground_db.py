"""The database room: how a transaction begins, what a moment and a sealed text are, who may commit."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from flask import Flask, Response
from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError
from sqlalchemy.orm import Session

from house import app as front_door
from house import db as room
from house import doors
from house.audit import Act
from house.db import db
from house.doors import Role
from house.forms import ActionForm
from house.people.models import Account, Membership
from house.post import Letter, LetterState
from house.seals import Unsealable
from tests import houses
from tests.inspecting import InspectingClient

NOW = datetime(2027, 1, 7, 9, tzinfo=UTC)
SignIn = Callable[..., object]


def act(verb: str = "tried") -> Act:
    return Act(at=NOW, actor="visitor", verb=verb, subject="nothing", facts={})


def count(app: Flask) -> int:
    with houses.looking(app) as session:
        return session.scalar(select(func.count()).select_from(Act)) or 0


def add_by_hand(app: Flask) -> None:
    """Another process writes one act, without waiting."""
    path = app.extensions["house-config"].data_dir / "house.db"
    with sqlite3.connect(path, timeout=0) as other:
        other.execute(
            "INSERT INTO act (at, actor, verb, subject, facts) VALUES ('2027-01-07', '', '', '', '{}')"
        )
    other.close()


# --- how a transaction begins ----------------------------------------------------------------------------


@contextmanager
def begun(app: Flask, *, as_writer: bool) -> Iterator[Connection]:
    with app.app_context(), db.engine.connect() as connection:
        connection = connection.execution_options(house_write=as_writer)
        with connection.begin():
            connection.execute(text("SELECT count(*) FROM act"))
            yield connection


WRITE = text("UPDATE act SET verb = 'changed'")


def test_a_reader_cannot_become_a_writer_after_anothers_commit(app: Flask) -> None:
    with begun(app, as_writer=False) as connection:
        add_by_hand(app)
        with pytest.raises(OperationalError, match="locked") as refusal:
            connection.execute(WRITE)
    assert refusal.value.orig.sqlite_errorname == "SQLITE_BUSY_SNAPSHOT"  # at once, whatever the timeout


def test_a_writer_from_the_start_makes_others_wait_and_is_never_refused(app: Flask) -> None:
    with begun(app, as_writer=True) as connection:
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            add_by_hand(app)
        connection.execute(WRITE)
    add_by_hand(app)


def with_a_busy_page(app: Flask) -> None:
    """A page that reads, is overtaken by another process, and then writes."""

    @app.post("/busy")
    @doors.staff(Role.DESK)
    def busy() -> Response:
        form = ActionForm(meta={"csrf": False})
        assert form.validate()
        db.session.scalar(select(func.count()).select_from(Act))
        with suppress(sqlite3.OperationalError):
            add_by_hand(app)
        db.session.add(act())
        db.session.commit()
        return Response("done", mimetype="text/plain")


def test_a_writing_request_begins_as_writer_before_the_account_is_read(
    app: Flask, client: InspectingClient, sign_in: SignIn
) -> None:
    with_a_busy_page(app)
    sign_in(client, Role.DESK)
    before = count(app)
    assert client.post("/busy").status_code == 200
    assert count(app) == before + 1


def test_without_that_guard_the_same_request_fails(
    app: Flask, client: InspectingClient, sign_in: SignIn
) -> None:
    with_a_busy_page(app)
    sign_in(client, Role.DESK)
    app.before_request_funcs[None].remove(front_door._begin)
    with pytest.raises(OperationalError, match="locked"):
        client.post("/busy")


def test_sqlite_keeps_what_it_says(app: Flask, session: Session) -> None:
    wanted = {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 2, "busy_timeout": 30000}
    assert {name: session.scalar(text(f"PRAGMA {name}")) for name in wanted} == wanted
    session.add(Membership(account_id=404, body_id=404, role=Role.DESK))
    with pytest.raises(IntegrityError):
        session.flush()


def test_a_savepoint_is_undone_with_its_transaction(app: Flask) -> None:
    with houses.looking(app) as session:
        room.begin_writing(session)
        with session.begin_nested():
            session.add(act())
        session.rollback()
    assert count(app) == 0


def test_writing_keeps_all_or_nothing(app: Flask) -> None:
    with pytest.raises(ZeroDivisionError), app.app_context(), room.writing(db.session()) as session:
        session.add(act())
        session.flush()
        raise ZeroDivisionError
    assert count(app) == 0
    with app.app_context(), room.writing(db.session()) as session:
        session.add(act())
    assert count(app) == 1


# --- who may commit --------------------------------------------------------------------------------------


def with_a_careless_page(app: Flask, *, asks_form: bool) -> None:
    @app.post("/careless")
    @doors.public
    def careless() -> Response:
        if asks_form:
            ActionForm().validate()
        db.session.add(act())
        db.session.commit()
        return Response("done", mimetype="text/plain")


@pytest.mark.parametrize("asks_form", [False, True])
def test_a_request_cannot_commit_without_a_valid_form(
    app: Flask, client: InspectingClient, asks_form: bool
) -> None:
    with_a_careless_page(app, asks_form=asks_form)
    with pytest.raises(RuntimeError, match="commits without a valid form"):
        client.post("/careless")
    assert count(app) == 0


def test_with_its_token_the_same_request_commits(app: Flask, client: InspectingClient) -> None:
    with_a_careless_page(app, asks_form=True)

    @app.get("/token")
    @doors.public
    def token() -> Response:
        return Response(ActionForm().csrf_token.current_token, mimetype="text/plain")

    assert client.post("/careless", data={"csrf_token": client.get("/token").text}).status_code == 200
    assert count(app) == 1


# --- kinds of column -------------------------------------------------------------------------------------


def letter(**changes: object) -> Letter:
    return Letter(**{
        "kind": "x", "language": "en", "recipient": "ada@example.dk", "facts": "{}",
        "state": LetterState.WAITING, "written_at": NOW, "due_at": NOW, **changes,
    })  # fmt: skip


@pytest.mark.parametrize(
    "moment",
    [
        NOW,
        datetime(2027, 7, 1, 0, 30, 15, 123456, tzinfo=ZoneInfo("Europe/Copenhagen")),
        datetime(2027, 10, 31, 2, 30, tzinfo=ZoneInfo("Europe/Copenhagen"), fold=0),
        datetime(2027, 10, 31, 2, 30, tzinfo=ZoneInfo("Europe/Copenhagen"), fold=1),
        datetime(2027, 1, 1, tzinfo=timezone(timedelta(hours=14))),
    ],
)
def test_a_moment_comes_back_as_the_same_instant_in_utc(engine_app: Flask, moment: datetime) -> None:
    with houses.arranging(engine_app) as session:
        session.add(letter(due_at=moment))
    with houses.looking(engine_app) as session:
        stored = session.scalars(select(Letter.due_at)).one()
        assert (stored.tzinfo, stored) == (UTC, moment.astimezone(UTC))
        assert session.scalar(select(func.count()).where(Letter.due_at <= moment)) == 1
        assert session.scalar(select(func.count()).where(Letter.due_at < moment)) == 0


def test_a_moment_without_its_zone_is_refused(session: Session) -> None:
    session.add(letter(due_at=datetime(2027, 1, 7)))
    with pytest.raises(StatementError, match="time zone"):
        session.flush()


def test_what_is_personal_rests_sealed(engine_app: Flask) -> None:
    with houses.arranging(engine_app) as session:
        session.add(letter())
    with houses.looking(engine_app) as session:
        resting = bytes(session.execute(text("SELECT recipient FROM letter")).scalar_one())
        assert b"ada" not in resting
        assert session.scalars(select(Letter.recipient)).one() == "ada@example.dk"


def test_another_house_cannot_read_it(app: Flask, app_factory: Callable[..., Flask]) -> None:
    with houses.arranging(app) as session:
        session.add(letter())
    url = app.extensions["house-config"].database_url
    other = app_factory(secret="another secret " * 4, database_url=url)
    with houses.looking(other) as session, pytest.raises(Unsealable, match=r"letter\.recipient"):
        session.scalars(select(Letter)).one()


def test_it_cannot_be_moved_to_another_column(app: Flask) -> None:
    with houses.arranging(app) as session:
        session.add(letter())
        session.flush()
        session.execute(text("UPDATE letter SET facts = recipient"))
    with houses.looking(app) as session, pytest.raises(Unsealable, match=r"letter\.facts"):
        session.scalars(select(Letter)).one()


def test_a_state_is_stored_as_its_word(engine_app: Flask) -> None:
    with houses.arranging(engine_app) as session:
        session.add(letter())
    with houses.looking(engine_app) as session:
        assert session.execute(text("SELECT state FROM letter")).scalar_one() == "waiting"
        assert session.scalars(select(Letter.state)).one() is LetterState.WAITING


def test_a_row_shows_its_key_and_no_name() -> None:
    assert repr(Account(id=7, name="Ada", email="ada@example.dk")) == "<Account 7>"


def test_a_fresh_code_is_one_that_nobody_has(session: Session) -> None:
    session.add(act("taken"))
    session.flush()
    tries = iter(["taken", "taken", "free"])
    assert room.fresh_code(session, Act.verb, lambda: next(tries)) == "free"
    with pytest.raises(RuntimeError):
        room.fresh_code(session, Act.verb, lambda: "taken")
