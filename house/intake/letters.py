"""Letters to visitors: booked, moved, cancelled, soon to come; an earlier time is free; the link again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from house import clock, formats, languages
from house.catalogue import face as catalogue
from house.db import db
from house.intake import short_words
from house.intake.calendar import calendar_of, method_of
from house.intake.cards import VisitCard, card_from, stations_of
from house.intake.guidance_words import ending, told_topics
from house.intake.letter_words import not_ours, papers_to_bring, step_lines, step_time, step_words
from house.pages import address
from house.post import Enclosure, Render, Sheet


def visit_booked(facts: dict[str, Any]) -> Sheet:
    """When and where, what to bring, and the link to see or cancel."""
    card = card_from(facts)
    return Sheet(
        subject=_("Your visit is booked"),
        short=short_words.booked(card),
        paragraphs=[
            _hello(card.name),
            _("Your visit is booked."),
            _("Please come five minutes early."),
        ],
        facts=_where_and_when(card),
        lists=papers_to_bring(card),
        button=_to_visit(card.link),
        after=[_("Can you not come? Please cancel, so that somebody else can have the time.")],
        enclosures=[_entry(card, facts)],
    )


def visit_moved(facts: dict[str, Any]) -> Sheet:
    """The visit has another time; the old one is said, so that nobody comes then."""
    card = card_from(facts)
    was = formats.moment(datetime.fromisoformat(facts["was"]))
    return Sheet(
        subject=_("Your visit has a new time"),
        short=short_words.moved(card),
        paragraphs=[
            _hello(card.name),
            _("Your visit has a new time."),
            # Translators: moment is a day and a time, such as "Thursday, 7 January 2027, 10:00"
            _("The old time is no longer yours: %(moment)s.", moment=was),
        ],
        facts=_where_and_when(card),
        lists=papers_to_bring(card),
        button=_to_visit(card.link),
        after=[_("Can you not come? Please cancel, so that somebody else can have the time.")],
        enclosures=[_entry(card, facts)],
    )


def visit_cancelled(facts: dict[str, Any]) -> Sheet:
    """The visit is off; how to book another."""
    card = card_from(facts)
    tongue = languages.current().tag
    return Sheet(
        subject=_("Your visit is cancelled"),
        short=short_words.cancelled(card),
        paragraphs=[
            _hello(card.name),
            _("Your visit is cancelled. You do not need to come."),
        ],
        facts=_where_and_when(card),
        button=(_("Book another time"), address("intake.need", lang_tag=tongue)),
        after=not_ours(card),
        enclosures=[_entry(card, facts)],
    )


def visit_asked_to_move(facts: dict[str, Any]) -> Sheet:
    """We cannot see you at that time after all; please choose another one."""
    sorry = _("We are sorry. We cannot see you at the time that you booked.")
    return _please_move(card_from(facts), sorry)


def visit_tomorrow(facts: dict[str, Any]) -> Sheet:
    """A reminder, the day before: when, where, what to bring."""
    return _reminder(facts, _("Your visit is tomorrow"), _("Your visit is tomorrow."), short_words.tomorrow)


def visit_soon(facts: dict[str, Any]) -> Sheet:
    """A reminder, two hours before."""
    return _reminder(facts, _("Your visit is today"), _("Your visit is in two hours."), short_words.today)


def _reminder(
    facts: dict[str, Any], subject: str, sentence: str, short: Callable[[VisitCard], str]
) -> Sheet:
    card = card_from(facts)
    if facts.get("asked"):
        return _still_to_move(card)
    return Sheet(
        subject=subject,
        short=short(card),
        paragraphs=[_hello(card.name), sentence, _("Please come five minutes early.")],
        facts=_where_and_when(card),
        lists=papers_to_bring(card),
        button=_to_visit(card.link),
        after=[_("Can you not come? Please cancel, so that somebody else can have the time.")],
        enclosures=[_entry(card, facts)],
    )


def _still_to_move(card: VisitCard) -> Sheet:
    """In place of a reminder: we asked for another time and have not heard from her."""
    asked = _("We cannot see you at the time that you booked. You have not chosen another time yet.")
    return _please_move(card, asked)


def _please_move(card: VisitCard, why: str) -> Sheet:
    link = address("intake.move_days", lang_tag=languages.current().tag, token=card.link)
    return Sheet(
        subject=_("Please choose another time for your visit"),
        short=short_words.please_move(card),
        paragraphs=[_hello(card.name), why, _("Please choose another time. It takes a minute.")],
        facts=_where_and_when(card),
        button=(_("Choose another time"), link),
        after=[_("We do not cancel your visit before we have heard from you.")],
    )


def earlier_time(facts: dict[str, Any]) -> Sheet:
    """Something earlier is free: what one has, what one can have, until when, and the link to answer."""
    card = card_from(facts)
    until, earlier = (datetime.fromisoformat(facts[key]) for key in ("until", "earlier"))
    link = address("intake.earlier", lang_tag=languages.current().tag, token=facts["offer"])
    return Sheet(
        subject=_("An earlier time is free"),
        short=short_words.earlier(earlier, until),
        paragraphs=[
            _hello(card.name),
            _("You asked for something earlier. Now a time is free."),
            _("We keep it for you until %(moment)s.", moment=formats.moment(until)),
        ],
        facts=[
            (_("The earlier time"), formats.moment(earlier)),
            (_("Your time now"), formats.moment(card.starts_at)),
            (_("Your reference"), card.reference),
        ],
        button=(_("Take the earlier time, or keep yours"), link),
        after=[_("If you do nothing, you keep the time you have.")],
    )


def visit_link(facts: dict[str, Any]) -> Sheet:
    """The link of one's booking again; nothing else, for it was asked for without showing who one is."""
    return Sheet(
        subject=_("The link of your visit"),
        paragraphs=[
            _("You asked us to send the link of your visit again."),
            _("Did you not ask? Then you can forget this letter. Nothing has changed."),
        ],
        button=_to_visit(facts["token"]),
    )


