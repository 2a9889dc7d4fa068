"""How the open data is reached: from other sites, again and again, by mistake; and what describes it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from jsonschema import Draft202012Validator

from house.catalogue.hsds.asking import LISTS
from house.catalogue.hsds.fields import PREFIX, THINGS
from tests.catalogue.hsds import published
from tests.catalogue.hsds.conftest import Ask
from tests.catalogue.hsds.published import THING_OF
from tests.inspecting import BASE_URL, InspectingClient

PATHS = ["", "openapi.json", "profile", "profile/profile/service.json", "datapackage.zip", *LISTS]


@pytest.mark.parametrize("path", PATHS)
def test_any_page_may_read_it(machine: InspectingClient, path: str) -> None:
    response = machine.get(f"/hsds/{path}", headers={"Origin": "https://example.org"})
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in response.headers
    assert "Set-Cookie" not in response.headers
    assert machine.head(f"/hsds/{path}").status_code == 200


def test_only_the_open_data_may_be_read_from_other_sites(machine: InspectingClient) -> None:
    for path in ("/en/", "/en/services/", "/desk/", "/livez"):
        response = machine.get(path, headers={"Origin": "https://example.org"})
        assert "Access-Control-Allow-Origin" not in response.headers


def test_another_site_may_ask_whether_it_still_holds(machine: InspectingClient) -> None:
    response = machine.options("/hsds/services", headers={"Access-Control-Request-Headers": "if-none-match"})
    assert response.status_code == 200
    assert "If-None-Match" in response.headers["Access-Control-Allow-Headers"]
    assert "POST" not in response.headers["Access-Control-Allow-Methods"]


@pytest.mark.parametrize("path", PATHS)
def test_what_one_holds_already_is_not_sent_again(machine: InspectingClient, path: str) -> None:
    first = machine.get(f"/hsds/{path}")
    assert first.headers["Cache-Control"] == "public, no-cache"
    again = machine.get(f"/hsds/{path}", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Access-Control-Allow-Origin"] == "*"


def test_each_language_and_question_has_a_mark_of_its_own(machine: InspectingClient) -> None:
    asked = ["?lang=en", "?lang=da", "?full=true", "?page=2", "?search=cpr"]
    marks = [machine.get(f"/hsds/services{query}").headers["ETag"] for query in asked]
    assert len(set(marks)) == len(marks)


@pytest.mark.parametrize(
    "path", ["nowhere", "services/a/b", "profile/profile/phones.json", "profile/profile/x"]
)
def test_an_address_that_leads_nowhere_is_refused_as_machines_expect(
    machine: InspectingClient, path: str
) -> None:
    response = machine.get(f"/hsds/{path}")
    assert (response.status_code, response.mimetype) == (404, "application/problem+json")
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.json["title"] == "Not Found"


def test_nobody_writes_here(machine: InspectingClient) -> None:
    response = machine.post("/hsds/services", json={})
    assert (response.status_code, response.mimetype) == (405, "application/problem+json")
    assert "GET" in response.headers["Allow"]


def test_a_house_without_a_catalogue_answers_with_nothing(client: InspectingClient) -> None:
    for name in LISTS:
        answer = client.get(f"/hsds/{name}?lang=da").json
        if name in ("services", "organizations", "service_at_locations"):
            assert (answer["total_items"], answer["empty"], answer["last_page"]) == (0, True, True)
    assert client.get("/hsds/datapackage.zip").status_code == 200


def test_the_directory_leads_here(client: InspectingClient) -> None:
    page = client.get_page("/en/services/")
    assert [one["href"] for one in page.select("a") if one.text == "Open data (HSDS)"] == ["/hsds/"]


# --- the description ----------------------------------------------------------------------------------------


def test_the_description_names_every_address_and_no_other(open_house: Flask, ask: Ask) -> None:
    described = ask("openapi.json")
    assert described["openapi"].startswith("3.1")
    assert described["servers"] == [{"url": f"{BASE_URL}/hsds"}]
    routes = set()
    for rule in open_house.url_map.iter_rules():
        path = re.sub(r"<(?:\w+:)?(\w+?)_?>", r"{\1}", rule.rule).removeprefix("/hsds")
        if rule.rule.startswith("/hsds/"):
            if rule.rule.startswith("/hsds/<any"):
                tail = "/{id}" if rule.rule.endswith("/<id_>") else ""
                routes |= {f"/{name}{tail}" for name in LISTS}
            else:
                routes.add(path)
    assert set(described["paths"]) == routes


def test_the_description_offers_what_each_list_can_be_asked(ask: Ask) -> None:
    described = ask("openapi.json")
    for name, asked in LISTS.items():
        offered = described["paths"][f"/{name}"]["get"]["parameters"]
        assert [one["$ref"].split("/")[-1] for one in offered] == list(asked)
        assert all(one in described["components"]["parameters"] for one in asked)


@pytest.mark.skipif(not published.folder(), reason="the published description is not here")
def test_everything_that_the_published_description_offers_can_be_asked() -> None:
    import json

    where = published.folder()
    assert where is not None
    wanted = json.loads((where / "openapi.json").read_text("utf-8"))["paths"]
    for name, asked in LISTS.items():
        offered = wanted[f"/{name}"]["get"]["parameters"]
        names = {one.get("name") or one["$ref"].split("/")[-1] for one in offered}
        assert names <= set(asked), name
        assert f"/{name}/{{id}}" in wanted


@pytest.mark.parametrize("name", [*LISTS])
def test_answers_are_as_described(ask: Ask, name: str) -> None:
    described = ask("openapi.json")
    schema = {"$ref": f"#/components/schemas/{THING_OF[name]}", "components": described["components"]}
    check = Draft202012Validator(schema, format_checker=published.CHECKER)
    full = {"full": "true"} if "full" in LISTS[name] else {}
    for one in ask(name, **full)["contents"]:
        assert [error.message for error in check.iter_errors(one)] == []
    page = {"$ref": "#/components/schemas/page", "components": described["components"]}
    Draft202012Validator(page).validate(ask(name))


def references(value: Any) -> list[str]:
    if isinstance(value, list):
        return [found for one in value for found in references(one)]
    if not isinstance(value, dict):
        return []
    own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
    return own + [found for one in value.values() for found in references(one)]


def test_every_reference_in_the_description_leads_somewhere(ask: Ask) -> None:
    described = ask("openapi.json")
    found = references(described)
    assert len(found) > 50
    for one in found:
        place: Any = described
        for step in one.removeprefix("#/").split("/"):
            place = place[step]
    operations = [one["get"]["operationId"] for one in described["paths"].values()]
    assert len(set(operations)) == len(operations)


# --- the profile --------------------------------------------------------------------------------------------


def test_the_profile_tells_every_field_of_ours(ask: Ask, machine: InspectingClient) -> None:
    profile = ask("profile")
    assert profile["prefix"] == PREFIX
    assert profile["profile"] == ask("")["profile"]
    told = {(name, field) for name, fields in profile["additions"].items() for field in fields}
    ours = {(thing.name, one.name) for thing in THINGS.values() for one in thing.fields if one.ours}
    assert told == ours
    for name, url in profile["files"].items():
        part = machine.get(url).json
        if name != "openapi":
            assert set(part["properties"]) == set(profile["additions"][name])


@pytest.mark.skipif(not published.folder(), reason="the published schemas are not here")
@pytest.mark.parametrize("name", ["services", "organizations", "service_at_locations"])
def test_the_profile_merged_into_hsds_still_takes_our_answers(ask: Ask, name: str) -> None:
    def merged(target: Any, patch: Any) -> Any:
        if not isinstance(patch, dict):
            return patch
        found = dict(target) if isinstance(target, dict) else {}
        for key, value in patch.items():
            found[key] = merged(found.get(key), value)
        return found

    schema = merged(published.validator(name).schema, ask(f"profile/profile/{THING_OF[name]}.json"))
    Draft202012Validator.check_schema(schema)
    check = Draft202012Validator(schema, format_checker=published.CHECKER)
    for one in ask(name, full="true")["contents"]:
        assert [error.message for error in check.iter_errors(one)] == []
        assert set(one) <= set(schema["properties"]) | {"name", "status"}
