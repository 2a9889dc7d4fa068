"""Signing in and out: passwords and sessions are Flask-Security's, the one-time link is ours.

Signing in commits by itself in two named places: the attempt counter, which must survive a refused request,
and nothing else; the view commits the rest.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import Flask, g
from flask import session as browser
from flask_login import current_user
from flask_security import Security, SQLAlchemySessionUserDatastore, hash_password, login_user, logout_user
from flask_security.utils import verify_password
from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, selectinload

from house import audit, clock, db, pages, post
from house.doors import STAFF, Role
from house.people.models import Account, Attempt, Membership, SignInLink, account_by_mark
from house.problems import Gone, TooMany
from house.seals import keyring, new_reference, reference_in

LINK_LASTS = timedelta(minutes=30)
# Compared against when there is no such account, so that both take the same time.
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$Y2hvc2VubG9uZ2Fnbw$8mQ3vZ1n2o3p4q5r6s7t8u9v0w1x2y3z4A5B6C7D8E8"


@dataclass(frozen=True)
class Person:
    """Whoever is signed in in this request: what doors, layouts and audit need, nothing more."""

    id: int
    name: str
    roles: frozenset[str]
    company_id: int | None

    @property
    def house_actor(self) -> str:
        """How the audit names this person: by account or company, never by name."""
        return f"company {self.company_id}" if self.company_id else f"staff {self.id}"

    @property
    def is_staff(self) -> bool:
        return bool(self.roles & STAFF)


def person() -> Person | None:
    """Whoever is signed in, loaded once a request."""
    if "house_person" not in g:
        g.house_person = _load() if current_user and current_user.is_authenticated else None
    loaded: Person | None = g.house_person
    return loaded


def _load() -> Person:
    account: Account = current_user._get_current_object()
    rows = db.db.session.execute(
        select(Membership.role, Membership.body_id).where(Membership.account_id == account.id)
    ).all()
    company = next((body_id for role, body_id in rows if role is Role.COMPANY), None)
    return Person(account.id, account.name or "", frozenset(role for role, _ in rows), company)


def email_mark(email: str) -> bytes:
    """The blind mark an account is found by."""
    return keyring().mark("account.email", email.strip().lower())


def find(session: Session, email: str) -> Account | None:
    """The open account with this address."""
    return session.scalar(account_by_mark(email_mark(email)).options(selectinload(Account.memberships)))


def right_password(account: Account | None, password: str) -> bool:
    """Whether a password opens an account; takes as long when there is no such account."""
    stored = account.password if account and account.password else _NOBODY
    try:
        right = bool(verify_password(password, stored))
    except ValueError:
        right = False
    return right and account is not None and account.password is not None


def enter(session: Session, account: Account, how: str) -> None:
    """Begin a signed-in session in this browser, with nothing kept of the one before."""
    browser.clear()
    login_user(account, authn_via=[how])
    g.pop("house_person", None)
    audit.record(session, f"account {account.id}", "signed_in", f"account {account.id}", how=how)


def leave() -> None:
    """End the signed-in session."""
    logout_user()
    browser.clear()
    g.pop("house_person", None)


def send_sign_in_link(session: Session, email: str) -> None:
    """Send a one-time link when there is such an account; nothing tells whether there was."""
    account = find(session, email)
    if account is None:
        return
    now = clock.now()
    reference = db.fresh_code(session, SignInLink.reference, new_reference)
    session.add(
        SignInLink(reference=reference, account_id=account.id, made_at=now, expires_at=now + LINK_LASTS)
    )
    link = pages.address(
        "people.company_enter", lang_tag=account.language, token=keyring().link("sign-in", reference, 1)
    )
    post.write(session, "sign_in_link", account.email or "", account.language, link=link)


def link_is_open(session: Session, token: str) -> bool:
    """Whether this link could still sign somebody in; looking never uses it up."""
    link = _link(session, token)
    return link is not None and link.used_at is None and link.expires_at > clock.now()


def use_link(session: Session, token: str) -> Account:
    """Use a one-time link up by one UPDATE; raises `Gone` when it was used, ran out or never was."""
    link = _link(session, token)
    now = clock.now()
    used = link and session.execute(
        update(SignInLink)
        .where(SignInLink.id == link.id, SignInLink.used_at.is_(None), SignInLink.expires_at > now)
        .values(used_at=now)
        .returning(SignInLink.account_id)
    ).scalar()
    account = session.get(Account, used) if used else None
    if account is None or not account.active:
        raise Gone()
    return account


def _link(session: Session, token: str) -> SignInLink | None:
    reference = reference_in(token)
    if reference is None or not keyring().opens(token, "sign-in", reference, 1):
        return None
    return session.scalar(select(SignInLink).where(SignInLink.reference == reference))


def count_attempt(bucket: str, limit: int, per_seconds: int) -> None:
    """Count a try in a bucket of time; raises `TooMany` beyond the limit.

    The count is committed first and apart, so that a refused request is counted all the same; it is one
    statement, so that parallel tries cannot slip through. Call it before anything else is written.
    """
    session = db.db.session()
    now = int(clock.now().timestamp())
    window = now // per_seconds
    dialect = sqlite if db.is_sqlite(session) else postgresql
    one = dialect.insert(Attempt).values(
        bucket=keyring().mark("attempt", bucket), window=window, count=1,
        ends_at=datetime.fromtimestamp((window + 1) * per_seconds, UTC),
    )  # fmt: skip
    counted = session.scalar(
        one.on_conflict_do_update(
            index_elements=[Attempt.bucket, Attempt.window], set_={"count": Attempt.count + 1}
        ).returning(Attempt.count)
    )
    session.commit()
    db.begin_writing(session)
    if (counted or 0) > limit:
        raise TooMany(retry_after=(window + 1) * per_seconds - now)


def good_password(password: str) -> bool:
    """Long enough to be a sentence, and not one sign repeated."""
    return len(password) >= 12 and not re.fullmatch(r"(.)\1*", password)


def init(app: Flask) -> None:
    """Flask-Security with the house's accounts, without its own pages."""
    app.config.update(
        SECURITY_PASSWORD_SALT=app.extensions["house-keyring"].key("password").hex(),
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106 - the name of the hash
        SECURITY_PASSWORD_SINGLE_HASH=["argon2"],
        SECURITY_EMAIL_VALIDATOR_ARGS={"check_deliverability": False},
        SECURITY_REGISTER_BLUEPRINT=False,
        SECURITY_JOIN_USER_ROLES=False,
        WTF_CSRF_CHECK_DEFAULT=False,
        REMEMBER_COOKIE_HTTPONLY=True,
    )
    accounts = SQLAlchemySessionUserDatastore(db.db.session, Account, Membership)  # type: ignore[arg-type]
    Security(app, accounts, register_blueprint=False)
    app.extensions["house-signed-in"] = person


__all__ = ["Person", "hash_password", "init", "person"]
