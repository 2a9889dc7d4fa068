"""The search against loops over everything, in small random houses around midnight and clock changes."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import combinations, permutations
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from house.intake.chains import ALWAYS, Choice, Fixed, both, earlier_than, plan_around
from house.intake.daymap import (
    DayFrame,
    bits,
    erode,
    full_from_ticks,
    has,
    marks,
    mask,
    reach_back,
    tick_begins,
    utc_tick,
)
from house.intake.partly import largest_parts
from house.intake.slots import (
    CounterDays,
    Grid,
    Horizon,
    Itinerary,
    Need,
    Since,
    StepTime,
    Timetable,
    itineraries,
    itinerary_at,
    may_book,
    orders,
    pack,
    starts,
    unpack,
)

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
NIGHTS = (date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28))
WIDTH = 30  # ticks in which all openings of a random house lie

bitmaps = st.integers(0, (1 << 80) - 1)
plainly = settings(max_examples=150, deadline=None)  # trying everything takes its time


# --- arithmetic on bitmaps


@given(bitmaps, st.integers(1, 90))
def test_eroding_leaves_the_starts_of_runs_that_are_long_enough(free, k):
    assert set(bits(erode(free, k))) == {t for t in range(80) if all(has(free, t + n) for n in range(k))}


@given(bitmaps, st.integers(0, 90))
def test_reaching_back_finds_every_tick_from_which_one_is_near(bitmap, gap):
    assert set(bits(reach_back(bitmap, gap))) == {
        t for t in range(80) if any(has(bitmap, t + n) for n in range(gap + 1))
    }


@given(bitmaps, st.integers(1, 30))
def test_marks_stand_every_so_many_ticks_of_a_run(open_, every):
    assert set(bits(marks(open_, every))) == {
        t for t in bits(open_) if since_opening(t, set(bits(open_))) % every == 0
    }


@given(st.sampled_from([*NIGHTS, date(2026, 9, 7)]), st.data())
def test_packing_and_counting_lanes_lose_nothing(day, data):
    frame = DayFrame(day, COPENHAGEN)
    full = data.draw(st.sets(st.integers(0, frame.n - 1), max_size=20))
    rows = [frame.first + tick for tick in full for _ in range(2)] + [frame.first + 3]
    bitmap = full_from_ticks(rows, frame, capacity=2)
    assert set(bits(bitmap)) == full
    assert unpack(pack(bitmap, frame.n)) == bitmap


@given(st.dates(date(2026, 1, 1), date(2028, 12, 31)))
def test_days_follow_each_other_without_a_gap_and_each_tick_comes_back(day):
    frame, following = DayFrame(day, COPENHAGEN), DayFrame(day + timedelta(days=1), COPENHAGEN)
    assert frame.first + frame.n == following.first
    assert all(frame.tick_of(frame.instant_of(tick)) == tick for tick in range(frame.n))
    locals_ = {frame.instant_of(tick).astimezone(COPENHAGEN).date() for tick in range(frame.n)}
    assert locals_ == {day}


# --- whole searches


def since_opening(tick, open_ticks):
    begins = tick
    while begins - 1 in open_ticks:
        begins -= 1
    return tick - begins


class Plain:
    """A house told as sets of UTC ticks, searched by trying everything."""

    def __init__(self, days, open_, full, grids, earliest, chain, before, max_gap, buffers, shut):
        self.days, self.open, self.full, self.grids = days, open_, full, grids
        self.buffers, self.shut = buffers, shut
        self.earliest, self.chain, self.before, self.max_gap = earliest, chain, before, max_gap
        self.remembered = {}

    def __repr__(self):
        return f"Plain({vars(self)})"

    def day_of(self, tick):
        return tick_begins(tick).astimezone(COPENHAGEN).date()

    def on_grid(self, counter, tick):
        grid = self.grids[counter]
        if grid.since is Since.HOUR:
            return tick_begins(tick).astimezone(COPENHAGEN).minute % (grid.ticks * 5) == 0
        same_day = {t for t in self.open[counter] if self.day_of(t) == self.day_of(tick)}
        return since_opening(tick, same_day) % grid.ticks == 0

    def can_start(self, need, choice, tick):
        key = need.service, choice, tick
        if key not in self.remembered:
            self.remembered[key] = self._can_start(need, choice, tick)
        return self.remembered[key]

    def _can_start(self, need, choice, tick):
        counter, taken = choice.counter, range(tick, tick + choice.ticks)
        return (
            counter in self.open
            and all(t in self.open[counter] and t not in self.full[counter] for t in taken)
            and not self.shut[counter] & set(taken)
            and self.buffer_is_free(counter, tick + choice.ticks)
            and inside(need.within, taken)
            and inside(choice.within, taken)
            and tick_begins(tick) >= self.earliest
            and {self.day_of(t) for t in taken} <= {self.day_of(tick)} & set(self.days)
            and self.on_grid(counter, tick)
        )

    def buffer_is_free(self, counter, end):
        kept = range(end, end + self.buffers[counter])
        return all(
            t not in self.full[counter]
            and self.day_of(t) == self.day_of(end - 1)
            and self.day_of(t) in self.days
            for t in kept
        )

    def allowed(self, order):
        if self.before is None:
            return list(order) == list(self.chain)
        place = {need.service: n for n, need in enumerate(order)}
        return all(place[a] < place[b] for a, b in self.before if a in place and b in place)

    def everything(self):
        """Every itinerary there is."""
        ticks = sorted(set().union(*self.open.values()))
        found = []

        def follow(order, steps):
            if len(steps) == len(order):
                found.append(Itinerary(tuple(steps)))
                return
            need = order[len(steps)]
            last = steps[-1].end_tick if steps else None
            for tick in ticks if last is None else range(last, last + self.max_gap + 1):
                if steps and self.day_of(tick) != self.day_of(steps[0].start_tick):
                    continue
                for choice in dict.fromkeys(need.choices):
                    if self.can_start(need, choice, tick):
                        end = tick + choice.ticks
                        follow(order, [*steps, StepTime(need.service, choice.counter, tick, end)])

        for order in permutations(self.chain):
            if self.allowed(order):
                follow(order, [])
        return found

    def worth(self, itinerary):
        """Less is better: waiting, ranks, then the order of the chain, of the counters and of time."""
        by_service = {need.service: (n, need) for n, need in enumerate(self.chain)}
        ranks, path = 0, []
        for step in itinerary.steps:
            n, need = by_service[step.service]
            at, rank = min(
                (at, choice.rank)
                for at, choice in enumerate(need.choices)
                if (choice.counter, choice.ticks) == (step.counter, step.end_tick - step.start_tick)
                and self.can_start(need, choice, step.start_tick)
            )
            ranks += rank
            path.append((n, at, step.start_tick))
        return itinerary.waiting, ranks, path


@st.composite
def searches(draw, most_steps=3):
    day = draw(st.sampled_from(NIGHTS))
    # around the clock change at 01:00 UTC, or around the midnight before it
    middle = draw(
        st.sampled_from([datetime.combine(day, time(1), UTC), datetime.combine(day, time(0), COPENHAGEN)])
    )
    edge = utc_tick(middle) - WIDTH // 2
    counters = range(1, draw(st.integers(1, 3)) + 1)
    opening = st.builds(
        lambda opens, long: (opens, min(opens + long, WIDTH)),
        st.integers(0, WIDTH - 5),
        st.integers(5, WIDTH),
    )
    spans = {c: draw(st.lists(opening, min_size=1, max_size=2)) for c in counters}
    open_ = {c: {edge + t for a, b in spans[c] for t in range(a, b)} for c in counters}
    full = {c: {edge + t for t in draw(st.sets(st.integers(0, WIDTH - 1), max_size=4))} for c in counters}
    grids = {
        c: draw(
            st.sampled_from([Grid(), Grid()])
            | st.builds(Grid, st.integers(2, 7))
            | st.builds(Grid, st.sampled_from([2, 3, 6, 12]), st.just(Since.HOUR))
        )
        for c in counters
    }
    chain = []
    for service in "abcd"[: draw(st.integers(1, most_steps))]:
        able = draw(
            st.lists(st.integers(1, 4), min_size=1, max_size=3, unique=True).filter(lambda a: a != [4])
        )
        ranks = draw(st.just(()) | st.tuples(*[st.integers(0, 1)] * len(able)))
        options, within = draw(st.just(()) | choices(edge)), draw(st.just(ALWAYS) | spans_from(edge))
        chain.append(Need(service, draw(st.integers(1, 5)), tuple(able), ranks, options, within))
    pairs = st.tuples(st.sampled_from("abcd"), st.sampled_from("abcd"))
    before = draw(
        st.none() | st.just(()) | st.sets(pairs.filter(lambda p: p[0] != p[1]), max_size=2).map(closed)
    )
    earliest = tick_begins(edge + draw(st.integers(-5, 8))) + timedelta(
        seconds=draw(st.sampled_from([0, 0, 1]))
    )
    first = draw(st.sampled_from([day - timedelta(days=1), day]))
    days = [first + timedelta(days=n) for n in range(draw(st.integers(1, 2)))]
    buffers = {c: draw(st.sampled_from([0, 0, 1, 3])) for c in counters}
    shut = {c: {edge + t for t in draw(st.sets(st.integers(0, WIDTH - 1), max_size=3))} for c in counters}
    return Plain(
        days, open_, full, grids, earliest, tuple(chain), before, draw(st.integers(0, 4)), buffers, shut
    )


def choices(edge):
    """Ways to take a step that differ in more than the counter."""
    one = st.builds(
        Choice, st.integers(1, 4), st.integers(1, 5), st.integers(0, 2), st.just(ALWAYS) | spans_from(edge)
    )
    return st.lists(one, min_size=1, max_size=4).map(tuple)


def spans_from(edge):
    span = st.tuples(st.integers(-2, WIDTH), st.integers(3, WIDTH)).map(
        lambda pair: (edge + pair[0], edge + pair[0] + pair[1])
    )
    return st.lists(span, min_size=1, max_size=2).map(lambda spans: apart(sorted(spans)))


def apart(spans):
    """Spans that touch are one."""
    found = []
    for start, end in spans:
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return tuple(found)


def inside(spans, ticks):
    return any(start <= ticks[0] and ticks[-1] < end for start, end in spans)


def closed(pairs):
    """With what follows from two pairs in a row."""
    return frozenset(pairs | {(a, d) for a, b in pairs for c, d in pairs if b == c and a != d})


def built(plain):
    """The same house as the search wants it, by way of spans, rows and blobs."""
    horizon = Horizon(plain.days[0], len(plain.days), COPENHAGEN)
    rows = []
    for counter, ticks in plain.open.items():
        spans = [(tick_begins(t), tick_begins(t + 1)) for t in ticks]
        open_ = horizon.join({frame.day: mask(spans, frame) for frame in horizon.frames})
        blobs = {f.day: pack(full_from_ticks(plain.full[counter], f), f.n) for f in horizon.frames}
        shut = horizon.within((t, t + 1) for t in plain.shut[counter])
        full = horizon.join_packed(blobs)
        grid, buffer = plain.grids[counter], plain.buffers[counter]
        rows.append(CounterDays(counter, open_, full, grid, buffer, shut))
    return Timetable(horizon, tuple(rows), plain.earliest)


def how(plain):
    return {"max_gap": plain.max_gap, "before": plain.before}


def start_of(itinerary):
    return itinerary.steps[0].start_tick


def offered(plain, table):
    """UTC ticks of all starts on offer."""
    offer = starts(plain.chain, table, **how(plain))
    return {frame.first + tick for frame in table.horizon.frames for tick in bits(offer[frame.day])}


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
