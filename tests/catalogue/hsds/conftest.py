"""A house whose directory is read by machines: the bundled catalogue, an address, two counters."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from house.catalogue import face as catalogue
from house.catalogue.models import Service
from house.intake import face as intake
from house.setting_up import HOURS, PHONE
from tests import houses
from tests.inspecting import InspectingClient

ADDRESS = "Rantzausgade 4, 1., 9000 Aalborg"
Ask = Callable[..., Any]


def furnish(app: Flask) -> None:
    """A place, and counters for civil registration (bookable) and tax (not)."""
    with houses.arranging(app) as session:
        place = catalogue.set_up_place(
            session, "The House", ADDRESS, "+45 99 31 00 00", "Europe/Copenhagen", HOURS, PHONE
        )
        services = {one.slug: one for one in session.scalars(select(Service))}
        for slug, hours, languages, bookable in (
            ("cpr_registration", {0: [("09:00", "12:00")], 2: [("09:00", "12:00")]}, ["en", "uk"], True),
            ("tax_card", {0: [("10:00", "11:00")]}, ["da"], False),
        ):
            one = services[slug]
            schedule = catalogue.add_schedule(session, slug, hours)
            intake.add_counter(
                session, place, one.authority_id, slug, schedule.id, [one.id], languages, bookable=bookable
            )


@pytest.fixture(scope="module")
def open_house(catalogue_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A house that the tests of one file only read."""
    app = houses.fresh(catalogue_template, tmp_path_factory.mktemp("hsds"))
    furnish(app)
    yield app
    houses.close(app)


@pytest.fixture(scope="module")
def machine(open_house: Flask) -> InspectingClient:
    """A program that asks; it keeps no cookies."""
    return open_house.test_client(use_cookies=False)  # type: ignore[return-value]


@pytest.fixture(scope="module")
def ask(machine: InspectingClient) -> Ask:
    """What the house answers, as JSON: `ask("services", full="true")`; fails on another status than 200."""

    def asked(path: str, **query: Any) -> Any:
        response = machine.get(f"/hsds/{path}", query_string=query)
        assert response.status_code == 200, (path, query, response.text)
        return response.json

    return asked
