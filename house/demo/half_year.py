"""Half a year of waiting rooms that never were: who came, when, and how long it took.

The days have what no rule knows: services grow slower, advisers differ, take breaks and fall ill, one in
eight does not come to a booking, Mondays are full. Pure: a number in, days out; demo and bench share them.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from house.intake.face import Desk, Waiting, in_order

WEEKS = 26
OPENS = {0: (510, 900), 2: (510, 900), 3: (510, 960), 4: (510, 780)}
"""Minutes since midnight by weekday."""
# service, how often it is wanted, minutes it usually takes
SERVICES = (("residence", 34, 17.0), ("registration", 40, 19.0), ("tax", 14, 13.0), ("guidance", 12, 26.0))
TONGUES = (("en", 40), ("pl", 18), ("uk", 14), ("ro", 14), ("ar", 8), ("da", 6))
COUNTERS = (
    (frozenset({"residence"}), frozenset({"en", "da", "pl"})),
    (frozenset({"residence"}), frozenset({"en", "da", "uk", "ro"})),
    (frozenset({"registration"}), frozenset({"en", "da"})),
    (frozenset({"registration"}), frozenset({"en", "da", "ar"})),
    (frozenset({"registration", "tax"}), frozenset({"en", "da", "pl"})),
    (frozenset({"tax", "guidance"}), frozenset({"en", "da", "ro"})),
)
NO_SHOW, BOOKED, DRIFT, A_DAY = 0.12, 0.45, 0.006, 62


@dataclass
class Stay:
    """One person's visit: minutes since midnight. `called` stays None for somebody who never came."""

    number: int
    service: str
    language: str
    arrives: float
    planned: float | None
    comes: bool
    called: float | None = None
    ended: float | None = None
    counter: int | None = None


@dataclass
class DayLog:
    """One day as it went: everybody, and when each counter was away."""

    day: date
    stays: list[Stay] = field(default_factory=list)
    away: dict[int, list[tuple[float, float]]] = field(default_factory=dict)


def half_year(first: date, seed: int = 1, weeks: int = WEEKS) -> Iterator[DayLog]:
    """Every open day of so many weeks from a date on."""
    chance = random.Random(seed)  # noqa: S311 - the same half-year every time
    for number in range(weeks * 7):
        day = first + timedelta(days=number)
        if day.weekday() in OPENS:
            yield _day(day, number / 7, chance)


def _day(day: date, weeks: float, chance: random.Random) -> DayLog:
    opens, closes = OPENS[day.weekday()]
    busy = (1.12 if day.weekday() == 0 else 1.0) * chance.uniform(0.8, 1.15) * (closes - opens) / 390
    log = DayLog(day, _people(opens, closes, round(A_DAY * busy), chance), _breaks(opens, closes, chance))
    _let_it_happen(log, 1 + DRIFT * weeks, chance)
    return log


def _people(opens: int, closes: int, count: int, chance: random.Random) -> list[Stay]:
    stays = []
    for number in range(count):
        service = chance.choices([one[0] for one in SERVICES], [one[1] for one in SERVICES])[0]
        language = chance.choices([one[0] for one in TONGUES], [one[1] for one in TONGUES])[0]
        if chance.random() < BOOKED:
            planned = float(opens + 10 * chance.randrange((closes - opens - 30) // 10))
            arrives = planned + chance.gauss(-6, 5)
            stays.append(Stay(number, service, language, arrives, planned, chance.random() > NO_SHOW))
        else:
            arrives = opens + (closes - opens - 30) * chance.betavariate(1.4, 2.0)
            stays.append(Stay(number, service, language, arrives, None, True))
    return sorted(stays, key=lambda stay: stay.arrives)


def _breaks(opens: int, closes: int, chance: random.Random) -> dict[int, list[tuple[float, float]]]:
    away: dict[int, list[tuple[float, float]]] = {}
    for counter in range(len(COUNTERS)):
        lunch = chance.uniform(opens + 150, opens + 240)
        away[counter] = [(lunch, lunch + 30)]
        if chance.random() < 0.03:
            away[counter] = [(0.0, 24 * 60.0)]  # ill: the others carry it
        elif chance.random() < 0.3:
            pause = chance.uniform(opens, closes)
            away[counter].append((pause, pause + chance.uniform(5, 15)))
    return away


def _let_it_happen(log: DayLog, slower: float, chance: random.Random) -> None:
    """Play the day: a free counter that is not away calls whom the queue's own rule says."""
    usual = {service: minutes for service, _, minutes in SERVICES}
    pace = [chance.uniform(0.85, 1.2) for _ in COUNTERS]
    waiting: dict[int, Stay] = {}
    free = [0.0] * len(COUNTERS)
    arriving = [stay for stay in log.stays if stay.comes]
    for minute in range(480, 22 * 60):
        while arriving and arriving[0].arrives <= minute:
            stay = arriving.pop(0)
            waiting[stay.number] = stay
        if not waiting and not arriving:
            return
        for counter, (services, languages) in enumerate(COUNTERS):
            if free[counter] > minute or is_away(log, counter, minute):
                continue
            order = in_order(
                [as_waiting(stay) for stay in waiting.values()], Desk(services, languages), moment(minute)
            )
            if order:
                stay = waiting.pop(order[0].step_id)
                foreign = 1.0 if stay.language in languages else 1.15
                lasts = usual[stay.service] * slower * pace[counter] * foreign
                lasts *= chance.lognormvariate(0, 0.35)
                stay.called, stay.ended, stay.counter = float(minute), minute + lasts + 1.5, counter
                free[counter] = stay.ended


def is_away(log: DayLog, counter: int, minute: float) -> bool:
    """Whether a counter takes nobody at a minute of the day."""
    return any(start <= minute < end for start, end in log.away[counter])


def as_waiting(stay: Stay) -> Waiting:
    """Somebody as the queue knows a person."""
    return Waiting(
        stay.number, stay.number, moment(stay.arrives), moment(stay.arrives),
        None if stay.planned is None else moment(stay.planned),
        "walk_in" if stay.planned is None else "booked", stay.language, stay.service,
    )  # fmt: skip


def moment(minute: float) -> datetime:
    """A minute of the day as an instant of no particular date."""
    return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
