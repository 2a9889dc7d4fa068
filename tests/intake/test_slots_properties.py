"""The search against loops over everything: what is offered, what may be booked, all orders, all days."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from house.intake.daymap import utc_tick
from house.intake.slots import (
    Horizon,
    Itinerary,
    StepTime,
    Timetable,
    itineraries,
    itinerary_at,
    may_book,
    orders,
    starts,
)
from tests.intake.trying_everything import (
    COPENHAGEN,
    NIGHTS,
    WIDTH,
    built,
    how,
    offered,
    plainly,
    searches,
    start_of,
)


@plainly
@given(searches())
def test_exactly_the_starts_that_lead_to_the_end_are_offered(plain):
    assert offered(plain, built(plain)) == {start_of(found) for found in plain.everything()}


@plainly
@given(searches())
def test_each_start_gets_the_best_itinerary_there_is(plain):
    table = built(plain)
    best = {}
    for found in plain.everything():
        if start_of(found) not in best or plain.worth(found) < plain.worth(best[start_of(found)]):
            best[start_of(found)] = found
    listed = [found for day in plain.days for found in itineraries(plain.chain, day, table, **how(plain))]
    assert listed == [best[tick] for tick in sorted(best)]
    for tick, found in best.items():
        assert itinerary_at(plain.chain, tick, table, **how(plain)) == found


@plainly
@given(searches())
def test_whatever_could_be_offered_may_be_booked(plain):
    table = built(plain)
    assert all(may_book(plain.chain, found, table, **how(plain)) for found in plain.everything()[:300])


@plainly
@given(searches(), st.data())
def test_nothing_may_be_booked_that_could_not_be_offered(plain, data):
    table = built(plain)
    possible = plain.everything()
    base = data.draw(st.sampled_from(possible[:50])).steps if possible else ()
    edge = min(set().union(*plain.open.values()), default=utc_tick(plain.earliest))
    steps = st.builds(
        lambda name, counter, start, length: StepTime(name, counter, edge + start, edge + start + length),
        st.sampled_from("abcd"), st.integers(1, 4), st.integers(-2, WIDTH), st.integers(1, 5),
    )  # fmt: skip
    changed = [
        data.draw(st.just(step) | shifted(step) | steps) if data.draw(st.booleans()) else step
        for step in base
    ] or data.draw(st.lists(steps, max_size=3))
    wanted = Itinerary(tuple(changed))
    assert may_book(plain.chain, wanted, table, **how(plain)) is (wanted in possible)


def shifted(step):
    return st.builds(
        lambda later, longer, counter: StepTime(
            step.service, counter, step.start_tick + later, step.end_tick + later + longer
        ),
        st.integers(-2, 2), st.sampled_from([0, 0, 0, -1, 1]), st.integers(1, 4),
    )  # fmt: skip


@plainly
@given(searches(), st.data())
def test_of_two_who_want_the_same_time_the_second_is_refused(plain, data):
    table = built(plain)
    listed = [found for day in plain.days for found in itineraries(plain.chain, day, table, **how(plain))]
    if not listed:
        return
    first = data.draw(st.sampled_from(listed))
    full = {counter: set(ticks) for counter, ticks in plain.full.items()}
    for step in first.steps:
        full[step.counter].update(range(step.start_tick, step.end_tick))
    plain.full, plain.remembered = full, {}
    later = built(plain)
    assert not may_book(plain.chain, first, later, **how(plain))
    taken = {(step.counter, t) for step in first.steps for t in range(step.start_tick, step.end_tick)}
    for day in plain.days:
        for found in itineraries(plain.chain, day, later, **how(plain)):
            assert not taken & {(s.counter, t) for s in found.steps for t in range(s.start_tick, s.end_tick)}


@plainly
@given(searches())
def test_nobody_is_at_two_counters_at_once(plain):
    for day in plain.days:
        for found in itineraries(plain.chain, day, built(plain), **how(plain)):
            ticks = [t for step in found.steps for t in range(step.start_tick, step.end_tick)]
            assert len(ticks) == len(set(ticks))
            assert ticks == sorted(ticks)
            assert {plain.day_of(t) for t in ticks} == {day}


@plainly
@given(searches(most_steps=4))
def test_a_free_order_offers_what_all_its_orders_offer_together(plain):
    table = built(plain)
    merged = dict.fromkeys(plain.days, 0)
    for order in orders(plain.chain, plain.before):
        for day, bitmap in starts(order, table, max_gap=plain.max_gap).items():
            merged[day] |= bitmap
    assert starts(plain.chain, table, **how(plain)) == merged


@plainly
@given(searches())
def test_a_horizon_of_many_days_offers_what_each_day_offers_alone(plain):
    table = built(plain)
    together = starts(plain.chain, table, **how(plain))
    alone = {day: starts(plain.chain, table.on(day), **how(plain))[day] for day in plain.days}
    assert together == alone


def test_a_day_outside_the_horizon_cannot_be_cut_out():
    horizon = Horizon(NIGHTS[0], 2, COPENHAGEN)
    with pytest.raises(ValueError):
        Timetable(horizon, (), datetime(2026, 1, 1, tzinfo=UTC)).on(NIGHTS[1])