def guidance_given(facts: dict[str, Any]) -> Sheet:
    """What it was about, what was told of it, and where to read more."""
    place = catalogue.place(db.session())
    name, authority = facts["name"][0], facts["authority"]
    told = ending(facts["ended"])
    more = (_("Book a visit"), address("intake.need", lang_tag=languages.current().tag))
    return Sheet(
        subject=_("What we told you"),
        paragraphs=[
            _("You asked us for advice. Here is what we told you."),
            _("Rules change. Ask the authority if you are not sure."),
            *([told] if told else []),
        ],
        facts=[
            (_("What it is about"), name),
            *([(_("Authority"), authority[0])] if authority else []),
            (_("Where"), f"{place.name}, {place.address}"),
        ],
        lists=[(topic, [text for text, _tongue in lines]) for topic, lines in told_topics(facts)],
        button=(_("Read more at the authority"), facts["link"]) if facts["link"] else more,
    )


def _hello(name: str) -> str:
    return str(_("Hello %(name)s,", name=name))


def _to_visit(link: str) -> tuple[str, str]:
    where = address("intake.visit", lang_tag=languages.current().tag, token=link)
    return _("See, move or cancel your visit"), where


def _where_and_when(card: VisitCard) -> list[tuple[str, str]]:
    """The reference, the first time here, then every step in the order of time, also those elsewhere."""
    place = catalogue.place(db.session())
    way = [(step_time(one), step_words(one)) for one in stations_of(db.session(), card)]
    return [
        (_("Your reference"), card.reference),
        (_("When"), formats.moment(card.starts_at)),
        *way,
        (_("Where"), f"{place.name}, {place.address}"),
    ]


def _entry(card: VisitCard, facts: dict[str, Any]) -> Enclosure:
    """The calendar entry; a letter asks its reader to take it in, or to take it out."""
    place = catalogue.place(db.session())
    reader = facts.get("to")
    content = calendar_of(card, place, step_lines(card), languages.current().tag, clock.now(), reader)
    return Enclosure("visit.ics", f"text/calendar; charset=utf-8; method={method_of(card, reader)}", content)


LETTERS: dict[str, Render] = {
    one.__name__: one
    for one in (
        visit_booked, visit_moved, visit_cancelled, visit_asked_to_move, visit_tomorrow, visit_soon,
        earlier_time, visit_link, guidance_given,
    )
}  # fmt: skip
