"""The worker: sends letters, reminds, passes freed times on, seals the audit, forgets what is due.

Runs beside the server or on its own, as many as wanted.
"""

from __future__ import annotations

import smtplib
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from email.message import EmailMessage
from functools import partial
from urllib.parse import unquote, urlsplit

import structlog
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from house import audit, clock, forgetting, post, sms
from house.catalogue import face as catalogue
from house.config import on_this_machine
from house.db import db, is_sqlite, writing
from house.problems import NotHere

log = structlog.get_logger()
PAUSE = 2.0
HOUSEKEEPING = 3600.0
A_MINUTE = 60.0
ROUNDS = 500
"""So often one thing of a minute is done before it is the others' turn."""
_KEEPING = 0x6B656570696E67
"""The key of PostgreSQL's advisory lock: "keeping"."""


class InClear(Exception):
    """The mail server offers no TLS, so the house does not tell it its password."""


def smtp(url: str) -> post.Transport:
    """A transport to an SMTP server: smtp://[user:password@]host[:port], smtps:// for TLS from the start.

    TLS is used wherever the server offers it, with a certificate that must be right. A password never goes
    over a net in clear: sending raises `InClear` and is tried again.
    """
    parts = urlsplit(url)
    host = parts.hostname or "localhost"
    trusted = ssl.create_default_context()

    def send(message: EmailMessage) -> None:
        with _connected(parts.scheme, host, parts.port, trusted) as server:
            if parts.username:
                if not isinstance(server.sock, ssl.SSLSocket) and not on_this_machine(host):
                    raise InClear(host)
                server.login(unquote(parts.username), unquote(parts.password or ""))
            try:
                server.send_message(message)
            except smtplib.SMTPRecipientsRefused as error:
                codes = [code for code, _ in error.recipients.values()]
                if all(code >= 500 for code in codes):
                    raise post.Undeliverable(str(codes)) from None
                raise

    return send


def _connected(scheme: str, host: str, port: int | None, trusted: ssl.SSLContext) -> smtplib.SMTP:
    """A greeted mail server, by TLS when it can."""
    if scheme == "smtps":
        return smtplib.SMTP_SSL(host, port or 465, timeout=20, context=trusted)
    server = smtplib.SMTP(host, port or 25, timeout=20)
    try:
        server.ehlo()  # before it is greeted a server says nothing of TLS
        if server.has_extn("starttls"):
            server.starttls(context=trusted)
    except BaseException:
        server.close()
        raise
    return server


def mailbox(message: EmailMessage) -> None:
    """The demo house's transport: letters stay in the outbox, where the mailbox page shows them."""


def send_one(transport: post.Transport, texting: post.Texting = sms.no_gateway) -> bool:
    """Send the next letter that is due, if there is one; two short transactions around the sending."""
    with writing(db.session()) as session:
        letter = post.lease(session, clock.now())
        key = letter.id if letter else None
    if key is None:
        return False
    problem: Exception | None = None
    sending: Callable[[], None] | None = None
    try:
        letter = db.session.get(post.Letter, key)
        if letter is None:  # withdrawn a moment ago
            db.session.rollback()
            return True
        sending = _made(letter, transport, texting)
        db.session.rollback()
        sending()
    except Exception as error:  # a letter that cannot be rendered must not stop the others
        problem = error
        db.session.rollback()
        log.warning("letter not sent", letter=key, reason=type(error).__name__)
    with writing(db.session()) as session:
        letter = session.get(post.Letter, key, with_for_update=True)
        if letter is not None:  # else it was withdrawn while it was on its way
            post.settle(letter, clock.now(), problem, broken=sending is None)
    return True


def _made(letter: post.Letter, transport: post.Transport, texting: post.Texting) -> Callable[[], None]:
    """The letter ready to leave on its own way; made before, for sending holds no transaction open."""
    if letter.way is post.Way.SMS:
        return partial(texting, post.text_message(letter))
    return partial(transport, post.message(letter))


def every_minute(app: Flask) -> None:
    """What cannot wait for the hour: each thing as often as it says that more is left, a transaction each."""
    for act in app.extensions["house-every-minute"]:
        for _ in range(ROUNDS):
            try:
                with writing(db.session()) as session:
                    more = act(session, clock.now())
            except NotHere:  # before the place was set up there is nothing to do
                return
            if not more:
                break


def housekeeping(app: Flask) -> int:
    """Close what is over, seal the audit, forget what is due; returns how many rows were forgotten.

    A transaction each, so that none holds what the next one waits for.
    """
    for act in app.extensions["house-every-day"]:
        with suppress(NotHere):  # before the place was set up there is nothing to close
            _in_turn(act)
    _in_turn(lambda session, _now: audit.seal(session))
    rooms = app.extensions["house-forget"]
    return sum(_in_turn(partial(forgetting.forget_all, rooms=(room,))) for room in rooms)


def _in_turn(act: Callable[[Session, datetime], int]) -> int:
    """Do one thing of the house's keeping while no other worker does one."""
    with writing(db.session()) as session:
        if not is_sqlite(session):
            session.execute(select(func.pg_advisory_xact_lock(_KEEPING)))
        return act(session, clock.now())


def look_at_a_link(look: Callable[[str], catalogue.Found]) -> bool:
    """Look at the next link of the catalogue, if one is due; two short transactions around the looking."""
    with writing(db.session()) as session:
        url = catalogue.claim_link(session, clock.now())
    if url is None:
        return False
    found = look(url)
    with writing(db.session()) as session:
        catalogue.note_link(session, url, found, clock.now())
    return True


def run(app: Flask, stop: threading.Event, alone: Callable[[], bool] = lambda: False) -> None:
    """Work until told to stop, or left alone. A fault in one letter does not stop the others."""
    config = app.extensions["house-config"]
    transport = smtp(config.smtp_url) if config.smtp_url else mailbox
    texting = sms.gateway(config.sms) if config.sms else sms.no_gateway
    next_housekeeping = next_minute = 0.0
    while not stop.is_set() and not alone():
        busy = False
        with app.app_context():
            try:
                busy = send_one(transport, texting)
                if clock.now().timestamp() >= next_minute:
                    every_minute(app)
                    if config.check_links:
                        look_at_a_link(partial(catalogue.look_at, sender=f"(+{config.base_url})"))
                    next_minute = clock.now().timestamp() + A_MINUTE
                if clock.now().timestamp() >= next_housekeeping:
                    housekeeping(app)
                    next_housekeeping = clock.now().timestamp() + HOUSEKEEPING
            except Exception:
                log.exception("the worker stumbled")
        if not busy:
            stop.wait(PAUSE)
