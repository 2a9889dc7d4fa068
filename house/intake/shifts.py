"""Who sits at a counter when: open ticks, lanes and languages of its shifts, as the search takes them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache

from house.catalogue import face as catalogue
from house.intake.chains import ALWAYS, Choice, Spans
from house.intake.daymap import DayFrame, mask, ticks_in, utc_tick, utc_tick_after
from house.intake.models import Level
from house.intake.timetable import Horizon
from house.intake.wishes import CounterFacts

ENGLISH = "en"
OWN, OWN_A_LITTLE, IN_ENGLISH, ENGLISH_A_LITTLE, NEITHER = range(5)
Tongues = tuple[tuple[catalogue.Languages, Spans], ...]
"""In which spans of ticks which languages differ from the counter's; empty where none ever do."""


@lru_cache(maxsize=256)
def open_ticks(horizon: Horizon, shifts: catalogue.ShiftDays) -> int:
    """The open ticks of all days; remembered, because counters share hours and hours seldom change."""
    frames = {frame.day: frame for frame in horizon.frames}
    spans = {day: [shift[:2] for shift in found] for day, found in shifts.days.items() if day in frames}
    return horizon.join({day: mask(found, frames[day]) for day, found in spans.items()})


@lru_cache(maxsize=256)
def tongues_of(shifts: catalogue.ShiftDays) -> Tongues:
    """The languages of the shifts; spans that touch are one: a step may reach over."""
    if not any(shift.languages for found in shifts.days.values() for shift in found):
        return ()
    spans: dict[catalogue.Languages, list[tuple[int, int]]] = defaultdict(list)
    for found in shifts.days.values():
        for shift in found:
            span = utc_tick_after(shift.start), utc_tick(shift.end)
            alike = spans[shift.languages]
            if alike and alike[-1][1] == span[0]:
                alike[-1] = (alike[-1][0], span[1])
            else:
                alike.append(span)
    return tuple((languages, tuple(found)) for languages, found in spans.items())


def ways(counter: CounterFacts, ticks: int, tongues: Tongues, language: str, only: bool) -> Iterator[Choice]:
    """The ways to take a step at a counter, ranked by language; `only` the visitor's own where that is asked.

    A step that reaches over a change of advisers can be taken too, last of all: who begins may not end it.
    """
    for languages, spans in tongues or (((), ALWAYS),):
        rank = rank_of(counter.levels_in(languages), language)
        if rank <= OWN_A_LITTLE or not only:
            yield Choice(counter.id, ticks, rank, spans)
    if len(tongues) > 1 and not only:
        yield Choice(counter.id, ticks, NEITHER)


def rank_of(levels: dict[str, str], language: str) -> int:
    """How well a visitor is understood: 0 in the own language, then a little of it, then in English."""
    for tag, well, little in ((language, OWN, OWN_A_LITTLE), (ENGLISH, IN_ENGLISH, ENGLISH_A_LITTLE)):
        if tag in levels:
            return little if levels[tag] == Level.BASIC else well
    return NEITHER


def spoken_at(counter: CounterFacts, tongues: Tongues, tick: int) -> frozenset[str]:
    """The languages spoken at a counter when a step begins there."""
    for languages, spans in tongues:
        if any(start <= tick < end for start, end in spans):
            return frozenset(counter.levels_in(languages))
    return frozenset(counter.levels_in(()))


def fewer_lanes(shifts: catalogue.ShiftDays, frame: DayFrame) -> dict[int, int]:
    """How many lanes there are in the ticks of a day with fewer; of two shifts the more count."""
    lanes: dict[int, int] = {}
    whole = 0
    for shift in shifts.days.get(frame.day, ()):
        ticks = ticks_in([(utc_tick_after(shift.start), utc_tick(shift.end))], frame)
        if shift.lanes is None:
            whole |= ticks
            continue
        tick = 0
        while ticks >> tick:
            if ticks >> tick & 1:
                lanes[tick] = max(lanes.get(tick, 0), shift.lanes)
            tick += 1
    return {tick: number for tick, number in lanes.items() if not whole >> tick & 1}
