"""Counters of the demo house. That the agencies sit here with times to book is an assumption of the demo."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from typing import Any

from sqlalchemy.orm import Session

from house import clock
from house.catalogue import face as catalogue
from house.intake import face as intake
from house.intake.face import Level

HOURS = {0: [("08:30", "15:00")], 2: [("08:30", "15:00")], 3: [("08:30", "16:00")], 4: [("08:30", "13:00")]}
REGISTRATION = ("cpr_registration", "health_card_gp", "mitid", "driving_licence_exchange", "leaving_denmark")
RESIDENCE = ("eu_residence_document", "eu_family_residence", "residence_permit_biometrics")
GUIDANCE = ("housing_guidance", "partner_career", "company_guidance")
ASSUMED = ("siri", "skattestyrelsen")
GOOD, NATIVE, BASIC = Level.GOOD, Level.NATIVE, Level.BASIC
LANES, PAUSE = 2, {"buffer_minutes": 5}
CLOSED_MEETS = 2


@dataclass(frozen=True)
class Desk:
    """A counter to be: whose, what it gives, how well it speaks what, and what else is special of it."""

    label: str
    authority: str
    services: tuple[str, ...]
    languages: dict[str, Level]
    more: dict[str, Any] = field(default_factory=dict)


COUNTERS = (
    Desk("1", "siri", RESIDENCE, {"en": GOOD, "da": NATIVE, "de": GOOD, "pl": NATIVE}, PAUSE),
    Desk("2", "siri", RESIDENCE, {"en": GOOD, "da": NATIVE, "uk": NATIVE, "ro": BASIC}, PAUSE),
    Desk("3", "aalborg_citizen_service", REGISTRATION, {"en": GOOD, "da": NATIVE, "de": GOOD, "es": BASIC}),
    Desk(
        "4", "aalborg_citizen_service", REGISTRATION, {"en": GOOD, "da": NATIVE, "pl": GOOD, "lt": NATIVE},
        {"capacity": LANES},
    ),
    Desk(
        "5", "aalborg_citizen_service", REGISTRATION,
        {"en": GOOD, "da": NATIVE, "ar": NATIVE, "fa": GOOD, "tr": NATIVE},
    ),
    Desk("6", "skattestyrelsen", ("tax_card",), {"en": GOOD, "da": NATIVE, "ro": GOOD, "bg": NATIVE}),
    Desk(
        "7", "ihnd", GUIDANCE, {"en": NATIVE, "da": NATIVE, "uk": GOOD, "es": GOOD},
        {"lead_minutes": 24 * 60, "every": 3},
    ),
)  # fmt: skip


def furnish(session: Session, chance: random.Random) -> str:
    """Set up the counters, most of them open when the house is."""
    place = catalogue.place(session)
    services = {service.slug: service for service in catalogue.services(session)}
    bodies = {service.authority_slug: service.authority_id for service in services.values()}
    made = {}
    for desk in COUNTERS:
        schedule = catalogue.add_schedule(session, f"Counter {desk.label}", HOURS)
        made[desk.label] = intake.add_counter(
            session, place, bodies[desk.authority], desk.label, schedule.id,
            [services[slug].id for slug in desk.services], desk.languages,
            assumed=desk.authority in ASSUMED, **desk.more,
        )  # fmt: skip
    _advisers_change(session, made["5"])
    _every_other_week(session, made["7"], clock.today(place.timezone))
    return f"Set up {len(COUNTERS)} counters."


def _advisers_change(session: Session, counter: intake.Counter) -> None:
    """On Thursdays another adviser sits here, who speaks Turkish and neither Arabic nor Persian."""
    rules = intake.hours_of(session, counter)
    openings = tuple(
        replace(rule, languages=(("ar", "none"), ("fa", "none"))) if rule.weekday == 3 else rule
        for rule in rules.openings
    )
    intake.change_hours(session, counter, rules._replace(openings=openings), counter.revision, "house")


def _every_other_week(session: Session, counter: intake.Counter, today: date) -> None:
    """On Fridays guidance is given every second week, from this one on."""
    rules = intake.hours_of(session, counter)
    monday = today - timedelta(days=today.weekday())
    openings = tuple(
        replace(rule, every_weeks=2, valid_from=monday) if rule.weekday == 4 else rule
        for rule in rules.openings
    )
    intake.change_hours(session, counter, rules._replace(openings=openings), counter.revision, "house")


def close_soon(session: Session, chance: random.Random) -> str:
    """Close a counter for a while next week, at a time that two people have booked."""
    everywhere = intake.all_counters(session)
    today = clock.today(catalogue.place(session).timezone)
    next_monday = today + timedelta(days=7 - today.weekday())
    for counter in everywhere:
        for day in (next_monday + timedelta(days=n) for n in range(5)):
            closing = _meeting_two(session, counter, day)
            if closing is not None:
                intake.close(session, closing, everywhere, CLOSED_MEETS, "house")
                return f"Closed counter {counter.label} for a while: two bookings wait for an answer."
    return "Nobody booked next week, so nothing was closed."


def _meeting_two(session: Session, counter: intake.Counter, day: date) -> intake.Closing | None:
    """A closing of one counter from the first booking of a day on that meets just two visits."""
    zone = catalogue.place(session).timezone
    scope, reason = intake.Scope(counter_id=counter.id), catalogue.ClosedFor.TRAINING
    whole = intake.Closing(scope, day, day, None, None, reason, None)
    met = intake.met_by(session, whole, [counter])
    for one in met:
        begins, ends = (clock.local(moment, zone).time() for moment in (met[0].start, one.end))
        closing = intake.Closing(scope, day, day, begins, ends, reason, reason)
        if ends > time(0) and len({step.visit for step in intake.met_by(session, closing, [counter])}) == 2:
            return closing
    return None
