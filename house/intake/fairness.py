"""Fair shares of the times there are: for one address, one network and all together; no puzzle for anybody.

Whoever wants to sell a time would have to book it in a name: the name is given while it is held and is not
changed after (`booking.give_contact`), and a time given back can cool off (`freeing.py`).
"""

from __future__ import annotations

import unicodedata
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from house import clock
from house.catalogue import face as catalogue
from house.intake import turns
from house.intake.models import Step, Visit, VisitState
from house.people import face as people
from house.problems import Problem
from house.seals import keyring

VISITS_AHEAD = 3
"""So many visits to come with one service, for one address."""
A_QUARTER, AN_HOUR = 15 * 60, 60 * 60
HOLDS, HOLDS_IN_ALL = 200, 3000
"""In a quarter of an hour, from one network and in all: a hostel has one network, a robot has not so much."""
LOOKS = 6000
"""Searches by machines in a quarter of an hour, from one network, in each process of the house."""
SEARCHES, SEARCHES_FOR_ONE = 20, 5
"""In an hour, from one network and for one address."""


class EnoughVisits(Problem):
    """This address has its fair share of visits to come with this service."""

    code = "enough_visits"


def mark_of(address: str) -> bytes:
    """The blind mark of an e-mail address or a mobile number: counts its visits without knowing it."""
    kind = "visit.email" if "@" in address else "visit.mobile"
    return keyring().mark(kind, unicodedata.normalize("NFC", address.strip()).casefold())


def count_hold() -> None:
    """Count a try to hold a time; raises `TooMany`. Commits by itself, before anything else is written."""
    people.count_attempt(*people.from_network("hold", HOLDS, A_QUARTER))


def count_held(session: Session) -> None:
    """Count a time that is held, of all there are; raises `TooMany`. Refused tries take nobody's share."""
    people.count_done(session, people.Bucket("hold in all", HOLDS_IN_ALL, A_QUARTER))


def count_look() -> None:
    """Count a machine's search for times; raises `TooMany`."""
    people.brake("itineraries", LOOKS, A_QUARTER)


def count_search(address: str) -> None:
    """Count a try to find a booking, right or wrong alike; raises `TooMany`. Commits by itself."""
    people.count_attempt(
        *people.from_network("find", SEARCHES, AN_HOUR),
        people.Bucket(f"find for {mark_of(address).hex()}", SEARCHES_FOR_ONE, AN_HOUR),
    )


def judge(session: Session, visit: Visit) -> None:
    """Raise `EnoughVisits` when the address of a held visit has enough of these ahead of it.

    One address is judged by one transaction at a time, so that visits confirmed side by side are counted too.
    """
    given = [(Visit.email_mark, visit.email_mark), (Visit.mobile_mark, visit.mobile_mark)]
    marks = {mark: column for column, mark in given if mark is not None}
    turns.take(session, *marks)
    today = clock.today(catalogue.place(session).timezone)
    for mark, column in marks.items():
        if _most_ahead(session, visit, column == mark, today) >= VISITS_AHEAD:
            raise EnoughVisits()


def _most_ahead(session: Session, visit: Visit, same: ColumnElement[bool], today: date) -> int:
    """How many visits of the same address are to come with that service of a visit which has most."""
    services = [step.service_id for step in visit.steps]
    ahead = (
        select(func.count())
        .select_from(Visit)
        .join(Step, Step.visit_id == Visit.id)
        .where(
            same, Visit.state == VisitState.BOOKED, Visit.day >= today,
            Visit.id != visit.id, Step.service_id.in_(services),
        )
        .group_by(Step.service_id)
        .order_by(func.count().desc())
    )  # fmt: skip
    return session.scalars(ahead.limit(1)).first() or 0
