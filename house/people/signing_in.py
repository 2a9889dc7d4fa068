"""Signing in and out: passwords and sessions are Flask-Security's. The one-time link is `links.py`.

Signing in commits by itself in one named place: the attempt counter, which must survive a refused request.
"""

from __future__ import annotations

import unicodedata
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any, NamedTuple

from flask import Flask, current_app, g, request
from flask import session as browser
from flask_login import current_user
from flask_security import (
    Security,
    SQLAlchemySessionUserDatastore,
    UserMixin,
    hash_password,
    login_user,
    logout_user,
)
from flask_security.utils import verify_password
from sqlalchemy import bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, selectinload

from house import audit, clock, db, doors
from house.doors import STAFF, Role
from house.people.models import Account, Attempt, Membership, account_by_mark
from house.problems import TooMany
from house.seals import keyring

A_DAY = 24 * 3600
IDLE = 12 * 3600
"""Seconds after the last thing somebody pressed, until they must sign in again."""
SEEN, SEEN_AGAIN = "seen", 5 * 60
"""When that was stands in the signed cookie, and is written anew after so many seconds."""


@dataclass(frozen=True)
class Person:
    """Whoever is signed in in this request: what doors, layouts and audit need, nothing more."""

    id: int
    name: str = field(repr=False)
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


_ROLES = select(Membership.role, Membership.body_id).where(Membership.account_id == bindparam("account"))
_BY_SESSION = (
    select(Account, Membership.role, Membership.body_id)
    .outerjoin(Membership, Membership.account_id == Account.id)
    .where(Account.fs_uniquifier == bindparam("session"))
)
"""The account of a session with its roles, in one statement, made once: every page of staff asks it."""


class Accounts(SQLAlchemySessionUserDatastore):
    """The house's accounts, as Flask-Security asks for them."""

    def find_user(self, case_insensitive: bool = False, **by: Any) -> UserMixin | None:
        """The account, whose roles are at hand when it is found by its session."""
        if by.keys() != {"fs_uniquifier"}:
            return super().find_user(case_insensitive, **by)
        rows = db.db.session.execute(_BY_SESSION, {"session": by["fs_uniquifier"]}).all()
        if not rows:
            return None
        account: Account = rows[0][0]
        g.house_roles = account.id, [(role, body_id) for _, role, body_id in rows if role]
        return account


def _load() -> Person:
    account: Account = current_user._get_current_object()
    whose, rows = g.pop("house_roles", (None, []))
    if whose != account.id:  # who signs in with this request was found by an address
        rows = db.db.session.execute(_ROLES, {"account": account.id}).all()
    company = next((body_id for role, body_id in rows if role is Role.COMPANY), None)
    return Person(account.id, account.name or "", frozenset(role for role, _ in rows), company)


def email_mark(email: str) -> bytes:
    """The blind mark an account is found by."""
    return keyring().mark("account.email", unicodedata.normalize("NFC", email.strip()).lower())


def find(session: Session, email: str) -> Account | None:
    """The open account with this address, with its memberships."""
    return session.scalar(account_by_mark(email_mark(email)).options(selectinload(Account.memberships)))


def admit(session: Session, email: str, password: str) -> Account | None:
    """The account that this address and password open; takes as long when there is no such account.

    Nothing may have been written before: the transaction is given up meanwhile, for a hash takes so long that
    nobody should wait for the writer's lock.
    """
    account = find(session, email)
    stored = account.password if account else None
    session.rollback()
    right = verify_password(password, stored or _nobodys_password())
    db.begin_writing(session)
    account = find(session, email)
    return account if right and stored and account and account.password == stored else None


@cache
def _nobodys_password() -> str:
    """What a password is compared with when there is no such account: made as all others."""
    return str(hash_password("nobody has this password"))


def enter(session: Session, account: Account, how: str) -> None:
    """Begin a signed-in session in this browser, with nothing kept of the one before."""
    browser.clear()
    login_user(account, authn_via=[how])
    browser[SEEN] = _seconds()
    g.pop("house_person", None)
    audit.record(session, f"account {account.id}", "signed_in", f"account {account.id}", how=how)


def leave(session: Session) -> None:
    """End the signed-in session, and every other of this person: no copy of a cookie opens a door again."""
    if current_user.is_authenticated:
        account: Account = current_user._get_current_object()
        account.fs_uniquifier = uuid.uuid4().hex
        audit.record(session, f"account {account.id}", "signed_out", f"account {account.id}")
    logout_user()
    browser.clear()
    g.pop("house_person", None)


class Bucket(NamedTuple):
    """What tries are counted for, how many there may be, and in how many seconds."""

    name: str
    limit: int
    per_seconds: int


def count_attempt(*buckets: Bucket) -> None:
    """Count a try in buckets of time; raises `TooMany` beyond the limit of one, and counts in no further one.

    The counts are committed first and apart, so that a refused request is counted all the same; each is one
    statement, so that parallel tries cannot slip through. Call it before anything else is written.
    """
    session = db.db.session()
    now, wait = int(clock.now().timestamp()), None
    for name, limit, per_seconds in buckets:
        window = now // per_seconds
        ends = (window + 1) * per_seconds
        if _count(session, name, window, ends) > limit:
            wait = ends - now
            break
    session.commit()
    db.begin_writing(session)
    if wait is not None:
        raise TooMany(retry_after=wait)


def count_done(session: Session, bucket: Bucket) -> None:
    """Count what was done, in its own transaction and last in it, so that what is refused is not counted.

    Raises `TooMany` beyond the limit: then the transaction must be given up.
    """
    now = int(clock.now().timestamp())
    ends = (now // bucket.per_seconds + 1) * bucket.per_seconds
    if _count(session, bucket.name, now // bucket.per_seconds, ends) > bucket.limit:
        raise TooMany(retry_after=ends - now)


def first_time(session: Session, act: str) -> bool:
    """Whether this act, named by a random mark of the page it came from, is done for the first time.

    Counted in the caller's transaction, so that what failed can be tried again; remembered for a day or two.
    """
    return _count(session, f"once {act}", 0, int(clock.now().timestamp()) + A_DAY) == 1


def _count(session: Session, bucket: str, window: int, ends: int) -> int:
    dialect = sqlite if db.is_sqlite(session) else postgresql
    one = dialect.insert(Attempt).values(
        bucket=keyring().mark("attempt", bucket), window=window, count=1,
        ends_at=datetime.fromtimestamp(ends, UTC),
    )  # fmt: skip
    counted = one.on_conflict_do_update(
        index_elements=[Attempt.bucket, Attempt.window], set_={"count": Attempt.count + 1}
    ).returning(Attempt.count)
    count: int = session.scalars(counted).one()
    return count


def _seconds() -> int:
    return int(clock.now().timestamp())


def _nobody_without_session() -> None:
    """Who has no session, or left it alone too long, is nobody: the house knows no other way in.

    It spares every visitor's page a seventh of what it costs before its view, and shuts Flask-Security's
    tokens and Flask-Login's remembering cookie out.
    """
    if "_user_id" in browser:
        alone = _seconds() - int(browser.get(SEEN, 0))
        if alone > IDLE:
            browser.clear()
        elif alone > SEEN_AGAIN and doors.pressed(request.endpoint):
            browser[SEEN] = _seconds()
    if "_user_id" not in browser:
        g._login_user = current_app.extensions["security"].login_manager.anonymous_user()


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
    app.before_request(_nobody_without_session)
    accounts = Accounts(db.db.session, Account, Membership)  # type: ignore[arg-type]
    Security(app, accounts, register_blueprint=False)
    app.extensions["house-signed-in"] = person
