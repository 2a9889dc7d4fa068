"""Invented staff and companies. The CVR numbers only satisfy the checksum; no company has them."""

from __future__ import annotations

import random

from sqlalchemy.orm import Session

from house.doors import STAFF, Role
from house.people import face as people

PASSWORD = "look around the house"  # noqa: S105 - printed for everybody: nobody here is real
STAFF_NAMES = (
    ("desk@house.example", "Mette Holm", (Role.DESK,)),
    ("adviser@house.example", "Jens Kjær", (Role.ADVISER, Role.DESK)),
    ("manager@house.example", "Birgit Lund", (Role.MANAGER,)),
    ("editor@house.example", "Pia Vang", (Role.EDITOR,)),
    ("admin@house.example", "Ane Dahl", tuple(STAFF)),
)
# The staff of authorities: slug in the catalogue, its name, who, as what
AUTHORITIES = (
    ("siri", "SIRI", "review@siri.example", "Niels Ravn", Role.EDITOR),
    ("aalborg_citizen_service", "Citizen Service", "counter@citizen.example", "Lotte Bay", Role.ADVISER),
)
# name, CVR, sector, size, contact's name, contact's address
COMPANIES = (
    ("Limfjord Shipyard", "99000007", "industry", "250_plus", "Karen Friis", "hr@limfjord.example"),
    ("Nordic Wind Software", "99000015", "information", "50_249", "Amir Haddad", "people@nordicwind.example"),
    ("North Sea Fish", "99000023", "industry", "50_249", "Lise Bak", "office@northseafish.example"),
    ("Hospital of the North", "99000031", "public", "250_plus", "Søren Dam", "welcome@hospital.example"),
)


def employ(session: Session, chance: random.Random) -> str:
    """Open accounts for staff, and for one contact of each company."""
    house = people.house_body(session)
    for email, name, roles in STAFF_NAMES:
        people.open_account(session, email, name, [(house.id, role) for role in roles], PASSWORD)
    for slug, body, email, name, role in AUTHORITIES:
        authority = people.authority_body(session, slug, body)
        people.open_account(session, email, name, [(authority.id, role)], PASSWORD)
    for name, cvr, sector, size, contact, email in COMPANIES:
        company = people.add_company(session, name, cvr, sector, size)
        people.open_account(session, email, contact, [(company.id, Role.COMPANY)])
    return f"Employed {len(STAFF_NAMES) + len(AUTHORITIES)} people; {len(COMPANIES)} companies joined."
