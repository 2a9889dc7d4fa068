"""The waiting rooms of the last weeks, so that the demo's desk and kiosk can tell how long it takes.

No verb can do what was weeks ago: it is brought in as the log of another queue would be.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from house import clock
from house.catalogue import face as catalogue
from house.demo.foreseen import foresee, share_that_comes, times_of
from house.demo.half_year import DayLog, half_year
from house.intake import face as intake

WEEKS, FORESEEN = 4, 4
"""Weeks that are brought in; on so many of their last days it is known what was foreseen."""
SERVICES = {
    "residence": "eu_residence_document", "registration": "cpr_registration", "tax": "tax_card",
    "guidance": "housing_guidance",
}  # fmt: skip
RUNS = 12


def remember(session: Session, chance: random.Random) -> str:
    """Bring in the visits of the last four weeks."""
    place = catalogue.place(session)
    zone = clock.zone(place.timezone)
    first = clock.today(place.timezone) - timedelta(weeks=WEEKS)
    days = list(half_year(first, chance.randrange(1 << 30), WEEKS))
    services = {name: catalogue.service(session, slug).id for name, slug in SERVICES.items()}
    count = 0
    for number, log in enumerate(days):
        known = days[:number] if number >= len(days) - FORESEEN else []
        count += intake.bring_in(session, _stays(log, _foreseen(log, known), services, zone))
    return f"Brought in {count} visits of the last {WEEKS} weeks."


def _foreseen(log: DayLog, before: list[DayLog]) -> Mapping[int, float]:
    """The middle of the wait that was foreseen, by person; nothing without days before."""
    if not before:
        return {}
    told = foresee(log, times_of(before), share_that_comes(before), RUNS)
    return {one.stay.number: median(one.waits) for one in told}


def _stays(
    log: DayLog, foreseen: Mapping[int, float], services: Mapping[str, int], zone: ZoneInfo
) -> Iterator[intake.Past]:
    def at(minute: float | None) -> datetime | None:
        midnight = datetime.combine(log.day, time(0), zone)
        return None if minute is None else midnight + timedelta(minutes=minute)

    for stay in log.stays:
        arrived = at(stay.arrives)
        if arrived is not None:
            yield intake.Past(
                services[stay.service], stay.language, at(stay.planned), arrived, at(stay.called),
                at(stay.ended), None, foreseen.get(stay.number),
            )  # fmt: skip
