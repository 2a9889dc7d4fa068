"""What changes in the house is in the next answer; what does not is not put together again."""

from __future__ import annotations

import copy
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, time
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import time_machine
import yaml
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from house import clock
from house.catalogue import face
from house.catalogue.models import ClosedFor, ClosedTime, Closure, Place
from house.db import db
from house.intake.models import Counter
from tests import houses
from tests.catalogue.hsds.conftest import furnish
from tests.catalogue.hsds.test_answers import DATA
from tests.inspecting import InspectingClient

Arranging = Callable[[], AbstractContextManager[Session]]


@pytest.fixture
def house(catalogue: Flask) -> Flask:
    furnish(catalogue)
    return catalogue


def services(client: InspectingClient, **query: Any) -> dict[str, Any]:
    answer = client.get("/hsds/services", query_string={"full": "true", "lang": "en", **query}).json
    return {one["x_house_slug"]: one for one in answer["contents"]}


def taken_over(arranging: Arranging, folder: Path, change: Callable[[Any], None]) -> None:
    data = copy.deepcopy(DATA)
    change(data)
    path = folder / "catalogue.yaml"
    path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), "utf-8")
    with arranging() as session:
        face.import_file(session, path)


def test_a_change_of_the_catalogue_is_found_by_when_it_was_made(
    house: Flask, client: InspectingClient, arranging: Arranging, tmp_path: Path
) -> None:
    before = services(client)

    def change(data: Any) -> None:
        for one in data["services"]:
            if one["id"] == "mitid":
                one["name"]["en"] = "MitID, the key to everything"

    with time_machine.travel(datetime(2030, 1, 2, 3, 4, 5, 678_912, tzinfo=UTC)):
        taken_over(arranging, tmp_path, change)
    found = services(client, modified_after="2030-01-01")
    assert list(found) == ["mitid"]
    assert found["mitid"]["last_modified"] == "2030-01-02T03:04:05.678Z"
    assert found["mitid"]["name"] == "MitID, the key to everything"
    assert found["mitid"]["id"] == before["mitid"]["id"]
    assert services(client)["tax_card"]["last_modified"] == before["tax_card"]["last_modified"]
    organizations = client.get("/hsds/organizations?modified_after=2030-01-01").json["contents"]
    assert [one["id"] for one in organizations] == [before["mitid"]["organization_id"]]


def test_a_service_that_is_gone_is_not_found(
    house: Flask, client: InspectingClient, arranging: Arranging, tmp_path: Path
) -> None:
    id_ = services(client)["leaving_denmark"]["id"]
    assert client.get(f"/hsds/services/{id_}").status_code == 200
    taken_over(arranging, tmp_path, lambda data: data["services"].pop())
    assert client.get(f"/hsds/services/{id_}").status_code == 404
    assert "leaving_denmark" not in services(client)


@time_machine.travel(datetime(2026, 11, 25, 12, tzinfo=UTC))
def test_hours_are_those_of_the_counters_or_else_of_the_door(house: Flask, client: InspectingClient) -> None:
    told = services(client)
    [at] = told["cpr_registration"]["service_at_locations"]
    assert [(one["byday"], one["opens_at"], one["closes_at"]) for one in at["schedules"]] == [
        ("MO,WE", "09:00+01:00", "12:00+01:00")
    ]
    assert told["cpr_registration"]["schedules"] == at["schedules"]
    [by_the_door] = told["housing_guidance"]["service_at_locations"]
    assert [(one["byday"], one["opens_at"]) for one in by_the_door["schedules"]] == [
        ("MO,WE", "08:30+01:00"), ("TH", "08:30+01:00"), ("FR", "08:30+01:00"),
    ]  # fmt: skip
    assert {one["date"] for one in by_the_door["x_house_closed_days"]} >= {"2026-12-24", "2026-12-25"}
    assert "service_at_locations" not in told["social_security_a1"]
    assert [one["code"] for one in told["cpr_registration"]["languages"]] == ["en", "uk"]
    assert [one["name"] for one in told["tax_card"]["languages"]] == ["Danish"]


def test_summer_has_its_own_offset(house: Flask, client: InspectingClient) -> None:
    with time_machine.travel(datetime(2027, 6, 1, 12, tzinfo=UTC)):
        [one] = services(client)["cpr_registration"]["schedules"]
    assert (one["opens_at"], one["timezone"]) == ("09:00+02:00", 2)


