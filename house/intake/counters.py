"""Setting up a counter: where it stands, whose it is, what it gives, in which languages, when it is open."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.orm import Session

from house import audit
from house.catalogue import face as catalogue
from house.intake.models import Counter, CounterLanguage, CounterService


def add_counter(
    session: Session,
    place: catalogue.Place,
    authority_id: int,
    label: str,
    schedule_id: int,
    service_ids: Iterable[int],
    languages: Iterable[str],
    capacity: int = 1,
    bookable: bool = True,
    every: int = 2,
) -> Counter:
    """Add a counter; times are offered every `every` ticks of five minutes from each opening."""
    counter = Counter(
        place_id=place.id, authority_id=authority_id, label=label, schedule_id=schedule_id,
        capacity=capacity, every=every,
        services=[CounterService(service_id=one, bookable=bookable) for one in service_ids],
        languages=[CounterLanguage(language=tag) for tag in languages],
    )  # fmt: skip
    session.add(counter)
    session.flush()
    audit.record(session, "house", "counter_added", f"counter {counter.id}")
    return counter
