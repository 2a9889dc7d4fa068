"""The first day of a house, and the days after: what `house init` sets up, and what it leaves alone."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from house.catalogue.places import place
from house.setting_up import first_day
from tests import houses

Arranging = Callable[[], AbstractContextManager[Session]]
NUMBER = "+45 99 31 00 00"


def test_a_house_is_set_up_once(app: Flask, arranging: Arranging) -> None:
    with arranging() as session:
        assert [one.split()[0] for one in first_day(session)] == ["Took", "Opened"]
        assert place(session).phone is None
        place(session).phone = NUMBER
    with arranging() as session:
        assert first_day(session) == [], "a number that the environment does not know stays"
        assert place(session).phone == NUMBER


def test_the_number_of_the_house_is_written_down_and_shown(app_factory: Callable[..., Any]) -> None:
    app = app_factory(phone=NUMBER)
    with houses.arranging(app) as session:
        first_day(session)
        assert place(session).phone == NUMBER
        place(session).phone = "+45 12 34 56 78"
    with houses.arranging(app) as session:
        assert first_day(session) == [f"The house is phoned at {NUMBER} now."]
    page = app.test_client().get_page("/en/find")
    assert (NUMBER, "tel:+4599310000") in page.links
