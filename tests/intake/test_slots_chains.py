"""Searching the times of a visit that passes several counters: waits, orders, the best itinerary."""

import pytest

from house.intake.slots import Need, itineraries, orders, starts
from tests.intake.slots_by_hand import (
    ANY_ORDER,
    CPR,
    IN_ORDER,
    MONDAY,
    SIRI,
    TAX,
    TUESDAY,
    best,
    house,
    offered,
    told,
)

# --- a visit that passes several counters


@pytest.mark.parametrize(
    ("counters", "max_gap", "expected"),
    [
        pytest.param({3: "9:00-9:15", 1: "9:15-9:35"}, 0, ["09:00"], id="one after the other"),
        pytest.param({3: "9:00-9:15", 1: "9:20-9:40"}, 0, [], id="no wait allowed"),
        pytest.param({3: "9:00-9:15", 1: "9:20-9:40"}, 1, ["09:00"], id="a wait as long as allowed"),
        pytest.param({3: "9:00-9:15", 1: "9:25-9:45"}, 1, [], id="too long a wait"),
        pytest.param({3: "9:00-9:15", 1: "9:10-9:30"}, 9, [], id="not at two counters at once"),
        pytest.param({3: "9:15-9:30", 1: "9:00-9:20"}, 9, [], id="not in the other order"),
        pytest.param({3: "9:00-9:15"}, 9, [], id="the second step cannot be had"),
    ],
)
def test_a_chain_is_offered_where_each_step_follows_in_time(counters, max_gap, expected):
    assert offered([SIRI, CPR], house(counters), max_gap=max_gap) == expected


def test_the_longest_wait_holds_between_every_two_steps():
    table = house({3: "9:00-9:15", 1: "9:25-9:45", 4: "9:55-10:05"})
    assert offered([SIRI, CPR, TAX], table, max_gap=2) == ["09:00"]
    assert offered([SIRI, CPR, TAX], table, max_gap=1) == []


def test_two_services_may_follow_each_other_at_one_counter():
    chain = [Need("siri", 3, (1,)), Need("cpr", 4, (1,))]
    assert best(chain, house({1: "9:00-9:35"})) == ["siri@1 09:00, cpr@1 09:15"]


def test_a_visit_does_not_wait_over_night():
    table = house({3: {MONDAY: "23:00-23:59"}, 1: {TUESDAY: "0:00-1:00"}}, days=2)
    assert not any(starts([SIRI, CPR], table, max_gap=83).values())


@pytest.mark.parametrize("max_gap", [-1, 84])
def test_a_wait_that_could_reach_the_next_day_is_refused(max_gap):
    with pytest.raises(ValueError):
        starts([SIRI, CPR], house({}), max_gap=max_gap)


def test_a_chain_of_nothing_or_with_a_service_twice_is_refused():
    with pytest.raises(ValueError):
        starts([], house({}))
    with pytest.raises(ValueError):
        starts([CPR, CPR], house({}))


def test_each_start_has_one_itinerary_earliest_first():
    table = house({3: "9:00-9:20", 1: "9:15-9:40"})
    assert best([SIRI, CPR], table, max_gap=2) == ["siri@3 09:00, cpr@1 09:15", "siri@3 09:05, cpr@1 09:20"]
    assert best([SIRI, CPR], table, max_gap=2, limit=1) == ["siri@3 09:00, cpr@1 09:15"]
    assert best([SIRI, CPR], table, max_gap=2, limit=0) == []


def test_the_least_waiting_wins_over_the_better_language():
    chain = [SIRI, Need("cpr", 4, (1, 2), ranks=(0, 1))]
    table = house({3: "9:00-9:15", 1: "9:20-9:40", 2: "9:15-9:35"})
    assert best(chain, table, max_gap=3) == ["siri@3 09:00, cpr@2 09:15"]


def test_the_better_language_wins_where_the_wait_is_the_same():
    table = house({1: "9:00-9:20", 2: "9:00-9:20"})
    assert best([Need("cpr", 4, (1, 2), ranks=(1, 0))], table) == ["cpr@2 09:00"]
    assert best([Need("cpr", 4, (1, 2), ranks=(0, 1))], table) == ["cpr@1 09:00"]


