"""The organisers' pages: which events there are, who is on the list, who came; changing and calling off."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from house import doors
from house.db import db
from house.doors import Role
from house.events import attending, programme, publishing, words
from house.events.forms import CapacityForm, DoorForm
from house.events.models import AttendeeState
from house.events.views import bp
from house.forms import ActionForm, HouseForm
from house.people import face as people
from house.problems import Moved

MARKS = {AttendeeState.ATTENDED: attending.mark_attended, AttendeeState.ABSENT: attending.mark_absent}


def _actor() -> str:
    person = people.person()
    return person.house_actor if person else "nobody"


@bp.get("/events/manage/")
@doors.staff(Role.ORGANISER, Role.DESK)
def manage() -> ResponseReturnValue:
    """Events to come and of the last thirty days."""
    return render_template("events/manage.html", cards=programme.recent_and_upcoming(db.session()))


@bp.get("/events/manage/<slug>")
@doors.staff(Role.ORGANISER, Role.DESK)
def door(slug: str) -> ResponseReturnValue:
    """The list at the door."""
    return _page(slug)


@bp.post("/events/manage/<slug>/<reference>")
@doors.staff(Role.ORGANISER, Role.DESK)
def check_in(slug: str, reference: str) -> ResponseReturnValue:
    """This person came, or did not."""
    form = DoorForm()
    attendee = attending.by_reference(db.session(), slug, reference)
    if not form.validate():
        return _page(slug, form), form.status
    try:
        MARKS[AttendeeState(form.state.data)](db.session(), attendee, _actor())
        db.session.commit()
    except Moved as problem:
        return _refused(slug, form, problem)
    return redirect(url_for("events.door", slug=slug, _anchor=f"a-{reference}"), 303)


@bp.post("/events/manage/<slug>/capacity")
@doors.staff(Role.ORGANISER)
def capacity(slug: str) -> ResponseReturnValue:
    """Let more or fewer in."""
    form = CapacityForm()
    card = programme.by_slug(db.session(), slug)
    if not form.validate():
        return _page(slug, form), form.status
    publishing.change_capacity(db.session(), card.id, form.capacity.data or 0, _actor())
    db.session.commit()
    return redirect(url_for("events.door", slug=slug), 303)


@bp.route("/events/manage/<slug>/call-off", methods=["GET", "POST"])
@doors.staff(Role.ORGANISER)
def call_off(slug: str) -> ResponseReturnValue:
    """Does it really not take place? The button tells everybody."""
    form = ActionForm()
    card = programme.by_slug(db.session(), slug)
    if request.method == "GET" or not form.validate():
        return render_template("events/call_off.html", card=card, form=form), form.status
    try:
        publishing.call_off(db.session(), card.id, _actor())
        db.session.commit()
    except Moved as problem:
        return _refused(slug, form, problem)
    return redirect(url_for("events.door", slug=slug), 303)


def _refused(slug: str, form: HouseForm, problem: Moved) -> ResponseReturnValue:
    db.session.rollback()
    form.form_errors.append(words.refusal(problem))
    return _page(slug, form), problem.status


def _page(slug: str, refused: HouseForm | None = None) -> str:
    session = db.session()
    card = programme.by_slug(session, slug)
    people_here = attending.list_of(session, card.id)
    kept = isinstance(refused, CapacityForm)
    room = refused if kept else CapacityForm(formdata=None, capacity=card.capacity)
    return render_template(
        "events/door.html", card=card, people_here=people_here, refused=refused, room=room,
        came=sum(one.state is AttendeeState.ATTENDED for one in people_here),
    )  # fmt: skip
