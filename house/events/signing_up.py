"""Signing up: one act for one person or many, all or nothing, and the letters that tell them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from house import audit, clock
from house.db import fresh_code
from house.events import attendees, seating
from house.events.models import Attendee, AttendeeState, Event, EventState, OpenTo, Signup
from house.people import face as people_wing
from house.problems import Moved, Problem
from house.seals import keyring, new_reference


@dataclass(frozen=True)
class Person:
    """Somebody who is to come, and the language of the letter."""

    name: str = field(repr=False)
    email: str = field(repr=False)
    language: str


class AlreadyComing(Problem):
    """Some of these addresses have a seat here by the same signer; `rows` counts from 0."""

    status = 409
    code = "already_coming"

    def __init__(self, rows: Sequence[int]) -> None:
        super().__init__(rows=tuple(rows))
        self.rows = tuple(rows)


def sign_up(
    session: Session,
    event: Event | int,
    people: Sequence[Person],
    *,
    company_id: int | None = None,
    actor: str = "visitor",
    once: str | None = None,
) -> Signup:
    """Give everybody of a group a seat and a letter with an own link, or nobody.

    `once` makes a repetition with the same people the same act: it gives the first sign-up again. Raises
    `Moved` when the event takes nobody (any more), `AlreadyComing`, `seating.Full`, or `Taken`.
    """
    event = seating.lock(session, event if isinstance(event, int) else event.id)
    act = _act(event, people, company_id, once)
    done = session.scalar(select(Signup).where(Signup.once == act)) if act else None
    if done is not None:
        return done
    _must_be_open(event, company_id)
    marks = [seat_mark(event.id, person.email, company_id) for person in people]
    _must_be_new(session, event, marks)
    numbers = seating.find_room(session, event, len(people))
    signup = _write(session, event, people, marks, company_id)
    signup.once = act
    seating.take(session, event, numbers, signup.attendees)
    audit.record(session, actor, "signed_up", f"signup {signup.id}", event=event.id, people=len(people))
    company = people_wing.company(session, company_id).name if company_id else None
    for attendee in signup.attendees:
        attendees.tell(session, "company_seat" if company else "seat_booked", attendee, event, company)
    return signup


def send_again(session: Session, event_id: int, email: str) -> None:
    """Send the link of one's own seat again to the address that has one."""
    mark = seat_mark(event_id, email, None)
    attendee = session.scalar(select(Attendee).where(Attendee.event_id == event_id, Attendee.mark == mark))
    if attendee is not None:
        attendees.tell(session, "seat_booked", attendee, session.get_one(Event, event_id))


def seat_mark(event_id: int, email: str, company_id: int | None) -> bytes:
    """A blind mark of event, signer and address, to find a seat again without reading addresses."""
    return keyring().mark("attendee.mark", f"{event_id} {company_id or 'self'} {email.strip().lower()}")


def _act(event: Event, people: Sequence[Person], company_id: int | None, once: str | None) -> bytes | None:
    if not once:
        return None
    said = [[person.name, person.email.lower(), person.language] for person in people]
    return keyring().mark("signup.once", json.dumps([event.id, company_id, once, said]))


def _must_be_open(event: Event, company_id: int | None) -> None:
    if event.state is EventState.CANCELLED:
        raise Moved("event_cancelled")
    if clock.now() >= event.sign_up_until:
        raise Moved("sign_up_over")
    if event.open_to is OpenTo.COMPANIES and company_id is None:
        raise Moved("companies_only")


def _must_be_new(session: Session, event: Event, marks: Sequence[bytes]) -> None:
    known = select(Attendee.mark).where(Attendee.event_id == event.id, Attendee.mark.in_(marks))
    times = Counter(marks) + Counter(bytes(mark) for mark in session.scalars(known) if mark)
    if rows := [row for row, mark in enumerate(marks) if times[mark] > 1]:
        raise AlreadyComing(rows)


def _write(
    session: Session, event: Event, people: Sequence[Person], marks: Sequence[bytes], company_id: int | None
) -> Signup:
    signup = Signup(
        reference=fresh_code(session, Signup.reference, new_reference), event_id=event.id,
        company_id=company_id, made_at=clock.now(),
    )  # fmt: skip
    references = _references(session, len(people))
    signup.attendees = [
        Attendee(
            reference=reference, generation=1, revision=0, event_id=event.id, language=person.language,
            state=AttendeeState.COMING, name=person.name, email=person.email, mark=mark,
        )
        for person, mark, reference in zip(people, marks, references, strict=True)
    ]  # fmt: skip
    session.add(signup)
    return signup


def _references(session: Session, count: int) -> list[str]:
    """Fresh references for a group, all asked for at once; the unique key remains the last word."""
    for _ in range(20):
        codes = {new_reference() for _ in range(count)}
        clash = session.scalar(select(Attendee.id).where(Attendee.reference.in_(codes)).limit(1))
        if len(codes) == count and clash is None:
            return list(codes)
    raise RuntimeError("No free references in twenty tries.")
