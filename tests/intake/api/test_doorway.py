"""The doorway of the API: no cookie, any site, problems everywhere, a description that is what is done."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator

from house import languages
from house.doors import Role
from house.intake.api import schemas
from house.intake.api.operations import OPERATIONS, PREFIX
from house.intake.models import VisitState
from tests.inspecting import BASE_URL
from tests.intake.api.asking import (
    CPR,
    DESCRIPTION,
    FORGED,
    THREE,
    conforms,
    iso,
    validator,
)
from tests.intake.booking_house import (
    THURSDAY,
)

WISH = {"services": [CPR], "starts_at": iso(THURSDAY, "10:00")}


def problem(response, status):
    assert (response.status_code, response.mimetype) == (status, "application/problem+json")
    assert list(validator("#/components/schemas/Problem").iter_errors(response.json)) == []
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    return response.json


@pytest.mark.parametrize(
    "path", ["/api/v1/", "/api/v1/nowhere", "/api/v2/holds", "/api/v1/holds/a/b", "/api/x\0"]
)
def test_an_address_that_leads_nowhere_is_a_problem(client, path):
    assert problem(client.get(path), 404)["code"] == "not_found"


@pytest.mark.parametrize("path", ["/api/v1/holds", "/api/v1/itineraries", f"/api/v1/visits/{FORGED}/move"])
def test_a_method_that_does_not_work_is_a_problem(client, path):
    for method in ("get", "put", "delete", "patch"):
        refused = getattr(client, method)(path)
        assert problem(refused, 405)["code"] == "method_not_allowed" and "POST" in refused.headers["Allow"]


def test_a_fault_of_ours_is_a_problem_that_tells_nothing(app, monkeypatch):
    def fall(*_):
        raise RuntimeError("secret")

    monkeypatch.setattr("house.intake.views.api_times.bookable_services", fall)
    app.config.update(TESTING=False, PROPAGATE_EXCEPTIONS=False)
    app.test_client_class = FlaskClient  # the inspecting one takes no 500
    answer = app.test_client().get("/api/v1/services", base_url=BASE_URL)
    told = problem(answer, 500)
    assert told["code"] == "internal_server_error" and "secret" not in answer.text


def test_a_session_is_neither_read_nor_set(app, client, house, sign_in):
    sign_in(client, Role.DESK)
    plain = app.test_client()
    for path in ("/api/v1/services", "/api/v1/openapi.json", "/api/v1/nowhere"):
        mine, others = client.get(path), plain.get(path)
        assert mine.data == others.data and "Set-Cookie" not in mine.headers
        assert "Cookie" not in mine.headers.get("Vary", "")
    held = client.post("/api/v1/holds", json=WISH)
    assert held.status_code == 201 and "Set-Cookie" not in held.headers
    with client.session_transaction() as browser:
        assert "browser" not in browser
    client.set_cookie(languages.COOKIE, "ar", domain="127.0.0.1")
    answer = client.get("/api/v1/services", headers={"Accept-Language": "pl"})
    assert answer.headers["Content-Language"] == "pl"
    assert client.get("/desk/").status_code == 200  # the cookie itself is still good


def test_any_site_may_ask(client):
    asked = {"Origin": "https://example.org", "Access-Control-Request-Method": "POST"}
    for path in ("/api/v1/holds", f"/api/v1/visits/{FORGED}/cancel"):
        answer = client.options(path, headers=asked)
        assert answer.status_code == 200 and answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer.headers
        for name in ("Content-Type", "Idempotency-Key"):
            assert name in answer.headers["Access-Control-Allow-Headers"]


def test_logs_hold_the_pattern_of_a_route_and_no_token(app, machine, house, capsys):
    app.config["TESTING"] = False
    token = machine.book()["visit"]
    machine.ask("getVisit", token=token)
    said = capsys.readouterr()
    assert token not in said.err + said.out


# --- the description --------------------------------------------------------------------------------------


def test_the_description_is_what_is_done(app, machine):
    assert machine.ask("getDescription") == DESCRIPTION
    routes = {
        (str(rule.rule).replace("<", "{").replace(">", "}"), method)
        for rule in app.url_map.iter_rules()
        if str(rule.rule).startswith(PREFIX)
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert routes == {(PREFIX + one.path, one.method) for one in OPERATIONS.values()}


def test_the_description_is_openapi(machine):
    """Every reference leads somewhere, every schema is one, every operation is named once."""
    text = str(DESCRIPTION)
    for reference in set(re.findall(r"'\$ref': '#/([^']+)'", text)):
        found = DESCRIPTION
        for part in reference.split("/"):
            found = found[part]
    for name in schemas.SCHEMAS:
        Draft202012Validator.check_schema(schemas.SCHEMAS[name])
    names = [one["operationId"] for path in DESCRIPTION["paths"].values() for one in path.values()]
    assert len(names) == len(set(names)) == len(OPERATIONS)
    for path, methods in DESCRIPTION["paths"].items():
        for method, one in methods.items():
            assert one["security"] == [] and {"200", "201"} & set(one["responses"])
            keyed = {"$ref": "#/components/parameters/idempotencyKey"} in one["parameters"]
            assert keyed is (method == "post" and path != "/itineraries")


def test_the_examples_of_the_description_can_be_asked(machine, house):
    held = None
    for name in ("findItineraries", "hold"):
        one = DESCRIPTION["paths"][OPERATIONS[name].path]["post"]
        example = one["requestBody"]["content"]["application/json"]["examples"]["family"]["value"]
        held = machine.ask(name, example)
    assert {step["service"] for step in held["steps"]} == set(THREE)


def test_a_planted_difference_is_found(machine, house):
    response = machine.client.get("/api/v1/services")
    assert conforms("listServices", response) == []
    response.data = response.data.replace(b'"name"', b'"title"')
    assert conforms("listServices", response)
    assert conforms("hold", response) == ["200 is not described"]


def test_the_languages_are_those_of_the_house():
    assert list(schemas.LANGUAGES) == [language.tag for language in languages.LANGUAGES]


def test_the_states_are_those_a_visit_can_have_once_it_is_booked():
    told = schemas.TOLD["Visit"]["properties"]["state"]["enum"]
    assert set(told) == {state.value for state in VisitState} - {"held"}
