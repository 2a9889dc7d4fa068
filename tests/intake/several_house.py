"""A house where three services are given at counters of their own, and the way to one visit for all."""

from __future__ import annotations

import pytest

from tests.intake.booking_house import CPR, THURSDAY, WEDNESDAY, set_up, tick

SIRI, TAX = "eu_residence_document", "tax_card"
HOURS = {3: [("10:00", "14:00")], 4: [("10:00", "14:00")]}
THREE = f"{SIRI}+{CPR}+{TAX}"


@pytest.fixture(name="house")
def the_house(arranging, frozen):
    """A counter for each of three services; the one for CPR numbers speaks Ukrainian."""
    with arranging() as session:
        for service, languages in ((SIRI, ["en", "da"]), (CPR, ["da", "uk", "en"]), (TAX, ["en"])):
            house = set_up(session, services=[service], languages=languages, hours=HOURS)
    house.clock = frozen(WEDNESDAY)
    return house


def path(slugs=THREE, party=1, day="", lang="en"):
    return f"/{lang}/book/{slugs}/{party}/{day}"


def say_who(client, slugs=THREE, lang="en", **answers):
    """The days after the questions."""
    return client.get_page(f"/{lang}/book/{slugs}/").submit(**answers).follow()


def take(client, wall="10:00", day=THURSDAY, **where):
    return client.get_page(path(day=day, **where)).submit(start=str(tick(day, wall))).follow()
