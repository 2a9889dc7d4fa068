"""Changing a counter and its hours: one at a time, lanes counted anew, own minutes, on both engines."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from house.audit import Act
from house.catalogue import face as catalogue
from house.catalogue.face import DayException
from house.intake import counter_hours, counters
from house.intake import face as intake
from house.intake.models import Counter, CounterDay
from house.intake.timetable import Since
from house.people import face as people
from house.problems import Moved, NotHere, Problem
from tests import houses
from tests.intake.booking_house import (
    COPENHAGEN,
    CPR,
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
    booked,
    give_hours,
    hours_of,
    offered,
    on_the_list,
    rule,
    the_counter,
)


@pytest.fixture
def house(session, frozen):
    frozen(WEDNESDAY)
    return set_up(session)


def change(session, house, number=0, **wanted):
    counter = the_counter(session, house, number)
    settings = counters.Settings(**{**vars(counters.settings_of(counter)), **wanted})
    counters.change(session, counter, settings, counter.revision, MANAGER)


def full(session, house, day=THURSDAY):
    session.flush()
    row = session.get(CounterDay, (house.counter_ids[0], date.fromisoformat(day)))
    session.refresh(row)
    return int.from_bytes(row.full, "little")


def test_a_change_and_hours_work_on_both_engines(engine_app, frozen):
    frozen(WEDNESDAY)
    with houses.arranging(engine_app) as session:
        house = set_up(session, counters=2)
        booked(session)
        change(session, house, capacity=2, label="A", since=Since.HOUR, buffer_minutes=10, assumed=True)
        languages = (("en", "none"), ("uk", "native"))
        weeks = {"every_weeks": 2, "valid_from": THE_THURSDAY}
        give_hours(session, house, hours_of(session, house)._replace(
            openings=(rule(3, "09:00", "11:00", lanes=1, languages=languages, **weeks),),
            exceptions=(DayException(THE_FRIDAY),),
            keeps_holidays=False,
        ))  # fmt: skip
    with houses.looking(engine_app) as session:
        counter = the_counter(session, house)
        assert (counter.capacity, counter.label, counter.since, counter.assumed) == (2, "A", Since.HOUR, True)
        assert counter.revision >= 2
        rules = hours_of(session, house)
        assert rules.keeps_holidays is False
        assert [(one.lanes, one.languages, one.every_weeks) for one in rules.openings] == [(1, languages, 2)]
        assert rules.exceptions == (DayException(THE_FRIDAY),)
        assert len(hours_of(session, house, 1).openings) == 2, "the hours they shared are not changed"


def test_who_saw_an_older_version_is_refused(session, house):
    counter = the_counter(session, house)
    seen, settings = counter.revision, counters.settings_of(counter)
    change(session, house, label="Theirs")
    for act in (
        lambda: counters.change(session, counter, settings, seen, MANAGER),
        lambda: counter_hours.change_hours(session, counter, hours_of(session, house), seen, MANAGER),
    ):
        with pytest.raises(Moved) as refused:
            act()
        assert refused.value.code == "changed"
    assert counter.label == "Theirs"


def test_more_lanes_free_what_was_full_and_fewer_fill_it(session, house):
    booked(session, "10:00")
    assert "10:00" not in offered(session, THURSDAY)
    one_lane = full(session, house)
    change(session, house, capacity=2)
    assert "10:00" in offered(session, THURSDAY)
    assert full(session, house) == 0
    booked(session, "10:00", name="Bo")
    assert full(session, house) == one_lane
    change(session, house, capacity=1)
    assert "10:00" not in offered(session, THURSDAY)


def test_fewer_lanes_in_one_opening_count_there_only(session, house):
    change(session, house, capacity=2)
    booked(session, "10:00"), booked(session, "11:00", name="Bo")
    rules = hours_of(session, house)
    give_hours(session, house, rules._replace(
        openings=(rule(3, "10:00", "10:40", lanes=1), rule(3, "10:40", "12:00"), rule(4, "10:00", "12:00"))
    ))  # fmt: skip
    times = offered(session, THURSDAY)
    assert ("10:00" in times, "11:00" in times) == (False, True)
    give_hours(session, house, rules)
    assert "10:00" in offered(session, THURSDAY)


def test_own_minutes_lead_horizon_and_grid_shape_the_offer(session, house):
    service = catalogue.service(session, CPR).id
    given = {service: counters.Given(minutes_first=60)}
    change(session, house, services=given, every=6, since=Since.HOUR)
    assert offered(session, THURSDAY) == ["10:00", "10:30", "11:00"]
    change(session, house, lead_minutes=23 * 60)  # it is Wednesday noon
    assert offered(session, THURSDAY) == ["11:00"]
    change(session, house, horizon_days=2, lead_minutes=0)
    assert (len(offered(session, THURSDAY)), offered(session, FRIDAY)) == (3, [])
    change(session, house, active=False)
    assert offered(session, THURSDAY) == []


def test_a_service_without_bookings_is_still_given(session, house):
    service = catalogue.service(session, CPR).id
    change(session, house, services={service: counters.Given(bookable=False)})
    assert [one.slug for one in intake.bookable_services(session)] == []
    assert intake.counters_at(session, house.place_id)[0].services[0].service_id == service


def test_rows_that_are_open_at_once_are_refused(session, house):
    rules = hours_of(session, house)
    with pytest.raises(Problem, match="overlap"):
        give_hours(session, house, rules._replace(openings=(*rules.openings, rule(3, "11:00", "13:00"))))
    with pytest.raises(Problem, match="overlap"):
        give_hours(session, house, rules._replace(exceptions=(DayException(THE_FRIDAY),) * 2))


def test_days_that_are_over_stay_as_they_were(session, house):
    schedule = the_counter(session, house).schedule_id
    session.add(catalogue.Closure(schedule_id=schedule, day=date(2027, 1, 1), reason="open_anyway"))
    session.flush()
    give_hours(session, house, hours_of(session, house)._replace(exceptions=(DayException(THE_FRIDAY),)))
    days = select(catalogue.Closure.day).where(catalogue.Closure.schedule_id == schedule)
    assert sorted(session.scalars(days)) == [date(2027, 1, 1), THE_FRIDAY]


def test_open_on_this_holiday(session, frozen):
    """Maundy Thursday 2027 is 25 March."""
    frozen("2027-03-20 12:00")
    house = set_up(session)
    assert offered(session, "2027-03-25") == []
    holiday = DayException(
        date(2027, 3, 25), rule(3, "10:00", "11:00").opens, rule(3, "10:00", "11:00").closes
    )
    give_hours(session, house, hours_of(session, house)._replace(exceptions=(holiday,)))
    assert offered(session, "2027-03-25") == ["10:00", "10:10", "10:20", "10:30", "10:40"]


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25", "2027-03-28"])
def test_hours_hold_on_the_wall_when_the_clock_changes(session, frozen, day):
    sunday = date.fromisoformat(day)
    frozen(f"{sunday - timedelta(7)} 08:00")
    house = set_up(session, hours={6: [("10:00", "11:00")]})
    give_hours(session, house, hours_of(session, house)._replace(keeps_holidays=False))  # one is Easter
    times = ["10:00", "10:10", "10:20", "10:30", "10:40"]
    assert offered(session, day) == times
    span = catalogue.closed_span(sunday, sunday, None, None, COPENHAGEN)
    assert (span.end - span.start) == timedelta(hours=25 if sunday.month == 10 else 23)


def test_whose_counters_somebody_manages(session, house):
    set_up(session, services=("tax_card",))
    tax = people.Reach(authorities=frozenset({"skattestyrelsen"}))
    everything, mine = counters.managed(session, people.Reach(house=True)), counters.managed(session, tax)
    assert (len(everything), len(mine), counters.managed(session, people.Reach())) == (2, 1, [])
    assert counters.one_of_mine(session, tax, mine[0].id) is mine[0]
    with pytest.raises(NotHere):
        counters.one_of_mine(session, tax, house.counter_ids[0])


def test_every_act_is_in_the_audit(session, house):
    change(session, house, capacity=2)
    give_hours(session, house, hours_of(session, house))
    verbs = session.execute(select(Act.actor, Act.verb).order_by(Act.id)).all()
    assert [tuple(one) for one in verbs[-2:]] == [(MANAGER, "counter_changed"), (MANAGER, "hours_changed")]


def test_changing_nothing_brings_nobody_to_the_list(session, house):
    booked(session, "10:00"), booked(session, "11:40", FRIDAY)
    change(session, house)
    give_hours(session, house, hours_of(session, house))
    assert on_the_list(session) == []
    assert session.scalar(select(Counter.revision)) >= 2
