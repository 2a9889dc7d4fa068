"""Handing a person over to an authority outside, and following it until it ends."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from flask import current_app, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from house import audit, clock, pages, post
from house.catalogue import face as catalogue
from house.db import fresh_code
from house.intake import face as intake
from house.problems import Gone, Moved, NotHere, Problem
from house.referrals.models import Basis, Referral, ToldBy, Turn, seen_by
from house.referrals.states import ANSWERS, BY_TIME, ENDS, ReferralState, may_become
from house.reporting import face as reporting
from house.seals import keyring, new_reference, read_reference, reference_in

UNANSWERED_AFTER = timedelta(days=60)
"""So long after the last thing that happened to it a hand-over is closed as unanswered."""
OUTCOMES = {
    ReferralState.COMPLETED: "served",
    ReferralState.FAILED: "failed",
    ReferralState.REJECTED: "failed",
    ReferralState.CANCELLED: "cancelled",
    ReferralState.UNANSWERED: "failed",
}
THE_HOUSE = "house"


@dataclass(frozen=True)
class Wanted:
    """What is handed over, to whom, on what ground: about a service, or about a way out by its number."""

    service_id: int | None
    name: str = field(repr=False)
    email: str | None = field(repr=False)
    matter: str | None = field(repr=False)
    language: str
    basis: Basis
    visit_reference: str | None = None
    route: int | None = None
    made_by: int | None = None


@dataclass(frozen=True)
class Told:
    """How the receiver was told of a hand-over, and on which day."""

    by: ToldBy
    on: date


def send(session: Session, wanted: Wanted, actor: str) -> Referral:
    """Put down who is handed over to the authority of a service, or by a way out; staff have to tell it.

    Who did not agree is handed over without a name or matter: an address is only for the person's own letter.
    """
    service = catalogue.service_by_id(session, wanted.service_id) if wanted.service_id else None
    told, now = wanted.basis is not Basis.NOTHING, clock.now()
    referral = Referral(
        reference=fresh_code(session, Referral.reference, new_reference),
        authority_id=service.authority_id if service else None, service_id=wanted.service_id,
        route=wanted.route, visit_reference=wanted.visit_reference, language=wanted.language,
        basis=wanted.basis, state=ReferralState.DRAFT, name=wanted.name if told else None,
        email=wanted.email, matter=wanted.matter if told else None, made_by=wanted.made_by,
        made_at=now, turned_at=now, generation=1,
    )  # fmt: skip
    referral.turns.append(Turn(at=now, actor=actor, state=referral.state))
    session.add(referral)
    session.flush()
    audit.record(session, actor, "referral_made", f"referral {referral.id}")
    return referral


def from_the_desk(session: Session, outside: intake.Outside) -> str:
    """Hand over somebody who is at a counter, by what the visit knows; returns the hand-over's reference.

    Raises `Problem` for a ground that is none.
    """
    if outside.ground not in [basis.value for basis in Basis]:
        raise Problem("no_ground")
    visit = outside.visit
    wanted = Wanted(
        service_id=outside.service_id, name=visit.name or visit.reference, email=visit.email,
        matter=outside.matter, language=visit.language, basis=Basis(outside.ground),
        visit_reference=visit.reference, made_by=outside.authority_id,
    )  # fmt: skip
    return send(session, wanted, outside.actor).reference


def turn(
    session: Session,
    referral: Referral,
    wanted: ReferralState,
    actor: str,
    seen: str | None = None,
    told: Told | None = None,
) -> None:
    """Take a hand-over to its next state; an ending is reported as an anonymous contact, the person is told.

    The person hears of it when the receiver was `told`, and how it ended.
    Raises `Problem` for one that is sent without being told, or told on a day that cannot be; `Moved` when it
    cannot go there any more, or is no longer in the state that was `seen`.
    """
    if not may_become(referral.state, wanted) or seen not in (None, referral.state):
        raise Moved()
    now, was = clock.now(), referral.state
    if (wanted is ReferralState.SENT) != (told is not None) or (told and not _could_be(referral, told, now)):
        raise Problem("told_when")
    referral.state, referral.turned_at = wanted, now
    how = {"told_by": told.by, "told_on": told.on} if told else {}
    referral.turns.append(Turn(at=now, actor=actor, state=wanted, **how))
    session.flush()
    audit.record(session, actor, "referral_" + wanted.value, f"referral {referral.id}")
    if wanted in ENDS:
        referral.ended_at = now
        _report(session, referral, now)
    if referral.email and (wanted in ENDS or wanted is ReferralState.SENT):
        post.write(
            session, "referral_changed", referral.email, referral.language,
            link=link_to(referral), service_id=referral.service_id, route=referral.route, state=wanted.value,
            told=was is not ReferralState.DRAFT or told is not None,
        )  # fmt: skip


def _report(session: Session, referral: Referral, ended: datetime) -> None:
    outcome = OUTCOMES[referral.state]
    codes = {"failure_reason": "unknown"} if outcome == "failed" else {}
    if referral.service_id:
        service = catalogue.service_by_id(session, referral.service_id)
        codes |= {"service": service.slug, "service_group": service.kind}
        codes |= {"authority": service.authority_slug, "partner": service.authority_slug}
    reporting.record_contact(
        session, at=ended, person=referral.email, channel="referral", outcome=outcome,
        language=referral.language, referral_outcome=referral.state.value,
        response_band=reporting.response_band(_days_to_answer(referral)), **codes,
    )  # fmt: skip


def _days_to_answer(referral: Referral) -> int | None:
    """Calendar days from being told until the receiver said yes or no; None when it never did."""
    answered = next((one.at for one in referral.turns if one.state in ANSWERS), None)
    if answered is None:
        return None
    told = referral.told
    return (_day(answered) - ((told and told.told_on) or _day(told.at if told else referral.made_at))).days


def _day(moment: datetime) -> date:
    return clock.local(moment, current_app.extensions["house-config"].timezone).date()


def _could_be(referral: Referral, told: Told, now: datetime) -> bool:
    return _day(referral.made_at) <= told.on <= _day(now)


def close_unanswered(session: Session, now: datetime) -> int:
    """End every hand-over that nothing happened to for so long; the person is told. Returns how many.

    One that somebody has in hand at this moment is left for the next time.
    """
    waits = (Referral.turned_at < now - UNANSWERED_AFTER, Referral.state.not_in(ENDS))
    due = select(Referral).where(*waits).order_by(Referral.id).options(selectinload(Referral.turns))
    found = session.scalars(due.with_for_update(skip_locked=True)).all()
    for referral in found:
        turn(session, referral, BY_TIME[referral.state], THE_HOUSE)
    return len(found)


def new_page(about: str, language: str, visit_reference: str | None) -> str:
    """The page that hands somebody over about an entry of the catalogue, in their language."""
    return url_for("referrals.new", about=about, language=language, visit=visit_reference)


@dataclass(frozen=True)
class Matter:
    """What a hand-over is about and who has it, in the language of the moment."""

    what: str
    who: str


def matter_of(session: Session, service_id: int | None, route: int | None) -> Matter:
    """A service and its authority; a way out names only who has it."""
    if service_id is None:
        known = catalogue.can_be_asked(session)
        said = known.get(catalogue.read_about(f"routes:{route}"))
        return Matter("–", said.text if said else "–")
    service = catalogue.service_by_id(session, service_id)
    return Matter(service.name, catalogue.authority_of(session, service).name.text)


def link_to(referral: Referral) -> str:
    """The person's own link to this hand-over."""
    token = keyring().link("referral", referral.reference, referral.generation)
    return pages.address("referrals.mine", lang_tag=referral.language, token=token)


def by_reference(
    session: Session, reference: str, authorities: Collection[int] = (), lock: bool = False
) -> Referral:
    """A hand-over by its reference, locked until this request ends if wanted; raises `NotHere`.

    With `authorities` (their keys) only one that was made there, or is received there.
    """
    if reference != read_reference(reference):
        raise NotHere()  # nor may signs that no database takes reach one
    mine = select(Referral).where(Referral.reference == reference, *seen_by(authorities))
    wanted = mine.options(selectinload(Referral.turns))
    referral = session.scalar(wanted.with_for_update() if lock else wanted)
    if referral is None:
        raise NotHere()
    return referral


def by_token(session: Session, token: str) -> Referral:
    """A hand-over by the person's own link; raises `NotHere`, and `Gone` for a link that was good once."""
    reference = reference_in(token)
    wanted = select(Referral).where(Referral.reference == reference).options(selectinload(Referral.turns))
    referral = session.scalar(wanted) if reference else None
    if referral is None:
        raise NotHere()
    if keyring().opens(token, "referral", referral.reference, referral.generation):
        return referral
    earlier = range(1, referral.generation)
    if any(keyring().opens(token, "referral", referral.reference, old) for old in earlier):
        raise Gone()
    raise NotHere()
