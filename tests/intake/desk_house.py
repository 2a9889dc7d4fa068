"""The front desk's side of the small house of `booking_house.py`: walk-ins, bookings of today, counters."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from house import clock
from house.catalogue import face as catalogue
from house.db import Model
from house.intake import calling, closing, registration, telling
from house.intake import face as intake
from house.intake.models import Counter, Step, StepState, Ticket, Visit
from house.intake.queue import CALLING, CALLS
from house.reporting.models import Contact
from tests.inspecting import InspectingClient, Page
from tests.intake.booking_house import COPENHAGEN, CPR, DRIVING, THURSDAY, Set, at, set_up

TAX = "tax_card"
TODAY = date.fromisoformat(THURSDAY)
DESK = "staff 1"
CALL, START, FINISH = "Call next Alt N", "Start Alt S", "Finish Alt F"
HAND_OVER = "Finish and hand over Alt H"
REGISTER, CHECK_IN = "Give a ticket ↵", "Check in ↵"
ENDED = (StepState.DONE, StepState.FAILED, StepState.MISSED)


@pytest.fixture
def thursday(frozen: Any) -> time_machine.Coordinates:
    """Ten past nine on a Thursday: `.shift(seconds)` moves on."""
    clock: time_machine.Coordinates = frozen(f"{THURSDAY} 09:10")
    return clock


@contextmanager
def the_day_before() -> Iterator[None]:
    """For a while it is Wednesday: that is when Thursday was booked."""
    with time_machine.travel(datetime(2027, 1, 6, 12, tzinfo=COPENHAGEN), tick=False):
        yield


def furnish(session: Session, counters: int = 2) -> Set:
    """Counters for CPR number and driving licence that speak English, and one for tax that speaks Polish."""
    house = set_up(session, counters=counters, services=(CPR, DRIVING))
    tax = set_up(session, services=(TAX,), languages=("pl",))
    return Set(house.place_id, [*house.counter_ids, *tax.counter_ids])


@pytest.fixture(name="house")
def the_house(app: Flask, thursday: time_machine.Coordinates, arranging: Any) -> Set:
    """That house on Thursday, beside a client."""
    with arranging() as session:
        return furnish(session)


@pytest.fixture(name="desk")
def the_desk(house: Set, desk_client: InspectingClient) -> Page:
    """The desk's screen, of somebody who sits at the first counter."""
    return sit(desk_client, house)


def sit(client: InspectingClient, house: Set, number: int = 0) -> Page:
    """The desk's screen after somebody chose a counter."""
    chosen = client.get_page("/desk/").submit("Sit here", counter=str(house.counter_ids[number]))
    return chosen.must_be(303).follow()


def numbers(page: Page, part: str = "waiting") -> list[str]:
    """The numbers, or the times, that a list of the screen shows."""
    return [one.text for one in page.select(f"[data-part={part}] .queue .no")]


def register(desk: Page, **answers: Any) -> Page:
    """The screen after somebody was given a ticket on it."""
    return desk.submit(REGISTER, **{"service": CPR, **answers}).must_be(303).follow()


def rows(looking: Any, table: type[Model]) -> int:
    """How many rows of a table are stored."""
    with looking() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def walk_in(session: Session, *services: str, **more: Any) -> Ticket:
    """Somebody comes without a booking."""
    walk_in = registration.WalkIn(services or (CPR,), more.pop("language", "en"), **more)
    return registration.register_walk_in(session, walk_in, DESK)


def booked(session: Session, wall: str = "10:00", name: str = "Ada", **more: Any) -> Visit:
    """Somebody booked yesterday for today."""
    with the_day_before():
        return intake.book(session, more.pop("service", CPR), 1, at(THURSDAY, wall), "en", name, **more)


def counter(session: Session, house: Set, number: int = 0) -> Counter:
    return calling.counter(session, house.counter_ids[number])


def call(session: Session, house: Set, number: int = 0, day: date = TODAY) -> Step | None:
    """A counter calls the next person."""
    return calling.call_next(session, counter(session, house, number), day, DESK)


def serve(session: Session, house: Set, number: int = 0) -> Step:
    """A counter calls the next person and begins."""
    step = call(session, house, number)
    assert step is not None, "nobody waits for this counter"
    calling.start(session, step, DESK)
    return step


def miss(session: Session, house: Set, thursday: time_machine.Coordinates, number: int = 0) -> Step:
    """A counter calls somebody who does not come: three times within three minutes."""
    step = call(session, house, number)
    assert step is not None, "nobody waits for this counter"
    nobody_comes(session, step, thursday)
    closing.did_not_come(session, step, DESK)
    return step


def nobody_comes(session: Session, step: Step, thursday: time_machine.Coordinates) -> None:
    """Call somebody who was called until they may be missed."""
    for _ in range(CALLS - step.calls):
        calling.call_again(session, step, DESK)
    thursday.shift(CALLING.total_seconds())


def ticket_of(step: Step) -> str:
    assert step.visit.ticket is not None
    return f"{step.visit.ticket.letter}{step.visit.ticket.number}"


def told(session: Session) -> None:
    """So much later that nothing can be taken back: the worker tells how everything ended."""
    session.flush()
    while telling.tell_ended(session, clock.now() + timedelta(days=2)):
        session.flush()


def contacts(session: Session) -> list[Contact]:
    told(session)
    return list(session.scalars(select(Contact)))


def ended_steps(session: Session) -> int:
    session.flush()
    return session.scalar(select(func.count()).select_from(Step).where(Step.state.in_(ENDED))) or 0


def log_of(step: Step) -> list[tuple[str, datetime, datetime | None]]:
    return [(period.kind.value, period.began_at, period.ended_at) for period in step.periods]


def has_no_gap(step: Step) -> bool:
    """Each interval begins where the one before ended, none is negative, only the last may be open."""
    log = log_of(step)
    closed = all(end is not None and begin <= end for _, begin, end in log[:-1])
    joined = all(one[2] == following[1] for one, following in pairwise(log))
    last = log[-1][2] if log else None
    return closed and joined and (last is None or log[-1][1] <= last)


def name_of(service: str, session: Session) -> str:
    return catalogue.service(session, service).name
