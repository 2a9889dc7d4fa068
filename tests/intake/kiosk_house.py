"""A kiosk in the hall twenty minutes before the door opens, and what is done at it; for its tests."""

from __future__ import annotations

import pytest

from tests.intake.booking_house import (
    CPR,
    THURSDAY,
    at,
    house_template,  # noqa: F401 - a fixture
)
from tests.intake.desk_house import (
    the_house,  # noqa: F401 - a fixture
    thursday,  # noqa: F401 - a fixture
)
from tests.intake.hall_house import KIOSK, make_key, set_up_screen


@pytest.fixture(autouse=True, name="soon_open")
def twenty_to_ten(thursday):  # noqa: F811
    """Twenty minutes before the door opens, at ten."""
    thursday.move_to(at(THURSDAY, "09:40"))
    return thursday


@pytest.fixture(name="key")
def the_key(house, arranging):
    with arranging() as session:
        return make_key(session)


@pytest.fixture(name="screen")
def the_screen(client, key):
    """A screen in the hall that a manager has made a kiosk."""
    set_up_screen(client, key)
    return client


def take(screen, party=1, service=CPR, language="en"):
    page = screen.get_page(f"{KIOSK}/{language}/take/{service}")
    return page.submit(str(party)).must_be(303).follow()


def check_in(screen, typed, status=303):
    return screen.get_page(f"{KIOSK}/en/check-in").submit("Check in", typed=typed).must_be(status)


def the_number(page):
    return page.one(".sheet .no").text
