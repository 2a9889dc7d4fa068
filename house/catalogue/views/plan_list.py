"""The list itself: what is done is ticked, blocked steps open, the next steps lead into one visit."""

from __future__ import annotations

import re
from functools import partial
from typing import NamedTuple

from flask import make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from house import doors
from house.catalogue import words as service_words
from house.catalogue.conditions import clauses_of, holds
from house.catalogue.hooks import bookable_slugs
from house.catalogue.introducing import read_on
from house.catalogue.keeping import kept as kept_of_edition
from house.catalogue.kept_answers import Kept, keep, kept, not_stored
from house.catalogue.language_tree import Said
from house.catalogue.persons import SPONSOR, people
from house.catalogue.plan_forms import TickForm
from house.catalogue.questions import Walk, walk
from house.catalogue.shelf import Shelf, shelf
from house.catalogue.views import bp
from house.catalogue.views.plan import beginning, rulebook, where_next
from house.catalogue.views.plan_answers import told_answers
from house.catalogue.views.plan_fields import today
from house.catalogue.views.plan_rows import Everything, Step
from house.catalogue.views.plan_telling import everything
from house.db import db
from house.problems import NotHere

MOST_IN_A_VISIT = 4
_KEY = re.compile(r"(me|partner|sponsor|child[0-5])\.([a-z0-9_]{1,60})")


class Offer(NamedTuple):
    """Something the house offers beside the list: its name, when it is, and for whom of the household."""

    name: Said
    rule: Said | None
    for_whom: list[str]


def my_lists() -> tuple[Kept, Walk, Everything] | None:
    """The visitor's answers and lists; None as long as a question is open."""
    visitor = kept()
    so_far = walk(rulebook(), visitor.answers)
    if so_far.next is not None:
        return None
    session = db.session()
    return visitor, so_far, everything(session, shelf(session), so_far, visitor, today())


def not_yet(lang_tag: str) -> ResponseReturnValue:
    """Back to the questions: to the next one, or to the beginning where nothing was answered."""
    visitor = kept()
    where = where_next(lang_tag, visitor) if visitor.answers else url_for("catalogue.plan", lang_tag=lang_tag)
    return not_stored(make_response(redirect(where)))


@bp.get("/<lang:lang_tag>/plan/list")
@doors.public
def plan_list(lang_tag: str) -> ResponseReturnValue:
    """What to do, where, with which papers, by when: a list for everybody of the household."""
    found = my_lists()
    return _page(lang_tag, *found, TickForm()) if found else not_yet(lang_tag)


@bp.post("/<lang:lang_tag>/plan/list")
@doors.public
def tick(lang_tag: str) -> ResponseReturnValue:
    """Say that a step is done, or not done after all; the list is made anew."""
    form, found = TickForm(), my_lists()
    valid = form.validate()
    if found is None:
        return not_yet(lang_tag) if valid else beginning(lang_tag, form)
    visitor, _, all_ = found
    key = _KEY.fullmatch(form.done.data or form.undone.data or "")
    if not valid or key is None:
        return _page(lang_tag, *found, form, 422)
    who, service = key.groups()
    if f"{who}.{service}" not in {*(step.key for step in all_.steps), *_sponsor_keys(all_)}:
        raise NotHere()
    new = visitor.ticked(who, service, today() if form.done.data else None)
    where = url_for("catalogue.plan_list", lang_tag=lang_tag, _anchor=f"{who}-{service}")
    return keep(not_stored(make_response(redirect(where, 303))), new)


def _sponsor_keys(all_: Everything) -> list[str]:
    return [f"{SPONSOR}.{service.slug}" for service, _ in all_.sponsor_needs]


def _page(
    lang_tag: str, visitor: Kept, so_far: Walk, all_: Everything, form: TickForm, status: int = 200
) -> ResponseReturnValue:
    catalogue, bookable = shelf(db.session()), bookable_slugs(db.session())
    chosen, party = book_now(all_, bookable)
    slugs = [step.item.service for step in chosen]
    open_steps = [step for step in all_.steps if not step.item.done]
    page = render_template(
        "catalogue/plan_list.html",
        all=all_, form=form, modes=service_words.MODES, bookable=bookable,
        answers=told_answers(so_far), chosen=chosen, party=party, changed=visitor.before is not None,
        book=url_for("intake.need", lang_tag=lang_tag, service=slugs, party=party),
        shared=",".join(dict.fromkeys(step.item.service for step in all_.steps)),
        has_days=any(step.item.due or step.item.on or step.windows for step in open_steps),
        offers=offers(catalogue, so_far, all_), sources_of=partial(_sources_of, catalogue),
    )  # fmt: skip
    return not_stored(make_response(page, status))


def _sources_of(catalogue: Shelf, step: Step) -> Markup:
    """Where what is told of a step comes from, as HTML: the same for everybody."""
    page, facts = "catalogue/service_sources.html", {"about": step.about, "read_on": read_on(catalogue)}
    return kept_of_edition(catalogue, ("sources", step.item.service), lambda: render_template(page, **facts))


def book_now(all_: Everything, bookable: frozenset[str]) -> tuple[list[Step], int]:
    """The next steps that can be done in one visit here, in their order, and how many people take them."""
    chosen: dict[str, Step] = {}
    takers = set()
    for one in all_.lists:
        done = {step.item.service for step in one.steps if step.item.done}
        for step in one.steps:
            ready = set(step.item.after) <= done | set(chosen) and not step.waits_for_sponsor
            comes_by_itself = step.item.obligation == "automatic"
            if step.item.service not in bookable or step.item.done or comes_by_itself or not ready:
                continue
            if len(chosen) < MOST_IN_A_VISIT:
                chosen.setdefault(step.item.service, step)
            if step.item.service in chosen:
                takers.add(one.key)
    return list(chosen.values()), len(takers)


def offers(catalogue: Shelf, so_far: Walk, all_: Everything) -> list[Offer]:
    """Social and career offers for those who arrive; one with a condition is for whom it holds."""
    if so_far.facts.get("phase") != "arriving" or all_.handed_on:
        return []
    names = {one.key: one.name for one in all_.lists}
    persons = [one for one in people(so_far.facts, so_far.unknown, so_far.answers, {}) if one.who in names]
    found = []
    for record in catalogue.sections.get("offers") or ():
        clauses = clauses_of(record.get("x_when"))
        for_whom = [names[one.who] for one in persons if clauses and holds(clauses, one.facts)]
        if for_whom or not clauses:
            name = catalogue.say(f"offer/{record['id']}/name", record["name"])
            rule = catalogue.say(f"offer/{record['id']}/rule", record["rule"]) if record.get("rule") else None
            found.append(Offer(name, rule, for_whom if len(names) > 1 else []))
    return sorted(found, key=lambda one: not one.for_whom)
