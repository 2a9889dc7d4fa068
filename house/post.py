"""Letters: written in the transaction that causes them, sent after it by the worker, shown in the demo house.

A verb stores kind, recipient, language and facts; the wing's letters room makes a `Sheet` of them when it is
sent, in the recipient's language; to a mobile number, its short form. A letter is sent at least once: its id
never changes, so a repeat after a crash is recognised. It can wait for its time, grow stale, and be withdrawn
as long as it waits.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from enum import StrEnum
from typing import Any

from flask import current_app, render_template
from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from house import clock
from house.db import Key, Model, is_sqlite, one_of, personal
from house.languages import speak
from house.letter_parts import Enclosure, Sheet, TextMessage

LEASE = timedelta(minutes=2)
TRIES = 8
LONGEST_PAUSE = timedelta(hours=1)
A_WEEK = timedelta(days=7)
"""So long a letter without an end of its own is tried, when nobody answers for it."""
KEEP = timedelta(days=30)


class LetterState(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"  # it grew stale, or we could not make it
    REFUSED = "refused"  # for good, by the receiver's side


class Way(StrEnum):
    """How a letter leaves: an address has an @, everything else is a mobile number."""

    MAIL = "mail"
    SMS = "sms"


class Letter(Model):
    """One message on its way out of the house."""

    __tablename__ = "letter"

    id: Mapped[Key]
    kind: Mapped[str]
    language: Mapped[str]
    recipient: Mapped[str | None] = personal("letter.recipient", fate="blanked 30 days after it was sent")
    way: Mapped[Way] = mapped_column(one_of(Way), server_default=Way.MAIL.value)
    facts: Mapped[str | None] = personal("letter.facts", fate="blanked 30 days after it was sent")
    state: Mapped[LetterState] = mapped_column(one_of(LetterState), index=True)
    written_at: Mapped[datetime]
    due_at: Mapped[datetime] = mapped_column(index=True)
    stale_at: Mapped[datetime | None]
    about: Mapped[str | None] = mapped_column(index=True)
    leased_until: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]


Render = Callable[[dict[str, Any]], Sheet]
Transport = Callable[[EmailMessage], None]
Texting = Callable[[TextMessage], None]


class Undeliverable(Exception):
    """The server, or the gateway, refused this letter for good."""


def write(
    session: Session,
    kind: str,
    recipient: str,
    language: str,
    due_at: datetime | None = None,
    stale_at: datetime | None = None,
    about: str | None = None,
    **facts: Any,
) -> Letter:
    """Put a letter into the outbox, in the caller's transaction. Facts must be JSON.

    The recipient is an e-mail address or a mobile number, which gets the short form. It leaves at `due_at` or
    later, but not after `stale_at`; `about` is what it can be withdrawn by.
    """
    now = clock.now()
    letter = Letter(
        kind=kind, recipient=recipient, language=language, facts=json.dumps(facts),
        state=LetterState.WAITING, written_at=now, due_at=due_at or now, stale_at=stale_at, about=about,
        tries=0, way=Way.MAIL if "@" in recipient else Way.SMS,
    )  # fmt: skip
    session.add(letter)
    return letter


def withdraw(session: Session, about: str, *kinds: str, unseen: bool = False) -> int:
    """Take back letters of these kinds about one thing that have not left; returns how many.

    One that is on its way still arrives, but is never tried again; with `unseen` it is not taken back.
    """
    waiting = delete(Letter).where(
        Letter.about == about, Letter.kind.in_(kinds), Letter.state == LetterState.WAITING,
        *([Letter.tries == 0] if unseen else []),
    )  # fmt: skip
    return session.execute(waiting).rowcount  # type: ignore[attr-defined, no-any-return]


def sheet_of(letter: Letter) -> Sheet:
    """The letter's words; call while its language is spoken."""
    renders: dict[str, Render] = current_app.extensions["house-letters"]
    return renders[letter.kind](json.loads(letter.facts or "{}"))


def message(letter: Letter) -> EmailMessage:
    """The letter as it leaves the house: plain text, HTML and enclosures, in the recipient's language."""
    config = current_app.extensions["house-config"]
    with speak(letter.language) as language:
        sheet = sheet_of(letter)
        words = {"sheet": sheet, "language": language, "house_name": config.house_name}
        text = render_template("letter.txt", **words)
        page = render_template("letter.html", **words)
    mail = EmailMessage()
    mail["Subject"] = sheet.subject
    mail["From"] = Address(config.house_name, addr_spec=config.mail_from)
    mail["To"] = _one_address(letter.recipient or "")
    mail["Date"] = format_datetime(letter.written_at)
    mail["Message-ID"] = f"<{_own_name(letter)}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(text)
    mail.add_alternative(page, subtype="html")
    for enclosure in sheet.enclosures:
        kind, _, subkind = enclosure.kind.partition("/")
        mail.add_attachment(enclosure.content, maintype=kind, subtype=subkind, filename=enclosure.name)
    mail["Content-Language"] = letter.language  # last: content and enclosures take such headers away
    return mail


