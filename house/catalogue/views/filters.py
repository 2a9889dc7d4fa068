"""What the catalogue says in the templates of every wing: conditions in words, the house's number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from house.catalogue import condition_words, words
from house.catalogue.places import place
from house.catalogue.shelf import shelf
from house.catalogue.views import bp
from house.db import db
from house.problems import NotHere


@bp.app_template_global("house_phone")
def house_phone() -> str | None:
    """The number at which the house is phoned; None where it has none, or is not set up yet."""
    try:
        return place(db.session()).phone
    except NotHere:
        return None


@bp.app_template_filter("conditions")
def conditions(condition: Mapping[str, Any] | None) -> list[str]:
    """Every part of a condition as a sentence; none where there is no condition."""
    facts = (shelf(db.session()).sections.get("meta") or {}).get("person_facts") or {}
    return condition_words.sentences(condition or {}, facts)


@bp.app_template_filter("asked_for")
def asked_for(subject: str | None) -> str:
    """The question that a text of a service answers, where it does not stand by itself."""
    words_of = {
        "processing": _("Waiting for the answer"),
        "personal_appearance": _("Do you have to come yourself?"),
        "family_must_attend": _("Does your family have to come?"),
    }
    kind, _slug, part = (*str(subject or "").split("/"), "", "", "")[:3]
    return str(words_of.get(part, "")) if kind == "service" else ""


@bp.app_template_filter("closed_for")
def closed_for(code: str | None) -> Any:
    """Why the house is closed, as far as the public reads it; nothing where it reads only that it is."""
    return words.closed_for(code or "")


@bp.app_template_filter("in_words")
def in_words(code: tuple[str, Any]) -> list[str]:
    """What a line of advice says that is a code in the catalogue, as sentences."""
    kind, value = code
    if kind == "whom":
        facts = (shelf(db.session()).sections.get("meta") or {}).get("person_facts") or {}
        whom = condition_words.whom(value, facts)
        return [*whom.all_of, *(" ".join(group) for group in whom.one_of)]
    if kind == "fee":
        return [str(words.price(value) if value else words.FREE)]
    said = words.HERE_BOOKED if kind == "here" else words.MODES.get(value)
    return [str(said)] if said else []
