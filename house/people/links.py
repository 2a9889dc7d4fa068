"""The one-time link that signs a company contact in: made, looked at, used up by one UPDATE."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from house import audit, clock, db, pages, post
from house.doors import STAFF
from house.people.models import Account, SignInLink
from house.people.signing_in import find
from house.problems import Gone
from house.seals import keyring, new_reference, reference_in

LINK_LASTS = timedelta(minutes=30)


def send_sign_in_link(session: Session, email: str, language: str | None = None) -> None:
    """Send a one-time link when there is such an account; nothing tells whether there was.

    The letter is in the language it was asked for in, else in the account's.

    Only the newest link of an account opens it. Staff never come in by a letter alone.
    """
    account = find(session, email)
    by_link = account is not None and not any(one.role in STAFF for one in account.memberships)
    if account is None or not by_link:
        audit.record(session, "visitor", "link_refused", "account")  # as long a commit as if there were one
        return
    # Two who ask at the same moment: one link is the newest.
    session.execute(select(Account.id).where(Account.id == account.id).with_for_update(key_share=True))
    now = clock.now()
    earlier = update(SignInLink).where(SignInLink.account_id == account.id, SignInLink.expires_at > now)
    session.execute(earlier.values(expires_at=now))
    reference = db.fresh_code(session, SignInLink.reference, new_reference)
    session.add(
        SignInLink(reference=reference, account_id=account.id, made_at=now, expires_at=now + LINK_LASTS)
    )
    spoken = language or account.language
    link = pages.address(
        "people.company_enter", lang_tag=spoken, token=keyring().link("sign-in", reference, 1)
    )
    to, until = account.email or "", now + LINK_LASTS
    post.write(session, "sign_in_link", to, spoken, stale_at=until, link=link)
    audit.record(session, "visitor", "link_sent", f"account {account.id}")


def link_is_open(session: Session, token: str) -> bool:
    """Whether this link could still sign somebody in; looking never uses it up."""
    link = _link(session, token)
    return link is not None and link.used_at is None and link.expires_at > clock.now()


def use_link(session: Session, token: str) -> Account:
    """Use a one-time link up; raises `Gone` when it was used, replaced, ran out or never was."""
    link = _link(session, token)
    now = clock.now()
    used = link and session.scalar(
        update(SignInLink)
        .where(SignInLink.id == link.id, SignInLink.used_at.is_(None), SignInLink.expires_at > now)
        .values(used_at=now)
        .returning(SignInLink.account_id)
    )
    account = session.get(Account, used) if used else None
    if account is None or not account.active:
        raise Gone()
    return account


def _link(session: Session, token: str) -> SignInLink | None:
    reference = reference_in(token)
    if reference is None or not keyring().opens(token, "sign-in", reference, 1):
        return None
    return session.scalar(select(SignInLink).where(SignInLink.reference == reference))
