"""Fixtures of all tests: fresh houses, the inspecting client, signing in, PostgreSQL, mail, the clock.

Also adds up which routes the whole run has visited, and fails it when one was not met as it should be.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from functools import partial
from itertools import islice
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from house.catalogue import face as catalogue_face
from house.catalogue.models import Service
from house.db import begin_writing, db
from house.doors import Role
from tests import houses, postgres
from tests.inspecting import BASE_URL, InspectingClient
from tests.letterbox import Letterbox
from tests.together import SLOW, once, pytest_xdist_make_scheduler, run_folder
from tests.visits import pytest_sessionfinish, pytest_terminal_summary, pytest_testnodedown

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
NEVER_IDLE = 2**40
"""Tests move the clock by weeks; how long a browser may be left alone is tried in people/test_sessions.py."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What only shows something with the counts that an issue states waits for `up.py test --full`."""
    if not os.environ.get("HOUSE_FULL"):
        for item in items:
            if item.get_closest_marker("full"):
                item.add_marker(pytest.mark.skip(reason="only with HOUSE_FULL"))
    for item in items:
        if item.nodeid.startswith(SLOW):
            item.add_marker(pytest.mark.slow)


# --- houses ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def empty_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite house."""
    where, _ = run_folder(tmp_path_factory)
    return once(where / "template", houses.lay_template) / "house.db"


@pytest.fixture(scope="session")
def house_template(empty_template: Path) -> Path:
    """The SQLite house that is copied for every test: empty, where a module does not say otherwise."""
    return empty_template


