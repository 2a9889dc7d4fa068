"""Setting up a counter and changing it: whose it is, what it gives, in which languages, with how many lanes.

When it is open is in `counter_hours.py`, when it is closed for a while in `closings.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from house import audit, clock
from house.catalogue import face as catalogue
from house.intake import claiming, standing
from house.intake.models import Counter, CounterDay, CounterLanguage, CounterService, Level
from house.intake.timetable import Since
from house.people import face as people
from house.problems import Moved, NotHere

PLAIN = (
    "label", "capacity", "every", "since", "buffer_minutes", "lead_minutes", "horizon_days", "active",
    "assumed",
)  # fmt: skip


@dataclass(frozen=True)
class Given:
    """How a counter gives a service; minutes are None where the catalogue's hold."""

    bookable: bool = True
    minutes_first: int | None = None
    minutes_each: int | None = None
    cool_off_minutes: int = 0


@dataclass(frozen=True)
class Settings:
    """What managers say of a counter, beside its hours."""

    label: str
    capacity: int = 1
    every: int = 2
    since: Since = Since.OPENING
    buffer_minutes: int = 0
    lead_minutes: int = 60
    horizon_days: int = 60
    active: bool = True
    assumed: bool = False
    services: Mapping[int, Given] = field(default_factory=dict)
    languages: Mapping[str, Level] = field(default_factory=dict)


def settings_of(counter: Counter) -> Settings:
    """A counter as it stands."""
    services = {
        one.service_id: Given(one.bookable, one.minutes_first, one.minutes_each, one.cool_off_minutes)
        for one in counter.services
    }
    plain: dict[str, Any] = {name: getattr(counter, name) for name in PLAIN}
    return Settings(
        **plain, services=services, languages={one.language: one.level for one in counter.languages}
    )


def add_counter(
    session: Session,
    place: catalogue.Place,
    authority_id: int,
    label: str,
    schedule_id: int,
    service_ids: Iterable[int],
    languages: Iterable[str] | Mapping[str, Level],
    capacity: int = 1,
    bookable: bool = True,
    every: int = 2,
    actor: str = "house",
    **more: Any,
) -> Counter:
    """Add a counter; times are offered every `every` ticks of five minutes. `more` as in `Settings`."""
    levels = languages if isinstance(languages, Mapping) else dict.fromkeys(languages, Level.GOOD)
    counter = Counter(
        place_id=place.id, authority_id=authority_id, label=label, schedule_id=schedule_id,
        capacity=capacity, every=every, **more,
        services=[CounterService(service_id=one, bookable=bookable) for one in service_ids],
        languages=[CounterLanguage(language=tag, level=level) for tag, level in levels.items()],
    )  # fmt: skip
    session.add(counter)
    session.flush()
    audit.record(session, actor, "counter_added", f"counter {counter.id}")
    return counter


def all_counters(session: Session) -> list[Counter]:
    """Every counter of the place, closed down ones too, in the order of their labels; three statements."""
    here = catalogue.place(session)
    both = (selectinload(Counter.services), selectinload(Counter.languages))
    found = session.scalars(select(Counter).where(Counter.place_id == here.id).options(*both))
    return sorted(found, key=lambda one: (not one.active, one.label.zfill(8), one.id))


def managed(session: Session, reach: people.Reach) -> list[Counter]:
    """The counters that somebody manages."""
    slugs = {id_: one.slug for id_, one in catalogue.authorities(session).items()}
    return [one for one in all_counters(session) if reach.covers(slugs.get(one.authority_id, ""))]


def one_of_mine(session: Session, reach: people.Reach, counter_id: int) -> Counter:
    """A counter that somebody manages; raises `NotHere`."""
    found = next((one for one in managed(session, reach) if one.id == counter_id), None)
    if found is None:
        raise NotHere()
    return found


def change(session: Session, counter: Counter, wanted: Settings, seen: int, actor: str) -> None:
    """Change a counter as it was `seen` (its revision); raises `Moved` when somebody changed it meanwhile.

    Booked visits stay; what does not fit any more comes to the worklist.
    """
    take(session, counter, seen)
    lanes_differ = counter.capacity != wanted.capacity
    for name in PLAIN:
        setattr(counter, name, getattr(wanted, name))
    services = {one.service_id: one for one in counter.services}
    counter.services = [services.get(id_) or CounterService(service_id=id_) for id_ in wanted.services]
    for service in counter.services:
        for name, value in vars(wanted.services[service.service_id]).items():
            setattr(service, name, value)
    spoken = {one.language: one for one in counter.languages}
    counter.languages = [spoken.get(tag) or CounterLanguage(language=tag) for tag in wanted.languages]
    for language in counter.languages:
        language.level = wanted.languages[language.language]
    session.flush()
    if lanes_differ:
        count_anew(session, counter)
    audit.record(session, actor, "counter_changed", f"counter {counter.id}", revision=counter.revision)


def take(session: Session, counter: Counter, seen: int) -> None:
    """Have a counter alone, as it was seen, for changing it; raises `Moved`."""
    standing.alone(session, [counter.id])
    if counter.revision != seen:
        raise Moved("changed")
    counter.revision += 1


def count_anew(session: Session, counter: Counter) -> None:
    """Write the bitmaps of the days to come anew: with other lanes, other ticks are full."""
    today = clock.today(catalogue.place(session).timezone)
    days = session.execute(
        select(CounterDay.counter_id, CounterDay.day)
        .where(CounterDay.counter_id == counter.id, CounterDay.day >= today)
        .order_by(CounterDay.day)
        .with_for_update()
    ).all()
    claiming.refresh(session, [(counter_id, day) for counter_id, day in days])


def own_schedule(session: Session, counter: Counter) -> int:
    """The counter's schedule, which nobody else keeps: one that is shared is copied first."""
    shared = select(func.count()).select_from(Counter).where(Counter.schedule_id == counter.schedule_id)
    here = catalogue.place(session)
    of_house = counter.schedule_id in (here.schedule_id, here.phone_schedule_id)
    if of_house or (session.scalar(shared) or 0) > 1:
        counter.schedule_id = catalogue.copy_schedule(session, counter.schedule_id, counter.label)
        counter.revision += 1  # whoever read the counter before reads the hours of the other schedule
        session.flush()
    return counter.schedule_id
