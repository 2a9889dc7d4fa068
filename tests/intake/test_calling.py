"""Calling: who is next at which counter, calling again, beginning, sending back; time without gaps."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from house import clock
from house.catalogue import face as catalogue
from house.intake import (
    calling,
    closing,
    deeds,
    desk_queue,
    desk_seats,
    handing_on,
    parking,
    periods,
    pictures,
    ranking,
    undoing,
)
from house.intake.handing_on import Next
from house.intake.models import (
    Counter,
    CounterService,
    Outcome,
    PeriodKind,
    Priority,
    Step,
    StepState,
    Visit,
    VisitState,
)
from house.intake.registration import check_in
from house.problems import Moved, NotHere
from tests.intake.booking_house import (
    CPR,
    house_template,  # noqa: F401 - a fixture
)
from tests.intake.desk_house import (
    DESK,
    TAX,
    TODAY,
    booked,
    call,
    counter,
    furnish,
    has_no_gap,
    log_of,
    serve,
    thursday,  # noqa: F401 - a fixture
    ticket_of,
    walk_in,
)


@pytest.fixture
def house(session, thursday):  # noqa: F811
    return furnish(session)


def called(session, house, number=0):
    """The tickets a counter calls, one after the other, until nobody waits for it."""
    found = []
    while step := call(session, house, number):
        found.append(ticket_of(step))
        calling.start(session, step, DESK)
        closing.finish(session, step, Outcome.COMPLETED, DESK)
    return found


# --- who is next -----------------------------------------------------------------------------------------


def test_walk_ins_are_called_as_they_came(session, house, thursday):  # noqa: F811
    for _ in range(3):
        walk_in(session)
        thursday.shift(60)
    assert called(session, house) == ["A1", "A2", "A3"]


def test_a_booking_goes_first_when_its_time_has_come_and_last_before(session, house, thursday):  # noqa: F811
    early = booked(session)  # at ten
    walk_in(session)
    check_in(session, early, DESK)
    assert ticket_of(call(session, house)) == "A1"
    assert ticket_of(call(session, house, 1)) == "A2"
    thursday.shift(45 * 60)
    late = booked(session, "10:20", "Jan")
    walk_in(session)
    check_in(session, late, DESK)
    thursday.shift(30 * 60)  # 10:25
    for number in (0, 1):
        calling.start(session, at_counter(session, house, number), DESK)
        closing.finish(session, at_counter(session, house, number), Outcome.COMPLETED, DESK)
    assert ticket_of(call(session, house)) == "A4", "whose booked time has come goes before walk-ins"


@pytest.mark.parametrize(("late", "first"), [(30, "booked"), (31, "walk-in")])
def test_who_comes_more_than_half_an_hour_late_waits_like_a_walk_in(session, house, thursday, late, first):  # noqa: F811
    visit = booked(session)  # at ten
    thursday.shift((50 + late - 5) * 60)
    before = ticket_of(walk_in(session).visit.steps[0])
    thursday.shift(5 * 60)
    ticket = ticket_of(check_in(session, visit, DESK).visit.steps[0])
    order = [ticket, before] if first == "booked" else [before, ticket]
    assert called(session, house) == order


def at_counter(session, house, number=0):
    wanted = select(Step).where(Step.counter_id == house.counter_ids[number], Step.state.in_(deeds.BUSY))
    return session.scalars(wanted).one()


def test_a_counter_calls_only_for_its_own_services(session, house):
    walk_in(session, TAX)
    walk_in(session, CPR)
    assert call(session, house, 2).visit.ticket.letter == "B"
    assert called(session, house, 0) == ["A1"]
    assert call(session, house, 1) is None


def goes_home(session, house, _thursday):
    counter(session, house).active = False


def has_a_break(session, house, _thursday):
    parking.pause_counter(session, counter(session, house), DESK)


def gives_it_no_more(session, house, _thursday):
    session.execute(delete(CounterService).where(CounterService.counter_id == house.counter_ids[0]))


def is_left_without_a_word(session, house, thursday):  # noqa: F811
    thursday.shift(45 * 60 + 1)


@pytest.mark.parametrize("what", [goes_home, has_a_break, gives_it_no_more, is_left_without_a_word])
def test_who_was_sent_to_a_counter_that_calls_nobody_is_called_by_another(session, house, thursday, what):  # noqa: F811
    sent_to_the_first(session, house)
    assert call(session, house, 1) is None, "that one alone"
    what(session, house, thursday)
    session.flush()
    session.expire_all()
    assert [line.sent_to for line in queue_of(session).waiting] == [None]
    assert ticket_of(call(session, house, 1)) == "A1"


def sent_to_the_first(session, house):
    """Somebody who waits, and whom only the first counter calls."""
    walk_in(session, CPR, CPR)
    step = serve(session, house)
    to = Next(step.visit.steps[1].id, None, house.counter_ids[0])
    return handing_on.hand_over(session, step, Outcome.COMPLETED, DESK, to)


def queue_of(session):
    services = {one.id: one for one in catalogue.services(session)}
    return desk_queue.load(session, catalogue.place(session), services, None)


def has_a_pause(session, house, step):
    parking.park(session, step, DESK)
    yield
    parking.unpark(session, step, DESK)


def is_served_there(session, house, step):
    assert serve(session, house) is step
    yield
    calling.back_to_queue(session, step, DESK)


@pytest.mark.parametrize("what", [has_a_pause, is_served_there])
def test_only_waiting_lets_others_call_who_was_sent_to_a_counter(session, house, thursday, what):  # noqa: F811
    step = sent_to_the_first(session, house)
    thursday.shift(30 * 60)
    meanwhile = what(session, house, step)
    next(meanwhile)
    thursday.shift(50 * 60)
    paused = queue_of(session).parked
    assert [line.sent_to for line in paused] == ["Counter 1"] * (step.state is StepState.PARKED)
    next(meanwhile, None)
    thursday.shift(45 * 60)
    assert call(session, house, 1) is None
    [waiting] = calling.waiting_in(session, house.place_id, TODAY)
    assert (waiting.sent_to, waiting.sent_until) == (house.counter_ids[0], clock.now())
    thursday.shift(1)
    assert call(session, house, 1) is step


# --- two hours -------------------------------------------------------------------------------------------


def comes_with_priority(session, service=CPR):
    ticket = walk_in(session, service)
    ranking.prefer(session, ticket.visit, Priority.SMALL_CHILDREN, DESK)
    return ticket_of(ticket.visit.steps[0])


def test_who_comes_two_hours_late_for_a_booking_has_not_waited_yet(session, house, thursday):  # noqa: F811
    visit = booked(session)  # at ten
    thursday.shift(65 * 60)
    preferred = comes_with_priority(session)
    thursday.shift(110 * 60)  # 12:05
    late = ticket_of(check_in(session, visit, DESK).visit.steps[0])
    assert ticket_of(call(session, house)) == preferred
    thursday.shift(120 * 60)
    preferred = comes_with_priority(session)
    since = {one.step_id: one.since for one in calling.waiting_in(session, house.place_id, TODAY)}
    assert since[visit.steps[0].id] == visit.arrived_at
    thursday.shift(1)
    assert ticket_of(call(session, house, 1)) == late, "who has waited two hours by now"
    assert preferred != late


def test_who_was_served_for_two_hours_has_not_waited_for_the_next_counter(session, house, thursday):  # noqa: F811
    visit = walk_in(session, CPR, TAX).visit
    thursday.shift(5 * 60)
    step = serve(session, house)
    preferred = comes_with_priority(session, TAX)
    thursday.shift(116 * 60)
    closing.finish(session, step, Outcome.COMPLETED, DESK)
    assert ticket_of(serve(session, house, 2)) == preferred
    thursday.shift(120 * 60 + 1)
    comes_with_priority(session, TAX)
    closing.finish(session, at_counter(session, house, 2), Outcome.COMPLETED, DESK)
    assert call(session, house, 2) is visit.steps[1], "who has waited two hours by now"


def test_nobody_is_called_from_another_day_or_place(session, house):
    walk_in(session)
    assert call(session, house, day=TODAY + timedelta(days=1)) is None
    assert call(session, house, day=TODAY - timedelta(days=1)) is None


def test_a_counter_with_somebody_calls_nobody_else(session, house):
    walk_in(session)
    walk_in(session)
    step = call(session, house)
    for _ in range(2):
        with pytest.raises(Moved, match="busy"):
            call(session, house)
        if step.state is StepState.CALLED:
            calling.start(session, step, DESK)
    assert call(session, house, 1) is not None


def test_a_shut_counter_is_not_there(session, house):
    counter(session, house).active = False
    session.flush()
    with pytest.raises(NotHere):
        counter(session, house)
    with pytest.raises(NotHere):
        calling.counter(session, None)
    assert [one.label for one in calling.counters_at(session, house.place_id)] == ["Counter 2", "Counter 1"]


# --- again, begin, back ----------------------------------------------------------------------------------


def test_calling_again_counts(session, house):
    walk_in(session)
    step = call(session, house)
    calling.call_again(session, step, DESK)
    assert (step.calls, step.state) == (2, StepState.CALLED)
    calling.start(session, step, DESK)
    with pytest.raises(Moved):
        calling.call_again(session, step, DESK)


def test_one_begins_once(session, house):
    walk_in(session)
    step = call(session, house)
    calling.start(session, step, DESK)
    with pytest.raises(Moved):
        calling.start(session, step, DESK)


def test_who_is_sent_back_keeps_the_place_in_the_queue(session, house, thursday):  # noqa: F811
    walk_in(session)
    thursday.shift(60)
    walk_in(session)
    step = call(session, house)
    thursday.shift(60)
    calling.back_to_queue(session, step, DESK)
    assert (step.state, step.counter_id) == (StepState.WAITING, None)
    with pytest.raises(Moved):
        calling.back_to_queue(session, step, DESK)
    assert called(session, house, 1) == ["A1", "A2"]
    assert [kind for kind, *_ in log_of(step)] == ["waiting", "called", "waiting", "called", "serving"]


def test_a_step_is_reached_through_the_counter_that_has_it(session, house):
    walk_in(session)
    step = call(session, house)
    assert calling.step_at(session, counter(session, house), step.id) is step
    with pytest.raises(Moved):
        calling.step_at(session, counter(session, house, 1), step.id)
    with pytest.raises(NotHere):
        calling.step_at(session, counter(session, house), step.id + 1000)


# --- time ------------------------------------------------------------------------------------------------


def test_minutes_are_counted_interval_by_interval(session, house, thursday):  # noqa: F811
    walk_in(session)
    thursday.shift(12 * 60)
    step = call(session, house)
    thursday.shift(60)
    calling.back_to_queue(session, step, DESK)
    thursday.shift(3 * 60)
    call(session, house)
    calling.start(session, step, DESK)
    thursday.shift(20 * 60)
    closing.finish(session, step, Outcome.COMPLETED, DESK)
    spent = {kind: periods.minutes(step, kind) for kind in PeriodKind}
    assert spent == {"waiting": 15, "called": 1, "serving": 20, "paused": 0}
    assert has_no_gap(step)


def test_a_clock_that_is_set_back_makes_no_gap_and_no_negative_time(session, house, thursday):  # noqa: F811
    ticket = walk_in(session)
    thursday.shift(600)
    step = call(session, house)
    thursday.shift(-3600)  # somebody corrects the server's clock
    calling.start(session, step, DESK)
    thursday.shift(60)
    closing.finish(session, step, Outcome.COMPLETED, DESK)
    assert has_no_gap(step)
    assert all(periods.minutes(step, kind) >= 0 for kind in PeriodKind)
    assert ticket.visit.state is VisitState.DONE


def test_two_steps_of_one_visit_follow_each_other_without_a_gap(session, house, thursday):  # noqa: F811
    ticket = walk_in(session, CPR, TAX)
    step = serve(session, house)
    thursday.shift(600)
    closing.finish(session, step, Outcome.COMPLETED, DESK)
    first, second = ticket.visit.steps
    assert first.periods[-1].ended_at == second.periods[0].began_at


def test_counters_are_columns_for_the_screen_and_objects_for_the_verbs(session, house):
    seats = desk_seats.seats_at(session, house.place_id)
    assert [seat.id for seat in seats] == house.counter_ids
    for seat in seats:
        assert seat.desk == calling.desk_of(session.get_one(Counter, seat.id))


def test_what_others_did_between_the_look_and_the_call_stays_when_the_call_is_taken_back(
    session, house, monkeypatch
):
    """A call locks its step alone: another step may be told, and a priority given, at this very moment."""
    ticket = walk_in(session, CPR, TAX)
    closing.finish(session, serve(session, house), Outcome.COMPLETED, DESK)
    first, looked = ticket.visit.steps[0], pictures.of_step

    def then_told(*asked):
        found = looked(*asked)
        session.execute(update(Step).where(Step.id == first.id).values(tell_at=None))
        session.execute(update(Visit).values(priority=Priority.LAST_DAY))
        return found

    monkeypatch.setattr(pictures, "of_step", then_told)
    step = call(session, house, 2)
    assert step.visit is ticket.visit
    undoing.undo(session, deeds.mine(session, DESK)[0].id, DESK)
    assert (step.state, step.calls, step.counter_id) == (StepState.WAITING, 0, None)
    assert (first.tell_at, ticket.visit.priority) == (None, Priority.LAST_DAY)
