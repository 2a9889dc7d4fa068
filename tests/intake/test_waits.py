"""The waiting estimate as it lives: the log of the last weeks, the room now, the counters that are open."""

from __future__ import annotations

from datetime import timedelta

import pytest

from house import clock
from house.catalogue import face as catalogue
from house.intake import closing, measured, registration, waits
from house.intake.estimating import Range, expected, median, rounded
from house.intake.models import Channel, Counter, Outcome, Priority, Visit, VisitState
from tests.intake.booking_house import (
    CPR,
    THURSDAY,
    at,
    house_template,  # noqa: F401 - a fixture
    set_up,
    statements,
)
from tests.intake.desk_house import DESK, TAX, booked, call, serve, walk_in

MORNING = f"{THURSDAY} 10:05"


@pytest.fixture
def now(frozen):
    """Five past ten: the counters have been open for five minutes."""
    return frozen(MORNING)


@pytest.fixture
def house(now, session):
    """One counter for CPR numbers, 20 minutes each."""
    return set_up(session)


def picture(session):
    """The room looked at anew."""
    waits._memories.clear()
    return waits.look(session, catalogue.place(session))


def newcomer(session, slug=CPR):
    return picture(session).of_service(catalogue.service(session, slug).id)


def served_for(session, house, now, minutes, times):
    """So many visits, one after the other, each so long at the counter."""
    for _ in range(times):
        walk_in(session)
        step = serve(session, house)
        now.shift(minutes * 60)
        closing.finish(session, step, Outcome.COMPLETED, DESK)


# --- what is told ----------------------------------------------------------------------------------------


def test_nobody_waits_where_a_counter_is_free(session, house):
    assert newcomer(session).least == 0


def test_more_people_before_me_are_a_longer_wait(session, house):
    told = []
    for _ in range(4):
        told.append(newcomer(session))
        walk_in(session)
    assert [span.most for span in told] == sorted({span.most for span in told}), "each waits longer"
    assert told[3].least > 0


def test_everybody_who_waits_is_told_their_own(session, house):
    first, second = walk_in(session).visit.steps[0], walk_in(session).visit.steps[0]
    room = picture(session)
    assert room.of_step(first.id).most < room.of_step(second.id).most


def test_a_second_counter_halves_the_wait(session, house):
    for _ in range(6):
        walk_in(session)
    alone = newcomer(session)
    set_up(session)
    assert newcomer(session).most < alone.most * 0.75


def test_who_is_booked_and_still_to_come_is_counted(session, now, house):
    walk_in(session)
    serve(session, house)
    before = newcomer(session)
    for wall in ("10:10", "10:30"):
        booked(session, wall)
    assert newcomer(session).most > before.most


def test_who_sits_there_is_nearly_done_after_a_long_time(session, now, house):
    walk_in(session)
    serve(session, house)
    now.shift(60)
    just_begun = newcomer(session)
    now.shift(35 * 60)
    assert newcomer(session).most < just_begun.most


def test_a_counter_that_opens_later_is_waited_for(session, now, house):
    now.move_to(at(THURSDAY, "09:00"))
    assert newcomer(session).least >= 15, "the counter opens in an hour"


def test_hours_before_the_house_opens_nobody_can_say(session, frozen, house):
    frozen(f"{THURSDAY} 05:00")
    walk_in(session)
    assert newcomer(session) is None


def test_who_was_sent_to_one_counter_waits_for_that_one(session, house):
    set_up(session)
    for _ in range(4):
        step = walk_in(session).visit.steps[0]
        step.sent_to = house.counter_ids[0]
    session.flush()
    assert newcomer(session).least == 0, "the other counter is free"
    assert picture(session).of_step(step.id).least >= 20


def test_who_was_sent_to_one_counter_is_called_by_others_after_a_while(session, now, house):
    set_up(session, counters=4)
    for _ in range(4):
        step = walk_in(session).visit.steps[0]
        step.sent_to = house.counter_ids[0]
    session.flush()
    assert median(picture(session).waiting[step.id]) == pytest.approx(45), "by its own only after an hour"
    now.shift(5 * 60)
    assert median(picture(session).waiting[step.id]) == pytest.approx(40)


