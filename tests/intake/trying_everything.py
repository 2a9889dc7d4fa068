"""The search by loops over everything, and small random houses around midnight and clock changes."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import permutations
from zoneinfo import ZoneInfo

from hypothesis import settings
from hypothesis import strategies as st

from house.intake.chains import ALWAYS, Choice
from house.intake.daymap import bits, full_from_ticks, mask, tick_begins, utc_tick
from house.intake.slots import (
    CounterDays,
    Grid,
    Horizon,
    Itinerary,
    Need,
    Since,
    StepTime,
    Timetable,
    pack,
    starts,
)

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
NIGHTS = (date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28))
WIDTH = 30  # ticks in which all openings of a random house lie
plainly = settings(max_examples=150, deadline=None)  # trying everything takes its time


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
