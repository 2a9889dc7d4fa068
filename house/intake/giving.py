"""Which services are given at which counters, for the open directory: where, when, in which languages."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from house.catalogue import face as catalogue
from house.intake.models import Counter, CounterLanguage, CounterService

_GIVEN = (
    select(
        CounterService.service_id, Counter.id, Counter.schedule_id, Counter.authority_id, Counter.place_id,
    )
    .join(Counter, Counter.id == CounterService.counter_id)
    .where(Counter.active)
    .order_by(Counter.id, CounterService.service_id)
)  # fmt: skip
_SPOKEN = select(CounterLanguage.counter_id, CounterLanguage.language).order_by(CounterLanguage.language)


def at_counters(session: Session) -> tuple[catalogue.AtCounter, ...]:
    """Every service at every counter that serves, by counter."""
    slugs = {service.id: service.slug for service in catalogue.services(session)}
    spoken: dict[int, list[str]] = defaultdict(list)
    for counter, language in session.execute(_SPOKEN):
        spoken[counter].append(language)
    return tuple(
        catalogue.AtCounter(slugs[service], catalogue.Whose(*whose), tuple(spoken[counter]))
        for service, counter, *whose in session.execute(_GIVEN)
        if service in slugs
    )