def test_who_was_served_for_two_hours_does_not_go_before_a_priority(session, now, house):
    tax = set_up(session, services=(TAX,))
    now.move_to(at(THURSDAY, "08:00"))
    visit = walk_in(session, CPR, TAX).visit
    step = serve(session, house)
    preferred = walk_in(session, TAX).visit
    preferred.priority = Priority.LAST_DAY
    now.move_to(at(THURSDAY, "10:05"))
    closing.finish(session, step, Outcome.COMPLETED, DESK)
    room = picture(session)
    assert median(room.waiting[preferred.steps[0].id]) == 0 < median(room.waiting[visit.steps[1].id])
    assert call(session, tax).visit is preferred


def test_where_no_counter_is_open_nobody_can_say(session, now, house):
    ticket = walk_in(session)
    assert ticket.expected is not None
    now.move_to(at(THURSDAY, "12:30"))
    assert newcomer(session) is None
    assert picture(session).of_step(ticket.visit.steps[0].id) is None
    assert walk_in(session).expected is None
    assert newcomer(session, TAX) is None, "nobody gives it here"


def test_a_counter_that_works_after_hours_is_open(session, now, house):
    walk_in(session), walk_in(session)
    now.move_to(at(THURSDAY, "12:05"))
    call(session, house)
    assert newcomer(session) is not None


def test_a_counter_that_was_closed_down_counts_no_more(session, house):
    session.get_one(Counter, house.counter_ids[0]).active = False
    session.flush()
    assert newcomer(session) is None


def test_ranges_are_told_in_whole_fives():
    assert rounded(Range(7, 23)) == (5, 25)
    assert rounded(Range(0, 1)) == (0, 5)
    assert rounded(Range(10, 10)) == (10, 15)


# --- what it learns --------------------------------------------------------------------------------------


def test_measured_times_replace_the_catalogues(session, now, house):
    usual = measured.measure(session, catalogue.place(session), clock.today("Europe/Copenhagen"))
    cpr = catalogue.service(session, CPR)
    assert median(usual.times[cpr.id]) == cpr.minutes_first
    served_for(session, house, now, 7, measured.ENOUGH)
    found = measured.measure(session, catalogue.place(session), clock.today("Europe/Copenhagen"))
    assert list(found.times[cpr.id]) == pytest.approx([7.0] * measured.ENOUGH)


def test_what_is_older_than_four_weeks_is_forgotten(session, now, house):
    served_for(session, house, now, 7, measured.ENOUGH)
    later = clock.today("Europe/Copenhagen") + measured.LOOKS_BACK + timedelta(days=1)
    found = measured.measure(session, catalogue.place(session), later)
    assert median(found.times[catalogue.service(session, CPR).id]) == 20


def test_a_forgotten_button_is_no_service_time(session, now, house):
    served_for(session, house, now, 7, measured.ENOUGH)
    served_for(session, house, now, 400, 1)
    found = measured.measure(session, catalogue.place(session), clock.today("Europe/Copenhagen"))
    assert max(found.times[catalogue.service(session, CPR).id]) == pytest.approx(7)


def test_the_ticket_keeps_what_was_foreseen_and_later_expectations_learn_from_it(session, now, house):
    ticket = walk_in(session)
    assert ticket.expected == pytest.approx(0, abs=1)
    now.shift(30 * 60)
    call(session, house)
    [ratio] = measured.measure(session, catalogue.place(session), clock.today("Europe/Copenhagen")).ratios
    assert ratio == pytest.approx((30 + 5) / (ticket.expected + 5))
    always_longer = expected([10.0] * 9, [ratio] * 30)
    assert always_longer.least > 60 and always_longer.most >= always_longer.least


def test_how_many_of_those_booked_come_is_counted(session, now, house):
    place, today = catalogue.place(session), clock.today("Europe/Copenhagen")
    assert measured.measure(session, place, today).comes == measured.COMES, "nothing is known yet"
    for number in range(measured.ENOUGH_BOOKED):
        came = number % 3 > 0
        session.add(
            Visit(
                reference=f"GONE{number:03}", place_id=place.id, day=today - timedelta(days=7), language="en",
                channel=Channel.BOOKED, made_at=clock.now(), arrived_at=clock.now() if came else None,
                state=VisitState.DONE if came else VisitState.MISSED,
            )
        )  # fmt: skip
    assert measured.measure(session, place, today).comes == pytest.approx(2 / 3)


