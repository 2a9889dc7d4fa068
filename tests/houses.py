"""Builds houses for tests: a fresh one on SQLite or PostgreSQL, and many processes that race in one."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from sqlalchemy.util import LRUCache
from werkzeug.routing.rules import Rule

from house import create_app
from house.config import Config
from house.db import Model, db, writing
from house.languages import TRANSLATIONS
from tests.inspecting import BASE_URL, InspectingClient, nobody_else_writes

SECRET = "test-house-secret-of-forty-eight-characters-....."[:48]
MIGRATIONS = TRANSLATIONS.parent / "migrations"


def config_in(folder: Path, **changes: Any) -> Config:
    """The configuration of a test house whose files live in a folder."""
    config = Config(
        secret=SECRET,
        data_dir=folder,
        database_url=f"sqlite:///{folder / 'house.db'}",
        base_url=BASE_URL,
        trusted_hosts=("127.0.0.1",),
        demo=False,
        smtp_url="smtp://127.0.0.1:9",  # the discard port: nobody is there
        mail_from="house@example.dk",
        house_name="International House",
        timezone="Europe/Copenhagen",
        proxies=0,
        testing=True,
    )
    return replace(config, **changes)


class _Compiled(BytecodeCache):
    """Templates compiled once for all houses of a test process: each house would take a tenth of a second."""

    known: ClassVar[dict[str, bytes]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key + bucket.checksum in self.known:
            bucket.bytecode_from_string(self.known[bucket.key + bucket.checksum])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.known[bucket.key + bucket.checksum] = bucket.bytecode_to_string()


def _remember_builders() -> None:
    """Compile what builds a route's address once for all houses of a test process: six sevenths of a house.

    A builder is a plain function that is given its rule, so rules that are written alike may share one.
    """
    compiled: dict[Any, Any] = {}
    compile_builder = Rule._compile_builder

    def remembered(rule: Rule, append_unknown: bool = True) -> Any:
        fixed = tuple(sorted((rule.defaults or {}).items()))
        kinds = tuple((name, type(one)) for name, one in rule._converters.items())
        key = (rule.rule, tuple(rule._trace), fixed, kinds, append_unknown)
        if key not in compiled:
            compiled[key] = compile_builder(rule, append_unknown)
        return compiled[key]

    Rule._compile_builder = remembered  # type: ignore[method-assign]


_remember_builders()


CHEAP = {"argon2__rounds": 1, "argon2__memory_cost": 8, "argon2__parallelism": 1}
"""Passwords of tests are hashed a thousand times faster than those of people."""


def build(config: Config) -> Flask:
    """A house by the real front door, whose test client inspects every page."""
    app = create_app(config)
    app.extensions["security"].pwd_context.update(**CHEAP)
    app.test_client_class = InspectingClient
    app.jinja_env.bytecode_cache = _Compiled()
    _remember_statements(app)
    return app


def _remember_statements(app: Flask) -> None:
    """Compile SQL once for all houses of a test process: what is remembered is remembered by dialect.

    A dialect knows its database only after the first connection, so those before share nothing.
    """
    with app.app_context():
        engine = db.engine
    first = _FIRST.get(engine.dialect.name)
    if first is not None and getattr(first.dialect, "server_version_info", None):
        engine.dialect, engine._compiled_cache = first.dialect, first._compiled_cache
    else:
        engine._compiled_cache = LRUCache(8192)
        _FIRST[engine.dialect.name] = engine


_FIRST: dict[str, Engine] = {}


def lay_schema(app: Flask) -> None:
    """Make the tables: by the migrations, or from the models as long as there are no migrations."""
    with app.app_context():
        if any((MIGRATIONS / "versions").glob("*.py")):
            from flask_migrate import upgrade

            upgrade(directory=str(MIGRATIONS))
        else:
            for room in (TRANSLATIONS.parent / "house").glob("*/models.py"):
                import_module(f"house.{room.parent.name}.models")
            Model.metadata.create_all(db.engine)
        db.session.remove()
        db.engine.dispose()


def lay_template(folder: Path) -> None:
    """An empty SQLite house with its schema, to be copied for every test."""
    lay_schema(build(config_in(folder)))
    assert not (folder / "house.db-wal").exists(), "the template's log was not folded into its file"


def build_demo(folder: Path) -> None:
    """The demo house in a folder, by the command that everybody types."""
    for word in ("init", "demo"):
        command = [str(Path(sys.executable).parent / "house"), word]
        environment = {**os.environ, "HOUSE_DEMO": "1", "HOUSE_DATA_DIR": str(folder)}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"house {word}:\n{done.stdout}{done.stderr}"
    assert not (folder / "house.db-wal").exists(), "the demo's log was not folded into its file"


def fresh(template: Path, folder: Path, **changes: Any) -> Flask:
    """A house on a copy of the template database."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(template, folder / "house.db")
    return build(config_in(folder, **changes))


def close(app: Flask) -> None:
    """Let go of the database."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@contextmanager
def arranging(app: Flask) -> Iterator[Session]:
    """Write rows as the worker or the command line would; committed at the end, nothing held afterwards."""
    nobody_else_writes(app)
    with app.app_context(), writing(db.session()) as session:
        yield session


@contextmanager
def looking(app: Flask) -> Iterator[Session]:
    """Read what is stored now; nothing held afterwards."""
    with app.app_context():
        yield db.session()
        db.session.rollback()


# --- races -----------------------------------------------------------------------------------------------

Work = Callable[[Flask, int], Any]


def race(config: Config, work: Work, runners: int = 20, seconds: float = 120) -> list[Any]:
    """What `work(app, number)` answered in each of `runners` processes that began at the same moment.

    Every process builds its own house from the configuration, as every web worker does. What it answers must
    be picklable; an exception in one is raised here with its traceback.
    """
    context = multiprocessing.get_context("fork")
    barrier, answers = context.Barrier(runners), context.Queue()
    processes = [
        context.Process(target=_run, args=(config, work, number, barrier, answers), daemon=True)
        for number in range(runners)
    ]
    for process in processes:
        process.start()
    try:
        found = [answers.get(timeout=seconds) for _ in processes]
    finally:
        for process in processes:
            process.kill()
    for _, _, trouble in found:
        assert trouble is None, trouble
    return [answer for _, answer, _ in sorted(found, key=lambda one: one[0])]


def _run(config: Config, work: Work, number: int, barrier: Any, answers: Any) -> None:
    try:
        app = build(config)
        barrier.wait(60)
        answers.put((number, work(app, number), None))
        close(app)
    except BaseException:
        answers.put((number, None, traceback.format_exc()))
