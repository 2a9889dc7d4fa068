"""What the desk's views share: who acts, at which counter, and the screen that every answer comes back to.

The front desk and the adviser's counter are two pages with the same acts; a form says which one it stands on.
"""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from flask import session as browser
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy.orm import Session

from house import doors
from house.catalogue import face as catalogue
from house.db import db
from house.doors import Role
from house.forms import HouseForm
from house.intake import calling, desk_screen, seeing, waits
from house.intake.desk_forms import CheckInForm, CounterForm, FinishForm, OutsideForm, RegisterForm
from house.intake.desk_seats import Seat
from house.intake.desk_words import (
    DEEDS,
    PRIORITIES,
    STEPS,
    refusal,
    rule_of_the_queue,
    seat_choices,
)
from house.intake.following import number_of
from house.intake.manage_words import REASONS
from house.intake.models import Counter, Step, StepState, Ticket, Visit
from house.intake.note_forms import NoteForm
from house.intake.outbox_words import case_lines
from house.intake.views.closed import closed_today
from house.people import face as people
from house.problems import Moved, NotHere, Problem

at_the_desk = doors.staff(Role.DESK, Role.ADVISER)
COUNTER = "counter"
PAGES = {"counter": "intake.counter"}
ONLY_AT_THE_DESK = ("intake.desk_register", "intake.desk_check_in")


def actor() -> str:
    """Who acts, for the audit."""
    person = people.person()
    return person.house_actor if person else "nobody"


def authorities(session: Session) -> list[int]:
    """The authorities whose counters I may sit at; none for staff of the house, who sit at all."""
    return seeing.authorities_of(session, people.person())


def page() -> str:
    """The page that this request stands on: `counter` or `desk`."""
    asked = request.form.get("page", "") if request.method == "POST" else request.path.strip("/")
    return asked if asked in PAGES and request.endpoint not in ONLY_AT_THE_DESK else "desk"


def show(status: int = 200, **forms: HouseForm) -> ResponseReturnValue:
    """The whole screen; a form that was refused comes back as it was filled in."""
    session = db.session()
    screen = desk_screen.load(session, browser.get(COUNTER), actor(), authorities(session))
    sit_down(screen.mine.id if screen.mine else None)
    shown = {
        "register": RegisterForm(formdata=None), "check_in": CheckInForm(formdata=None),
        "seat": CounterForm(formdata=None), **forms,
    }  # fmt: skip
    names = catalogue.authority_names(session)
    if screen.current and page() == "counter":
        shown.setdefault("note", NoteForm(formdata=None))
    if screen.current and screen.current.serving:
        finish = shown.setdefault("finish", FinishForm(formdata=None))
        outside = shown.setdefault("outside", OutsideForm(formdata=None))
        finish.offer(screen.current, screen.served, where_to(session, screen.seats))
        outside["wanted"].choices = [(one.slug, one.name) for one in catalogue.services(session)]
    elif late := [forms[name] for name in ("finish", "outside") if name in forms]:
        status = _is_not_there_any_more(late)
    shown["register"]["service"].choices = screen.served
    mine = seats_of(session, screen.seats)
    shown["seat"]["counter"].choices = seat_choices(mine, names, screen.there)
    if not shown["seat"].errors:
        shown["seat"]["counter"].data = _likely(screen, mine)
    refused = next((form for form in forms.values() if form.errors), None)
    words = {
        "deeds": DEEDS, "priorities": PRIORITIES, "states": STEPS, "rule": rule_of_the_queue(),
        "reasons": REASONS,
    }  # fmt: skip
    body = render_template(
        f"intake/{page()}.html", screen=screen, queue=screen.queue, refused=refused, page=page(), words=words,
        authority=names.get(screen.mine.authority_id) if screen.mine else None,
        cases=case_lines(session, seen(session)), timezone=catalogue.place(session).timezone,
        **closed_today(), **shown,
    )  # fmt: skip
    return make_response(body, status)


