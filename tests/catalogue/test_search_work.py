"""What a search costs, counted: who finds nothing pays little more than who finds something."""

from __future__ import annotations

import pytest
from flask import Flask

from house.catalogue import face
from house.setting_up import HOURS, PHONE
from tests import houses
from tests.counting import calls
from tests.inspecting import InspectingClient
from tests.intake.booking_house import statements

FOUND, NOTHING = "/en/services/?q=tax+card", "/en/services/?q=teapot"


@pytest.fixture(autouse=True)
def open_house(catalogue: Flask) -> None:
    """With hours, which who finds nothing is told."""
    with houses.arranging(catalogue) as session:
        face.set_up_place(session, "House", "Street 4", "+45 99 31 00 00", "Europe/Copenhagen", HOURS, PHONE)


def test_finding_nothing_costs_little_more_than_finding_something(
    catalogue: Flask, client: InspectingClient
) -> None:
    spent = {}
    for path in (FOUND, NOTHING):
        for _ in range(2):
            client.get(path)
        spent[path] = calls(catalogue, lambda path=path: client.get(path))  # type: ignore[misc]
    assert spent[NOTHING] <= 1.3 * spent[FOUND] <= 1.3 * 5_800, spent


def test_finding_nothing_asks_the_edition_the_place_and_its_hours(
    catalogue: Flask, client: InspectingClient
) -> None:
    client.get(NOTHING)
    with statements(catalogue) as sent:
        client.get(NOTHING)
    sent = [one for one in sent if not one.startswith("BEGIN")]
    assert len(sent) == 3, sent
