"""The worklist: which booked visits no longer fit, why, and what staff may do about each."""

from __future__ import annotations

from datetime import time

import pytest
from sqlalchemy import select

from house.catalogue.face import DayException
from house.intake import counters, worklist
from house.intake.cancelling import cancel
from house.intake.models import Answer, Counter, Settlement, Visit
from house.post import Letter
from house.problems import Moved, NotHere, Problem
from tests.intake.booking_house import (
    CPR,
    DRIVING,
    FRIDAY,
    THURSDAY,
    WEDNESDAY,
    house_template,  # noqa: F401 - a fixture
    set_up,
)
from tests.intake.counter_house import (
    MANAGER,
    THE_FRIDAY,
    THE_THURSDAY,
    a_closing,
    booked,
    close,
    give_hours,
    hours_of,
    on_the_list,
    rule,
    states,
    the_counter,
)


@pytest.fixture
def house(session, frozen):
    frozen(WEDNESDAY)
    return set_up(session, services=(CPR, DRIVING))


def letters(session):
    session.flush()
    return [one.kind for one in session.scalars(select(Letter).order_by(Letter.id))]


def settle(session, how, visit=None):
    """As a page does that was just loaded."""
    found = next(one for one in on_the_list(session) if visit is None or one.visit_id == visit.id)
    loaded, found = worklist.misfit(session, counters.all_counters(session), found.visit_id, found.revision)
    worklist.settle(session, loaded, found, how, MANAGER)


def test_shorter_hours_bring_what_lies_outside_to_the_list(session, house):
    inside, outside = booked(session, "10:00"), booked(session, "11:40")
    across = booked(session, "11:10")
    rules = hours_of(session, house)
    give_hours(
        session, house, rules._replace(openings=(rule(3, "10:00", "11:20"), rule(4, "10:00", "12:00")))
    )
    assert [(one.visit_id, one.reasons) for one in on_the_list(session)] == [
        (across.id, ("hours",)), (outside.id, ("hours",)),
    ]  # fmt: skip
    assert inside.id not in [one.visit_id for one in on_the_list(session)]
    give_hours(session, house, rules)
    assert on_the_list(session) == [], "hours that come back take it off by themselves"


def test_a_closed_day_a_holiday_and_a_counter_put_away_bring_visits_to_the_list(session, house):
    booked(session, "10:00"), booked(session, "10:00", FRIDAY)
    rules = hours_of(session, house)
    give_hours(session, house, rules._replace(exceptions=(DayException(THE_THURSDAY),)))
    assert [one.reasons for one in on_the_list(session)] == [("hours",)]
    the_counter(session, house).active = False
    assert [one.reasons for one in on_the_list(session)] == [("inactive", "hours"), ("inactive",)]


def test_a_service_no_longer_given_brings_its_visits_only(session, house):
    booked(session, "10:00"), booked(session, "10:30", service=DRIVING)
    counter = the_counter(session, house)
    settings = counters.settings_of(counter)
    kept = {id_: one for id_, one in settings.services.items() if id_ == counter.services[0].service_id}
    wanted = counters.Settings(**{**vars(settings), "services": kept})
    counters.change(session, counter, wanted, counter.revision, MANAGER)
    [misfit] = on_the_list(session)
    assert misfit.reasons == ("service",)


def test_fewer_lanes_bring_those_who_booked_last(session, frozen):
    clock = frozen(WEDNESDAY)
    house = set_up(session, capacity=2)
    first = booked(session, "10:00")
    clock.shift(60)
    last = booked(session, "10:10")
    clock.shift(60)
    beside = booked(session, "10:40")
    counter = the_counter(session, house)
    wanted = counters.Settings(**{**vars(counters.settings_of(counter)), "capacity": 1})
    counters.change(session, counter, wanted, counter.revision, MANAGER)
    assert [(one.visit_id, one.reasons) for one in on_the_list(session)] == [(last.id, ("lanes",))]
    assert {first.id, beside.id}.isdisjoint(one.visit_id for one in on_the_list(session))


def test_keeping_takes_it_off_until_something_new_meets_it(session, house):
    booked(session, "10:00")
    close(session, a_closing(begins=time(10), ends=time(11)))
    settle(session, Answer.KEPT)
    [misfit] = on_the_list(session)
    assert (misfit.answer, misfit.is_open) == (Answer.KEPT, False)
    close(session)
    [misfit] = on_the_list(session)
    assert (misfit.is_open, misfit.reasons) == (True, ("closing 1", "closing 2"))
    assert letters(session) == ["visit_booked"]


