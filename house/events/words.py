"""Words of events: labels, when an event is, how many places are left, why something was refused."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from babel.dates import format_date
from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from house import formats
from house.events.models import Audience, EventKind
from house.events.programme import EventCard, Stage
from house.languages import current
from house.problems import Problem

FEW = 3
KINDS: dict[EventKind, LazyString] = {
    EventKind.SOCIAL: _l("Social event"),
    EventKind.LANGUAGE_CAFE: _l("Language café"),
    EventKind.SEMINAR: _l("Seminar"),
    EventKind.ONBOARDING_DAY: _l("Onboarding day"),
    EventKind.FAIR: _l("Fair"),
}
AUDIENCES: dict[Audience, LazyString] = {
    Audience.EVERYBODY: _l("Everybody"),
    Audience.STUDENTS: _l("Students"),
    Audience.RESEARCHERS: _l("Researchers"),
    Audience.EMPLOYEES: _l("Employees"),
    Audience.PARTNERS: _l("Partners of those who work here"),
    Audience.FAMILIES: _l("Families"),
    Audience.COMPANIES: _l("Companies"),
}
REFUSALS: dict[str, LazyString] = {
    "already_coming": _l("This e-mail address already has a seat here."),
    "came_already": _l("This person is marked as here already."),
    "companies_only": _l("Only companies can sign up people for this event."),
    "does_not_come": _l("This person does not come any more."),
    "event_began": _l("The event has begun, so this can no longer be changed."),
    "event_cancelled": _l("This event is cancelled."),
    "event_over": _l("This event is over."),
    "sign_up_over": _l("It is too late to sign up for this event."),
    "taken": _l("Somebody was faster. Please try once more."),
    "too_early": _l("Check-in opens two hours before the event."),
    "wrong_capacity": _l("Please write a number from 1 to 2000."),
}


def when(card: EventCard) -> str:
    """The day, and from when to when; for an event over several days, both days."""
    if card.starts.date() != card.ends.date():
        # Translators: begin and end are a day with a time, such as: Thursday, 14 January 2027, 17:00
        begin, end = formats.moment(card.starts_at), formats.moment(card.ends_at)
        return str(_("%(begin)s to %(end)s", begin=begin, end=end))
    day, begin, end = formats.day(card.starts.date()), formats.wall(card.starts), formats.wall(card.ends)
    # Translators: such as: Thursday, 14 January 2027, 17:00 to 19:00
    return str(_("%(day)s, %(begin)s to %(end)s", day=day, begin=begin, end=end))


def short_month(card: EventCard) -> str:
    """The month in a few letters, beside the number of the day."""
    return _short_month(current().tag, card.starts.month)


@lru_cache(maxsize=256)
def _short_month(tag: str, month: int) -> str:
    return format_date(date(2000, month, 1), "LLL", locale=tag)


def places(card: EventCard) -> tuple[str, str]:
    """How one stands for coming: the kind of a tag, and its words."""
    stage = card.stage
    if stage is Stage.CANCELLED:
        return "bad", _("Cancelled")
    if stage is Stage.OVER:
        return "quiet", _("Over")
    if stage is Stage.CLOSED:
        return "quiet", _("Sign-up is closed")
    if stage is Stage.FULL:
        return "bad", _("All places are taken")
    tone = "warn" if card.left <= FEW else "good"
    return tone, ngettext("One place left", "%(num)s places left", card.left)


def refusal(problem: Problem) -> str:
    """Why it did not work, in a sentence."""
    left = problem.facts.get("left")
    if isinstance(left, int) and left > 0:
        return str(ngettext(
            "Only one place is left. You asked for more.",
            "Only %(num)s places are left. You asked for more.",
            left,
        ))  # fmt: skip
    if problem.code == "full":
        return str(_("Somebody was faster. All places are taken."))
    return str(REFUSALS.get(problem.code, REFUSALS["taken"]))