def test_who_came_early_for_a_booking_waits_only_for_others(session, now, house):
    """As the queue's rule says: who is early is called when nobody else waits."""
    visit = booked(session, "10:40")
    picture(session)
    assert registration.check_in(session, visit, DESK).expected == 0
    walk_in(session)
    other = booked(session, "11:00")
    walk_in(session)
    ticket = registration.check_in(session, other, DESK)
    assert ticket.expected >= 40
    room = waits.look(session, catalogue.place(session))
    assert median(room.waiting[other.steps[0].id]) == ticket.expected, "the list says the same"


# --- what it costs ---------------------------------------------------------------------------------------


def test_the_room_is_looked_at_once_in_fifteen_seconds(app, session, now, house):
    place = catalogue.place(session)
    first = picture(session)
    with statements(app) as sent:
        assert waits.look(session, place) is first
    assert sent == []
    now.shift(15)
    assert waits.look(session, place) is not first


def test_a_clock_set_back_does_not_stop_the_estimate(session, now, house):
    first = picture(session)
    now.shift(-3600)
    assert waits.look(session, catalogue.place(session)) is not first


def test_the_number_of_statements_does_not_grow_with_the_house(app, session, now, house):
    def cost():
        session.expire_all()
        place = catalogue.place(session)
        catalogue.services(session)
        waits._memories.clear()
        session.flush()
        with statements(app) as sent:
            waits.look(session, place)
        return len(sent)

    few = cost()
    set_up(session, counters=5)
    for _ in range(12):
        walk_in(session)
    booked(session, "10:50")
    assert cost() == few <= 10


def test_the_desks_page_takes_the_last_picture_and_asks_for_none(app, session, now, house):
    place = catalogue.place(session)
    waits._memories.clear()
    with statements(app) as sent:
        assert waits.known(session, place) is None
        made = waits.look(session, place)
        asked = len(sent)
        assert waits.known(session, place) is made
        assert len(sent) == asked > 0
    step = walk_in(session).visit.steps[0]
    assert waits.look(session, place) is waits.known(session, place) is not made
    assert step.id in waits.look(session, place).waiting, "whoever registers makes the next one"
    now.shift(61)
    assert waits.known(session, place) is None


def test_the_same_room_is_told_the_same(session, house):
    for _ in range(5):
        walk_in(session)
    assert picture(session) == picture(session)


def test_in_a_rush_each_is_told_a_longer_wait_than_the_one_before(session, now, house):
    """Five come in the same minute, each is served twenty minutes; foreseen is what happened."""
    tickets = [walk_in(session) for _ in range(5)]
    waited = []
    for ticket in tickets:
        step = serve(session, house)
        assert step.visit_id == ticket.visit_id
        waited.append((clock.now() - at(THURSDAY, "10:05")).total_seconds() / 60)
        now.shift(20 * 60)
        closing.finish(session, step, Outcome.COMPLETED, DESK)
    told = [one.expected for one in tickets]
    assert told == sorted(told) and told[0] == 0
    assert all(abs(foreseen - was) <= was * 0.4 for foreseen, was in zip(told, waited, strict=True))


def test_who_has_just_come_is_in_the_next_picture(session, now, house):
    """Another process registered somebody: a second later she is found here too."""
    place = catalogue.place(session)
    before = waits.look(session, place)
    step = walk_in(session).visit.steps[0]
    memory = waits._memory(session)
    memory.pictures[place.id] = before
    assert waits.look(session, place, step.id).of_step(step.id) is None
    now.shift(1)
    assert waits.look(session, place, step.id).of_step(step.id) is not None


def test_who_comes_hours_before_a_booking_is_told_nothing_yet(session, frozen, house):
    visit = booked(session, "10:20")
    frozen(f"{THURSDAY} 06:30")
    assert registration.check_in(session, visit, DESK).expected is None
