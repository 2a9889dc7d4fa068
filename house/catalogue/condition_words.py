"""Whom a service is for, in plain sentences: each condition of the catalogue's rule language is one sentence.

A value's words fill the sentence of their fact; translators bend them so that they fit there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from babel import Locale
from babel.lists import format_list
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from house.languages import current

Condition = Mapping[str, Any]
Facts = Mapping[str, Any]
"""What can be asked of a person: each fact with its values, as the catalogue's `person_facts` say."""


class Whom(NamedTuple):
    """Whom something is for: all of `all_of` hold, and one of the groups where there are any."""

    all_of: list[str]
    one_of: list[list[str]]


_VALUES: dict[str, dict[str, Any]] = {
    # Translators: fills "You are a citizen of %(values)s."
    "citizenship": {
        "nordic": _l("a Nordic country"),
        "eu_eea_ch": _l("an EU or EEA country or Switzerland"),
        "third_country": _l("a country outside the EU, the EEA and the Nordic countries"),
    },
    # Translators: fills "You come as %(values)s."
    "purpose": {
        "worker": _l("an employee"),
        "self_employed": _l("a self-employed person"),
        "student": _l("a student"),
        "researcher": _l("a researcher"),
        "accompanying_partner": _l("an accompanying partner"),
        "accompanying_child": _l("an accompanying child"),
        "job_seeker": _l("a job seeker"),
        "au_pair": _l("an au pair"),
        "cross_border_commuter": _l("a cross-border commuter"),
        "posted_worker": _l("a posted worker"),
        "displaced_special_act": _l("a displaced person under the special act"),
    },
    # Translators: fills "You join %(values)s."
    "sponsor": {
        "none": _l("no family member"),
        "eu_citizen": _l("a family member who is an EU citizen"),
        "nordic_citizen": _l("a family member who is a Nordic citizen"),
        "permit_holder": _l("a family member with a residence permit"),
    },
    # Translators: fills "You are %(values)s."
    "phase": {
        "arriving": _l("moving to Denmark"),
        "settled": _l("living in Denmark"),
        "leaving": _l("leaving Denmark"),
    },
    # Translators: fills "You have %(values)s."
    "cpr_status": {
        "none": _l("no CPR number"),
        "administrative": _l("an administrative CPR number"),
        "former": _l("a CPR number from an earlier stay"),
        "active": _l("an active CPR number"),
    },
    # Translators: fills "You have %(values)s."
    "licence": {
        "none": _l("no driving licence"),
        "nordic_eu_eea": _l("a driving licence from the EU, the EEA or a Nordic country"),
        "non_eu_eea": _l("a driving licence from outside the EU and the EEA"),
    },
    # Translators: fills "This happened: %(values)s."
    "event": {
        "none": _l("nothing"),
        "moved_within_dk": _l("you moved inside Denmark"),
        "name_change": _l("you want to change your name"),
    },
    # Translators: fills "You and the person you join: %(values)s."
    "relationship": {
        "married": _l("married or registered partners"),
        "lived_together": _l("together for at least 18 months"),
        "shorter": _l("together for less than 18 months"),
    },
    # Translators: fills "You need help with: %(values)s."
    "need": {
        "none": _l("nothing of this"),
        "asylum_or_family_reunification_with_dane": _l("asylum, or joining a Danish citizen"),
    },
    # Translators: fills "You are %(values)s."
    "actor": {"person": _l("a person"), "company": _l("a company")},
}

