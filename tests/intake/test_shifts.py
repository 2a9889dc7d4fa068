"""Advisers that change: languages, lanes, lengths and buffers of counters in the search and in the rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from house.catalogue import face as catalogue
from house.catalogue.opening import Shift
from house.intake import face as intake
from house.intake.booking import confirm, give_contact
from house.intake.daymap import DayFrame, tick_begins
from house.intake.extending import MOST_EXTENSIONS, extend
from house.intake.holding import hold
from house.intake.household import Household, access_codes, access_text
from house.intake.models import Counter, CounterService, Elsewhere, Occupancy
from house.intake.offering import find_times
from house.intake.shifts import ALWAYS, fewer_lanes, rank_of, spoken_at, tongues_of, ways
from house.intake.wishes import OtherTime
from house.problems import Gone, Problem, Taken
from tests.intake.booking_house import (
    COPENHAGEN,
    CPR,
    THURSDAY,
    WEDNESDAY,
    at,
    house_template,  # noqa: F401 - a fixture
    set_up,
    tick,
)
from tests.intake.bookkeeping import agree

DAY = date.fromisoformat(THURSDAY)
SIRI, TAX = "eu_residence_document", "tax_card"


@pytest.fixture
def house(session, frozen):
    house = set_up(session, languages=["en", "uk"], capacity=2)
    house.clock = frozen(WEDNESDAY)
    return house


def counter_of(session, house, number=0):
    return session.get(Counter, house.counter_ids[number])


def in_two_shifts(session, counter, **second):
    """From ten to eleven as the counter is, from eleven to twelve somebody else."""
    rules = intake.hours_of(session, counter)
    found = []
    for rule in rules.openings:
        noon, eleven = rule.closes, rule.opens.replace(hour=11)
        found += [replace(rule, closes=eleven), replace(rule, opens=eleven, closes=noon, **second)]
    intake.change_hours(session, counter, rules._replace(openings=tuple(found)), counter.revision, "staff 1")
    session.expire_all()


def walls(offer):
    return [time.starts_at.strftime("%H:%M") for time in offer.times(DAY)]


def test_a_language_of_one_shift_is_offered_in_that_shift_alone(session, house):
    counter = counter_of(session, house)
    in_two_shifts(session, counter, languages=(("uk", "none"), ("ar", "native")))
    times = find_times(session, CPR, 1, "ar").times(DAY)
    assert [("ar" in time.languages) for time in times] == [time.starts_at.hour == 11 for time in times]
    own = walls(find_times(session, CPR, 1, "uk", own_language=True))
    assert own[0] == "10:00" and own[-1] == "10:40"
    assert walls(find_times(session, CPR, 1, "ar", own_language=True))[0] == "11:00"
    with pytest.raises(Taken):
        hold(session, CPR, 1, tick(THURSDAY, "11:00"), "uk", b"1", own_language=True)
    hold(session, CPR, 1, tick(THURSDAY, "11:00"), "uk", b"1")


def test_a_shift_with_fewer_lanes_takes_fewer(session, house):
    counter = counter_of(session, house)
    in_two_shifts(session, counter, lanes=1)
    for wall in ("10:00", "11:00"):
        hold(session, CPR, 1, tick(THURSDAY, wall), "en", wall.encode())
    assert "10:00" in walls(find_times(session, CPR, 1, "en"))
    assert "11:00" not in walls(find_times(session, CPR, 1, "en"))
    hold(session, CPR, 1, tick(THURSDAY, "10:00"), "en", b"another")
    with pytest.raises(Taken):
        hold(session, CPR, 1, tick(THURSDAY, "11:00"), "en", b"yet another")


def test_a_counter_keeps_its_buffer_after_a_step_also_beyond_its_hours(session, house):
    counter = counter_of(session, house)
    counter.capacity, counter.buffer_minutes = 1, 12  # three ticks
    session.flush()
    visit = hold(session, CPR, 1, tick(THURSDAY, "11:40"), "en", b"1")
    ticks = session.scalars(select(Occupancy.tick).order_by(Occupancy.tick)).all()
    assert (tick_begins(ticks[0]), len(ticks)) == (at(THURSDAY, "11:40"), 4 + 3)
    assert visit.steps[0].ends_at == at(THURSDAY, "12:00") and visit.steps[0].buffer == 3
    agree(session)
    assert walls(find_times(session, CPR, 1, "en"))[-1] == "11:00"  # 11:10 would need the ticks from 11:40 on
    give_contact(session, visit, "Ada", None)
    confirm(session, visit, "en")
    agree(session)


def test_a_counter_with_its_own_minutes_takes_its_own_time(session, house):
    given = session.scalars(select(CounterService)).one()
    given.minutes_first, given.minutes_each = 40, 5
    session.flush()
    visit = hold(session, CPR, 3, tick(THURSDAY, "10:00"), "en", b"1")
    assert visit.steps[0].ends_at == at(THURSDAY, "10:50")


@pytest.mark.parametrize(
    ("levels", "rank"),
    [
        ({"uk": "native"}, 0), ({"uk": "good", "en": "good"}, 0), ({"uk": "basic", "en": "native"}, 1),
        ({"en": "good"}, 2), ({"en": "basic"}, 3), ({"da": "native"}, 4), ({}, 4),
    ],
)  # fmt: skip
def test_the_own_language_goes_before_a_little_of_it_and_that_before_english(levels, rank):
    assert rank_of(levels, "uk") == rank


def shift(opens, closes, lanes=None, languages=()):
    return Shift(at(THURSDAY, opens), at(THURSDAY, closes), lanes, languages)


def test_of_two_shifts_at_once_the_one_with_more_lanes_counts(house):
    frame = DayFrame(DAY, COPENHAGEN)
    days = catalogue.ShiftDays({DAY: (shift("10:00", "10:20", 1), shift("10:10", "10:30", 2))})
    assert list(fewer_lanes(days, frame).values()) == [1, 1, 2, 2, 2, 2]
    whole = catalogue.ShiftDays({DAY: (shift("10:00", "10:20", 1), shift("10:10", "10:30"))})
    assert len(fewer_lanes(whole, frame)) == 2
    assert fewer_lanes(catalogue.ShiftDays({}), frame) == {}


def test_a_step_over_a_change_of_advisers_is_possible_but_last(session, house):
    facts = find_times(session, CPR, 1, "ar").wish.counters[house.counter_ids[0]]
    other = (("ar", "good"),)
    days = catalogue.ShiftDays({DAY: (shift("10:00", "11:00"), shift("11:00", "12:00", None, other))})
    tongues = tongues_of(days)
    found = list(ways(facts, 4, tongues, "ar", only=False))
    assert [way.rank for way in found] == [2, 0, 4] and found[-1].within is ALWAYS
    assert [way.rank for way in ways(facts, 4, tongues, "ar", only=True)] == [0]
    assert "ar" in spoken_at(facts, tongues, tick(THURSDAY, "11:00"))
    assert "ar" not in spoken_at(facts, tongues, tick(THURSDAY, "10:55"))
    assert tongues_of(catalogue.ShiftDays({DAY: (shift("10:00", "11:00"),)})) == ()


# --- who comes, times elsewhere, more time ----------------------------------------------------------------


def test_who_comes_is_kept_in_codes_and_replaced_by_a_new_hold(session, house):
    family = Household(2, 2, "uk", True, ("wheelchair", "quiet"))
    visit = hold(session, CPR, 4, tick(THURSDAY, "10:00"), "en", b"1", household=family)
    assert (visit.party, visit.children, visit.speaks, visit.interpreter) == (4, 2, "uk", True)
    assert (visit.language, access_codes(visit.access)) == ("en", ("wheelchair", "quiet"))
    again = hold(session, CPR, 1, tick(THURSDAY, "10:00"), "uk", b"1", household=Household(speaks="uk"))
    assert again is visit
    assert (visit.children, visit.speaks, visit.interpreter, visit.access) == (0, None, False, None)
    assert access_text(["nonsense", "sight", "hearing"]) == "hearing sight"


def test_times_elsewhere_are_kept_with_the_visit_and_go_with_the_next_hold(session, house):
    other = OtherTime(SIRI, at(THURSDAY, "10:00"), "S1")
    slugs = [SIRI, CPR]
    with pytest.raises(Taken):
        hold(session, slugs, 1, tick(THURSDAY, "10:00"), "en", b"1", others=[other])
    with pytest.raises(Taken):
        hold(session, slugs, 1, tick(THURSDAY, "10:10"), "en", b"1", others=[other])
    visit = hold(session, slugs, 1, tick(THURSDAY, "10:20"), "en", b"1", others=[other])
    [kept] = visit.elsewhere
    assert (kept.starts_at, kept.reference, len(visit.steps)) == (at(THURSDAY, "10:00"), "S1", 1)
    assert kept.ends_at == at(THURSDAY, "10:18")
    hold(session, CPR, 1, tick(THURSDAY, "10:20"), "en", b"1")
    assert session.scalars(select(Elsewhere)).all() == []


def test_an_authority_outside_the_house_is_a_way_off(session, house):
    tax = OtherTime(TAX, at(THURSDAY, "10:00"))
    first = find_times(session, [TAX, CPR], 1, "en", others=[tax]).first()
    assert first.starts_at == at(THURSDAY, "10:50")  # 15 minutes there, 30 on the way, then the next start


def test_a_hold_is_extended_with_all_its_places(session, house):
    visit = hold(session, CPR, 1, tick(THURSDAY, "10:00"), "en", b"1")
    house.clock.shift(600)
    extend(session, visit)
    assert visit.held_until == at("2027-01-06", "12:25")
    assert set(session.scalars(select(Occupancy.expires_at))) == {visit.held_until}
    agree(session)


def test_a_hold_is_extended_a_few_times_only(session, house):
    visit = hold(session, CPR, 1, tick(THURSDAY, "10:00"), "en", b"1")
    for _ in range(MOST_EXTENSIONS):
        extend(session, visit)
    with pytest.raises(Problem, match="no_more_time"):
        extend(session, visit)
    hold(session, CPR, 1, tick(THURSDAY, "10:20"), "en", b"1")
    assert extend(session, visit).extensions == 1  # another time, another few


def test_a_hold_that_somebody_took_over_or_that_is_no_hold_is_not_extended(session, house):
    counter_of(session, house).capacity = 1
    visit = hold(session, CPR, 1, tick(THURSDAY, "10:00"), "en", b"1")
    session.commit()
    house.clock.shift(17 * 60)
    hold(session, CPR, 1, tick(THURSDAY, "10:10"), "en", b"2")
    with pytest.raises(Taken):
        extend(session, visit)
    other = hold(session, CPR, 1, tick(THURSDAY, "11:00"), "en", b"3")
    give_contact(session, other, "Ada", None)
    confirm(session, other, "en")
    with pytest.raises(Gone):
        extend(session, other)


def test_a_hold_whose_time_has_come_is_not_extended(session, house):
    visit = hold(session, CPR, 1, tick(THURSDAY, "10:00"), "en", b"1")
    house.clock.move_to(at(THURSDAY, "10:00"))
    with pytest.raises(Gone):
        extend(session, visit)
