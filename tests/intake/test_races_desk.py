"""Counters that call at the same moment, and desks that register at the same moment, on both engines.

The guard of calling is one UPDATE that takes a step only while it still waits. Blind to everything that
happened since the race began it must still let each person be called once; with its condition taken out it
must not, or these tests could not fail.
"""

from __future__ import annotations

import time

import pytest
from sqlalchemy import func, select
from sqlalchemy import update as plain_update

from house.audit import Act
from house.doors import Role
from house.intake import calling, deeds, undoing
from house.intake.models import Period, Step, StepState, Ticket, Visit
from house.problems import Moved
from tests import houses
from tests.intake.booking_house import (
    CPR,
    house_template,  # noqa: F401 - a fixture
)
from tests.intake.desk_house import (
    CALL,
    CHECK_IN,
    DESK,
    FINISH,
    REGISTER,
    THURSDAY,
    TODAY,
    booked,
    furnish,
    walk_in,
)

pytestmark = pytest.mark.races
COUNTERS, WAITING, REGISTRATIONS = 5, 3, 10


@pytest.fixture
def queue(engine_app, frozen):
    """Five counters and three people who wait."""
    frozen(f"{THURSDAY} 09:10")
    with houses.arranging(engine_app) as session:
        house = furnish(session, COUNTERS)
        for number in range(WAITING):
            walk_in(session, name=f"Walk-in {number}")
    return house


@pytest.fixture
def at_the_desk(engine_app, sign_in):
    """What a browser at the desk carries: its session, signed."""
    client = engine_app.test_client()
    sign_in(client, Role.DESK)
    with client.session_transaction() as browser:
        return dict(browser)


def browser_at(app, carried, counter_id):
    client = app.test_client()
    with client.session_transaction() as browser:
        browser.update(carried, counter=counter_id)
    return client


def ticket_at(app, counter_id):
    """The ticket that a counter has called."""
    with houses.looking(app) as session:
        wanted = select(Ticket.letter, Ticket.number).join(Step, Step.visit_id == Ticket.visit_id)
        row = session.execute(
            wanted.where(Step.counter_id == counter_id, Step.state == StepState.CALLED)
        ).first()
        return f"{row[0]}{row[1]}" if row else None


# --- calling ---------------------------------------------------------------------------------------------


def by_verb(app, counter_id):
    """One counter calls: the ticket, or None when nobody waits."""
    with houses.arranging(app) as session:
        step = calling.call_next(session, calling.counter(session, counter_id), TODAY, DESK)
        return step and f"{step.visit.ticket.letter}{step.visit.ticket.number}"


def blindly(app, counter_id):
    """The same, seeing the queue as it was before the race: neither lock nor order helps that."""
    with houses.looking(app) as session:
        seen = calling.waiting_in(session, 1, TODAY)
    calling.waiting_in = lambda session, place_id, day: seen
    meet(app, counter_id)
    return by_verb(app, counter_id)


def blindly_and_unguarded(app, counter_id):
    """And with the condition of the UPDATE taken out."""
    calling.update = Unguarded
    return blindly(app, counter_id)


class Unguarded:
    """An UPDATE that forgets all conditions but the first, the key."""

    def __init__(self, table):
        self.statement = plain_update(table)

    def where(self, first, *_rest):
        return self.statement.where(first)


def meet(app, number):
    """Wait until all counters have looked."""
    folder = app.extensions["house-config"].data_dir
    (folder / f"looked-{number}").touch()
    for _ in range(600):
        if len(list(folder.glob("looked-*"))) == COUNTERS:
            return
        time.sleep(0.05)


def test_five_counters_call_three_people_once_each(engine_app, race, queue, at_the_desk):
    def press(app, number):
        client = browser_at(app, at_the_desk, queue.counter_ids[number])
        page = client.get_page("/desk/").submit(CALL).must_be(303).follow()
        return [one.text for one in page.select(".now .no")]

    found = race(press, COUNTERS)
    assert sorted(found) == [[], [], ["A1"], ["A2"], ["A3"]]
    with houses.looking(engine_app) as session:
        assert session.scalar(select(func.count()).where(Period.ended_at.is_(None))) == WAITING


@pytest.mark.parametrize("work", [by_verb, blindly], ids=["as it is", "blind to the others"])
def test_the_update_alone_calls_each_person_once(engine_app, race, queue, work):
    found = race(lambda app, number: work(app, queue.counter_ids[number]), COUNTERS)
    assert sorted(filter(None, found)) == ["A1", "A2", "A3"]
    assert len(found) == COUNTERS


def test_without_its_condition_one_person_is_called_to_every_counter(engine_app, race, queue):
    found = race(lambda app, number: blindly_and_unguarded(app, queue.counter_ids[number]), COUNTERS)
    assert found == ["A1"] * COUNTERS