def text_message(letter: Letter) -> TextMessage:
    """The letter as a text message: a short sentence and the link, in the recipient's language."""
    with speak(letter.language):
        sheet = shortened(sheet_of(letter))
    link = [sheet.button[1]] if sheet.button else []
    return TextMessage(_own_name(letter), letter.recipient or "", "\n".join([*sheet.paragraphs, *link]))


def shortened(sheet: Sheet) -> Sheet:
    """What of a letter fits into a text message."""
    return Sheet(sheet.subject, [sheet.short or sheet.subject], button=sheet.button)


def _own_name(letter: Letter) -> str:
    """The same however often it is sent, so that a repeat is recognised."""
    config = current_app.extensions["house-config"]
    return f"letter-{letter.id}@{config.mail_from.partition('@')[2]}"


def _one_address(recipient: str) -> Address:
    """Exactly one reader: an address that would read as two, or hold a line, is refused."""
    try:
        return Address(addr_spec=recipient)
    except (ValueError, HeaderParseError, IndexError) as error:
        raise Undeliverable("address") from error


def lease(session: Session, now: datetime) -> Letter | None:
    """Take the next letter that is due, for two minutes, by one UPDATE; the caller commits.

    None overtakes an older one about the same thing that was tried in vain: what is said last stands.
    """
    older = aliased(Letter)
    overtaken = select(older.id).where(
        older.about == Letter.about, older.id < Letter.id, older.state == LetterState.WAITING,
        older.tries > 0, or_(older.stale_at.is_(None), older.stale_at > now),
    )  # fmt: skip
    wanted = (
        select(Letter.id)
        .where(
            Letter.state == LetterState.WAITING,
            Letter.due_at <= now,
            or_(Letter.stale_at.is_(None), Letter.stale_at > now),
            or_(Letter.leased_until.is_(None), Letter.leased_until < now),
            ~overtaken.exists(),
        )
        .order_by(Letter.due_at, Letter.id)
        .limit(1)
    )
    if not is_sqlite(session):
        wanted = wanted.with_for_update(skip_locked=True)
    taken = session.scalar(
        update(Letter)
        .where(Letter.id == wanted.scalar_subquery())
        .values(leased_until=now + LEASE, tries=Letter.tries + 1)
        .returning(Letter.id)
    )
    return session.get(Letter, taken, populate_existing=True) if taken is not None else None


def settle(letter: Letter, now: datetime, problem: Exception | None, broken: bool = False) -> None:
    """Write down how sending went: sent, refused, to be tried again later with growing pauses, or given up.

    As long as nobody answers, a letter is tried until it is stale; a `broken` one cannot even be made.
    """
    letter.leased_until = None
    if problem is None:
        letter.state, letter.sent_at = LetterState.SENT, now
    elif isinstance(problem, Undeliverable):
        letter.state = LetterState.REFUSED
    elif letter.tries >= TRIES and (broken or _is_over(letter, now)):
        letter.state = LetterState.FAILED
    else:
        letter.due_at = now + min(timedelta(seconds=30 * 2 ** min(letter.tries, TRIES)), LONGEST_PAUSE)


def _is_over(letter: Letter, now: datetime) -> bool:
    return now >= (letter.stale_at or letter.written_at + A_WEEK)


def retry(session: Session, now: datetime) -> int:
    """Let letters that were given up or refused wait to be sent again, unless they grew stale; how many."""
    again = update(Letter).where(
        Letter.state.in_((LetterState.FAILED, LetterState.REFUSED)), Letter.recipient.is_not(None),
        or_(Letter.stale_at.is_(None), Letter.stale_at > now),
    )  # fmt: skip
    again = again.values(state=LetterState.WAITING, due_at=now, tries=0, leased_until=None)
    return session.execute(again).rowcount  # type: ignore[attr-defined, no-any-return]


def forget(session: Session, now: datetime) -> int:
    """Give up letters that grew stale; blank those that left, or were given up, 30 days after writing."""
    stale = update(Letter).where(Letter.state == LetterState.WAITING, Letter.stale_at < now)
    session.execute(stale.values(state=LetterState.FAILED, leased_until=None))
    due = update(Letter).where(
        Letter.state != LetterState.WAITING, Letter.written_at < now - KEEP, Letter.recipient.is_not(None)
    )
    return session.execute(due.values(recipient=None, facts=None)).rowcount  # type: ignore[attr-defined, no-any-return]


__all__ = ["Enclosure", "Sheet", "TextMessage"]  # and everything above
