"""Holding a time: who inserts the row has the place, for whom, how long, and what is never held."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from house.intake.booking import confirm, give_contact
from house.intake.daymap import bits, unpack
from house.intake.holding import hold
from house.intake.models import CounterDay, Occupancy, Step, Visit, VisitState
from house.intake.offering import HORIZON, find_times
from house.post import Letter
from house.problems import Gone, NotHere, Taken
from tests.intake.booking_house import (
    CPR,
    DRIVING,
    FRIDAY,
    THURSDAY,
    WEDNESDAY,
    at,
    house_template,  # noqa: F401 - a fixture
    set_up,
    tick,
)
from tests.intake.holding_house import (
    BROWSER,
    OTHER,
    TEN,
    booked,
    rows,
    the_house,  # noqa: F401 - a fixture
    times,
)


def test_a_held_time_has_a_row_for_every_tick_with_its_end(session, house):
    visit = hold(session, CPR, 1, TEN, "uk", BROWSER)
    assert rows(session) == [(house.counter_ids[0], TEN + n, 0, visit.id) for n in range(4)]
    assert set(session.scalars(select(Occupancy.expires_at))) == {visit.held_until}
    assert (visit.state, visit.party, visit.language, visit.day.isoformat()) == ("held", 1, "uk", THURSDAY)
    assert visit.held_until == at("2027-01-06", "12:15")
    full = session.scalar(select(CounterDay.full))
    assert list(bits(unpack(full))) == [120, 121, 122, 123]


def test_a_held_time_is_not_offered_and_not_given_again(session, house):
    before = times(session)
    hold(session, CPR, 1, TEN, "en", BROWSER)
    assert before == [
        "10:00",
        "10:10",
        "10:20",
        "10:30",
        "10:40",
        "10:50",
        "11:00",
        "11:10",
        "11:20",
        "11:30",
        "11:40",
    ]
    assert times(session) == before[2:]
    for wall in ("10:00", "10:10"):
        with pytest.raises(Taken):
            hold(session, CPR, 1, tick(THURSDAY, wall), "en", OTHER)


def test_a_larger_party_takes_longer(session, house):
    hold(session, CPR, 3, TEN, "en", BROWSER)  # 20 + 8 + 8 minutes are eight ticks
    assert len(rows(session)) == 8
    assert times(session)[0] == "10:40"


def test_the_same_wish_twice_is_the_same_hold(session, house):
    first = hold(session, CPR, 1, TEN, "en", BROWSER)
    house.clock.shift(600)
    again = hold(session, CPR, 1, TEN, "en", BROWSER)
    assert again is first
    assert again.held_until == at("2027-01-06", "12:25")
    assert len(rows(session)) == 4
    assert session.scalar(select(func.count()).select_from(Visit)) == 1


def test_another_time_replaces_the_earlier_hold_and_keeps_the_answers(session, house):
    first = hold(session, CPR, 1, TEN, "en", BROWSER)
    give_contact(session, first, "Ada", "ada@example.org")
    second = hold(session, CPR, 2, tick(FRIDAY, "11:00"), "en", BROWSER)
    assert (second.id, second.name, second.party) == (first.id, "Ada", 2)
    assert [row[1] for row in rows(session)] == [tick(FRIDAY, "11:00") + n for n in range(6)]
    assert session.scalar(select(func.count()).select_from(Step)) == 1
    assert times(session)[0] == "10:00"


def test_the_own_hold_never_stands_in_ones_way(session, house):
    hold(session, CPR, 1, TEN, "en", BROWSER)
    moved = hold(session, CPR, 1, tick(THURSDAY, "10:10"), "en", BROWSER)
    assert moved.steps[0].starts_at == at(THURSDAY, "10:10")
    assert [row[1] for row in rows(session)] == [tick(THURSDAY, "10:10") + n for n in range(4)]


def test_after_a_lost_race_the_earlier_hold_is_as_it_was(session, house):
    booked(session, tick(FRIDAY, "10:00"), OTHER)
    hold(session, CPR, 1, TEN, "en", BROWSER)
    session.commit()
    before = rows(session)
    with pytest.raises(Taken):
        hold(session, CPR, 1, tick(FRIDAY, "10:00"), "en", BROWSER)
    session.rollback()
    assert rows(session) == before
    assert session.scalar(select(Visit.day).where(Visit.state == VisitState.HELD)).isoformat() == THURSDAY


@pytest.mark.parametrize(
    ("start", "why"),
    [
        (tick(THURSDAY, "10:05"), "off the grid"),
        (tick(THURSDAY, "11:50"), "it would last beyond closing"),
        (tick(THURSDAY, "09:50"), "before opening"),
        (tick("2027-01-05", "10:00"), "past, and closed"),
        (tick("2026-12-31", "10:00"), "a past Thursday"),
        (tick("2027-01-11", "10:00"), "a closed day"),
        (tick("2027-03-11", "10:00"), "beyond the horizon"),
        (0, "1970"),
        (-(10**12), "before all days"),
        (10**30, "after all days"),
    ],
)
def test_what_is_not_offered_is_never_held(session, house, start, why):
    with pytest.raises(Taken):
        hold(session, CPR, 1, start, "en", BROWSER)
    assert rows(session) == []


@pytest.mark.parametrize(("slug", "party"), [("no_such_thing", 1), (CPR, 0), (CPR, 9), (CPR, -1)])
def test_an_unknown_service_or_an_impossible_party_is_not_here(session, house, slug, party):
    with pytest.raises(NotHere):
        hold(session, slug, party, TEN, "en", BROWSER)


def test_a_service_that_no_counter_gives_is_not_held(session, house):
    with pytest.raises(Taken):
        hold(session, "mitid", 1, TEN, "en", BROWSER)


def test_nothing_is_offered_sooner_than_an_hour_from_now(session, house):
    house.clock.move_to(at(THURSDAY, "09:25"))
    assert times(session)[0] == "10:30"
    with pytest.raises(Taken):
        hold(session, CPR, 1, tick(THURSDAY, "10:20"), "en", BROWSER)


def test_the_last_day_offered_is_the_sixtieth(session, house):
    days = [day for day, _count in find_times(session, CPR, 1, "en").days(at(WEDNESDAY[:10], "00:00").date())]
    assert (days[0].isoformat(), days[-1].isoformat(), HORIZON) == (THURSDAY, "2027-03-05", 60)
    hold(session, CPR, 1, tick("2027-03-05", "10:00"), "en", BROWSER)


def test_a_counter_with_two_lanes_takes_two_and_never_three(session, frozen):
    set_up(session, capacity=2)
    frozen(WEDNESDAY)
    hold(session, CPR, 1, TEN, "en", b"1")
    hold(session, CPR, 1, tick(THURSDAY, "10:10"), "en", b"2")
    hold(session, CPR, 1, tick(THURSDAY, "10:20"), "en", b"3")  # takes over the lane of the first
    with pytest.raises(Taken):
        hold(session, CPR, 1, tick(THURSDAY, "10:10"), "en", b"4")
    assert "10:10" not in times(session) and "10:20" not in times(session)
    hold(session, CPR, 1, TEN - 0, "en", b"1")
    assert {lane for _, _, lane, _ in rows(session)} == {0, 1}


def test_the_counter_that_speaks_the_visitors_language_is_chosen(session, frozen):
    first = set_up(session, languages=["da", "en"])
    second = set_up(session, languages=["da", "uk"])
    frozen(WEDNESDAY)
    assert hold(session, CPR, 1, TEN, "uk", b"1").steps[0].counter_id == second.counter_ids[0]
    assert hold(session, CPR, 1, TEN, "uk", b"2").steps[0].counter_id == first.counter_ids[0]


def test_a_visit_of_two_steps_is_held_whole_or_not_at_all(session, frozen):
    set_up(session, services=[CPR])
    set_up(session, services=[DRIVING])
    frozen(WEDNESDAY)
    visit = hold(session, [CPR, DRIVING], 1, TEN, "en", BROWSER)
    first, second = visit.steps
    assert (first.starts_at, first.ends_at) == (at(THURSDAY, "10:00"), at(THURSDAY, "10:20"))
    assert (second.starts_at, second.ends_at) == (at(THURSDAY, "10:20"), at(THURSDAY, "10:35"))
    assert len(rows(session)) == 7
    with pytest.raises(Taken):
        hold(session, [CPR, DRIVING], 1, tick(THURSDAY, "11:40"), "en", OTHER)
    assert len(rows(session)) == 7


# --- a hold that runs out ---------------------------------------------------------------------------------


def test_a_hold_is_its_holders_for_a_minute_longer_than_it_says(session, house):
    hold(session, CPR, 1, TEN, "en", BROWSER)
    house.clock.move_to(at("2027-01-06", "12:16"))
    assert "10:00" not in times(session)
    with pytest.raises(Taken):
        hold(session, CPR, 1, TEN, "en", OTHER)
    house.clock.shift(1)
    assert "10:00" in times(session)
    assert hold(session, CPR, 1, TEN, "en", OTHER).state is VisitState.HELD
    assert len(rows(session)) == 4


def test_a_hold_that_ran_out_and_was_taken_over_is_not_confirmed(session, house):
    visit = hold(session, CPR, 1, TEN, "en", BROWSER)
    give_contact(session, visit, "Ada", "ada@example.org")
    house.clock.shift(17 * 60)
    hold(session, CPR, 1, tick(THURSDAY, "10:10"), "en", OTHER)  # takes half of it
    session.commit()
    with pytest.raises(Taken):
        confirm(session, visit, "en")
    session.rollback()
    assert session.get(Visit, visit.id).name == "Ada"
    assert session.scalar(select(func.count()).select_from(Letter)) == 0


def test_a_hold_that_ran_out_but_nobody_took_is_still_good(session, house):
    visit = hold(session, CPR, 1, TEN, "en", BROWSER)
    give_contact(session, visit, "Ada", None)
    house.clock.shift(3600)
    assert confirm(session, visit, "en").state is VisitState.BOOKED


def test_a_hold_whose_time_has_come_is_gone(session, house):
    visit = hold(session, CPR, 1, TEN, "en", BROWSER)
    give_contact(session, visit, "Ada", None)
    house.clock.move_to(at(THURSDAY, "10:00"))
    with pytest.raises(Gone):
        confirm(session, visit, "en")
