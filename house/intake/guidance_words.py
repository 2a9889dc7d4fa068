"""Words of guidance: what was asked, how, and how it ended; on the desk, in the letter and on paper."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import current_app
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from house.catalogue.face import Topic
from house.intake.guidance_models import GuidanceChannel, GuidanceEnd
from house.languages import current

TOPICS: dict[Topic, LazyString] = {
    Topic.FOR_WHOM: _l("Who it is for"),
    Topic.BRING: _l("What to bring"),
    Topic.FIRST: _l("Do this first"),
    Topic.BY_WHEN: _l("By when"),
    Topic.HOW: _l("How to do it"),
    Topic.COST: _l("Price"),
    Topic.OTHERS: _l("Other authorities"),
}
CHANNELS: dict[GuidanceChannel, LazyString] = {
    GuidanceChannel.HERE: _lp("how somebody asked", "Here"),
    GuidanceChannel.PHONE: _lp("how somebody asked", "By phone"),
    GuidanceChannel.EMAIL: _lp("how somebody asked", "By e-mail"),
}
ENDS: dict[GuidanceEnd, LazyString] = {
    GuidanceEnd.ADVISED: _l("Advice was given"),
    GuidanceEnd.OWN_BASIS: _l("Own basis needed: ask SIRI"),
    GuidanceEnd.ROUTED: _l("Sent on to another authority"),
}
REFUSALS: dict[str, LazyString] = {
    "too_late_to_undo": _l("It is too late to take this back."),
    "too_late": _l("It is too late to take this back. The visitor has been told."),
    "not_here": _l("This person is not here any more. Please choose again."),
}


def ending(ended: str) -> str:
    """What the visitor reads about how it ended; nothing where advice was simply given."""
    if ended == GuidanceEnd.OWN_BASIS:
        own = _("You need your own basis to stay: a job, studies or enough money to live on.")
        ask = _("Please ask the immigration agency SIRI.")
        return f"{own} {ask}"
    return str(_("Another authority decides this. Please go there.")) if ended == GuidanceEnd.ROUTED else ""


def told_topics(summary: dict[str, Any]) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Each topic of a stored summary with its lines, as texts with the language each is in."""
    for topic, lines in summary["topics"]:
        yield str(TOPICS[Topic(topic)]), [text for one in lines for text in _texts(one)]


def _texts(line: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """A line in words; what is a code in the catalogue, and its conditions, as its pages say it."""
    filters = current_app.jinja_env.filters
    if line["code"]:
        yield from ((sentence, current().tag) for sentence in filters["in_words"](line["code"]))
        return
    text, tongue = line["said"]
    when: list[str] = filters["conditions"](line["when"])
    only = _("Only if:")
    more = [f"({only} {' '.join(map(str, when))})"] if when else []
    if line["ask"]:
        more += ["–", _("Ask this authority: %(authority)s", authority=line["ask"][0])]
    question = filters["asked_for"](line["subject"])
    yield " ".join([question, text, *more]).strip(), tongue
