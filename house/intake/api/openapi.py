"""The description of this API, OpenAPI 3.1, made of the lists that it is made of itself."""

from __future__ import annotations

from typing import Any

from house.intake.api.operations import LONGEST_KEY, OPERATIONS, PREFIX, SHORTEST_KEY, Operation
from house.intake.api.schemas import MOST_TIMES, SCHEMAS, TIMES, ref

VERSION = "1.0.0"
Record = dict[str, Any]
JSON, PROBLEM = "application/json", "application/problem+json"
_SAID = {
    "Content-Language": {"description": "The language of the answer.", "schema": {"type": "string"}},
}  # fmt: skip
_INTRODUCTION = """\
One visit through several authorities: find times, hold one, book it, move or cancel it. What the
house's pages can do can be done here, by the same rules.

No account, key or cookie is needed. A hold and a visit are opened by the token that was answered: whoever has
it, may. Send an `Idempotency-Key` with whatever changes something: asked again the same way within 48 hours,
the same is answered and nothing is done twice. Refusals are not kept: nothing was changed, and the next try
may succeed."""


def description(title: str, base: str) -> Record:
    """The whole description; `base` is the address of the house."""
    paths: dict[str, Record] = {}
    for one in OPERATIONS.values():
        paths.setdefault(one.path, {})[one.method.lower()] = _operation(one)
    return {
        "openapi": "3.1.0",
        "info": {"title": f"{title}: booking a visit", "version": VERSION, "description": _INTRODUCTION},
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "servers": [{"url": base + PREFIX}],
        "security": [],
        "paths": paths,
        "components": {"schemas": SCHEMAS, "parameters": _PARAMETERS},
    }  # fmt: skip


def _operation(one: Operation) -> Record:
    names = ["language", *(["idempotencyKey"] if one.changes else []), *(["token"] if one.by_link else [])]
    names += QUERIES[one.query] if one.query else []
    found: Record = {
        "operationId": one.name, "summary": one.says, "security": [],
        "parameters": [{"$ref": f"#/components/parameters/{name}"} for name in names],
        "responses": {str(one.status): _answer(one)} | {str(s): _refusal(s, w) for s, w in _refused(one)},
    }  # fmt: skip
    if one.body:
        content = {JSON: {"schema": ref(one.body), **_example(one.name)}}
        found["requestBody"] = {"required": one.body != "Nothing", "content": content}
    return found


def _refused(one: Operation) -> list[tuple[int, str]]:
    return sorted({**one.refused, 500: "A fault of ours. Nothing was changed."}.items())


def _answer(one: Operation) -> Record:
    found: Record = {"description": one.says, "headers": dict(_SAID)}
    found["content"] = {JSON: {"schema": ref(one.answer) if one.answer else {"type": "object"}}}
    if one.status == 201:
        found["headers"]["Location"] = {
            "description": "Where it is from now on.", "schema": {"type": "string", "format": "uri"},
        }  # fmt: skip
    if one.follows:
        found["links"] = {name: _link(name, token) for name, token in one.follows.items()}
    return found


def _link(name: str, token: str) -> Record:
    """How an act that comes next gets what it needs."""
    value = f"$response.body#/{token}"
    if OPERATIONS[name].by_link:
        return {"operationId": name, "parameters": {"token": value}}
    return {"operationId": name, "requestBody": {token: value, "name": "Amal"}}


def _refusal(status: int, why: str) -> Record:
    headers: Record = dict(_SAID)
    if status == 429:
        headers["Retry-After"] = {"description": "In seconds.", "schema": {"type": "integer", "minimum": 0}}
    return {"description": why, "headers": headers, "content": {PROBLEM: {"schema": ref("Problem")}}}


def _example(name: str) -> Record:
    return {"examples": {"family": {"value": EXAMPLES[name]}}} if name in EXAMPLES else {}


_FAMILY: Record = {
    "services": ["eu_residence_document", "cpr_registration", "tax_card"],
    "party": 4, "children": 2, "language": "en",
}  # fmt: skip
EXAMPLES: dict[str, Record] = {
    "findItineraries": {**_FAMILY, "municipality": "Aalborg", "limit": 5},
    "hold": {**_FAMILY, "starts_at": "2027-01-07T10:00:00+01:00"},
    "bookVisit": {"hold": "K7M4QXT.AAAAAAAAAAAAAAAAAAAAAA", "name": "Amal", "email": "amal@example.org"},
    "moveVisit": {"starts_at": "2027-01-08T10:00:00+01:00"},
    "askEarlier": {"wanted": True}, "extendHold": {}, "cancelVisit": {},
}  # fmt: skip


def _parameter(name: str, where: str, says: str, schema: Record, required: bool = False) -> Record:
    return {"name": name, "in": where, "description": says, "required": required, "schema": schema}


_DAY: Record = {"type": "string", "format": "date"}
_PARAMETERS: dict[str, Record] = {
    "language": _parameter("Accept-Language", "header", "The language of the answer.", {"type": "string"}),
    "idempotencyKey": _parameter(
        "Idempotency-Key", "header",
        "A fresh random key, such as a UUID, bare or as a quoted string. It must be unguessable: whoever "
        "sends the same key and body gets the same answer.",
        {"type": "string", "minLength": SHORTEST_KEY, "maxLength": LONGEST_KEY,
         "pattern": '^"?[!#-~]+"?$', "examples": ["8e03978e-40d5-43dd-bc93-6894a57f9324"]},
    ),
    "token": _parameter("token", "path", "The token that was answered.",
                        {"type": "string", "minLength": 1}, required=True),
    "from": _parameter("from", "query", "The first day to look at; today if not said.", _DAY),
    "to": _parameter("to", "query", "The last one.", _DAY),
    "after": _parameter("after", "query", "Only times that begin later: `next_after` of the answer before.",
                        {"type": "string", "format": "date-time"}),
    "limit": _parameter("limit", "query", "How many at most.",
                        {"type": "integer", "minimum": 1, "maximum": MOST_TIMES, "default": TIMES}),
}  # fmt: skip
QUERIES = {"Times": ["from", "to", "after", "limit"]}
"""What an address can be asked, by the name of what it answers."""
