"""Two weeks of bookings, and the queue of today."""

from __future__ import annotations

import random

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


def _want(chance: random.Random) -> str:
    return chance.choices([slug for slug, _ in WANTED], [weight for _, weight in WANTED])[0]


def fill(session: Session, chance: random.Random) -> str:
    """Book about a fifth of the times of the coming two weeks."""
    booked = 0
    first = clock.today(catalogue.place(session).timezone)
    for slug, _weight in WANTED:
        offer = intake.find_times(session, slug, 1, "en", first, DAYS)
        for day, number in offer.days(first):
            for time in chance.sample(offer.times(day), k=int(number * TAKEN)):
                name, email, language = invent(chance)
                party = chance.choices((1, 2, 3, 4), (12, 3, 2, 1))[0]
                try:
                    intake.book(session, slug, party, time.starts_at, language, name,
                                email if chance.random() < 0.8 else None)  # fmt: skip
                except Problem:
                    continue  # an earlier guest's stay reaches into this time: as it would be on the page
                booked += 1
    return f"Booked {booked} visits in the next {DAYS} days."


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



