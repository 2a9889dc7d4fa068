"""Hostile requests to the API of booking, made by schemathesis from the API's own description.

    .venv/bin/python -m bench.api --cases 5000 --out bench/results

Some requests are made from the description as partners get it, valid and broken. Others know a hold, a visit,
the services and the times of this house, and some follow the description's links from hold to visit to move.
Every answer must be as described: status, kind, headers and body; none is a 500.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, seed, settings
from hypothesis.errors import Unsatisfiable
from hypothesis.stateful import run_state_machine_as_test
from schemathesis import Case, GenerationMode
from schemathesis.checks import CHECKS

from house import create_app
from house.catalogue import face as catalogue
from house.config import Config
from house.db import db, writing
from house.intake import face as intake
from house.intake import fairness
from house.intake.api.operations import OPERATIONS, PREFIX

BASE = "http://127.0.0.1:8000"
SLUGS = ("eu_residence_document", "cpr_registration", "tax_card")
HOURS = {day: [("08:00", "16:00")] for day in range(7)}
WANTED = ("not_a_server_error", "status_code_conformance", "content_type_conformance",
          "response_schema_conformance", "response_headers_conformance")  # fmt: skip
STEPS = 8
"""Requests that follow each other by links."""
ROUND = 8
"""Requests of one kind to one operation in a round, before the next."""


class Counted:
    """The house behind a counter of what it answered."""

    def __init__(self, app: Flask) -> None:
        self.app, self.answers = app, Counter[str]()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = str(environ.get("PATH_INFO", ""))
        environ.pop("HTTP_ACCEPT_ENCODING", None)  # the client cannot unpack

        def start(status: str, *rest: Any, **more: Any) -> Any:
            self.answers[f"{environ['REQUEST_METHOD']} {pattern_of(path)} {status[:3]}"] += 1
            return start_response(status, *rest, **more)

        return self.app.wsgi_app(environ, start)

    @property
    def cases(self) -> int:
        """How many requests there were."""
        return self.answers.total()


def pattern_of(path: str) -> str:
    """The path of the operation that a request was for."""
    parts = path.removeprefix(PREFIX).split("/")
    for one in OPERATIONS.values():
        there = one.path.split("/")
        if len(there) == len(parts) and all(a in (b, "{token}") for a, b in zip(there, parts, strict=True)):
            return one.path
    return "elsewhere"


def open_for_all(folder: Path) -> Flask:
    """A house open every day, where three services can be booked."""
    app = create_app(Config(
        secret="bench-house-secret-of-forty-eight-characters-....", data_dir=folder,
        database_url=f"sqlite:///{folder / 'house.db'}", base_url=BASE,
        trusted_hosts=("127.0.0.1", "localhost"), demo=False,
        smtp_url="smtp://127.0.0.1:9", mail_from="house@example.dk", house_name="International House",
        timezone="Europe/Copenhagen", proxies=0,
    ))  # fmt: skip
    from flask_migrate import upgrade

    with app.app_context():
        upgrade(directory=str(Path(__file__).parents[1] / "migrations"))
        with writing(db.session()) as session:
            set_up(session)
    return app


def set_up(session: Any) -> None:
    """Three counters with two lanes each, one for each service."""
    if not catalogue.services(session):
        catalogue.import_catalogue(session, catalogue.bundled_catalogue())
    place = catalogue.set_up_place(
        session, "International House", "Rantzausgade 4, 9000 Aalborg", "+45 99 30 00 00",
        "Europe/Copenhagen", HOURS, HOURS,
    )  # fmt: skip
    for slug in SLUGS:
        schedule = catalogue.add_schedule(session, f"counter of {slug}", HOURS)
        service = catalogue.service(session, slug)
        intake.add_counter(
            session, place, service.authority_id, "1", schedule.id, [service.id], ["en", "da"], capacity=2
        )


def described(app: Flask) -> dict[str, Any]:
    """The description as partners get it."""
    told: dict[str, Any] = app.test_client().get(f"{PREFIX}/openapi.json", base_url=BASE).json
    return told


class Insider:
    """Somebody who has a hold and a visit, and knows the services and the times of the house."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()
        self.hold, hers = self._hold(), self._hold()
        self.visit = self._post("/visits", {"hold": hers, "name": "Amal"})["visit"]
        self.times = self._free()
        self.description = self._knowing(described(app))

    def _post(self, path: str, body: dict[str, Any]) -> Any:
        return self.client.post(PREFIX + path, json=body, base_url=BASE).json

    def _free(self) -> list[str]:
        found = self._post("/itineraries", {"services": [SLUGS[1]], "limit": 100})
        return [one["starts_at"] for one in found["itineraries"]]

    def _hold(self) -> str:
        return str(self._post("/holds", {"services": [SLUGS[1]], "starts_at": self._free()[0]})["hold"])

    def token(self, path: str) -> dict[str, Any] | None:
        """What opens an address."""
        return {"token": self.visit if "/visits/" in path else self.hold} if "{token}" in path else None

    def _knowing(self, told: dict[str, Any]) -> dict[str, Any]:
        """The description, with what she knows in place of what anybody could write."""
        schemas = told["components"]["schemas"]
        for name in ("Search", "HoldRequest"):
            known = schemas[name]["properties"]
            known["services"]["items"] = {"type": "string", "enum": [*SLUGS, "mitid"]}
            known["municipality"] = {"type": ["string", "null"], "enum": ["Aalborg", "Frederikshavn", None]}
            known["party"]["maximum"], known["children"]["maximum"] = 3, 1
        schemas["Elsewhere"]["properties"]["service"] = {"type": "string", "enum": [SLUGS[0]]}
        schemas["HoldRequest"]["properties"]["replaces"]["enum"] = [self.hold]
        schemas["Booking"]["properties"]["hold"]["enum"] = [self.hold]
        for name in ("HoldRequest", "Move", "Elsewhere"):
            schemas[name]["properties"]["starts_at"] = {"type": "string", "enum": self.times}
        return told


