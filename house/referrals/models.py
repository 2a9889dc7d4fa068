"""Hand-overs and everything that happened to them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, ForeignKey, Select, func, or_, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from house.db import Key, Model, one_of, personal
from house.referrals.states import ENDS, ReferralState

FATE = "blanked 90 days after anything last happened to it"


class Basis(StrEnum):
    """Why the receiver may be told: the person agreed, or a law says so; else nothing personal is told."""

    CONSENT = "consent"
    LAW = "law"
    NOTHING = "nothing"


class ToldBy(StrEnum):
    """How the receiver was told of a hand-over; the house itself tells nobody."""

    PHONE = "phone"
    MAIL = "mail"
    IN_PERSON = "in_person"


class Referral(Model):
    """A person handed over to an authority outside, waiting for an outcome.

    It is about a service, or about a way out of the catalogue (its number from 1) where the house has none.
    `authority_id` receives it; `made_by` is the authority whose adviser made it, none for staff of the house.
    """

    __tablename__ = "referral"

    id: Mapped[Key]
    reference: Mapped[str] = mapped_column(unique=True)
    authority_id: Mapped[int | None] = mapped_column(ForeignKey("authority.id"))
    made_by: Mapped[int | None] = mapped_column(ForeignKey("authority.id"))
    service_id: Mapped[int | None] = mapped_column(ForeignKey("service.id"))
    route: Mapped[int | None]
    visit_reference: Mapped[str | None]
    language: Mapped[str]
    basis: Mapped[Basis] = mapped_column(one_of(Basis))
    state: Mapped[ReferralState] = mapped_column(one_of(ReferralState), index=True)
    name: Mapped[str | None] = personal("referral.name", fate=FATE)
    email: Mapped[str | None] = personal("referral.email", fate=FATE)
    matter: Mapped[str | None] = personal("referral.matter", fate=FATE)
    made_at: Mapped[datetime]
    turned_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]
    generation: Mapped[int] = mapped_column(default=1)
    turns: Mapped[list[Turn]] = relationship(order_by="Turn.id")

    @property
    def told(self) -> Turn | None:
        """When and how the receiver was told; none as long as nobody did."""
        return next((one for one in self.turns if one.state is ReferralState.SENT), None)


class Turn(Model):
    """One change of a hand-over's state: when, by whom, to what; how and when the receiver was told."""

    __tablename__ = "referral_turn"

    id: Mapped[Key]
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id"), index=True)
    at: Mapped[datetime]
    told_by: Mapped[ToldBy | None] = mapped_column(one_of(ToldBy))
    told_on: Mapped[date | None]
    actor: Mapped[str]
    state: Mapped[ReferralState] = mapped_column(one_of(ReferralState))


def open_first(
    limit: int, authorities: Collection[int] = ()
) -> Select[str, str | None, int | None, int | None, int | None, datetime, ReferralState]:
    """Lines for the inbox: to be told, then waiting, each oldest first; then the ended, newest first."""
    columns = (
        Referral.reference, Referral.name, Referral.service_id, Referral.authority_id, Referral.route,
        Referral.made_at, Referral.state,
    )  # fmt: skip
    told, ended = Referral.state != ReferralState.DRAFT, Referral.state.in_(ENDS)
    order = (told, ended, Referral.ended_at.desc(), Referral.made_at)
    return select(*columns).where(*seen_by(authorities)).order_by(*order).limit(limit)


def how_many(authorities: Collection[int] = ()) -> Select[ReferralState, int]:
    """How many hand-overs stand in each state."""
    counted = select(Referral.state, func.count()).where(*seen_by(authorities))
    return counted.group_by(Referral.state)


def seen_by(authorities: Collection[int]) -> list[ColumnElement[bool]]:
    """Which hand-overs these authorities see: made there, or received there; all where none is named."""
    if not authorities:
        return []
    return [or_(Referral.made_by.in_(authorities), Referral.authority_id.in_(authorities))]
