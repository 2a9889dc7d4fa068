"""Two weeks of bookings, and the queue of today."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from house import clock
from house.catalogue import face as catalogue
from house.demo.names import invent
from house.intake import face as intake
from house.problems import Problem

DAYS = 14
TAKEN = 0.22
QUEUE = 9
WANTED = (
    ("eu_residence_document", 5), ("cpr_registration", 6), ("tax_card", 3), ("mitid", 2),
    ("housing_guidance", 1), ("partner_career", 1), ("residence_permit_biometrics", 1),
)  # fmt: skip
# services in one visit, who comes, and how many such visits a day
TOGETHER = (
    (("eu_residence_document", "cpr_registration"), (1, 0), 2),
    (("eu_residence_document", "cpr_registration", "tax_card"), (1, 0), 2),
    (("eu_residence_document", "cpr_registration"), (2, 2), 1),
    (("cpr_registration", "mitid", "tax_card"), (2, 1), 1),
)


def _want(chance: random.Random) -> str:
    return chance.choices([slug for slug, _ in WANTED], [weight for _, weight in WANTED])[0]


def fill(session: Session, chance: random.Random) -> str:
    """Book visits through several offices first, for they need most room, then a fifth of what is left."""
    first = clock.today(catalogue.place(session).timezone)
    several = sum(_book_together(session, chance, first, *one) for one in TOGETHER)
    booked = several
    for slug, _weight in WANTED:
        offer = intake.find_times(session, slug, 1, "en", first, DAYS)
        for day, number in offer.days(first):
            for time in chance.sample(offer.times(day), k=int(number * TAKEN)):
                party = chance.choices((1, 2, 3, 4), (12, 3, 2, 1))[0]
                booked += _book(session, chance, [slug], intake.Household(party), time)
    return f"Booked {booked} visits in the next {DAYS} days, {several} of them through several offices."


def _book_together(
    session: Session, chance: random.Random, first: date,
    slugs: Sequence[str], who: tuple[int, int], a_day: int,
) -> int:  # fmt: skip
    """Visits of people who want several things at once; returns how many there are."""
    household = intake.Household(*who)
    offer = intake.find_times(session, slugs, household.party, "en", first, DAYS)
    times = [
        time
        for day, number in offer.days(first)
        for time in chance.sample(offer.times(day), k=min(a_day, number))
    ]
    return sum(_book(session, chance, slugs, household, time) for time in times)


def _book(
    session: Session, chance: random.Random,
    slugs: Sequence[str], household: intake.Household, time: intake.Time,
) -> int:  # fmt: skip
    """Book one visit; none where an earlier guest's stay reaches into this time, as on the page."""
    name, email, language = invent(chance)
    household = replace(
        household, speaks=language, interpreter=chance.random() < 0.1,
        access=intake.ACCESS[:1] if chance.random() < 0.05 else (),
    )  # fmt: skip
    try:
        intake.book(
            session, slugs, household.party, time.starts_at, language, name,
            email if chance.random() < 0.8 else None, household=household,
        )  # fmt: skip
    except Problem:
        return 0
    return 1


def open_today(session: Session, chance: random.Random) -> str:
    """Register walk-ins of today and begin to serve some of them."""
    for _number in range(QUEUE):
        name, _email, language = invent(chance)
        walk_in = intake.WalkIn([_want(chance)], language, chance.choice((1, 1, 1, 2)), name)
        intake.register_walk_in(session, walk_in, "staff 1")
    day = clock.today(catalogue.place(session).timezone)
    for counter in intake.counters_at(session, catalogue.place(session).id)[1:3]:
        step = intake.call_next(session, counter, day, "staff 2")
        if step is not None:
            intake.start(session, step, "staff 2")
    return f"Opened the door: {QUEUE} people came without a booking."
