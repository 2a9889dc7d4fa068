"""The house whose plan is walked through: fixtures, its cookie, one step of a list."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from house.catalogue import face
from house.catalogue.kept_answers import COOKIE
from house.catalogue.persons import ME, PARTNER
from house.setting_up import HOURS, PHONE
from tests.catalogue.plan_answers import moving
from tests.inspecting import InspectingClient, Page

Arranging = Callable[[], AbstractContextManager[Session]]
LARGEST = moving("researcher", "third_country", things={ME: ["two_countries"], PARTNER: ["job", "licence"]},
    household={"partner": "married", "children": [0, 3, 7, 12, 15, 17], "mixed": False})  # fmt: skip


@pytest.fixture(name="house")
def the_house(catalogue: Flask, arranging: Arranging, frozen: Callable[..., Any]) -> Flask:
    """A house with the catalogue and a place, in the first days of 2027."""
    frozen("2027-01-04 10:00", tick=True)
    with arranging() as session:
        face.set_up_place(
            session, "House", "Rantzausgade 4, 1.", "+45 99 31 00 00", "Europe/Copenhagen", HOURS, PHONE
        )  # fmt: skip
    return catalogue


@pytest.fixture(name="bookable")
def the_bookable() -> Iterator[set[str]]:
    slugs = {"eu_residence_document", "cpr_registration", "mitid", "health_card_gp"}
    kept, face.bookable[:] = list(face.bookable), [lambda _session: frozenset(slugs)]
    yield slugs
    face.bookable[:] = kept


def cookie_of(client: InspectingClient) -> Any:
    return client.get_cookie(COOKIE, domain="127.0.0.1")


def step(page: Page, key: str) -> Any:
    return page.one(f"#{key}")


def tick(page: Page, key: str, undo: bool = False) -> Page:
    """Press the button of a step."""
    button = next(one for one in page.select("button") if one.get("value") == key)
    assert button["name"] == ("undone" if undo else "done")
    token = page.select("input[name=csrf_token]")[0]["value"]
    sent = {button["name"]: key, "csrf_token": token}
    return page.client.post_page("/en/plan/list", sent, 303).follow()
