"""Counters of the demo house. That the agencies sit here with times to book is an assumption of the demo."""

from __future__ import annotations

import random

from sqlalchemy.orm import Session

from house.catalogue import face as catalogue
from house.intake import face as intake

HOURS = {0: [("08:30", "15:00")], 2: [("08:30", "15:00")], 3: [("08:30", "16:00")], 4: [("08:30", "13:00")]}
REGISTRATION = ("cpr_registration", "health_card_gp", "mitid", "driving_licence_exchange", "leaving_denmark")
RESIDENCE = ("eu_residence_document", "eu_family_residence", "residence_permit_biometrics")
GUIDANCE = ("housing_guidance", "partner_career", "company_guidance")
# label, authority, services, languages
COUNTERS = (
    ("1", "siri", RESIDENCE, ("en", "da", "de", "pl")),
    ("2", "siri", RESIDENCE, ("en", "da", "uk", "ro")),
    ("3", "aalborg_citizen_service", REGISTRATION, ("en", "da", "de", "es")),
    ("4", "aalborg_citizen_service", REGISTRATION, ("en", "da", "pl", "lt")),
    ("5", "aalborg_citizen_service", REGISTRATION, ("en", "da", "ar", "fa", "tr")),
    ("6", "skattestyrelsen", ("tax_card",), ("en", "da", "ro", "bg")),
    ("7", "ihnd", GUIDANCE, ("en", "da", "uk", "es")),
)


def furnish(session: Session, chance: random.Random) -> str:
    """Set up the counters, all open when the house is."""
    place = catalogue.place(session)
    services = {service.slug: service for service in catalogue.services(session)}
    bodies = {service.authority_slug: service.authority_id for service in services.values()}
    schedule = catalogue.add_schedule(session, "Counters", HOURS)
    for label, authority, slugs, languages in COUNTERS:
        intake.add_counter(
            session, place, bodies[authority], label, schedule.id,
            [services[slug].id for slug in slugs], languages,
        )  # fmt: skip
    return f"Set up {len(COUNTERS)} counters."