def _is_not_there_any_more(late: list[HouseForm]) -> int:
    """Forms about somebody who is not served here any more are not on the page: only that is said of them."""
    for form in late:
        form.say_only(form.form_errors[0] if form.form_errors else refusal(Moved()))
    return Moved.status


def seats_of(session: Session, seats: list[Seat]) -> list[Seat]:
    """The counters I may choose."""
    mine = authorities(session)
    return [seat for seat in seats if not mine or seat.authority_id in mine]


def where_to(session: Session, seats: list[Seat]) -> list[tuple[int, str]]:
    """The counters that somebody can be handed over to: those that give anything at all."""
    giving = [seat for seat in seats if seat.desk.services]
    return seat_choices(giving, catalogue.authority_names(session))


def _likely(screen: desk_screen.Screen, seats: list[Seat]) -> int | None:
    """The counter that the choice stands at first: mine, or one where nobody is."""
    free = (seat.id for seat in seats if seat.id not in screen.there and not seat.paused_at)
    return screen.mine.id if screen.mine else next(free, None)


def sit_down(counter_id: int | None) -> None:
    """Remember the counter in this browser; nothing is written where nothing changes."""
    if browser.get(COUNTER) != counter_id:
        browser[COUNTER] = counter_id


def my_counter(session: Session) -> Counter:
    """The counter I sit at; raises `Moved` when there is none, or it is not my authority's."""
    try:
        found = calling.counter(session, browser.get(COUNTER))
    except NotHere:
        raise Moved("no_counter") from None
    mine = authorities(session)
    if mine and found.authority_id not in mine:
        raise Moved("no_counter")
    return found


def seen(session: Session) -> seeing.Seen:
    """The services whose visits I see; None for all."""
    return seeing.services_seen(session, authorities(session), browser.get(COUNTER))


def mine_only(session: Session, visit: Visit | None) -> None:
    """Raises `NotHere` for a visit that an adviser of an authority does not see."""
    if visit and not seeing.is_hers(session, visit, authorities(session), browser.get(COUNTER)):
        raise NotHere()


def my_steps_only(session: Session, step_id: int) -> None:
    """Raises `NotHere` for a step of a visit that an adviser of an authority does not see."""
    if authorities(session):
        step = session.get(Step, step_id)
        mine_only(session, step.visit if step else None)


def sits_there(session: Session) -> bool:
    """Whether the counter that this browser remembers is one that I may sit at."""
    try:
        return bool(my_counter(session))
    except Moved:
        return False


def back(said: str | None = None, kind: str = "good", registered: str | None = None) -> ResponseReturnValue:
    """To the page that the form stands on, with what happened.

    `registered` is the id of what arrived: by the address the browser's outbox knows it.
    """
    if said:
        flash(said, kind)
    return redirect(url_for(PAGES.get(page(), "intake.desk"), registered=registered or None), 303)


def told_ticket(session: Session, ticket: Ticket) -> Markup:
    """What to tell whoever was just registered: the number, how long it will be, and the ticket on paper.

    How long comes from the picture that registering made, as in the list of who waits: nothing is asked anew.
    """
    first = ticket.visit.steps[0]
    waits_now, room = first.state is StepState.WAITING, waits.known(session, catalogue.place(session))
    look = room.of_step(first.id) if room else None
    page = render_template(
        "intake/desk_given.html", number=number_of(ticket), reference=ticket.visit.reference,
        waits_now=waits_now, expected=look if waits_now else None,
    )  # fmt: skip
    return Markup(page)  # noqa: S704 - the template has escaped it


def refused(problem: Problem, **forms: HouseForm) -> ResponseReturnValue:
    """The screen as it is now, the answers kept, and the sentence for what was refused."""
    next(iter(forms.values())).form_errors.append(refusal(problem))
    db.session.rollback()
    return show(problem.status, **forms)
