"""Handing a person over to an authority outside, and following it until it ends."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from house import audit, clock, pages, post
from house.catalogue import face as catalogue
from house.db import fresh_code
from house.problems import Moved, NotHere
from house.referrals.models import Basis, Referral, Turn
from house.referrals.states import ENDS, ReferralState, may_become
from house.reporting import face as reporting
from house.seals import keyring, new_reference, reference_in

OUTCOMES = {ReferralState.COMPLETED: "served", ReferralState.FAILED: "failed"}


@dataclass(frozen=True)
class Wanted:
    """What is handed over, to whom, on what ground."""

    service_id: int
    name: str
    email: str | None
    matter: str | None
    language: str
    basis: Basis
    visit_reference: str | None = None


def send(session: Session, wanted: Wanted, actor: str) -> Referral:
    """Hand a person over to the authority of a service; the person gets a letter to follow it by."""
    service = catalogue.service_by_id(session, wanted.service_id)
    referral = Referral(
        reference=fresh_code(session, Referral.reference, new_reference),
        authority_id=service.authority_id, service_id=service.id, visit_reference=wanted.visit_reference,
        language=wanted.language, basis=wanted.basis, state=ReferralState.DRAFT, name=wanted.name,
        email=wanted.email, matter=wanted.matter, made_at=clock.now(), generation=1,
    )  # fmt: skip
    session.add(referral)
    turn(session, referral, ReferralState.SENT, actor)
    return referral


def turn(session: Session, referral: Referral, wanted: ReferralState, actor: str) -> None:
    """Take a hand-over to its next state; raises `Moved` when it cannot go there any more.

    An ending is reported as an anonymous contact, and the person is told.
    """
    if not may_become(referral.state, wanted):
        raise Moved()
    now = clock.now()
    referral.state = wanted
    referral.turns.append(Turn(at=now, actor=actor, state=wanted))
    session.flush()
    audit.record(session, actor, "referral_" + wanted.value, f"referral {referral.id}")
    if wanted in ENDS:
        referral.ended_at = now
        _report(session, referral)
    if referral.email and (wanted in ENDS or wanted is ReferralState.SENT):
        post.write(
            session, "referral_changed", referral.email, referral.language,
            link=link_to(referral), service_id=referral.service_id, state=wanted.value,
        )  # fmt: skip


def _report(session: Session, referral: Referral) -> None:
    service = catalogue.service_by_id(session, referral.service_id)
    ended = referral.ended_at or clock.now()
    reporting.record_contact(
        session, at=ended, person=referral.email, service=service.slug, authority=service.authority_slug,
        channel="referral", outcome=OUTCOMES.get(referral.state, "cancelled"), language=referral.language,
        partner=service.authority_slug, referral_outcome=referral.state.value,
        response_band=reporting.response_band((ended - referral.made_at).days),
    )  # fmt: skip


def link_to(referral: Referral) -> str:
    """The person's own link to this hand-over."""
    token = keyring().link("referral", referral.reference, referral.generation)
    return pages.address("referrals.mine", lang_tag=referral.language, token=token)


def by_reference(session: Session, reference: str) -> Referral:
    """A hand-over by its reference, for staff, locked until this request ends; raises `NotHere`."""
    referral = session.scalar(select(Referral).where(Referral.reference == reference).with_for_update())
    if referral is None:
        raise NotHere()
    return referral


def by_token(session: Session, token: str) -> Referral:
    """A hand-over by the person's own link; raises `NotHere`."""
    reference = reference_in(token)
    referral = session.scalar(select(Referral).where(Referral.reference == reference)) if reference else None
    if referral is None or not keyring().opens(token, "referral", referral.reference, referral.generation):
        raise NotHere()
    return referral