@time_machine.travel(datetime(2026, 11, 25, 12, tzinfo=UTC))
def test_a_closed_day_is_told_at_once(house: Flask, client: InspectingClient, arranging: Arranging) -> None:
    def closed() -> list[str]:
        [one] = services(client)["housing_guidance"]["service_at_locations"]
        return [day["date"] for day in one["x_house_closed_days"]]

    assert "2026-12-02" not in closed()
    with arranging() as session:
        place = session.scalars(select(Place)).one()
        session.add(Closure(schedule_id=place.schedule_id, day=date(2026, 12, 2), reason="house_day"))
    assert "2026-12-02" in closed()


@time_machine.travel(datetime(2026, 11, 25, 12, tzinfo=UTC))
def test_a_counter_closes_with_its_authority_and_the_house(
    house: Flask, client: InspectingClient, arranging: Arranging
) -> None:
    def closed(slug: str) -> list[tuple[str, list[Any]]]:
        [one] = services(client)[slug]["service_at_locations"]
        return [(day["date"], day["hours"]) for day in one.get("x_house_closed_days", ())]

    with arranging() as session:
        place = session.scalars(select(Place)).one()
        common: Any = {"reason": ClosedFor.TRAINING, "closed_at": clock.now(), "closed_by": "x"}
        tax = session.scalars(select(Counter).where(Counter.label == "tax_card")).one()
        first, second = date(2026, 11, 30), date(2026, 12, 7)
        session.add(ClosedTime(first_day=first, last_day=first, place_id=place.id, **common))
        of_tax = {"authority_id": tax.authority_id, "ends": time(10, 30)}
        session.add(ClosedTime(first_day=second, last_day=second, **of_tax, **common))
    assert closed("tax_card")[:2] == [
        ("2026-11-30", []), ("2026-12-07", [{"opens_at": "10:30", "closes_at": "11:00"}]),
    ]  # fmt: skip
    assert [day for day, _hours in closed("cpr_registration")][:1] == ["2026-11-30"]
    assert "2026-12-07" not in [day for day, _hours in closed("cpr_registration")]


def test_a_place_that_moves_is_told_at_once(
    house: Flask, client: InspectingClient, arranging: Arranging
) -> None:
    assert client.get("/hsds/service_at_locations?postcode=9400").json["total_items"] == 0
    with arranging() as session:
        session.scalars(select(Place)).one().address = "Torvet 1, DK-9400 Nørresundby"
    [one, *_] = client.get("/hsds/service_at_locations?postcode=9400&full=true").json["contents"]
    [address] = one["location"]["addresses"]
    assert (address["address_1"], address["city"]) == ("Torvet 1", "Nørresundby")
    with arranging() as session:
        session.scalars(select(Place)).one().address = "On the square"
    [one, *_] = client.get("/hsds/service_at_locations?full=true").json["contents"]
    assert "addresses" not in one["location"]
    assert one["location"]["x_house_address"] == "On the square"


def test_what_can_be_booked_here_is_said(house: Flask, client: InspectingClient) -> None:
    told = services(client)
    assert told["cpr_registration"]["x_house_booking"]["bookable_here"] is True
    assert told["cpr_registration"]["application_process"] == "You can book a visit here."
    assert told["tax_card"]["x_house_booking"]["bookable_here"] is False


def test_asking_again_puts_nothing_together_again(house: Flask, client: InspectingClient) -> None:
    asked: list[str] = []

    def listen(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    client.get("/hsds/services?lang=en")
    with house.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", listen)
    try:
        client.get("/hsds/services?lang=en&full=true")
    finally:
        event.remove(engine, "before_cursor_execute", listen)
    assert 0 < len(asked) <= 10, asked
    assert not any("modified_at" in one for one in asked)


def test_either_engine_tells_the_same_and_notes_what_changed(engine_app: Flask, tmp_path: Path) -> None:
    with houses.arranging(engine_app) as session:
        face.import_catalogue(session, face.bundled_catalogue())
    furnish(engine_app)
    client: InspectingClient = engine_app.test_client()  # type: ignore[assignment]
    told = services(client)
    assert list(told) == [one["id"] for one in DATA["services"]]
    assert told["cpr_registration"]["service_at_locations"][0]["schedules"]

    def change(data: Any) -> None:
        data["services"][3]["link"] = "https://example.dk/elsewhere"

    with time_machine.travel(datetime(2031, 1, 1, tzinfo=UTC), tick=False):
        taken_over(partial(houses.arranging, engine_app), tmp_path, change)
    assert list(services(client, modified_after="2031-01-01")) == [DATA["services"][3]["id"]]
    assert services(client, modified_after="2031-01-01T00:00:00.001Z") == {}
