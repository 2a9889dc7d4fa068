"""Hand-overs and everything that happened to them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Select, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from house.db import Key, Model, one_of, personal
from house.referrals.states import ENDS, ReferralState


class Basis(StrEnum):
    """Why the receiver may be told: the person agreed, or a law says so; else nothing personal is told."""

    CONSENT = "consent"
    LAW = "law"
    NOTHING = "nothing"


class Referral(Model):
    """A person handed over to an authority outside, waiting for an outcome.

    It is about a service, or about a way out of the catalogue (its number from 1) where the house has none.
    """

    __tablename__ = "referral"

    id: Mapped[Key]
    reference: Mapped[str] = mapped_column(unique=True)
    authority_id: Mapped[int | None] = mapped_column(ForeignKey("authority.id"))
    service_id: Mapped[int | None] = mapped_column(ForeignKey("service.id"))
    route: Mapped[int | None]
    visit_reference: Mapped[str | None]
    language: Mapped[str]
    basis: Mapped[Basis] = mapped_column(one_of(Basis))
    state: Mapped[ReferralState] = mapped_column(one_of(ReferralState), index=True)
    name: Mapped[str | None] = personal("referral.name", fate="blanked 90 days after it ended")
    email: Mapped[str | None] = personal("referral.email", fate="blanked 90 days after it ended")
    matter: Mapped[str | None] = personal("referral.matter", fate="blanked 90 days after it ended")
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    generation: Mapped[int] = mapped_column(default=1)
    turns: Mapped[list[Turn]] = relationship(order_by="Turn.id")


class Turn(Model):
    """One change of a hand-over's state: when, by whom, to what."""

    __tablename__ = "referral_turn"

    id: Mapped[Key]
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id"), index=True)
    at: Mapped[datetime]
    actor: Mapped[str]
    state: Mapped[ReferralState] = mapped_column(one_of(ReferralState))


def open_first(
    limit: int,
) -> Select[str, str | None, int | None, int | None, int | None, datetime, ReferralState]:
    """Lines for the inbox: those that wait, oldest first, then the ended, newest first."""
    ended = Referral.state.in_(ENDS)
    columns = (
        Referral.reference, Referral.name, Referral.service_id, Referral.authority_id, Referral.route,
        Referral.made_at, Referral.state,
    )  # fmt: skip
    return select(*columns).order_by(ended, Referral.ended_at.desc(), Referral.made_at).limit(limit)
