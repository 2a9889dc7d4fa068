"""Managers' pages of counters: the list of one's own, a new counter, and what a counter gives and how."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from house import clock, doors
from house.catalogue import face as catalogue
from house.db import db
from house.doors import Role
from house.forms import HouseForm
from house.intake import closings, counters, manage_words, worklist
from house.intake.counter_forms import CounterForm, NewCounterForm, counter_form
from house.intake.counters import Settings
from house.intake.models import Counter
from house.intake.views import bp
from house.people import face as people
from house.problems import Moved

COUNTER = f"<int(max={2**63 - 1}):counter_id>"
at_manager = doors.staff(Role.MANAGER)


def actor() -> str:
    person = people.person()
    return person.house_actor if person else "nobody"


def my_reach(session: Session) -> people.Reach:
    """What whoever is signed in manages."""
    return people.reach_of(session, people.person())


def my_counter(session: Session, counter_id: int) -> Counter:
    """A counter through its manager; a stranger's is not there."""
    return counters.one_of_mine(session, my_reach(session), counter_id)


@bp.get("/manage/counters/")
@at_manager
def manage_counters() -> ResponseReturnValue:
    """My counters by authority, what is closed soon, and how many visits wait for an answer."""
    return list_page()


@bp.post("/manage/counters/")
@at_manager
def manage_counter_new() -> ResponseReturnValue:
    """Add a counter; it gives nothing and is never open until somebody says so."""
    form, session = NewCounterForm(), db.session()
    form.authority.choices = _authority_choices(session)
    if not form.validate():
        return list_page(form), form.status
    here = catalogue.place(session)
    schedule = catalogue.add_schedule(session, form.label.text, {})
    counter = counters.add_counter(
        session, here, form.authority.data, form.label.text, schedule.id, (), (), actor=actor()
    )
    db.session.commit()
    return redirect(url_for("intake.manage_counter", counter_id=counter.id), 303)


def list_page(refused: HouseForm | None = None) -> str:
    """The list; a form that was refused comes back as it was filled in."""
    session, reach = db.session(), my_reach(db.session())
    mine = counters.managed(session, reach)
    form = refused if isinstance(refused, NewCounterForm) else NewCounterForm(formdata=None)
    form.authority.choices = _authority_choices(session)
    since = clock.today(catalogue.place(session).timezone)
    return render_template(
        "intake/manage_counters.html", form=form, refused=refused, reach=reach,
        counters=_by_authority(session, mine),
        services={service.id: service for service in catalogue.services(session)},
        closings=closings.closings(session, mine, since, reach.house), words=manage_words,
        scopes=scope_names(session, mine),
        waiting=sum(one.is_open for one in worklist.worklist(session, mine)),
    )  # fmt: skip


def _authority_choices(session: Session) -> list[tuple[int, str]]:
    """The authorities that counters of this manager can belong to."""
    reach = my_reach(session)
    return [
        (id_, one.name.text)
        for id_, one in catalogue.authorities(session).items()
        if reach.covers(one.slug)
    ]


def _by_authority(
    session: Session, mine: list[Counter]
) -> list[tuple[catalogue.AuthorityView, list[Counter]]]:
    authorities = catalogue.authorities(session)
    wanted = {one.authority_id for one in mine}
    return [
        (authority, [one for one in mine if one.authority_id == id_])
        for id_, authority in authorities.items()
        if id_ in wanted
    ]


def scope_names(session: Session, mine: list[Counter]) -> Callable[[catalogue.ClosedTime], str]:
    """What a closing closes, in words."""
    names = catalogue.authority_names(session)
    labels = {one.schedule_id: one.label for one in mine}

    def named(closing: catalogue.ClosedTime) -> str:
        if closing.place_id is not None:
            return str(_("The whole house"))
        if closing.authority_id is not None:
            return names[closing.authority_id]
        return str(_("Counter %(counter)s", counter=labels.get(closing.schedule_id or 0, "–")))

    return named


@bp.route(f"/manage/counters/{COUNTER}", methods=["GET", "POST"])
@at_manager
def manage_counter(counter_id: int) -> ResponseReturnValue:
    """What a counter gives, in which languages, with how many lanes, and how it can be booked."""
    session = db.session()
    counter = my_counter(session, counter_id)
    form = _form(session, counter)
    if not form.is_submitted() or not form.validate():
        return _page(counter, form), form.status
    try:
        counters.change(session, counter, form.settings(), form.seen, actor())
    except Moved as problem:
        db.session.rollback()
        return _both(counter_id, form, problem)
    db.session.commit()
    flash(_("Counter %(counter)s is saved.", counter=form.label.text), "good")
    return redirect(url_for("intake.manage_counter", counter_id=counter_id), 303)


def _form(session: Session, counter: Counter) -> CounterForm:
    offered = [service.id for service in catalogue.services(session)]
    return counter_form(offered, counters.settings_of(counter), counter.revision)


def _both(counter_id: int, form: CounterForm, problem: Moved) -> ResponseReturnValue:
    """Somebody was faster: what was filled in, and what stands now where the two differ."""
    counter = my_counter(db.session(), counter_id)
    form.form_errors.append(manage_words.refusal(problem))
    mine, theirs = form.settings(), counters.settings_of(counter)
    form.revision.data = str(counter.revision)
    form.revision.raw_data = None
    return _page(counter, form, (mine, theirs)), problem.status


def _page(counter: Counter, form: CounterForm, both: tuple[Settings, Settings] | None = None) -> str:
    session = db.session()
    services = catalogue.services(session)
    own = [one for one in services if one.authority_id == counter.authority_id or _given(form, one.id)]
    names = {one.id: one.name for one in services}
    return render_template(
        "intake/manage_counter.html", form=form, counter=counter, own=own,
        other=[one for one in services if one not in own], words=manage_words,
        authority=catalogue.authority_names(session)[counter.authority_id],
        differences=manage_words.differences(*both, names) if both else (),
    )  # fmt: skip


def _given(form: CounterForm, service_id: int) -> bool:
    return bool(form.service_parts[service_id].given.data)
