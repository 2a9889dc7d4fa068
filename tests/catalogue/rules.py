"""The bundled rules and random people, for tests of the plan."""

from __future__ import annotations

import random
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from house.catalogue.cases import Case, open_by, read_cases
from house.catalogue.danish_days import house_holidays
from house.catalogue.deadlines import IsOpen
from house.catalogue.plan import Person
from house.catalogue.rulebook import Rulebook

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE: dict[str, Any] = yaml.safe_load((ROOT / "house/catalogue/data/services.yaml").read_text("utf-8"))
PERSONAS = ROOT / "tests/data/personas.md"
MUNICIPALITIES = ("Aalborg", "Hjørring", "Brønderslev", "Thisted", "Morsø", "Vesthimmerland", "Aarhus")
DATES = (
    "entry_date", "move_in_date", "residence_basis_date", "cpr_date", "first_payday", "pdu2_date",
    "departure_date", "wedding_date", "referral_letter", "group_day",
)  # fmt: skip


@lru_cache(maxsize=1)
def book() -> Rulebook:
    return Rulebook.of(CATALOGUE)


@lru_cache(maxsize=1)
def is_open() -> IsOpen:
    return open_by(CATALOGUE, {day for year in range(2025, 2031) for day in house_holidays(year)})


def cases() -> list[Case]:
    """The worked cases that come with the project."""
    return read_cases(PERSONAS.read_text("utf-8"))


def somebody(chance: random.Random) -> Person:
    """A random person: any facts, some left out, some not known; any dates; anything done."""
    facts: dict[str, Any] = {}
    for fact, values in CATALOGUE["meta"]["person_facts"].items():
        if chance.random() < 0.2:
            continue
        if fact == "municipality":
            facts[fact] = chance.choice(MUNICIPALITIES)
        elif values == "boolean":
            facts[fact] = chance.random() < 0.5
        elif values == "number":
            facts[fact] = chance.randrange(0, 70)
        else:
            facts[fact] = chance.choice(values)
    given = [name for name in DATES if chance.random() < 0.6]
    dates = {name: date(2026, 1, 1) + timedelta(days=chance.randrange(900)) for name in given}
    services = [record["id"] for record in CATALOGUE["services"]]
    done = frozenset(one for one in services if chance.random() < 0.1)
    unknown = frozenset(one for one in facts if chance.random() < 0.05)
    return Person(f"Person {chance.randrange(10**6)}", facts, dates, done, unknown)