_IS: dict[str, Callable[[str], str]] = {
    "citizenship": lambda values: _("You are a citizen of %(values)s.", values=values),
    "purpose": lambda values: _("You come as %(values)s.", values=values),
    "sponsor": lambda values: _("You join %(values)s.", values=values),
    "phase": lambda values: _("You are %(values)s.", values=values),
    "cpr_status": lambda values: _("You have %(values)s.", values=values),
    "licence": lambda values: _("You have %(values)s.", values=values),
    "event": lambda values: _("This happened: %(values)s.", values=values),
    "actor": lambda values: _("You are %(values)s.", values=values),
    "municipality": lambda values: _("You live in %(values)s.", values=values),
    "relationship": lambda values: _("You and the person you join: %(values)s.", values=values),
    "need": lambda values: _("You need help with: %(values)s.", values=values),
}
_IS_NOT: dict[str, Callable[[str], str]] = {
    "citizenship": lambda values: _("You are not a citizen of %(values)s.", values=values),
    "purpose": lambda values: _("You do not come as %(values)s.", values=values),
    "sponsor": lambda values: _("You do not join %(values)s.", values=values),
    "phase": lambda values: _("You are not %(values)s.", values=values),
    "cpr_status": lambda values: _("You do not have %(values)s.", values=values),
    "licence": lambda values: _("You do not have %(values)s.", values=values),
    "event": lambda values: _("This did not happen: %(values)s.", values=values),
    "actor": lambda values: _("You are not %(values)s.", values=values),
    "municipality": lambda values: _("You do not live in %(values)s.", values=values),
    "relationship": lambda values: _("You and the person you join are not: %(values)s.", values=values),
    "need": lambda values: _("You do not need help with: %(values)s.", values=values),
}
_YES_OR_NO: dict[str, tuple[Any, Any]] = {
    "works_in_dk": (_l("You work in Denmark."), _l("You do not work in Denmark.")),
    "biometrics_recorded": (
        _l("Your fingerprints and photo were already taken."),
        _l("Your fingerprints and photo were not taken yet."),
    ),
    "wants_to_drive": (_l("You want to drive in Denmark."), _l("You do not want to drive in Denmark.")),
    "needs_housing": (_l("You look for a home."), _l("You have a home.")),
    "pdu2": (
        _l("You bring unemployment benefit with you, on form PD U2."),
        _l("You have no form PD U2."),
    ),
    "works_in_two_countries": (_l("You work in two countries."), _l("You work in one country.")),
    "company_foreign_posting": (
        _l("Your company is foreign and posts employees to Denmark."),
        _l("Your company does not post employees to Denmark."),
    ),
}
_HOW_MUCH: dict[str, Callable[[int], str]] = {
    "stay_months_gt": lambda n: ngettext(
        "You stay more than one month.", "You stay more than %(num)s months.", n
    ),
    "stay_months_gte": lambda n: ngettext(
        "You stay one month or more.", "You stay %(num)s months or more.", n
    ),
    "stay_months_lt": lambda n: ngettext(
        "You stay less than one month.", "You stay less than %(num)s months.", n
    ),
    "stay_months_lte": lambda n: ngettext(
        "You stay at most one month.", "You stay at most %(num)s months.", n
    ),
    "age_gt": lambda n: _("Age: more than %(years)s years.", years=n),
    "age_gte": lambda n: _("Age: %(years)s years or more.", years=n),
    "age_lt": lambda n: _("Age: less than %(years)s years.", years=n),
    "age_lte": lambda n: _("Age: %(years)s years or less.", years=n),
}


def value_words(fact: str) -> Mapping[str, Any]:
    """The words for the values of a fact; empty where values have none."""
    return _VALUES.get(fact, {})


def whom(groups: Iterable[Condition], facts: Facts) -> Whom:
    """Conditions joined by "or" as sentences; what all of them share is said once."""
    said = [sentences(group, facts) for group in groups]
    shared = [one for one in said[0] if all(one in group for group in said)] if said else []
    rest = [[one for one in group if one not in shared] for group in said]
    return Whom(shared, rest if all(rest) else [])


def sentences(condition: Condition, facts: Facts) -> list[str]:
    """Every part of a condition as a sentence."""
    tag = current().tag
    return [
        _sentence(tag, key, _still(wanted), _still(facts.get(key.removesuffix("_not"))))
        for key, wanted in condition.items()
    ]


def _still(value: Any) -> Any:
    """A value that cannot change, by which a sentence is remembered."""
    return tuple(value) if isinstance(value, list) else value


@lru_cache(maxsize=4096, typed=True)
def _sentence(_tag: str, key: str, wanted: Any, known: Any) -> str:
    """Remembered for each language: a person's list says the same few hundred again and again."""
    if key in _HOW_MUCH:
        return _HOW_MUCH[key](wanted)
    fact = key.removesuffix("_is")
    if fact in _YES_OR_NO:
        return str(_YES_OR_NO[fact][0 if wanted else 1])
    fact = key.removesuffix("_not")
    values, negative = list(wanted) if isinstance(wanted, tuple) else [wanted], fact != key
    if negative and "none" in values and isinstance(known, tuple):
        values, negative = [value for value in known if value not in values], False
    said = (_IS_NOT if negative else _IS).get(fact)
    return said(_either(fact, values)) if said else f"{key.replace('_', ' ')}: {_either(fact, values)}"


def _either(fact: str, values: Sequence[Any]) -> str:
    words = _VALUES.get(fact, {})
    return format_list([str(words.get(value, value)) for value in values], "or", Locale.parse(current().tag))
