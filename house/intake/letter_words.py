"""What letters and calendar entries say of a visit's steps: when, what, where, and what to bring for each."""

from __future__ import annotations

from flask import current_app
from flask_babel import gettext as _

from house import formats
from house.catalogue import face as catalogue
from house.db import db
from house.intake.cards import Station, VisitCard, stations_of

BETWEEN = " · "


def step_time(one: Station) -> str:
    """When a step is: here the time alone, for the day is said before; elsewhere the day too."""
    return formats.wall(one.step.starts_at) if one.here else formats.moment(one.step.starts_at)


def step_words(one: Station) -> str:
    """What a step is, with whom, and at which counter, or that it was booked there, with its reference."""
    label = one.step.counter
    if one.here:
        where = [_("Counter %(label)s", label=label)] if label else []
    else:
        where = [_("booked there by yourself"), *([apart(label)] if label else [])]
    return BETWEEN.join([one.service.name, one.authority, *map(str, where)])


def step_lines(card: VisitCard) -> list[str]:
    """The way through a visit, a line for each step."""
    return [f"{step_time(one)}{BETWEEN}{step_words(one)}" for one in stations_of(db.session(), card)]


def papers_to_bring(card: VisitCard) -> list[tuple[str, list[str]]]:
    """For each service what to bring, each paper with its condition, and that each person brings theirs."""
    each = [str(_("Bring these for each person who comes."))] if card.party > 1 else []
    way = [one for one in stations_of(db.session(), card) if one.papers]
    return [(_bring_for(one.service.name), [*map(_paper, one.papers), *each]) for one in way]


def _bring_for(service: str) -> str:
    # Translators: service is the name of a service
    return str(_("Please bring for %(service)s", service=service))


def _paper(paper: catalogue.Paper) -> str:
    when: list[str] = current_app.jinja_env.filters["conditions"](paper.when)  # as the pages say it
    only = _("If this is true:")
    return f"{paper.said.text} ({only} {' '.join(when)})" if when else paper.said.text


def not_ours(card: VisitCard) -> list[str]:
    """That times which another system gave are not cancelled with the visit."""
    others = [one for one in stations_of(db.session(), card) if not one.here]
    return [_still_yours(one.service.name, formats.moment(one.step.starts_at)) for one in others]


def _still_yours(service: str, moment: str) -> str:
    # Translators: service is the name of a service, moment a day and a time
    names = {"service": service, "moment": moment}
    return str(_("Your time at another place is not cancelled: %(service)s, %(moment)s.", **names))


def apart(code: str) -> str:
    """A code kept together, left to right, in a text of any direction."""
    return f"\u2066{code}\u2069"
