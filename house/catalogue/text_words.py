"""Words of the texts' pages: states, where versions come from, where a text stands, and refusals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from house.catalogue.field_words import FIELDS
from house.catalogue.language_tree import TextState
from house.catalogue.text_models import Origin
from house.problems import Problem

# The kind of tag and the words for each state.
STATES: dict[TextState, tuple[str, Any]] = {
    TextState.MISSING: ("bad", _lp("a text", "Missing")),
    TextState.OUTDATED: ("warn", _lp("a text", "Outdated")),
    TextState.MACHINE: ("quiet", _lp("a text", "By machine")),
    TextState.UP_TO_DATE: ("good", _lp("a text", "Up to date")),
}

ORIGINS: dict[Origin, Any] = {
    Origin.WRITTEN: _l("Written"),
    Origin.MACHINE: _l("Made by a machine"),
    Origin.CONFIRMED: _l("Read and confirmed"),
}

OTHERS: dict[str, Any] = {
    "authorities": _l("Authorities"),
    "offers": _l("Offers"),
    "routes_out": _l("Routes out"),
    "meta": _l("The catalogue as a whole"),
}

_PARTS: dict[str, Any] = {
    "document": FIELDS["documents"],
    "rule": FIELDS["deadline"],
    "place_rule": _lp("a text", "Where"),
    "to": _lp("a text", "Where to"),
    "x_cautions": _l("Please confirm"),
}

FILES: dict[str, Any] = {
    "file_empty": _l("There are no texts in this file."),
    "file_not_csv": _l("This is not a CSV file that we can read."),
    "file_not_utf8": _l("Please save the file as UTF-8 and bring it in again."),
    "file_not_xliff": _l("This is not an XLIFF 1.2 file that we can read."),
    "file_with_entities": _l("The file brings entities of its own (DOCTYPE). We do not read such files."),
}

REFUSALS: dict[str, Any] = {
    "no_text": _l("Please write the text."),
    "not_yours": _l("This entry belongs to another authority."),
    "text_with_cpr": _l("Please do not write a CPR number here. We do not need it."),
}


def entry_name(entry: str, names: Mapping[str, str]) -> str:
    """What an entry is called: the name of its service, or the words for its kind."""
    return names.get(entry) or str(OTHERS.get(entry, entry.split("/")[-1].replace("_", " ")))


def place(subject: str, names: Mapping[str, str]) -> str:
    """Where in its entry a text stands, such as "Good to know 2"; else in the words of its path."""
    kind, name, *way = subject.split("/")
    said = "" if kind == "service" else names.get(f"{kind}/{name}", name.replace("_", " "))
    for one in way:
        words = _PARTS.get(one) or FIELDS.get(one) or one.replace("_", " ")
        said += f" {one}" if one.isdigit() else f" · {words}" if said else str(words)
    return said


def refusal(problem: Problem) -> str:
    """Why a text was not taken."""
    if problem.code == "text_too_long":
        return str(_("Please use at most %(longest)s signs.", **problem.facts))
    return str(REFUSALS[problem.code])


def file_refusal(problem: Problem) -> str:
    """Why a file was not taken."""
    facts = problem.facts
    if problem.code == "file_too_large":
        return str(_("The file is larger than %(megabytes)s MB.", **facts))
    if problem.code == "file_too_long":
        return str(_("The file has more than %(most)s rows.", **facts))
    if problem.code == "file_of_another_language":
        return str(_("The file is for another language: %(language)s.", **facts))
    if problem.code == "file_without_headings":
        return str(_("The first row must have these headings: %(headings)s.", **facts))
    return str(FILES[problem.code])
