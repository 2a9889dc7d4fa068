"""The database room: the model base, the kinds of column, and how a transaction begins."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    JSON,
    BigInteger,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Enum,
    Integer,
    LargeBinary,
    MetaData,
    event,
    sql,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, SessionTransaction, mapped_column
from sqlalchemy.types import TypeDecorator

from house import pooling
from house.seals import keyring

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcMoment(TypeDecorator[datetime]):
    """An instant: aware in, aware UTC out, on both engines; naive datetimes are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment needs its time zone.")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Sealed(TypeDecorator[str]):
    """Text that rests encrypted, bound to its column by name."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, purpose: str) -> None:
        super().__init__()
        self.purpose = purpose

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else keyring().seal(self.purpose, value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        return None if value is None else keyring().unseal(self.purpose, bytes(value))


def personal(purpose: str, fate: str) -> Any:
    """A column for personal data, `"<table>.<column>"`: sealed at rest, with a stated fate.

    The fate is a sentence for people; the wing's forget room carries it out, and a house rule compares.
    """
    return mapped_column(Sealed(purpose), info={"fate": fate})


# BIGINT on PostgreSQL, INTEGER (rowid) on SQLite: the only kind SQLite counts up by itself.
_Id = BigInteger().with_variant(Integer, "sqlite")
Key = Annotated[int, mapped_column(_Id, primary_key=True)]
Moment = Annotated[datetime, mapped_column(UtcMoment)]


class Model(DeclarativeBase):
    """The base of every table. There is no `Model.query`: verbs get a session and `select()`."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy's own shape
        datetime: UtcMoment,
        dict[str, Any]: JSON,
        list[str]: JSON,
    }

    def __repr__(self) -> str:
        """Class and key only: a repr lands in logs, and logs know no names."""
        key = ",".join(str(getattr(self, column.name, "?")) for column in self.__mapper__.primary_key)
        return f"<{type(self).__name__} {key}>"


def one_of(kind: type[StrEnum]) -> Enum:
    """A column type for a StrEnum: stored by value as text, so that a new state needs no ALTER TYPE."""
    return Enum(kind, native_enum=False, length=24, values_callable=lambda all_: [one.value for one in all_])


db = SQLAlchemy(metadata=Model.metadata)
WRITE = {"house_write": True}
_REMEMBERED = "house.remembered"


def begin_writing(session: Session) -> None:
    """Begin this session's transaction as a writer's, before anything is read in it.

    On SQLite this is BEGIN IMMEDIATE: a transaction that has read cannot become a writer after another's
    commit. On PostgreSQL nothing is special; rows are locked where a verb says so.
    """
    session.connection(execution_options=WRITE)


@contextmanager
def writing(session: Session) -> Iterator[Session]:
    """One written transaction outside a request (worker, command line): commit, or roll back and raise."""
    begin_writing(session)
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise


def is_sqlite(session: Session) -> bool:
    """Whether this session stands on SQLite, where the one writer's lock replaces row locks."""
    return session.get_bind().dialect.name == "sqlite"


def nobody_else_writes(session: Session) -> bool:
    """Whether this transaction has the one writer's lock of SQLite: what it has read still stands."""
    return is_sqlite(session) and is_writer(session)


def is_writer(session: Session) -> bool:
    """Whether this session's transaction was begun to write."""
    return WRITE.items() <= session.connection().get_execution_options().items()


def remembered(session: Session) -> dict[str, Any]:
    """What is known for the rest of this transaction; forgotten when it, or a savepoint in it, is over.

    A savepoint that is given up takes back what was written, and lets go of what was locked, since it began.
    """
    known: dict[str, Any] = session.info.setdefault(_REMEMBERED, {})
    return known


@event.listens_for(Session, "after_transaction_end")
def _forget(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested or transaction.parent is None:  # each flush has one of its own
        session.info.pop(_REMEMBERED, None)


_COLLISIONS = frozenset({
    "23503", "23505", "40001", "40P01",
    "SQLITE_CONSTRAINT_FOREIGNKEY", "SQLITE_CONSTRAINT_PRIMARYKEY", "SQLITE_CONSTRAINT_UNIQUE",
})  # fmt: skip
"""A row pointed to that is gone, a key that is there already, two that waited for each other in a circle."""


def collides(error: DBAPIError) -> bool:
    """Whether somebody was faster, in a way that no verb foresaw: nothing was written, another try may do."""
    cause = error.orig
    code = getattr(cause, "sqlstate", None) or getattr(cause, "sqlite_errorname", None)
    return code in _COLLISIONS


def fresh_code(session: Session, column: Any, make: Callable[[], str]) -> str:
    """A code by `make` that no row has in `column` yet; the unique key remains the last word."""
    for _ in range(20):
        code = make()
        if session.scalar(sql.select(column).where(column == code)) is None:
            return code
    raise RuntimeError("No free code in twenty tries.")


def secret_number(bits: int = 16) -> int:
    """A random whole number below 2**bits."""
    return secrets.randbits(bits)


def prepare(engine: Engine) -> None:
    """Give an engine the house's manners; see `style.md` trap 1, kept as docs/decisions/0003."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "busy_timeout=30000",
            "foreign_keys=ON",
            "synchronous=FULL",
            "secure_delete=ON",  # what is forgotten is overwritten, not only unlinked
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        write = connection.get_execution_options().get("house_write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def init(app: Flask, database_url: str) -> None:
    """Connect the house to its database."""
    if database_url.startswith("postgresql://"):
        database_url = database_url.replace("postgresql://", "postgresql+psycopg://", 1)
    app.config["SQLALCHEMY_DATABASE_URI"] = database_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {
        "pool_pre_ping": not database_url.startswith("sqlite"),
        "hide_parameters": True,  # or an error would quote what somebody wrote
    }
    db.init_app(app)
    with app.app_context():
        prepare(db.engine)
        if db.engine.dialect.name != "sqlite":
            pooling.ask_seldom(db.engine.dialect)


__all__ = [
    "Key", "Mapped", "Model", "Moment", "Sealed", "UtcMoment", "begin_writing", "collides", "db",
    "fresh_code", "is_sqlite", "is_writer", "mapped_column", "nobody_else_writes", "one_of", "personal",
    "prepare", "remembered", "secret_number", "writing",
]  # fmt: skip