def test_one_counter_pressed_in_five_windows_calls_one_person(engine_app, race, queue, at_the_desk):
    def press(app, _number):
        client = browser_at(app, at_the_desk, queue.counter_ids[0])
        token = client.get_page("/desk/").one("header form input[name=csrf_token]")["value"]
        meet(app, _number)
        return client.post("/desk/call", data={"csrf_token": token}).status_code

    assert sorted(race(press, COUNTERS)) == [303, 409, 409, 409, 409]
    assert ticket_at(engine_app, queue.counter_ids[0]) == "A1"


def test_a_step_finished_in_five_windows_is_told_once(engine_app, race, queue, at_the_desk):
    with houses.arranging(engine_app) as session:
        at = calling.counter(session, queue.counter_ids[0])
        calling.start(session, calling.call_next(session, at, TODAY, DESK), DESK)

    def press(app, number):
        page = browser_at(app, at_the_desk, queue.counter_ids[0]).get_page("/desk/")
        meet(app, number)
        return page.submit(FINISH).status

    assert sorted(race(press, COUNTERS)) == [303, 409, 409, 409, 409]
    with houses.looking(engine_app) as session:
        assert session.scalar(select(func.count()).where(Step.tell_at.is_not(None))) == 1
        assert session.scalar(select(func.count()).where(Act.verb == "finished")) == 1


# --- coming ----------------------------------------------------------------------------------------------


def test_ten_registrations_at_once_get_ten_numbers(engine_app, race, queue, at_the_desk):
    def register(app, number):
        page = browser_at(app, at_the_desk, queue.counter_ids[0]).get_page("/desk/")
        return page.submit(REGISTER, service=CPR, name=f"Guest {number}").status

    assert race(register, REGISTRATIONS) == [303] * REGISTRATIONS
    with houses.looking(engine_app) as session:
        numbers = sorted(session.scalars(select(Ticket.number)))
        assert numbers == list(range(1, WAITING + REGISTRATIONS + 1))
        assert len(set(session.scalars(select(Visit.reference)))) == len(numbers)


def test_numbers_read_before_they_are_written_clash(engine_app, race, queue):
    """The control: counting the tickets first is no guard, so the race above is one."""

    def counted(app, number):
        with houses.looking(app) as session:
            last = session.scalar(select(func.max(Ticket.number)))
        meet(app, number)
        return last + 1

    assert len(set(race(counted, COUNTERS))) == 1


def test_a_booking_checked_in_at_five_desks_gets_one_ticket(engine_app, race, queue, at_the_desk):
    with houses.arranging(engine_app) as session:
        reference = booked(session, name="Ada").reference

    def press(app, number):
        page = browser_at(app, at_the_desk, queue.counter_ids[0]).get_page("/desk/")
        meet(app, number)
        return page.submit(CHECK_IN, reference=reference).status

    assert sorted(race(press, COUNTERS)) == [303, 409, 409, 409, 409]
    with houses.looking(engine_app) as session:
        assert session.scalar(select(func.count()).select_from(Ticket)) == WAITING + 1


def test_the_same_page_sent_from_five_places_registers_once(engine_app, race, queue, at_the_desk):
    client = browser_at(engine_app, at_the_desk, queue.counter_ids[0])
    filled = {**client.get_page("/desk/").values(REGISTER), "name": "Guest"}
    with client.session_transaction() as browser:
        carried = dict(browser)

    def send(app, number):
        client = browser_at(app, carried, queue.counter_ids[0])
        meet(app, number)
        return client.post("/desk/register", data=filled).status_code

    assert race(send, COUNTERS) == [303] * COUNTERS
    with houses.looking(engine_app) as session:
        assert session.scalar(select(func.count()).select_from(Visit)) == WAITING + 1


# --- taking back -----------------------------------------------------------------------------------------


def test_of_taking_back_and_beginning_at_the_same_moment_one_happens(engine_app, race, queue):
    with houses.arranging(engine_app) as session:
        at = calling.counter(session, queue.counter_ids[0])
        step_id = calling.call_next(session, at, TODAY, DESK).id
        deed_id = deeds.mine(session, DESK)[0].id

    def press(app, number):
        meet(app, number)
        with houses.arranging(app) as session:
            try:
                if number:
                    undoing.undo(session, deed_id, DESK)
                else:
                    calling.start(session, calling.step_at(session, at_first(session), step_id), DESK)
            except Moved:
                return False
        return True

    def at_first(session):
        return calling.counter(session, queue.counter_ids[0])

    found = race(press, COUNTERS)
    assert sum(found) == 1, "begun and taken back, or taken back twice"
    with houses.looking(engine_app) as session:
        step = session.get_one(Step, step_id)
        assert step.state is (StepState.SERVING if found[0] else StepState.WAITING)
        assert [one.kind for one in step.periods][-1] == step.state