@pytest.fixture(scope="session")
def catalogue_template(empty_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite house with the bundled catalogue, copied for every test that asks for it."""

    def fill(folder: Path) -> None:
        app = houses.fresh(empty_template, folder)
        _import_catalogue(app)
        houses.close(app)

    return once(run_folder(tmp_path_factory)[0] / "catalogue", fill) / "house.db"


@pytest.fixture(scope="session")
def demo_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of the demo house as the command line builds it; to be copied, it takes a while."""
    return once(run_folder(tmp_path_factory)[0] / "demo", houses.build_demo) / "house.db"


@pytest.fixture
def app_factory(house_template: Path, tmp_path: Path) -> Iterator[Callable[..., Flask]]:
    """Builds fresh houses: `app_factory()`, `app_factory(demo=True)`, `app_factory(smtp_url=…)`."""
    built: list[Flask] = []

    def make(template: Path = house_template, **changes: Any) -> Flask:
        folder = tmp_path / f"house-{len(built)}"
        built.append(houses.fresh(template, folder, **changes))
        return built[-1]

    yield make
    for app in built:
        houses.close(app)


@pytest.fixture
def app(app_factory: Callable[..., Flask], request: pytest.FixtureRequest) -> Flask:
    """A fresh, empty house on SQLite. No app context is held open."""
    if "catalogue" in request.fixturenames:  # importing takes a third of a second, copying nothing
        return app_factory(template=request.getfixturevalue("catalogue_template"))
    return app_factory()


@pytest.fixture
def client(app: Flask) -> InspectingClient:
    """A browser without cookies that inspects every page; `client.get_page("/en/")`."""
    return app.test_client()  # type: ignore[return-value]


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """For tests of verbs: a session in an app context that has begun to write.

    Nothing is committed unless the test does. Commit before the client posts; look afterwards with `looking`.
    """
    with app.app_context():
        writing: Session = db.session()
        begin_writing(writing)
        app.extensions["test-session"] = writing
        yield writing
        app.extensions.pop("test-session")
        writing.rollback()


@pytest.fixture
def arranging(app: Flask) -> Callable[[], AbstractContextManager[Session]]:
    """`with arranging() as session:` writes rows and commits, beside a client."""
    return partial(houses.arranging, app)


@pytest.fixture
def looking(app: Flask) -> Callable[[], AbstractContextManager[Session]]:
    """`with looking() as session:` reads what is stored now, beside a client."""
    return partial(houses.looking, app)


@pytest.fixture
def catalogue(app: Flask) -> Flask:
    """The fresh house with the bundled catalogue imported."""
    with houses.looking(app) as reading:
        there = reading.scalar(select(func.count()).select_from(Service))
    if not there:
        _import_catalogue(app)
    return app


def _import_catalogue(app: Flask) -> None:
    with houses.arranging(app) as writing:
        catalogue_face.import_catalogue(writing, catalogue_face.bundled_catalogue())


# --- people ----------------------------------------------------------------------------------------------


@pytest.fixture
def sign_in() -> Callable[..., SimpleNamespace]:
    """Opens an account with these roles and signs the client's browser in with it.

    `sign_in(client, Role.DESK)`, `sign_in(client, Role.COMPANY, body_id=company.id)`; answers `account_id`,
    `body_id` and `email`. Without `body_id`, staff belong to the house and a contact to a company of its own.
    """
    return _sign_in


@pytest.fixture
def desk_client(app: Flask) -> InspectingClient:
    """A browser at the front desk, signed in."""
    client: InspectingClient = app.test_client()  # type: ignore[assignment]
    _sign_in(client, Role.DESK)
    return client


def _sign_in(
    client: InspectingClient, *roles: Role | str, body_id: int | None = None, language: str = "en"
) -> SimpleNamespace:
    from flask import session as browser
    from flask_security import login_user

    from house.people import face as people
    from house.people.models import Account
    from house.people.signing_in import SEEN

    app = client.application
    wanted = [Role(role) for role in roles]
    with houses.arranging(app) as writing:
        number = 1 + (writing.scalar(select(func.count()).select_from(Account)) or 0)
        email = f"person{number}@example.dk"
        if body_id is None and Role.COMPANY in wanted:
            body_id = people.add_company(writing, f"Company {number} A/S", synthetic_cvr(number)).id
        elif body_id is None:
            body_id = people.house_body(writing).id
        pairs = [(body_id, role) for role in wanted]
        account_id = people.open_account(writing, email, f"Person {number}", pairs, language=language).id
    with app.app_context(), app.test_request_context(base_url=BASE_URL):
        login_user(db.session.get_one(Account, account_id), authn_via=["test"])
        carried = {**browser, SEEN: NEVER_IDLE}
    with client.session_transaction() as kept:
        kept.clear()
        kept.update(carried)
    return SimpleNamespace(account_id=account_id, body_id=body_id, email=email)


def synthetic_cvr(number: int) -> str:
    """The n-th CVR number of the range that belongs to nobody, 990000xx, with a right checksum."""
    from stdnum.dk import cvr

    right = (str(wanted) for wanted in range(99_000_000, 100_000_000) if cvr.is_valid(str(wanted)))
    return next(islice(right, number, None))


# --- PostgreSQL ------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def pg_server(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run's PostgreSQL server; its folder."""
    where, run = run_folder(tmp_path_factory)

    def lay_schema(url: str) -> None:
        houses.lay_schema(houses.build(houses.config_in(where, database_url=url)))

    return postgres.shared(where, run, lay_schema)


@pytest.fixture(scope="session")
def pg_catalogue(pg_server: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The template of a PostgreSQL house with the bundled catalogue."""

    def fill(url: str) -> None:
        app = houses.build(houses.config_in(tmp_path_factory.mktemp("pg-catalogue"), database_url=url))
        _import_catalogue(app)
        houses.close(app)

    return postgres.filled(pg_server, "house_catalogue", fill)


@pytest.fixture
def pg_url(request: pytest.FixtureRequest, pg_server: Path, house_template: Path) -> Iterator[str]:
    """The address of a fresh house on PostgreSQL, which holds what the SQLite house of this module holds."""
    holds_catalogue = house_template == request.getfixturevalue("catalogue_template")
    template = request.getfixturevalue("pg_catalogue") if holds_catalogue else postgres.TEMPLATE
    with postgres.database(pg_server, template) as url:
        yield url


@pytest.fixture
def pg_app(pg_url: str, tmp_path: Path) -> Iterator[Flask]:
    """A fresh house on PostgreSQL."""
    app = houses.build(houses.config_in(tmp_path, database_url=pg_url))
    yield app
    houses.close(app)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def engine_url(request: pytest.FixtureRequest, house_template: Path, tmp_path: Path) -> str:
    """The address of a fresh house, once on SQLite and once on PostgreSQL."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("pg_url"))
    (tmp_path / "engine.db").write_bytes(house_template.read_bytes())
    return f"sqlite:///{tmp_path / 'engine.db'}"


@pytest.fixture
def engine_app(engine_url: str, tmp_path: Path) -> Iterator[Flask]:
    """A fresh house, once on SQLite and once on PostgreSQL."""
    app = houses.build(houses.config_in(tmp_path, database_url=engine_url))
    yield app
    houses.close(app)


@pytest.fixture
def race(engine_app: Flask) -> Callable[..., list[Any]]:
    """`race(work, runners=20)`: `work(app, number)` in many processes at the same moment, on each engine.

    Arrange with `houses.arranging(engine_app)` before, look with `houses.looking(engine_app)` after.
    """
    return partial(houses.race, engine_app.extensions["house-config"])


# --- the world outside -----------------------------------------------------------------------------------


@pytest.fixture
def smtp_server() -> Iterator[Letterbox]:
    """A real mail server: `.url`, `.messages`; `.fail(2)` refuses the next two recipients for a while."""
    with Letterbox() as box:
        yield box


@pytest.fixture
def frozen() -> Iterator[Callable[..., time_machine.Coordinates]]:
    """`frozen("2027-01-07 10:00")` stops the clock at a time on the wall in Copenhagen; `.shift(seconds)`."""
    travels: list[time_machine.travel] = []

    def freeze(moment: str | datetime, tick: bool = False) -> time_machine.Coordinates:
        if isinstance(moment, str):
            moment = datetime.fromisoformat(moment)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=COPENHAGEN)
        travels.append(time_machine.travel(moment, tick=tick))
        return travels[-1].start()

    yield freeze
    for travel in reversed(travels):
        travel.stop()


__all__ = [
    "pytest_sessionfinish", "pytest_terminal_summary", "pytest_testnodedown", "pytest_xdist_make_scheduler",
]  # fmt: skip
