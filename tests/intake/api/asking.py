"""A machine that asks the API, and holds every answer against the API's own description."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from flask import Flask
from jsonschema import Draft202012Validator
from sqlalchemy import func, select

from house.intake.api.openapi import description
from house.intake.api.operations import OPERATIONS, PREFIX
from tests import houses
from tests.inspecting import BASE_URL
from tests.intake.booking_house import CPR, at, set_up

SIRI, TAX = "eu_residence_document", "tax_card"
HOURS = {3: [("10:00", "14:00")], 4: [("10:00", "14:00")]}
THREE = [SIRI, CPR, TAX]
KEY = "8e03978e-40d5-43dd-bc93-6894a57f9324"
FORGED = "K7M4QXT.AAAAAAAAAAAAAAAAAAAAAA"
DESCRIPTION = description("International House", BASE_URL)


@lru_cache
def validator(pointer: str) -> Draft202012Validator:
    return Draft202012Validator({"$ref": pointer, "components": DESCRIPTION["components"]})


def conforms(name: str, response: Any) -> list[str]:
    """What of an answer is not as the description of its operation says."""
    one = DESCRIPTION["paths"][OPERATIONS[name].path][OPERATIONS[name].method.lower()]
    told = one["responses"].get(str(response.status_code))
    if told is None:
        return [f"{response.status_code} is not described"]
    if response.mimetype not in told["content"]:
        return [f"{response.mimetype} is not described"]
    schema = told["content"][response.mimetype]["schema"]
    errors = validator(schema["$ref"]).iter_errors(response.json) if "$ref" in schema else []
    wrong = [f"{error.json_path}: {error.message}" for error in errors]
    wrong += [f"{name} is missing" for name in told["headers"] if name not in response.headers]
    return wrong


class Machine:
    """Asks without cookies, in a language; every answer is checked."""

    def __init__(self, app: Flask, language: str = "en") -> None:
        self.client = app.test_client()
        self.headers = {"Accept-Language": language}

    def ask(
        self, name: str, body: Any = None, status: int | None = None, token: str = "", key: str | None = None,
        query: str = "", **headers: str,
    ) -> Any:  # fmt: skip
        """What is answered; fails on another status than expected: that of the operation if none is named."""
        one = OPERATIONS[name]
        path = PREFIX + one.path.replace("{token}", token) + query
        sent = self.headers | ({"Idempotency-Key": key} if key else {}) | headers
        content = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else None
        kind = {"content_type": "application/json"} if content is not None else {}
        response = self.client.open(path, method=one.method, data=content, headers=sent, **kind)
        assert response.status_code == (status or one.status), response.text
        assert conforms(name, response) == []
        assert "Set-Cookie" not in response.headers and "Cookie" not in response.headers["Vary"]
        assert response.headers["Cache-Control"] == "no-store"
        return response.json

    def hold(self, services: Any = CPR, starts_at: str | None = None, **more: Any) -> Any:
        wish = {"services": [services] if isinstance(services, str) else services, **more}
        return self.ask("hold", wish | {"starts_at": starts_at or iso("2027-01-07", "10:00")})

    def book(self, services: Any = CPR, starts_at: str | None = None, **more: Any) -> Any:
        """A visit, booked for Amal."""
        token = self.hold(services, starts_at, **more)["hold"]
        return self.ask("bookVisit", {"hold": token, "name": "Amal"})


def iso(day: str, wall: str) -> str:
    return at(day, wall).isoformat()


def errors(problem: Any) -> dict[str, str]:
    """What is wrong, by place."""
    return {one.get("pointer", one.get("parameter")): one["rule"] for one in problem["errors"]}


def three_counters(session: Any) -> Any:
    house = None
    for service, languages in ((SIRI, ["en", "da"]), (CPR, ["da", "uk", "en"]), (TAX, ["en"])):
        house = set_up(session, services=[service], languages=languages, hours=HOURS)
    return house


def stored(app: Flask, *tables: type) -> list[int]:
    """How many rows there are."""
    with houses.looking(app) as session:
        return [session.scalar(select(func.count()).select_from(one)) or 0 for one in tables]
