"""Words of the open data: its lists of terms, and how it says what the pages say in many places.

Names of terms stand alone in other people's menus, so they are nouns, not parts of our sentences.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from babel import Locale
from babel.lists import format_list
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from house.catalogue import condition_words, words
from house.catalogue.hsds.voice import Condition, Named, Voice
from house.languages import BY_TAG, current
from house.pages import address

_TAXONOMIES = {
    "service_kind": (_lp("a list of terms", "Kinds of services"), _l("How a service is given.")),
    "audience": (_lp("a list of terms", "Audience"), _l("Whom a service can be for.")),
    "obligation": (_lp("a list of terms", "Obligation"), _l("Whether one must, may or can use a service.")),
}
_HEADINGS = {
    "actor": (_lp("a list of terms", "People or companies"), _l("Who uses a service.")),
    "citizenship": (
        _lp("a list of terms", "Citizenship"),
        _l("Citizens of which countries a service is for."),
    ),
    "purpose": (_lp("a list of terms", "Reason for coming"), _l("As what one comes to Denmark.")),
}
_PEOPLE: dict[str, dict[str, Any]] = {
    "actor": {"person": _lp("audience", "People"), "company": _lp("audience", "Companies")},
    "citizenship": {
        "nordic": _lp("audience", "Nordic citizens"),
        "eu_eea_ch": _lp("audience", "Citizens of the EU, the EEA and Switzerland"),
        "third_country": _lp("audience", "Citizens of other countries"),
    },
    "purpose": {
        "worker": _lp("audience", "Employees"),
        "self_employed": _lp("audience", "Self-employed people"),
        "student": _lp("audience", "Students"),
        "researcher": _lp("audience", "Researchers"),
        "accompanying_partner": _lp("audience", "Accompanying partners"),
        "accompanying_child": _lp("audience", "Accompanying children"),
        "job_seeker": _lp("audience", "Job seekers"),
        "au_pair": _lp("audience", "Au pairs"),
        "cross_border_commuter": _lp("audience", "Cross-border commuters"),
        "posted_worker": _lp("audience", "Posted workers"),
        "displaced_special_act": _lp("audience", "Displaced people under the special act"),
    },
}
_DUTIES: dict[str, Any] = {
    "duty": _lp("an obligation", "Duty"),
    "right": _lp("an obligation", "Right"),
    "practical": _lp("an obligation", "Everyday life"),
    "automatic": _lp("an obligation", "Comes by itself"),
    "optional": _lp("an obligation", "Free choice"),
    "conditional": _lp("an obligation", "Depends on the situation"),
}
_KINDS: dict[str, Any] = {
    "counter": _l("You come in person."),
    "online": _l("You do this online."),
    "automatic": _l("You do not need to do anything."),
    "guidance": _l("Somebody helps you and gives advice."),
    "company": _l("Companies and employers use this."),
}


def voice(facts: Mapping[str, Any]) -> Voice:
    """How the open data speaks in the language of the moment; `facts` are the catalogue's `person_facts`."""
    tag = current().tag
    return Voice(
        tag=tag, taxonomy=lambda code: _named(_TAXONOMIES[code]),
        term=lambda of, code: _term(of, code, facts), whom=_whom, only_if=_only_if, way=_way,
        authority=_authority, price=words.price, language=_language, desk=_desk,
        reason=lambda code: str(words.closed_for(code)), kinds=tuple(words.KINDS), obligations=tuple(_DUTIES),
        page=lambda slug: address("catalogue.service_page", lang_tag=tag, slug=slug),
        visit_us=address("catalogue.visit_us", lang_tag=tag), profile=address("catalogue.hsds.profile"),
    )  # fmt: skip


def _named(pair: tuple[Any, Any]) -> Named:
    return Named(str(pair[0]), str(pair[1]))


def _term(of: str, code: str, facts: Mapping[str, Any]) -> Named:
    if of == "service_kind":
        return _named((words.KINDS[code], _KINDS[code]))
    if of == "obligation":
        return _named((_DUTIES[code], words.OBLIGATIONS[code]))
    if of == "audience":
        return _named(_HEADINGS[code])
    name = _PEOPLE.get(of, {}).get(code, code.replace("_", " "))
    return _named((name, " ".join(condition_words.sentences({of: [code]}, facts))))


def _whom(groups: Iterable[Condition], facts: Mapping[str, Any]) -> str:
    """Whom a service is for: what always holds, then the cases, a line each."""
    told = condition_words.whom(groups, facts)
    lines = [" ".join(told.all_of)] if told.all_of else []
    if told.one_of:
        both = bool(told.all_of)
        lines.append(_("And one of these:") if both else _("It is for you if one of these is true:"))
        lines += [f"– {' '.join(group)}" for group in told.one_of]
    return "\n".join(lines)


def _only_if(condition: Condition, facts: Mapping[str, Any]) -> str:
    only_if = _("Only if:")
    return f"{only_if} {' '.join(condition_words.sentences(condition, facts))}"


def _way(mode: str, bookable: bool) -> str:
    return _("You can book a visit here.") if bookable else str(words.MODES.get(mode, mode))


def _authority(level: str, services: Iterable[str]) -> str:
    """What kind of authority it is, and its services."""
    kind = str(words.LEVELS.get(level, level))
    listed = format_list(list(services), "standard", Locale.parse(current().tag))
    if not listed:
        return f"{kind}."
    named = _("Services: %(services)s.", services=listed)
    return f"{kind}. {named}"


def _language(tag: str) -> str:
    """A language by its name in the language of the moment."""
    named = Locale.parse(current().tag).languages.get(tag)
    return str(named or (BY_TAG[tag].own_name if tag in BY_TAG else tag))


def _desk() -> str:
    # Translators: where one asks when one comes in
    return str(_("Front desk"))
