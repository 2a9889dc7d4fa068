"""The largest part of a wish, and planning around a step elsewhere, against loops over everything."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from house.intake.chains import Fixed, both, earlier_than, plan_around
from house.intake.partly import largest_parts
from tests.intake.trying_everything import WIDTH, built, how, offered, plainly, searches, start_of


@plainly
@given(searches(most_steps=4))
def test_the_largest_part_is_the_largest_that_trying_all_parts_finds(plain):
    held = held_by_service(plain)
    found = []
    for size in range(len(plain.chain), 0, -1):
        for part in combinations(plain.chain, size):
            names = {need.service for need in part}
            if all(held[name] <= names for name in names) and starts_of(plain, part):
                found.append(part)
        if found:
            break
    parts = largest_parts(plain.chain, built(plain), **how(plain))
    assert sorted(map(str, parts)) == sorted(map(str, found))
    assert [min(starts_of(plain, part)) for part in parts] == sorted(min(starts_of(plain, p)) for p in found)


def starts_of(plain, part):
    """The starts of a part, by trying everything."""
    whole, plain.chain = plain.chain, part
    try:
        return {start_of(found) for found in plain.everything()}
    finally:
        plain.chain = whole


def held_by_service(plain):
    names = [need.service for need in plain.chain]
    if plain.before is None:
        return {name: set(names[:n]) for n, name in enumerate(names)}
    return {name: earlier_than(name, plain.before) & set(names) - {name} for name in names}


@plainly
@given(searches(), st.integers(0, WIDTH), st.integers(1, 6), st.sampled_from("abcdx"))
def test_a_step_that_somebody_else_booked_is_planned_around(plain, start, ticks, service):
    before = None if plain.before is None else frozenset(plain.before) | {("x", "b")}
    plain.chain = tuple(need for need in plain.chain if need.service != service)
    if not plain.chain:
        return
    edge = min(set().union(*plain.open.values()))
    fixed = Fixed(service, edge + start, edge + start + ticks)
    clear = []
    for found in plain.everything():
        spans = {step.service: (step.start_tick, step.end_tick) for step in found.steps}
        pairs = before or ()
        late = [s for s in spans if service in earlier_than(s, pairs)]
        early = [s for s in spans if s in earlier_than(service, pairs) and s not in late]
        if (
            all(end <= fixed.start_tick or begin >= fixed.end_tick for begin, end in spans.values())
            and all(spans[s][0] >= fixed.end_tick for s in late)
            and all(spans[s][1] <= fixed.start_tick for s in early)
        ):
            clear.append(start_of(found))
    plain.chain = plan_around(plain.chain, [fixed], before)
    plain.remembered = {}
    assert offered(plain, built(plain)) == set(clear)


def test_spans_are_cut_to_what_both_have():
    assert both(((0, 10), (20, 30)), ((5, 25),)) == ((5, 10), (20, 25))
    assert both(((0, 10),), ((10, 20),)) == ()