def test_asking_writes_one_letter_in_the_visitors_language(session, house):
    visit = booked(session, "10:00", language="ar")
    close(session)
    settle(session, Answer.ASKED)
    settle(session, Answer.ASKED)
    assert letters(session) == ["visit_booked", "visit_asked_to_move"]
    letter = session.scalars(select(Letter).where(Letter.kind == "visit_asked_to_move")).one()
    assert (letter.language, letter.recipient) == ("ar", visit.email)
    assert states(session) == ["booked"], "asking cancels nothing"


def test_who_has_no_address_cannot_be_written_to(session, house):
    booked(session, "10:00", email=None)
    close(session)
    assert not on_the_list(session)[0].writable
    with pytest.raises(Problem) as refused:
        settle(session, Answer.ASKED)
    assert refused.value.code == "no_address"
    settle(session, Answer.PHONED)
    assert on_the_list(session)[0].answer is Answer.PHONED


def test_cancelling_from_the_list_frees_the_time_and_writes(session, house):
    booked(session, "10:00")
    close(session)
    found = on_the_list(session)[0]
    visit, _ = worklist.misfit(session, counters.all_counters(session), found.visit_id, found.revision)
    worklist.call_off(session, visit, MANAGER)
    assert (states(session), on_the_list(session)) == (["cancelled"], [])
    assert visit.cancelled_by == "staff"


def test_a_visit_that_changed_meanwhile_is_refused(session, house):
    visit = booked(session, "10:00")
    close(session)
    found, mine = on_the_list(session)[0], counters.all_counters(session)
    with pytest.raises(Moved):
        worklist.misfit(session, mine, visit.id, found.revision - 1)
    cancel(session, visit)
    with pytest.raises(Moved):
        worklist.misfit(session, mine, visit.id, found.revision)
    with pytest.raises(NotHere):
        worklist.misfit(session, mine, visit.id + 1, 1)


def test_a_strangers_visit_is_not_there(session, house):
    visit = booked(session, "10:00")
    set_up(session, services=("tax_card",))
    close(session)
    others = [one for one in counters.all_counters(session) if one.id not in house.counter_ids]
    with pytest.raises(NotHere):
        worklist.misfit(session, others, visit.id, visit.revision)


def test_asking_all_passes_over_who_was_answered_changed_or_has_no_address(session, house):
    one, two = booked(session, "10:00"), booked(session, "10:20", email=None)
    three, four = booked(session, "10:40"), booked(session, "11:00")
    close(session)
    seen = [(each.visit_id, each.revision) for each in on_the_list(session)]
    settle(session, Answer.KEPT, three)
    cancel(session, four)
    assert worklist.ask_all(session, counters.all_counters(session), seen, MANAGER) == 1
    answers = dict(session.execute(select(Settlement.visit_id, Settlement.how)).all())
    assert answers == {one.id: Answer.ASKED, three.id: Answer.KEPT}
    assert two.id not in answers
    assert worklist.ask_all(session, counters.all_counters(session), seen, MANAGER) == 0


def test_what_is_over_or_has_come_is_not_on_the_list(session, frozen):
    clock = frozen(WEDNESDAY)
    set_up(session)
    booked(session, "10:00"), booked(session, "11:00")
    close(session)
    clock.move_to(f"{THURSDAY}T09:30:00+00:00")
    assert [f"{one.starts_at:%H:%M}" for one in on_the_list(session)] == ["10:00"], "UTC"


def test_a_closed_weekend_meets_nobody(session, house):
    booked(session, "10:00")
    assert close(session, a_closing(first=THE_FRIDAY)) == 0
    assert on_the_list(session) == []


def test_every_visit_and_counter_of_the_list_is_named(session, house):
    booked(session, "10:00", name="Ada", party=2)
    close(session)
    [misfit] = on_the_list(session)
    assert (misfit.name, misfit.party, misfit.counters) == ("Ada", 2, ("Counter 1",))
    assert session.scalar(select(Visit.reference)) == misfit.reference
    assert "Ada" not in repr(misfit)
    assert session.scalar(select(Counter.label)) == "Counter 1"
