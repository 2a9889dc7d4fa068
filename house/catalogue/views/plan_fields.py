"""Lays out the plan's questions: which form, which answers to choose from, which hints under them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import current_app

from house import clock
from house.catalogue import plan_words as words
from house.catalogue.family_forms import FamilyForm, HouseholdForm, ThingsForm
from house.catalogue.persons import NOT_KNOWN
from house.catalogue.plan_forms import ChoiceForm, DatesForm, HomeForm, QuestionForm, SponsorForm
from house.catalogue.questions import Walk, bands, dates_asked, in_band, things_asked
from house.catalogue.shelf import Shelf, shelf
from house.db import db

FORMS: Mapping[str, type[QuestionForm]] = {
    "sponsor": SponsorForm, "home": HomeForm, "household": HouseholdForm, "family": FamilyForm,
    "things": ThingsForm, "dates": DatesForm,
}  # fmt: skip
HINTS: Mapping[str, Mapping[str, Any]] = {
    "situation": words.SITUATION_HINTS, "purpose": words.PURPOSE_HINTS,
    "citizenship": words.CITIZENSHIP_HINTS, "things": words.THING_HINTS,
}  # fmt: skip
Choices = list[tuple[str, Any, Any]]


def form_of(question: str) -> QuestionForm:
    """The form of a question, filled with what was sent, if anything was."""
    return FORMS.get(question, ChoiceForm)()


def hints_of(question: str) -> Mapping[str, Any]:
    """Lines under single answers."""
    return HINTS.get(question, {})


def lay_out(form: QuestionForm, question: str, so_far: Walk) -> None:
    """Put the answers that can be given into a form."""
    catalogue = shelf(db.session())
    if isinstance(form, ChoiceForm):
        form.lay_out(words.TITLES[question], words.HINTS.get(question), choices_of(catalogue, question))
    elif isinstance(form, SponsorForm):
        form.lay_out(of_partner=so_far.facts.get("purpose") == "accompanying_partner")
    elif isinstance(form, HomeForm):
        form.lay_out(municipalities(catalogue), looking=so_far.facts.get("phase") == "arriving")
    elif isinstance(form, HouseholdForm):
        form.lay_out(partner=so_far.facts.get("purpose") != "accompanying_partner")
    elif isinstance(form, FamilyForm):
        moving = so_far.answers["household"]
        names = [words.who(f"child{n}", moving["children"]) for n in range(len(moving["children"]))]
        form.lay_out(bool(moving["partner"]), names, so_far.facts["citizenship"])
    elif isinstance(form, ThingsForm):
        form.lay_out(things_asked(catalogue.rulebook, so_far))
    elif isinstance(form, DatesForm):
        form.lay_out(*dates_asked(catalogue.rulebook, so_far), today())


def choices_of(catalogue: Shelf, question: str) -> Choices:
    """What can be answered to a question with one answer: value, words, and what the cookie keeps."""
    if question == "stay":
        ranges: Choices = [
            (str(in_band(*one)), words.stay(*one), in_band(*one))
            for one in bands(catalogue.rulebook, "stay_months")
        ]
        return [*ranges, (NOT_KNOWN, words.NOT_KNOWN_YET, NOT_KNOWN)]
    if question == "age":
        ages = bands(catalogue.rulebook, "age")
        return [(str(in_band(*one)), words.age(*one), in_band(*one)) for one in ages]
    plain = {"situation": words.SITUATIONS, "purpose": words.PURPOSES, "citizenship": words.CITIZENSHIPS}
    return [(value, label, value) for value, label in plain[question].items()]


def municipalities(catalogue: Shelf) -> list[str]:
    """The municipalities of the region, those whose people the house registers first."""
    served = (catalogue.sections.get("meta") or {}).get("ics_north_municipalities") or {}
    return [*served.get("list", ()), *served.get("not_covered_in_region", ())]


def today() -> date:
    """Today on the wall of the house."""
    return clock.today(current_app.extensions["house-config"].timezone)
