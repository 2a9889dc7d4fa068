"""Words of the managers' pages: levels, reasons of a closing, why a visit no longer fits, refusals."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from typing import Any

from babel import Locale
from flask_babel import LazyString, lazy_ngettext, ngettext, pgettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from house.catalogue.face import ClosedFor, Rules, ServiceView
from house.formats import in_order, language_name, short_day, wall
from house.intake.clashes import CLOSING, HOURS, INACTIVE, LANES, SERVICE
from house.intake.counters import Given, Settings
from house.intake.models import Answer, Level
from house.intake.timetable import Since
from house.languages import current
from house.problems import Problem

LEVELS: dict[Level, LazyString] = {
    Level.NATIVE: _lp("how well a language is spoken", "First language"),
    Level.GOOD: _lp("how well a language is spoken", "Good"),
    Level.BASIC: _lp("how well a language is spoken", "A little"),
}
NOT_SPOKEN = _lp("how well a language is spoken", "Not spoken")
AS_COUNTER = _lp("how well a language is spoken", "As the counter")

SINCE: dict[Since, LazyString] = {
    Since.OPENING: _lp("times are counted from", "when the counter opens"),
    Since.HOUR: _lp("times are counted from", "the full hour"),
}

REASONS: dict[ClosedFor, LazyString] = {
    ClosedFor.STAFF: _lp("why it is closed", "Short of staff"),
    ClosedFor.TRAINING: _lp("why it is closed", "Course or meeting"),
    ClosedFor.TECHNICAL: _lp("why it is closed", "Technical problems"),
    ClosedFor.EVENT: _lp("why it is closed", "Event in the house"),
    ClosedFor.HOLIDAY: _lp("why it is closed", "Holiday"),
    ClosedFor.OTHER: _lp("why it is closed", "Something else"),
}
TOLD_NOTHING = _l("Only that it is closed")

WHY: dict[str, LazyString] = {
    CLOSING: _l("Closed at that time"),
    HOURS: _l("Outside the opening hours"),
    LANES: _l("Too many at the same time"),
    INACTIVE: _l("The counter is no longer used"),
    SERVICE: _l("The counter no longer gives this service"),
}

OTHER_DAYS: dict[str, LazyString] = {
    "closed": _lp("a day", "Closed"),
    "open_anyway": _lp("a day", "Other hours"),
}

ANSWERS: dict[Answer, LazyString] = {
    Answer.KEPT: _l("Stays as it is"),
    Answer.ASKED: _l("Asked to choose another time"),
    Answer.PHONED: _l("Told by phone"),
}

REFUSALS: dict[str, LazyString] = {
    "changed": _l("Somebody else changed this counter meanwhile. Please compare, then save again."),
    "overlap": _l("Two rows are open at the same time."),
    "more_met": _l("The visits that this meets changed meanwhile. Please look again."),
    "ends_before": _l("It must end after it begins."),
    "over": _l("This time is over already."),
    "closed_already": _l("The house is closed already."),
    "settled": _l("This visit changed meanwhile. Please look at the list again."),
    "no_address": _l("No address was given. Please tell the visitor when they come or call."),
    "moved": _l("Somebody else did something with this visit. Please look again."),
    "visit_began": _l("The time of this visit has come. Please talk to the visitor."),
}

# What changed on a counter's page, by the name of the setting.
SETTINGS: dict[str, LazyString] = {
    "label": _l("Name of the counter"),
    "capacity": _l("People served at the same time"),
    "every": _l("A time every"),
    "since": _l("The times are counted from"),
    "buffer_minutes": _l("Pause after each visit"),
    "lead_minutes": _l("Can be booked until"),
    "horizon_days": _l("Can be booked ahead"),
    "active": _l("In use"),
    "assumed": _l("Not confirmed yet"),
    "services": _l("Services"),
    "languages": _l("Languages"),
}

WEEKS: dict[int, LazyString] = {
    n: lazy_ngettext("every week", "every %(num)s weeks", n) for n in (1, 2, 3, 4, 5, 6, 8)
}


def _weekday(number: int) -> str:
    return str(Locale.parse(current().tag).days["stand-alone"]["wide"][number])


WEEKDAYS: list[tuple[int, Any]] = [(number, LazyString(_weekday, number)) for number in range(7)]


def minutes(number: int) -> str:
    """A span of time as people say it: minutes, hours or days."""
    if number and number % 1440 == 0:
        return str(ngettext("One day", "%(num)s days", number // 1440))
    if number and number % 60 == 0:
        return str(ngettext("One hour", "%(num)s hours", number // 60))
    return str(ngettext("One minute", "%(num)s minutes", number))


def days(number: int) -> str:
    return str(ngettext("One day", "%(num)s days", number))


def refusal(problem: Problem) -> str:
    """The sentence for a refusal."""
    return str(REFUSALS.get(problem.code, REFUSALS["moved"]))


def why(reasons: tuple[str, ...]) -> list[str]:
    """Why a visit does not fit, each reason once."""
    return list(dict.fromkeys(str(WHY[reason.partition(" ")[0]]) for reason in reasons))


def first_and_last(first: date, last: date) -> str:
    """One day, or from one to another."""
    if first == last:
        return short_day(first)
    return str(_("%(first)s to %(last)s", first=short_day(first), last=short_day(last)))


def times(begins: time | None, ends: time | None) -> str:
    """From when to when on the wall."""
    if begins is None and ends is None:
        return str(_("all day"))
    if begins is None and ends is not None:
        return str(_("until %(time)s", time=wall(ends)))
    if begins is not None and ends is None:
        return str(_("from %(time)s", time=wall(begins)))
    return in_order(f"{wall(begins or time(0))}–{wall(ends or time(0))}")


def makes(number: int, lanes: int) -> str:
    """How many times a day, and how many people at a time."""
    return str(
        ngettext(
            "This makes one time a day, %(lanes)s at a time.",
            "This makes up to %(num)s times a day, %(lanes)s at a time.",
            number, lanes=lanes,
        )
    )  # fmt: skip


def room(number: int) -> str:
    """How many visits fit in."""
    return str(ngettext("(room for one visit)", "(room for %(num)s visits)", number))


def minutes_of(service: ServiceView) -> str:
    """What the catalogue says a service takes."""
    first, each = minutes(service.minutes_first), minutes(service.minutes_each)
    return str(_("%(first)s, each further person %(each)s", first=first, each=each))


def hours_said(rules: Rules) -> list[str]:
    """Hours as lines of text: the weekly openings, then the days that differ."""
    week = sorted(rules.openings, key=lambda rule: (rule.weekday, rule.opens))
    lines = [
        f"{_weekday(rule.weekday)} {times(rule.opens, rule.closes)}, {WEEKS[rule.every_weeks]}"
        for rule in week
    ]
    for one in sorted(rules.exceptions, key=lambda one: one.day):
        said = times(one.opens, one.closes) if one.opens else pgettext("a day", "Closed")
        lines.append(f"{short_day(one.day)}: {said}")
    return lines


def other_day(code: str) -> str:
    """Why a day is not like the week."""
    if code in OTHER_DAYS:
        return str(OTHER_DAYS[code])
    return str(REASONS[ClosedFor(code)] if code in set(ClosedFor) else _("Public holiday or house day"))


def chosen(field: Any) -> str:
    """The words of what was chosen in a list."""
    return next((str(one.label) for one in field.choices if one.value == field.data), "")


def sent(field: Any) -> str:
    """An answer as the form sends it, for carrying it over to the next page."""
    if isinstance(field.data, time):
        return f"{field.data:%H:%M}"
    return "" if field.data is None else str(field.data)


def levels_said(levels: Mapping[str, Any], name: Any) -> str:
    """Languages with their levels on one line."""
    return " · ".join(f"{name(tag)} ({LEVELS[Level(level)]})" for tag, level in sorted(levels.items()))


def differences(
    mine: Settings, theirs: Settings, names: Mapping[int, str]
) -> list[tuple[LazyString, str, str]]:
    """Where two versions of a counter differ: the setting, theirs, mine."""
    return [
        (words, _said(name, theirs, names), _said(name, mine, names))
        for name, words in SETTINGS.items()
        if getattr(mine, name) != getattr(theirs, name)
    ]


def _said(name: str, settings: Settings, names: Mapping[int, str]) -> str:
    """One setting in words."""
    value = getattr(settings, name)
    if name == "services":
        return " · ".join(_service_said(names[id_], given) for id_, given in value.items()) or "–"
    if name == "languages":
        return levels_said(value, language_name) or "–"
    if name in ("active", "assumed"):
        return str(_("Yes")) if value else str(_("No"))
    if name == "since":
        return str(SINCE[value])
    if name == "every":
        return minutes(value * 5)
    if name in ("buffer_minutes", "lead_minutes"):
        return minutes(value)
    return days(value) if name == "horizon_days" else str(value)


def _service_said(name: str, given: Given) -> str:
    booked = _("takes bookings") if given.bookable else _("no bookings")
    own = [minutes(one) for one in (given.minutes_first, given.minutes_each) if one is not None]
    return f"{name} ({', '.join([booked, *own])})"
