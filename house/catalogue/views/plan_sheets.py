"""The list to take along: on paper, in a calendar, and as a page to share that tells nothing of her."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from flask import Response, current_app, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from icalendar import Calendar, Event

from house import clock, doors, formats, paper
from house.catalogue import condition_words
from house.catalogue.describing import describe
from house.catalogue.kept_answers import not_stored
from house.catalogue.shelf import shelf
from house.catalogue.views import bp
from house.catalogue.views.plan_fields import today
from house.catalogue.views.plan_list import my_lists, not_yet
from house.catalogue.views.plan_rows import Everything, PersonsList, Step
from house.db import db
from house.languages import current
from house.pages import address
from house.problems import NotHere

MOST_SHARED = 60


@bp.get("/<lang:lang_tag>/plan/list.pdf")
@doors.public
def plan_paper(lang_tag: str) -> ResponseReturnValue:
    """The lists on A4, for those who have no telephone at hand."""
    found = my_lists()
    if found is None or found[2].handed_on:
        return not_yet(lang_tag)
    sheet = paper.typeset("plan_list", _sheet(found[2]))
    return _file(sheet, "application/pdf", "my-list.pdf")


@bp.get("/<lang:lang_tag>/plan/list.ics")
@doors.public
def plan_calendar(lang_tag: str) -> ResponseReturnValue:
    """The days of the lists, for a calendar."""
    found = my_lists()
    if found is None or found[2].handed_on:
        return not_yet(lang_tag)
    visitor, _so_far, all_ = found
    return _file(_calendar(all_, visitor.mark, clock.now()), "text/calendar; charset=utf-8", "my-list.ics")


@bp.get("/<lang:lang_tag>/plan/shared/<slugs>")
@doors.public
def plan_shared(lang_tag: str, slugs: str) -> ResponseReturnValue:
    """Services with their papers, as anybody may read them: no days, no reasons, no person."""
    catalogue = shelf(db.session())
    wanted = frozenset(slugs.split(",")[:MOST_SHARED])
    found = [describe(catalogue, service) for service in catalogue.services if service.slug in wanted]
    if not found:
        raise NotHere()
    facts = catalogue.sections["meta"]["person_facts"]
    return render_template(
        "catalogue/plan_shared.html",
        services=found, sentences=lambda condition: condition_words.sentences(condition, facts),
    )  # fmt: skip


def _file(content: bytes, kind: str, name: str) -> Response:
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return not_stored(Response(content, content_type=kind, headers=disposition))


# --- paper --------------------------------------------------------------------------------------------------


def _sheet(all_: Everything) -> dict[str, Any]:
    """What the sheet says, as plain texts."""
    config = current_app.extensions["house-config"]
    several = len(all_.lists) > 1
    return {
        "title": _("Your list"),
        "house": config.house_name,
        # Translators: at the head of a printed list
        "made": _("Made on %(day)s", day=formats.day(today())),
        "note": _("Rules change. The days count from what you told us."),
        "where": address("catalogue.plan", lang_tag=current().tag),
        "bring": _("What to bring"),
        "reasons": _("Why it is on your list"),
        "depends": _("It depends"),
        "routes": [_text(route) for route in all_.routes],
        "lists": [
            {
                "name": one.name if several else "",
                "steps": [_step(step) for step in one.steps],
                "uncertain": [_text(step.authority, step.service.name) for step in one.uncertain],
            }
            for one in all_.lists
        ],
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "name": {"text": step.service.name, "lang": step.service.name_lang},
        "tag": step.tag,
        "authority": _text(step.authority),
        "when": [*step.when, *(_between(*window) for window in step.windows)],
        "rules": [_text(one) for one in step.rules],
        "after": list(_after(step)),
        "together": _("Together with: %(people)s.", people=step.together) if step.together else "",
        "cautions": [_text(one.said) for one in step.cautions],
        "papers": [_text(one) for one in step.papers],
        "reasons": " ".join(step.reasons),
        "done": step.item.done,
        "waits": step.item.blocked,
        "new": step.new,
    }


def _text(said: Any, also: str = "") -> dict[str, str]:
    return {"text": f"{also} – {said.text}" if also else said.text, "lang": said.lang}


def _between(said: Any, first: date, last: date) -> str:
    days = _("Between %(first)s and %(last)s:", first=formats.day(first), last=formats.day(last))
    return f"{days} {said.text}"


def _after(step: Step) -> Iterator[str]:
    if step.waits_for and not step.item.done:
        yield " ".join([_("Only after:"), ", ".join(one.text for one in step.waits_for)])
    if step.waits_for_sponsor:
        names = ", ".join(one.text for one in step.waits_for_sponsor)
        yield " ".join([_("First the person you join needs:"), names])


# --- calendar -----------------------------------------------------------------------------------------------


def _calendar(all_: Everything, mark: str, now: datetime) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//International House//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _("Your list"))
    for one in all_.lists:
        for step in one.steps:
            if not step.item.done and (day := _day(step)):
                whose = one if len(all_.lists) > 1 else None
                calendar.add_component(_entry(step, whose, day, f"{mark}-{step.key}", now))
    return bytes(calendar.to_ical())


def _day(step: Step) -> date | None:
    """The day to put into a calendar: the last one on which it can be done here."""
    item = step.item
    if item.on or item.last_open_house_day or item.due:
        return item.on or item.last_open_house_day or item.due
    return next((last for _, _, last in step.windows), None)


def _entry(step: Step, whose: PersonsList | None, day: date, uid: str, now: datetime) -> Event:
    """One day; its UID is random but for the step, so that the same list updates its own entries."""
    host = current_app.extensions["house-config"].mail_from.partition("@")[2]
    link = address("catalogue.service_page", lang_tag=current().tag, slug=step.item.service)
    entry = Event()
    entry.add("uid", f"plan-{uid}@{host}")
    entry.add("sequence", int(now.timestamp()) // 60)
    entry.add("dtstamp", now)
    entry.add("dtstart", day)
    entry.add("dtend", day + timedelta(days=1))
    entry.add("summary", f"{step.service.name} ({whose.name})" if whose else step.service.name)
    entry.add("transp", "TRANSPARENT")
    entry.add("url", link)
    papers = [f"– {one.text}" for one in step.papers]
    told = [*step.when, step.authority.text, *([_("What to bring"), *papers] if papers else []), link]
    entry.add("description", "\n".join(told))
    return entry