def hunt(app: Flask, cases: int, start: int = 0) -> Counted:
    """At least so many requests; raises schemathesis' failure for answers that are not as described."""
    fairness.HOLDS = fairness.HOLDS_IN_ALL = fairness.LOOKS = 10**9
    counted = Counted(app)
    number = start
    while counted.cases < cases:
        insider = Insider(app)
        for operation in schema_of(described(app), counted).get_all_operations():
            ask(operation.ok(), number)
        friend = schema_of(insider.description, counted)
        for operation in friend.get_all_operations():
            ask(operation.ok(), number, insider)
        _follow(friend, number)
        number += 1
    return counted


def schema_of(description: dict[str, Any], counted: Counted) -> Any:
    """The description as schemathesis takes it, asking the house."""
    schema = schemathesis.openapi.from_dict(description)
    schema.app = counted
    schema.config.update(base_url=f"{BASE}{PREFIX}")
    return schema


def _settings(examples: int, **more: Any) -> settings:
    return settings(
        max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck), **more
    )


def _chosen() -> list[Any]:
    return [check for check in CHECKS.get_all() if check.__name__ in WANTED]


def ask(operation: Any, number: int, insider: Insider | None = None) -> None:
    """A few requests to one operation, valid ones and broken ones."""
    known = insider and insider.token(operation.path)
    for mode in GenerationMode:

        @seed(number)
        @_settings(ROUND)
        @given(case=operation.as_strategy(generation_mode=mode, path_parameters=known))
        def one(case: Case) -> None:
            case.validate_response(case.call(), checks=_chosen())

        with suppress(Unsatisfiable):  # where nothing can be asked in a wrong way
            one()


def _follow(schema: Any, number: int) -> None:
    """Walks along the links of the description."""

    class Walk(schema.as_state_machine()):  # type: ignore[misc]
        def validate_response(self, response: Any, case: Case, *_more: Any, **_: Any) -> None:
            case.validate_response(response, checks=_chosen())

    seed(number)(Walk)
    run_state_machine_as_test(Walk, settings=_settings(ROUND, stateful_step_count=STEPS))


def results_of(counted: Counted, seconds: float) -> dict[str, Any]:
    """What was asked and answered, by operation and status."""
    statuses = Counter[str]()
    for what, number in counted.answers.items():
        statuses[what.rsplit(" ", 1)[1]] += number
    return {
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"), "schemathesis": schemathesis.__version__,
        "checks": list(WANTED), "cases": counted.cases, "seconds": round(seconds, 1),
        "statuses": dict(sorted(statuses.items())), "answers": dict(sorted(counted.answers.items())),
    }  # fmt: skip


def table_of(results: dict[str, Any]) -> str:
    """The same for people."""
    lines = ["| status | answers |", "|---|--:|"]
    lines += [f"| {status} | {number} |" for status, number in results["statuses"].items()]
    by = f"schemathesis {results['schemathesis']} in {results['seconds']:.0f} s"
    said = f"{results['cases']} requests by {by}"
    return "\n".join(lines) + f"\n\n{said}; every answer as described. {results['made_at'][:10]}.\n"


def main(words: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args(words)
    with tempfile.TemporaryDirectory(prefix="house-bench-") as folder:
        began = time.perf_counter()
        counted = hunt(open_for_all(Path(folder)), asked.cases, asked.seed)
        results = results_of(counted, time.perf_counter() - began)
    print(table_of(results))
    if asked.out:
        asked.out.mkdir(parents=True, exist_ok=True)
        (asked.out / "api.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
        (asked.out / "api.md").write_text(table_of(results), encoding="utf-8")


if __name__ == "__main__":
    main()
