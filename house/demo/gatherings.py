"""Twelve events of the coming weeks, two of them onboarding days, and who signed up."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from house import clock
from house.catalogue import face as catalogue
from house.demo.names import invent
from house.events import face as events
from house.events.face import Audience, EventKind, OpenTo
from house.languages import LANGUAGES, speak
from house.people import face as people

AT_THE_COUNTERS = (EventKind.ONBOARDING_DAY, EventKind.SEMINAR)
# slug, kind, days from today, begins, hours, capacity, audience, how many come
PROGRAMME = (
    ("onboarding-day-winter", EventKind.ONBOARDING_DAY, 9, "09:00", 5, 40, Audience.EMPLOYEES, 0),
    ("onboarding-day-spring", EventKind.ONBOARDING_DAY, 37, "09:00", 5, 60, Audience.EMPLOYEES, 0),
    ("language-cafe-1", EventKind.LANGUAGE_CAFE, 3, "17:00", 2, 25, Audience.EVERYBODY, 17),
    ("language-cafe-2", EventKind.LANGUAGE_CAFE, 10, "17:00", 2, 25, Audience.EVERYBODY, 9),
    ("language-cafe-3", EventKind.LANGUAGE_CAFE, 17, "17:00", 2, 25, Audience.EVERYBODY, 3),
    ("job-search-seminar", EventKind.SEMINAR, 6, "16:30", 2, 30, Audience.PARTNERS, 22),
    ("cv-drop-in", EventKind.SEMINAR, 7, "15:00", 2, 8, Audience.PARTNERS, 8),
    ("danish-tax-for-newcomers", EventKind.SEMINAR, 13, "17:00", 1, 50, Audience.EMPLOYEES, 19),
    ("culture-companions", EventKind.SOCIAL, 15, "18:00", 2, 40, Audience.EVERYBODY, 26),
    ("families-saturday", EventKind.SOCIAL, 18, "10:00", 3, 60, Audience.FAMILIES, 31),
    ("winter-walk", EventKind.SOCIAL, 25, "13:00", 2, 30, Audience.EVERYBODY, 12),
    ("newcomers-fair", EventKind.FAIR, 48, "11:00", 5, 400, Audience.EVERYBODY, 0),
)


def _words() -> dict[str, tuple[str, str]]:
    """Titles and summaries in the language of the moment."""
    cafe = (_("Language café"), _("Practise Danish over a cup of coffee. Everybody can join."))
    onboarding = (
        _("Onboarding day"),
        _("Residence document, CPR number and tax card on one day, for new employees."),
    )
    return {
        "onboarding-day-winter": onboarding,
        "onboarding-day-spring": onboarding,
        "language-cafe-1": cafe,
        "language-cafe-2": cafe,
        "language-cafe-3": cafe,
        "job-search-seminar": (
            _("How to look for a job in Denmark"),
            _("Where jobs are found, how to apply, and what employers expect."),
        ),
        "cv-drop-in": (_("CV drop-in"), _("Bring your CV. An adviser reads it with you.")),
        "danish-tax-for-newcomers": (
            _("Danish tax for newcomers"),
            _("What the tax card says, and how to change it."),
        ),
        "culture-companions": (
            _("Meet your culture companion"),
            _("People from here and newcomers eat together and find a match."),
        ),
        "families-saturday": (
            _("Saturday for families"),
            _("Play, crafts and a talk about schools and day care."),
        ),
        "winter-walk": (_("Walk along the fjord"), _("A slow walk through the city. Dress warmly.")),
        "newcomers-fair": (
            _("Fair for newcomers"),
            _("Clubs, schools, employers and authorities in one hall."),
        ),
    }


def _open_day(session: Session, wanted: date) -> date:
    """The first day from a date on that the house is open."""
    house = catalogue.place(session)
    last = wanted + timedelta(days=30)
    spans = catalogue.open_spans(session, [house.schedule_id], wanted, last, clock.zone(house.timezone))
    return min(day for day, found in spans[house.schedule_id].items() if found)


def invite(session: Session, chance: random.Random) -> str:
    """Publish the events and sign people up, alone and through their companies."""
    words = {}
    for language in LANGUAGES:
        with speak(language.tag):
            words[language.tag] = _words()
    zone = clock.zone(catalogue.place(session).timezone)
    today = clock.local(clock.now(), zone.key).date()
    for slug, kind, ahead, begins, hours, capacity, audience, coming in PROGRAMME:
        day = today + timedelta(days=ahead)
        if kind in AT_THE_COUNTERS:
            day = _open_day(session, day)
        starts = datetime.combine(day, time.fromisoformat(begins), zone)
        event = events.add_event(
            session, slug, kind, {tag: texts[slug] for tag, texts in words.items()},
            starts, starts + timedelta(hours=hours), capacity, audience=audience,
            open_to=OpenTo.COMPANIES if kind is EventKind.ONBOARDING_DAY else OpenTo.EVERYBODY,
        )  # fmt: skip
        for _number in range(coming):
            events.sign_up(session, event, [events.Person(*invent(chance))])
    onboarding = session.scalars(select(events.Event).where(events.Event.slug == PROGRAMME[0][0])).one()
    companies = session.scalars(select(people.Body).where(people.Body.kind == people.BodyKind.COMPANY)).all()
    for company in companies[:2]:
        group = [events.Person(*invent(chance)) for _number in range(chance.randint(4, 9))]
        events.sign_up(session, onboarding, group, company_id=company.id, actor=f"company {company.id}")
    return f"Published {len(PROGRAMME)} events."