def test_of_counters_that_suit_alike_the_first_named_is_taken():
    table = house({1: "9:00-9:20", 2: "9:00-9:20"})
    assert best([Need("cpr", 4, (2, 1))], table) == ["cpr@2 09:00"]


def test_a_short_wait_now_is_not_bought_with_a_long_one_later():
    chain = [SIRI, Need("cpr", 4, (1,)), Need("tax", 2, (4,))]
    table = house({3: "9:00-9:15", 1: "9:15-10:00", 4: "9:50-10:00"})
    (found,) = itineraries(chain, MONDAY, table, max_gap=6)
    assert told(found) == "siri@3 09:00, cpr@1 09:15, tax@4 09:50"
    assert found.waiting == 3


def test_a_little_later_in_the_better_language_is_taken_when_the_visit_ends_no_later():
    chain = [SIRI, Need("cpr", 4, (1, 2), ranks=(1, 0)), TAX]
    table = house({3: "9:00-9:15", 1: "9:15-9:35", 2: "9:20-9:40", 4: "9:40-9:50"})
    assert best(chain, table, max_gap=1) == ["siri@3 09:00, cpr@2 09:20, tax@4 09:40"]


def test_a_first_wait_is_taken_when_the_whole_visit_waits_less():
    table = house({3: "9:00-9:15", 1: "9:15-9:50", 4: "9:20-9:30 9:55-10:05"})
    found = best([SIRI, CPR, TAX], table, max_gap=4, before={("siri", "cpr"), ("siri", "tax")})
    assert found == ["siri@3 09:00, tax@4 09:20, cpr@1 09:30"]


def test_a_need_must_rank_all_its_counters_or_none():
    with pytest.raises(ValueError):
        Need("cpr", 4, (1, 2), ranks=(0,))


# --- free order


def services(found):
    return ["".join(str(need.service) for need in order) for order in found]


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        pytest.param((), ["abc", "acb", "bac", "bca", "cab", "cba"], id="any order"),
        pytest.param({("a", "b")}, ["abc", "acb", "cab"], id="one before another"),
        pytest.param({("a", "b"), ("b", "c")}, ["abc"], id="a line"),
        pytest.param({("c", "a"), ("c", "b")}, ["cab", "cba"], id="one first"),
        pytest.param(
            {("a", "x"), ("x", "c")}, ["abc", "acb", "bac"], id="through one that is not in the chain"
        ),
        pytest.param(
            {("x", "a"), ("c", "y")}, ["abc", "acb", "bac", "bca", "cab", "cba"], id="others do no harm"
        ),
        pytest.param({("a", "b"), ("b", "a")}, [], id="a circle"),
        pytest.param(None, ["abc"], id="as given"),
    ],
)
def test_the_orders_a_chain_may_be_passed_in(before, expected):
    assert services(orders([Need(name, 1, (1,)) for name in "abc"], before)) == expected


def test_a_free_order_is_offered_where_any_order_is():
    table = house({3: "9:20-9:35", 1: "9:00-9:20"})
    assert offered([SIRI, CPR], table, before=IN_ORDER) == []
    assert offered([SIRI, CPR], table, before=ANY_ORDER) == ["09:00"]
    assert best([SIRI, CPR], table, before=ANY_ORDER) == ["cpr@1 09:00, siri@3 09:20"]
    assert offered([SIRI, CPR], table, before={("siri", "cpr")}) == []


def test_of_two_orders_that_are_as_good_the_given_one_is_taken():
    table = house({1: "9:00-9:30"})
    chain = [Need("a", 3, (1,)), Need("b", 3, (1,))]
    assert best(chain, table, before=ANY_ORDER) == ["a@1 09:00, b@1 09:15"]


def test_a_circle_of_prerequisites_holds_up_those_in_it_but_not_one_alone():
    table = house({1: "9:00-9:30"})
    chain = [Need("a", 3, (1,)), Need("b", 3, (1,))]
    circle = {("a", "b"), ("b", "a")}
    assert offered(chain, table, before=circle) == []
    assert offered(chain[:1], table, before=circle) == ["09:00", "09:05", "09:10", "09:15"]
