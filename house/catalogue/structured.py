"""What search engines and other machines read of a page: schema.org, written into it as a block of data."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import time
from typing import Any

from markupsafe import Markup

from house.catalogue.describing import Description
from house.catalogue.introducing import Introduction
from house.catalogue.shelf import AuthorityView
from house.catalogue.visiting import Hours, OtherDay, Visiting
from house.languages import LANGUAGES, current
from house.pages import address

Data = dict[str, Any]
CONTEXT = "https://schema.org"
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_UNSAFE = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)


def as_block(data: Mapping[str, Any]) -> Markup:
    """Data for a page. No text in it can end the block: what HTML would read is written as JSON's escapes."""
    written = json.dumps({"@context": CONTEXT, **data}, ensure_ascii=False, separators=(",", ":"))
    safe = written.translate(_UNSAFE)
    return Markup(f'<script type="application/ld+json">{safe}</script>')  # noqa: S704 - escaped above


def service(about: Description, bookable: bool, kind: str) -> Data:
    """A service of the catalogue as a GovernmentService; its kind comes in words."""
    own, tag = about.service, current().tag
    page = address("catalogue.service_page", lang_tag=tag, slug=own.slug)
    channel = address("intake.need", lang_tag=tag, service=own.slug) if bookable else page
    found: Data = {
        "@type": "GovernmentService",
        "@id": address("catalogue.service_page", lang_tag="en", slug=own.slug) + "#service",
        "name": own.name,
        "url": page,
        "serviceType": kind,
        "provider": _organisation(about.authority),
        "areaServed": _area(about),
        "inLanguage": tag,
        "availableChannel": {
            "@type": "ServiceChannel",
            "serviceUrl": channel,
            "availableLanguage": [language.tag for language in LANGUAGES],
        },
    }
    if about.outcome:
        found["serviceOutput"] = {"@type": "Thing", "name": about.outcome.said.text}
    if about.fee and "A" not in about.fee["src"]:
        found["offers"] = {"@type": "Offer", "price": about.fee["dkk"], "priceCurrency": "DKK"}
    return found


def authority(about: Introduction) -> Data:
    """An authority as a GovernmentOrganization."""
    found = _organisation(about.authority)
    found["mainEntityOfPage"] = address(
        "catalogue.authority_page", lang_tag=current().tag, slug=about.authority.slug
    )
    if about.phone:
        found["telephone"] = about.phone
    if about.address:
        found["address"] = about.address
    return found


def office(visit: Visiting) -> Data:
    """The house as a GovernmentOffice with its hours; days that differ are told apart."""
    place = visit.place
    found: Data = {
        "@type": "GovernmentOffice",
        "name": place.name,
        "address": place.address,
        "url": address("catalogue.visit_us", lang_tag=current().tag),
        "openingHoursSpecification": _week(visit.week),
        "specialOpeningHoursSpecification": [_special(one) for one in visit.other_days],
    }
    if place.phone:
        found["telephone"] = place.phone
    if visit.ahead.phone_week:
        line: Data = {"@type": "ContactPoint", "contactType": "customer service"}
        if place.phone:
            line["telephone"] = place.phone
        found["contactPoint"] = {**line, "hoursAvailable": _week(visit.ahead.phone_week)}
    return found


def _week(week: list[Hours]) -> list[Data]:
    return [
        {
            "@type": "OpeningHoursSpecification", "dayOfWeek": f"{CONTEXT}/{WEEKDAYS[weekday]}",
            "opens": f"{opens:%H:%M}", "closes": f"{closes:%H:%M}",
        }
        for weekday, spans in enumerate(week)
        for opens, closes in spans
    ]  # fmt: skip


def _special(one: OtherDay) -> Data:
    """A day that differs; closed all day is written as opening and closing at midnight."""
    opens, closes = (one.hours[0][0], one.hours[-1][1]) if one.hours else (time(0), time(0))
    day = one.day.isoformat()
    return {
        "@type": "OpeningHoursSpecification", "validFrom": day, "validThrough": day,
        "opens": f"{opens:%H:%M}", "closes": f"{closes:%H:%M}",
    }  # fmt: skip


def _organisation(one: AuthorityView) -> Data:
    return {"@type": "GovernmentOrganization", "name": one.name.text, "url": one.record["url"]}


def _area(about: Description) -> Any:
    """Whom it serves: the municipalities it names, else the whole country."""
    if about.municipalities:
        return [{"@type": "AdministrativeArea", "name": name} for name in about.municipalities]
    return {"@type": "Country", "name": "DK"}
