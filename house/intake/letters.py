"""Letters to visitors: a visit was booked, was cancelled, cannot be at its time."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from house import clock, formats, languages
from house.catalogue import face as catalogue
from house.db import db
from house.intake.calendar import calendar_of, method_of
from house.intake.cards import VisitCard, card_from, services_in
from house.pages import address
from house.post import Enclosure, Render, Sheet


def visit_booked(facts: dict[str, Any]) -> Sheet:
    """When and where, what to bring, and the link to see or cancel."""
    card = card_from(facts)
    tongue = languages.current().tag
    wanted = services_in(db.session(), card)
    papers = [text for service in wanted for text, _language in catalogue.documents(service)]
    return Sheet(
        subject=_("Your visit is booked"),
        paragraphs=[
            _("Hello %(name)s,", name=card.name),
            _("Your visit is booked."),
            _("Please come five minutes early."),
        ],
        facts=[*_where_and_when(card), *_papers(papers)],
        button=(_("See or cancel your visit"), address("intake.visit", lang_tag=tongue, token=card.link)),
        after=[_("Can you not come? Please cancel, so that somebody else can have the time.")],
        enclosures=[_entry(card)],
    )


def visit_cancelled(facts: dict[str, Any]) -> Sheet:
    """The visit is off; how to book another."""
    card = card_from(facts)
    tongue = languages.current().tag
    return Sheet(
        subject=_("Your visit is cancelled"),
        paragraphs=[
            _("Hello %(name)s,", name=card.name),
            _("Your visit is cancelled. You do not need to come."),
        ],
        facts=_where_and_when(card),
        button=(_("Book another time"), address("intake.need", lang_tag=tongue)),
        enclosures=[_entry(card)],
    )


def visit_asked_to_move(facts: dict[str, Any]) -> Sheet:
    """We cannot see you at that time after all; please choose another one."""
    card = card_from(facts)
    tongue = languages.current().tag
    return Sheet(
        subject=_("Please choose another time for your visit"),
        paragraphs=[
            _("Hello %(name)s,", name=card.name),
            _("We are sorry. We cannot see you at the time that you booked."),
            _("Please choose another time. It takes a minute."),
        ],
        facts=_where_and_when(card),
        button=(_("Choose another time"), address("intake.visit", lang_tag=tongue, token=card.link)),
        after=[_("We do not cancel your visit before we have heard from you.")],
    )


def _where_and_when(card: VisitCard) -> list[tuple[str, str]]:
    place = catalogue.place(db.session())
    services = [(_("Service"), service.name) for service in services_in(db.session(), card)]
    return [
        (_("Your reference"), card.reference),
        *services,
        (_("When"), formats.moment(card.starts_at)),
        (_("Where"), f"{place.name}, {place.address}"),
    ]


def _papers(papers: list[str]) -> list[tuple[str, str]]:
    return [(_("Please bring"), paper) for paper in dict.fromkeys(papers)]


def _entry(card: VisitCard) -> Enclosure:
    place = catalogue.place(db.session())
    names = [service.name for service in services_in(db.session(), card)]
    content = calendar_of(card, place, names, languages.current().tag, clock.now())
    return Enclosure("visit.ics", f"text/calendar; charset=utf-8; method={method_of(card)}", content)


LETTERS: dict[str, Render] = {
    "visit_booked": visit_booked, "visit_cancelled": visit_cancelled,
    "visit_asked_to_move": visit_asked_to_move,
}  # fmt: skip
