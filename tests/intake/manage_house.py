"""The house that managers set up on their pages: fixtures and what stands stored."""

from __future__ import annotations

import pytest

from house.doors import Role
from house.intake import counters
from house.intake.models import Counter
from house.people import face as people
from tests.intake.booking_house import (
    CPR,
    DRIVING,
    WEDNESDAY,
    house_template,  # noqa: F401 - a fixture
    set_up,
)
from tests.intake.counter_house import hours_of

LIST, NEW, WORKLIST = "/manage/counters/", "/manage/counters/closings/new", "/manage/counters/worklist"
LOOK = "Show what this makes"


@pytest.fixture(name="house")
def the_house(app, frozen, arranging):
    frozen(WEDNESDAY)
    with arranging() as session:
        return set_up(session, counters=2, services=(CPR, DRIVING))


@pytest.fixture(name="manager")
def the_manager(house, client, sign_in):
    sign_in(client, Role.MANAGER)
    return client


@pytest.fixture(name="tax_manager")
def the_tax_manager(house, app, arranging, sign_in):
    """Somebody who manages the tax agency's counters only."""
    with arranging() as session:
        set_up(session, services=("tax_card",))
        body = people.authority_body(session, "skattestyrelsen", "Tax").id
    browser = app.test_client()
    sign_in(browser, Role.MANAGER, body_id=body)
    return browser


def settings(house, number=0):
    return f"/manage/counters/{house.counter_ids[number]}"


def hours(house, number=0):
    return f"{settings(house, number)}/hours"


def stored(looking, house, number=0):
    with looking() as session:
        counter = session.get_one(Counter, house.counter_ids[number])
        return counters.settings_of(counter), counter.revision


def openings(looking, house):
    with looking() as session:
        return [
            (one.weekday, f"{one.opens:%H:%M}", f"{one.closes:%H:%M}")
            for one in hours_of(session, house).openings
        ]
