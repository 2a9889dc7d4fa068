"""Opening and closing accounts; adding the bodies they belong to."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable

from email_validator import EmailNotValidError, validate_email
from flask_security import hash_password
from sqlalchemy import select
from sqlalchemy.orm import Session
from stdnum.dk import cvr as cvr_numbers
from stdnum.exceptions import ValidationError

from house import audit, clock
from house.doors import Role
from house.people.models import Account, Body, BodyKind, Membership
from house.people.signing_in import email_mark, find
from house.problems import Moved, NotHere, Problem


def good_password(password: str) -> bool:
    """Long enough to be a sentence, and not one sign repeated."""
    return len(password) >= 12 and not re.fullmatch(r"(.)\1*", password)


def house_body(session: Session) -> Body:
    """The body that the house's own staff belong to; made when missing."""
    body = session.scalar(select(Body).where(Body.kind == BodyKind.HOUSE))
    if body is None:
        body = Body(kind=BodyKind.HOUSE, name="International House")
        session.add(body)
        session.flush()
    return body


def add_company(
    session: Session, name: str, cvr: str, sector: str | None = None, size: str | None = None
) -> Body:
    """Add a company by its CVR number; refuses a number that is wrong or already here."""
    try:
        number = cvr_numbers.validate(cvr)
    except ValidationError:
        raise Problem("wrong_cvr") from None
    if session.scalar(select(Body.id).where(Body.cvr == number)) is not None:
        raise Moved("company_exists")
    body = Body(kind=BodyKind.COMPANY, name=name, cvr=number, sector=sector, size=size)
    session.add(body)
    session.flush()
    audit.record(session, "house", "company_added", f"body {body.id}")
    return body


def company(session: Session, body_id: int) -> Body:
    """A company by its key; for what its own contacts see."""
    body = session.scalar(select(Body).where(Body.id == body_id, Body.kind == BodyKind.COMPANY))
    if body is None:
        raise NotHere()
    return body


def open_account(
    session: Session,
    email: str,
    name: str,
    roles: Iterable[tuple[int, Role]],
    password: str | None = None,
    language: str = "en",
) -> Account:
    """Open an account with its roles, (body, role) pairs; without a password it signs in by link only.

    Raises `Problem` for an address no sign-in page takes or a weak password, `Moved` for one that is here.
    """
    try:
        email = validate_email(email.strip(), check_deliverability=False).normalized
    except EmailNotValidError:
        raise Problem("wrong_email") from None
    if find(session, email) is not None:
        raise Moved("account_exists")
    if password is not None and not good_password(password):
        raise Problem("weak_password")
    account = Account(
        email=email, email_mark=email_mark(email), name=name, language=language, active=True,
        password=hash_password(password) if password else None,
        fs_uniquifier=uuid.uuid4().hex, created_at=clock.now(),
    )  # fmt: skip
    session.add(account)
    session.flush()
    session.add_all(Membership(account_id=account.id, body_id=body, role=role) for body, role in roles)
    session.flush()
    audit.record(session, "house", "account_opened", f"account {account.id}")
    return account


def close_account(session: Session, account: Account) -> None:
    """Close an account: nobody signs in with it any more, and the person's data is blanked at once."""
    account.active, account.closed_at = False, clock.now()
    account.email = account.email_mark = account.name = account.password = None
    account.fs_uniquifier = uuid.uuid4().hex
    audit.record(session, "house", "account_closed", f"account {account.id}")
