"""Houses as HSDS locations: address, telephone, contact, hours."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from house.catalogue.hsds.hours import Hours, differing_days, phone_hours, schedules
from house.catalogue.hsds.ids import id_of
from house.catalogue.hsds.voice import Voice, without_gaps

COUNTRY, COUNTRY_NAME = "DK", "Danmark"
_ADDRESS = re.compile(r"(?P<street>.+?),?\s+(?:DK-?)?(?P<code>\d{4})\s+(?P<town>\D+)")
Record = dict[str, Any]


@dataclass(frozen=True)
class House:
    """A place as it stands, with the hours of its door and its telephone."""

    slug: str
    name: str
    address: str
    phone: str | None
    door: Hours
    phone_hours: Hours | None


def location(house: House, voice: Voice, languages: Iterable[str]) -> Record:
    """One house; its languages are those spoken at its counters."""
    id_ = id_of("location", house.slug)
    owner = {"location_id": id_}
    phones = _phones(house, id_)
    contact: Record = {
        "id": id_of("contact", house.slug), **owner, "name": house.name, "department": voice.desk(),
    }  # fmt: skip
    found = {
        "id": id_, "location_type": "physical", "name": house.name, "url": voice.visit_us,
        "addresses": _addresses(house, id_), "phones": phones,
        "contacts": [contact | ({"phones": phones} if phones else {})],
        "languages": [
            {"id": id_of("language", id_, tag), **owner, "name": voice.language(tag), "code": tag}
            for tag in languages
        ],
        **opening(house.door, voice, owner), "x_house_address": house.address,
    }  # fmt: skip
    return without_gaps(found)


def opening(hours: Hours, voice: Voice, owner: dict[str, str]) -> Record:
    """The schedules of a location or of a service at one, and what they cannot say."""
    closed = [
        one | ({"reason": voice.reason(one["reason"])} if one.get("reason") else {})
        for one in differing_days(hours)
    ]
    return {
        "schedules": schedules(hours, owner), "x_house_closed_days": closed,
        "x_house_timezone": hours.tz.key,
    }  # fmt: skip


def _phones(house: House, id_: str) -> list[Record]:
    if not house.phone:
        return []
    one: Record = {
        "id": id_of("phone", house.slug), "location_id": id_, "contact_id": id_of("contact", house.slug),
        "number": house.phone, "type": "voice",
    }  # fmt: skip
    if house.phone_hours:
        one["x_house_hours"] = phone_hours(house.phone_hours)
    return [one]


def _addresses(house: House, id_: str) -> list[Record]:
    """The address in its parts; none where the line cannot be taken apart, for a guess would mislead."""
    found = _ADDRESS.fullmatch(house.address.strip())
    if not found:
        return []
    return [
        {
            "id": id_of("address", house.slug), "location_id": id_, "address_1": found["street"],
            "city": found["town"].strip(), "state_province": COUNTRY_NAME, "postal_code": found["code"],
            "country": COUNTRY, "address_type": "physical",
        }
    ]  # fmt: skip
