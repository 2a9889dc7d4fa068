"""Half a year of contacts of people who never were, and the closing of their months."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from house import clock
from house.catalogue import face as catalogue
from house.reporting import face as reporting

MONTHS = 6
A_MONTH = 420
# service, how often; channel, how often; language, region and how often
SERVICES = (
    ("eu_residence_document", 26), ("cpr_registration", 30), ("tax_card", 14), ("mitid", 9),
    ("health_card_gp", 6), ("housing_guidance", 5), ("partner_career", 4), ("eu_family_residence", 3),
    ("driving_licence_exchange", 2), ("leaving_denmark", 1),
)  # fmt: skip
CHANNELS = (("booked", 62), ("walk_in", 30), ("phoned", 8))
PEOPLE = (
    ("pl", "eu_eea_ch", 18), ("ro", "eu_eea_ch", 17), ("uk", "third_country", 13),
    ("en", "third_country", 16),
    ("de", "eu_eea_ch", 8), ("lt", "eu_eea_ch", 6), ("bg", "eu_eea_ch", 6), ("es", "eu_eea_ch", 6),
    ("ar", "third_country", 4), ("fa", "third_country", 3), ("tr", "third_country", 2), ("da", "nordic", 1),
)  # fmt: skip
PURPOSES = (
    ("worker", 52), ("student", 20), ("researcher", 7), ("accompanying_partner", 13),
    ("accompanying_child", 8),
)  # fmt: skip
OUTCOMES = (("served", 88), ("missed", 7), ("failed", 5))
REASONS = (("paper_missing", 70), ("earlier_step_missing", 20), ("wrong_authority", 10))


def _one(chance: random.Random, choices: tuple[tuple[str, int], ...]) -> str:
    return chance.choices([one for one, _ in choices], [weight for _, weight in choices])[0]


def remember(session: Session, chance: random.Random) -> str:
    """Record the contacts of the last months, the newest still open, and close what is due."""
    now = clock.now()
    services = {service.slug: service for service in catalogue.services(session)}
    first = now - timedelta(days=30 * MONTHS)
    count = MONTHS * A_MONTH
    for number in range(count):
        at = first + (now - first) * (number / count)
        _contact(session, chance, services[_one(chance, SERVICES)], at, number)
    session.flush()
    closed = reporting.close_due(session, now)
    return f"Remembered {count} contacts of {MONTHS} months; closed {closed} months."


def _contact(
    session: Session, chance: random.Random, service: catalogue.ServiceView, at: datetime, number: int
) -> None:
    language, region = chance.choices([one[:2] for one in PEOPLE], [one[2] for one in PEOPLE])[0]
    outcome = _one(chance, OUTCOMES)
    codes = {
        "service": service.slug, "service_group": service.kind, "authority": service.authority_slug,
        "channel": _one(chance, CHANNELS), "outcome": outcome, "language": language,
        "region_of_origin": region, "purpose": _one(chance, PURPOSES),
    }  # fmt: skip
    if outcome == "failed":
        codes["failure_reason"] = _one(chance, REASONS)
    if outcome == "served":
        codes["wait_band"] = reporting.wait_band(chance.lognormvariate(2.2, 0.7))
    # Some come more than once: two in three contacts are a person's first.
    reporting.record_contact(session, at=at, person=f"invented {number - number % 3 // 2}", **codes)
