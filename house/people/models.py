"""Bodies (authority, company, partner, the house itself), accounts, memberships, one-time links."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from flask_security import UserMixin
from sqlalchemy import ForeignKey, LargeBinary, Select, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from house.db import Key, Model, one_of, personal
from house.doors import Role


class BodyKind(StrEnum):
    HOUSE = "house"
    AUTHORITY = "authority"
    COMPANY = "company"
    PARTNER = "partner"


class Body(Model):
    """An organisation with members. `cvr` is a company's public register number, never a person's."""

    __tablename__ = "body"

    id: Mapped[Key]
    kind: Mapped[BodyKind] = mapped_column(one_of(BodyKind))
    name: Mapped[str]
    cvr: Mapped[str | None] = mapped_column(unique=True)
    authority_slug: Mapped[str | None]
    sector: Mapped[str | None]
    size: Mapped[str | None]
    memberships: Mapped[list[Membership]] = relationship(back_populates="body")


class Account(Model, UserMixin):
    """A person who signs in: staff with a password, company contacts and partners by one-time link.

    `email_mark` finds an account by its address, lower case, without storing the address in clear.
    """

    __tablename__ = "account"

    id: Mapped[Key]
    email: Mapped[str | None] = personal(  # type: ignore[assignment]
        "account.email", fate="blanked when the account is closed"
    )
    email_mark: Mapped[bytes | None] = mapped_column(unique=True)
    name: Mapped[str | None] = personal("account.name", fate="blanked when the account is closed")
    password: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(unique=True)
    language: Mapped[str] = mapped_column(default="en")
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    memberships: Mapped[list[Membership]] = relationship(back_populates="account")


class Membership(Model):
    """One role of one account in one body."""

    __tablename__ = "membership"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"), primary_key=True)
    role: Mapped[Role] = mapped_column(one_of(Role), primary_key=True)
    account: Mapped[Account] = relationship(back_populates="memberships")
    body: Mapped[Body] = relationship(back_populates="memberships")


class SignInLink(Model):
    """A link that signs one account in, once, for half an hour."""

    __tablename__ = "sign_in_link"

    id: Mapped[Key]
    reference: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    account: Mapped[Account] = relationship()


class Attempt(Model):
    """How often something was tried or done in one span of time; the bucket is a blind mark."""

    __tablename__ = "attempt"

    bucket: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    window: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    count: Mapped[int]
    ends_at: Mapped[datetime] = mapped_column(index=True)


def account_by_mark(mark: bytes) -> Select[Account]:
    """The open account with this blind mark of an e-mail address."""
    return select(Account).where(Account.email_mark == mark, Account.active, Account.closed_at.is_(None))
