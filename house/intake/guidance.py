"""Guidance: writing down what was asked and which texts were given; the letter of it; taking it back.

What is told comes from the catalogue. Nothing about the person is written down, not even what they said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from house import audit, clock, post
from house.catalogue import face as catalogue
from house.catalogue.face import About, Advice, Topic
from house.intake.cancelling import UNDO
from house.intake.guidance_models import Guidance, GuidanceChannel, GuidanceEnd
from house.intake.models import Step, StepState, Ticket, Visit
from house.intake.reaching import recipient
from house.languages import speak
from house.post import LetterState
from house.problems import Moved, NotHere
from house.reporting import face as reporting

WINDOW = timedelta(minutes=10)
"""So long staff can take an entry back; the figures hear of it after that."""
KEEP, KEEP_VISIT = timedelta(days=365), timedelta(days=30)
LETTER = "guidance_given"


@dataclass(frozen=True)
class Told:
    """What was asked, and how it was told."""

    about: About
    topics: tuple[Topic, ...]
    language: str
    channel: GuidanceChannel
    ended: GuidanceEnd
    visit_id: int | None = None


@dataclass(frozen=True)
class Person:
    """Somebody who is here and whom guidance can belong to: a ticket, and the language to tell it in."""

    visit_id: int
    ticket: str
    language: str
    service: str
    at_my_counter: bool


def note(session: Session, told: Told, actor: str) -> Guidance:
    """Write down that guidance was given, with the versions of its texts in the language it was told in.

    Raises `NotHere` for an entry, or a person, that is not there.
    """
    if told.visit_id is not None and told.visit_id not in {one.visit_id for one in here(session, None)}:
        raise NotHere()
    with speak(told.language):
        advice = catalogue.advice(session, told.about)
        texts = catalogue.texts_given(session, advice.lines(told.topics))
    now = clock.now()
    row = Guidance(
        place_id=catalogue.place(session).id, visit_id=told.visit_id, about=told.about.code,
        entry_version=catalogue.entry_version(session, told.about),
        topics=[topic.value for topic in told.topics], language=told.language, channel=told.channel,
        ended=told.ended, texts=[list(one) for one in texts], at=now, actor=actor, tell_at=now + WINDOW,
    )  # fmt: skip
    session.add(row)
    session.flush()
    audit.record(session, actor, "guidance_given", _about(row), about=row.about, language=row.language)
    return row


def send(session: Session, row: Guidance, email: str) -> None:
    """Write the summary to an address that is kept nowhere else; it leaves after a minute."""
    due, facts = clock.now() + UNDO, said(session, row)
    post.write(session, LETTER, email, row.language, due_at=due, about=_about(row), **facts)


def said(session: Session, row: Guidance) -> dict[str, Any]:
    """The summary as it was told, in its own language: name, authority, and what belongs to each topic."""
    with speak(row.language):
        advice = catalogue.advice(session, catalogue.read_about(row.about))
        return {"ended": row.ended.value, **summary(advice, [Topic(one) for one in row.topics])}


def summary(advice: Advice, topics: Sequence[Topic]) -> dict[str, Any]:
    """The advice as data that a letter and a sheet can keep; conditions stay conditions."""
    return {
        "name": list(advice.name.said or ()),
        "authority": list(advice.authority.said or ()) if advice.authority else None,
        "link": advice.link if (advice.link or "").startswith("https:") else None,
        "topics": [
            [topic.value, [_line(one) for one in advice.topics[topic]]]
            for topic in Topic
            if topic in topics and topic in advice.topics
        ],
    }


def _line(line: catalogue.Line) -> dict[str, Any]:
    return {
        "said": list(line.said) if line.said else None, "code": list(line.code) if line.code else None,
        "when": dict(line.when) if line.when else None, "ask": list(line.ask) if line.ask else None,
        "subject": line.subject,
    }  # fmt: skip


def one_of_mine(session: Session, guidance_id: int, actor: str) -> Guidance:
    """My own entry; anybody else's is not there."""
    row = session.scalar(select(Guidance).where(Guidance.id == guidance_id, Guidance.actor == actor))
    if row is None:
        raise NotHere()
    return row


