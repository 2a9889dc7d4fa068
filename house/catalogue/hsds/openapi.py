"""The description of this API, OpenAPI 3.1, made of the same lists that answer it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from house.catalogue.hsds.asking import LISTS, PARAMETERS, SINGLE
from house.catalogue.hsds.fields import THINGS, schema_of

VERSION = "3.1"
"""Of HSDS."""
API_VERSION = "1.0.0"
"""Of this profile and this description."""
THING_OF = {
    "services": "service", "organizations": "organization", "service_at_locations": "service_at_location",
    "taxonomies": "taxonomy", "taxonomy_terms": "taxonomy_term",
}  # fmt: skip
Record = dict[str, Any]
_JSON, _PROBLEM, _LINES = "application/json", "application/problem+json", "application/x-ndjson"
_PAGE = {
    "total_items": "integer", "total_pages": "integer", "page_number": "integer", "size": "integer",
    "first_page": "boolean", "last_page": "boolean", "empty": "boolean",
}  # fmt: skip
_LANG = ("lang",)


def description(title: str, base: str, languages: Iterable[str]) -> Record:
    """The whole description; `base` is the address under which the paths stand."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{title}: services as open data", "version": API_VERSION,
            "summary": f"Open Referral HSDS {VERSION}, read only",
            "description": "Filters add up. An unknown or malformed parameter is answered with 400.",
        },
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "servers": [{"url": base}],
        "paths": _paths(),
        "components": {
            "parameters": {name: _parameter(name, languages) for name in PARAMETERS} | {"id": _id()},
            "schemas": {name: _schema(name) for name in THINGS} | {"page": _page(), "problem": _problem()},
            "responses": {
                "misasked": _failure("A parameter is unknown or malformed: `errors` names each."),
                "not_here": _failure("There is nothing with this id."),
            },
        },
    }  # fmt: skip


def _paths() -> Record:
    told = _content(_JSON, {"type": "object"})
    paths = {
        "/": _get("The API's version, profile and description", "getApi", told),
        "/openapi.json": _get("This description", "getOpenapi", told),
        "/profile": _get("The profile: what is said beyond HSDS", "getProfile", told),
        "/profile/profile/{name}.json": _of_profile(),
        "/datapackage.zip": _get(
            "All of it as a tabular data package", "getPackage",
            _content("application/zip", {"type": "string", "format": "binary"}), _LANG,
        ),
    }  # fmt: skip
    for name, asked in LISTS.items():
        paths[f"/{name}"] = _list(name, asked)
        paths[f"/{name}/{{id}}"] = _single(name)
    return paths


def _get(summary: str, name: str, content: Record, asked: Iterable[str] = ()) -> Record:
    answers = {"200": {"description": summary, "content": content}}
    refused = {"400": {"$ref": "#/components/responses/misasked"}}
    found: Record = {"summary": summary, "operationId": name, "responses": answers | refused}
    parameters = [{"$ref": f"#/components/parameters/{one}"} for one in asked]
    return {"get": found | ({"parameters": parameters} if parameters else {})}


def _content(mimetype: str, schema: Mapping[str, Any]) -> Record:
    return {mimetype: {"schema": dict(schema)}}


def _list(name: str, asked: Iterable[str]) -> Record:
    one = {"$ref": f"#/components/schemas/{THING_OF[name]}"}
    items = {"anyOf": [one, _MINIMAL]} if "minimal" in asked else one
    page = {
        "allOf": [{"$ref": "#/components/schemas/page"}], "required": ["contents"],
        "properties": {"contents": {"type": "array", "items": items}},
    }  # fmt: skip
    content = _content(_JSON, page) | _content(_LINES, {"type": "string"})
    return _get(f"A page of {name.replace('_', ' ')}", f"list_{name}", content, asked)


_MINIMAL: Record = {
    "type": "object", "required": ["id", "modified_date"],
    "properties": {
        "id": {"type": "string", "format": "uuid"},
        "modified_date": {"type": "string", "format": "date-time"},
    },
}  # fmt: skip


def _single(name: str) -> Record:
    content = _content(_JSON, {"$ref": f"#/components/schemas/{THING_OF[name]}"})
    found = _get(
        f"One of the {name.replace('_', ' ')}, in full", f"get_{name}", content, SINGLE.get(name, _LANG)
    )
    found["get"]["responses"]["404"] = {"$ref": "#/components/responses/not_here"}
    return {"parameters": [{"$ref": "#/components/parameters/id"}], **found}


def _of_profile() -> Record:
    name = {"name": "name", "in": "path", "required": True, "schema": {"type": "string"}}
    found = _get(
        "A part of the profile, as a JSON merge patch", "getProfilePart", _content(_JSON, {"type": "object"})
    )
    found["get"]["responses"]["404"] = {"$ref": "#/components/responses/not_here"}
    return {"parameters": [name], **found}


def _id() -> Record:
    return {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}


def _parameter(name: str, languages: Iterable[str]) -> Record:
    one = PARAMETERS[name]
    schema = {**one.schema, "enum": list(languages)} if name == "lang" else dict(one.schema)
    if one.several:
        schema = {"type": "array", "items": schema}
    return {"name": name, "in": "query", "required": False, "description": one.says, "schema": schema}


def _schema(name: str) -> Record:
    thing = THINGS[name]
    properties = {field.name: schema_of(field, "#/components/schemas/") for field in thing.fields}
    return {"type": "object", "description": thing.says, "required": thing.required, "properties": properties}


def _page() -> Record:
    return {
        "type": "object", "required": list(_PAGE),
        "properties": {name: {"type": kind} for name, kind in _PAGE.items()},
    }  # fmt: skip


def _problem() -> Record:
    found = {"type": "object", "properties": {"parameter": {"type": "string"}, "detail": {"type": "string"}}}
    return {
        "type": "object", "required": ["type", "title", "status"],
        "properties": {
            "type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"},
            "detail": {"type": "string"}, "errors": {"type": "array", "items": found},
        },
    }  # fmt: skip


def _failure(says: str) -> Record:
    return {"description": says, "content": _content(_PROBLEM, {"$ref": "#/components/schemas/problem"})}
