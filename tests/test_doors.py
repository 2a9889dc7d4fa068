"""Every door is marked and holds: signed out, in the wrong role, with a forged link, without its token.

These tests walk through the house's own list of routes, so a new route is asked before anybody thinks of it.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import AnyConverter, BaseConverter, Rule

from house import doors
from house.db import Model
from house.doors import Door, Role
from house.people import face as people
from tests import houses
from tests.inspecting import InspectingClient

SignIn = Callable[..., Any]
FORGED = "K7M4QXT.AAAAAAAAAAAAAAAAAAAAAA"
BY_CONVERTER = {"IntegerConverter": 1, "LanguageConverter": "ar", "PathConverter": "house.css"}


@pytest.fixture(scope="module")
def routes(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Rule, Door | None]]:
    """Every rule of the house with the mark on its view."""
    app = houses.build(houses.config_in(tmp_path_factory.mktemp("routes")))
    with app.app_context():
        return [(rule, doors.of(rule.endpoint)) for rule in app.url_map.iter_rules()]


@pytest.fixture
def walker(client: InspectingClient) -> InspectingClient:
    """A browser whose visits do not count as tests of the pages."""
    client.counts_visits = False
    return client


def path_of(app: Flask, rule: Rule) -> str:
    """An address that the rule answers, with keys and tokens that belong to nobody."""
    values = {name: _value(rule._converters[name]) for name in rule.arguments}
    return str(app.url_map.bind("").build(rule.endpoint, values, method=next(iter(asked_by(rule)))))


def _value(converter: BaseConverter) -> Any:
    if isinstance(converter, AnyConverter):
        return min(converter.items)
    return BY_CONVERTER.get(type(converter).__name__, FORGED)


def asked_by(rule: Rule) -> list[str]:
    return sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})


def ask(client: InspectingClient, rule: Rule, method: str) -> int:
    return client.open(path_of(client.application, rule), method=method).status_code


Routes = list[tuple[Rule, Door | None]]


def of_kind(routes: Routes, *kinds: str) -> list[tuple[Rule, Door, str]]:
    found = [(rule, door) for rule, door in routes if door is not None and door.kind in kinds]
    assert found or kinds == ("demo",), f"no route has a door of kind {kinds}"
    return [(rule, door, method) for rule, door in found for method in asked_by(rule)]


# --- marks -----------------------------------------------------------------------------------------------


def test_every_route_has_a_door_mark(routes: Routes) -> None:
    assert [str(rule) for rule, door in routes if door is None] == []


def test_a_route_without_a_mark_is_shut(app: Flask, client: InspectingClient) -> None:
    app.add_url_rule("/unmarked", "unmarked", lambda: "never seen")
    assert client.get("/unmarked").status_code == 403


def test_the_mark_stands_under_the_route(app: Flask, client: InspectingClient) -> None:
    """The other way round, Flask keeps the view from before it was marked; the mark is on the view itself."""

    def view() -> str:
        return "seen"

    app.add_url_rule("/marked", "marked", doors.staff(Role.DESK)(view))
    assert client.get("/marked").status_code == 303


def test_an_administrator_passes_every_staff_door_and_no_companys(
    app: Flask, client: InspectingClient, sign_in: SignIn
) -> None:
    app.add_url_rule("/for-staff", "for_staff", doors.staff(Role.MANAGER)(lambda: ("", 204)))
    app.add_url_rule("/for-company", "for_company", doors.company(lambda: ("", 204)))
    sign_in(client, Role.ADMIN)
    assert client.get("/for-staff").status_code == 204
    assert client.get("/for-company").status_code == 403


# --- signed out, and in the wrong role -------------------------------------------------------------------


def test_nobody_passes_a_staff_or_company_door_signed_out(walker: InspectingClient, routes: Routes) -> None:
    for rule, door, method in of_kind(routes, "roles"):
        response = walker.open(path_of(walker.application, rule), method=method)
        assert response.status_code == 303, f"{method} {rule} answers {response.status_code} signed out"
        wanted = "/company/sign-in" if door.roles == {Role.COMPANY} else "/sign-in"
        assert wanted in response.headers["Location"], (
            f"{method} {rule} leads to {response.headers['Location']}"
        )


def test_nobody_passes_in_a_role_that_the_door_is_not_for(
    app: Flask, walker: InspectingClient, routes: Routes, sign_in: SignIn
) -> None:
    for role in Role:
        shut = [(rule, method) for rule, door, method in of_kind(routes, "roles") if role not in door.roles]
        if shut:
            sign_in(walker, role)
        for rule, method in shut:
            assert ask(walker, rule, method) == 403, f"{method} {rule} lets {role} in"


def test_a_real_house_has_no_demo_rooms(walker: InspectingClient, routes: Routes) -> None:
    for rule, _, method in of_kind(routes, "demo"):
        assert ask(walker, rule, method) == 404, f"{method} {rule} is open in a real house"


def test_a_forged_link_opens_nothing(walker: InspectingClient, routes: Routes) -> None:
    for rule, _, method in of_kind(routes, "link"):
        status = ask(walker, rule, method)
        assert status in (404, 410), f"{method} {rule} answers {status} to a forged link"


# --- nothing is changed by looking, nor without a token --------------------------------------------------


def stored(app: Flask) -> dict[str, list[str]]:
    """Everything in the database but the counts of tries, as the database holds it."""
    with houses.looking(app) as session:
        cursor = session.connection().connection.cursor()
        return {
            table.name: sorted(map(repr, cursor.execute(f'SELECT * FROM "{table.name}"').fetchall()))
            for table in Model.metadata.sorted_tables
            if table.name != "attempt"
        }


@contextmanager
def nothing_changes(app: Flask, what: str) -> Any:
    before = stored(app)
    yield
    after = stored(app)
    changed = [name for name in before if before[name] != after[name]]
    assert not changed, f"{what} changed {', '.join(changed)}"


@pytest.fixture
def everybody(catalogue: Flask, walker: InspectingClient, sign_in: SignIn) -> InspectingClient:
    """A browser that passes every door, in a house with a catalogue."""
    sign_in(walker, *Role)
    return walker


def test_looking_changes_nothing(everybody: InspectingClient, routes: Routes) -> None:
    """Mail scanners and browsers fetch links ahead: no GET does or uses up anything."""
    for rule, _, method in of_kind(routes, "public", "link", "roles", "machine"):
        if method == "GET":
            with nothing_changes(everybody.application, f"GET {rule}"):
                ask(everybody, rule, "GET")
                ask(everybody, rule, "HEAD")


def test_a_post_without_its_token_changes_nothing(everybody: InspectingClient, routes: Routes) -> None:
    for rule, _, method in of_kind(routes, "public", "link", "roles", "machine", "demo"):
        if method != "GET":
            with nothing_changes(everybody.application, f"{method} {rule} without a token"):
                status = ask(everybody, rule, method)
            assert 400 <= status < 500, f"{method} {rule} answers {status} to a post without a token"


def test_a_look_that_changes_something_is_found(app: Flask) -> None:
    found = pytest.raises(AssertionError, match="GET /x changed body")
    with found, nothing_changes(app, "GET /x"), houses.arranging(app) as session:
        people.house_body(session)


def test_the_walk_reaches_every_route(routes: Routes, tmp_path: Path) -> None:
    app = houses.build(houses.config_in(tmp_path))
    for rule, _ in routes:
        for method in asked_by(rule):
            found, _ = app.url_map.bind("").match(path_of(app, rule), method=method)
            assert found == rule.endpoint