def remove(session: Session, guidance_id: int, actor: str) -> None:
    """Take my own entry back; its letter is withdrawn. Raises `NotHere`, and `Moved` when it is too late."""
    mine = select(Guidance).where(Guidance.id == guidance_id, Guidance.actor == actor)
    row = session.scalar(mine.with_for_update().execution_options(populate_existing=True))
    if row is None:
        raise NotHere()
    if row.tell_at is None or row.tell_at <= clock.now():
        raise Moved("too_late_to_undo")
    sent = post.Letter.state == LetterState.SENT
    gone = select(post.Letter.id).where(post.Letter.about == _about(row), sent)
    if not post.withdraw(session, _about(row), LETTER) and session.scalar(gone.limit(1)) is not None:
        raise Moved("too_late")
    audit.record(session, actor, "guidance_removed", _about(row), about=row.about)
    session.delete(row)
    session.flush()


def mine_today(session: Session, actor: str, limit: int = 8) -> list[Guidance]:
    """My entries of today, the last one first."""
    place = catalogue.place(session)
    midnight = datetime.combine(clock.today(place.timezone), time(0), clock.zone(place.timezone))
    wanted = select(Guidance).where(Guidance.actor == actor, Guidance.at >= midnight)
    return list(session.scalars(wanted.order_by(Guidance.id.desc()).limit(limit)))


def can_remove(row: Guidance) -> bool:
    """Whether an entry can still be taken back."""
    return row.tell_at is not None and row.tell_at > clock.now()


def here(session: Session, counter_id: int | None) -> list[Person]:
    """Who has a ticket of today and is still here, the person at my counter first."""
    place = catalogue.place(session)
    busy = (StepState.WAITING, StepState.PARKED, StepState.CALLED, StepState.SERVING)
    names = {service.id: service.slug for service in catalogue.services(session)}
    wanted = (Visit.id, Ticket.letter, Ticket.number, Visit.language)
    rows = session.execute(
        select(*wanted, Step.service_id, Step.counter_id, Step.state)
        .join(Visit, Visit.id == Step.visit_id)
        .join(Ticket, Ticket.visit_id == Visit.id)
        .where(Visit.place_id == place.id, Ticket.day == clock.today(place.timezone), Step.state.in_(busy))
        .order_by(Step.id)
    ).all()
    people = [
        Person(
            row.id, f"{row.letter}{row.number}", row.language, names.get(row.service_id, ""),
            counter_id is not None and row.counter_id == counter_id and row.state in busy[2:],
        )
        for row in rows
    ]  # fmt: skip
    return sorted(people, key=lambda one: not one.at_my_counter)


# --- what the worker does ---------------------------------------------------------------------------------


def tell_guidance(session: Session, now: datetime) -> bool:
    """Tell reporting of one entry that cannot be taken back any more; False if there is none."""
    due = select(Guidance).where(Guidance.tell_at <= now).order_by(Guidance.id).limit(1)
    row = session.scalar(due.with_for_update(skip_locked=True))
    if row is None:
        return False
    row.tell_at = None
    about = catalogue.read_about(row.about)
    codes = {"channel": "guidance", "language": row.language}
    codes["outcome"] = "referred" if row.ended is GuidanceEnd.ROUTED else "served"
    known = {service.slug: service for service in catalogue.services(session)}
    if about.kind == "service" and about.slug in known:  # else it was taken out of the catalogue since
        service = known[about.slug]
        codes |= {"service": service.slug, "authority": service.authority_slug, "service_group": service.kind}
    visit = session.get(Visit, row.visit_id) if row.visit_id else None
    person = (recipient(visit) or None) if visit else None
    reporting.record_contact(session, at=row.at, person=person, **codes)
    return True


def forget(session: Session, now: datetime) -> int:
    """Forget whose visit it was after 30 days, and the entry after a year."""
    old = update(Guidance).where(Guidance.at < now - KEEP_VISIT, Guidance.visit_id.is_not(None))
    gone = delete(Guidance).where(Guidance.at < now - KEEP)
    touched = (old.values(visit_id=None), gone)
    return sum(session.execute(one).rowcount for one in touched)  # type: ignore[attr-defined]


def _about(row: Guidance) -> str:
    return f"guidance {row.id}"
