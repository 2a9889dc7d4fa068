"""How letters reach the mail server: by TLS where it can, never to a false server, no password in clear."""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from house import worker
from tests.letterbox import Certificate, Letterbox

HERE = "127.0.0.1"
SOMEWHERE = "mail.example.dk"


def hello() -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "house@example.dk", "ada@example.dk", "Your visit"
    mail.set_content("Your link")
    return mail


@contextmanager
def mail_server(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tls: str | None, host: str = HERE, trusted: bool = True
) -> Iterator[Letterbox]:
    """A mail server whose certificate is for `host`; the house trusts it, or another one."""
    certificate, another = Certificate(folder, host), Certificate(folder, "another.example.dk")
    monkeypatch.setenv("SSL_CERT_FILE", str((certificate if trusted else another).path))
    with Letterbox(tls, certificate) as box:
        yield box


@pytest.mark.parametrize(("tls", "secured"), [("starttls", True), ("smtps", True), (None, False)])
def test_letters_and_passwords_go_by_tls_wherever_the_server_offers_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tls: str | None, secured: bool
) -> None:
    with mail_server(tmp_path, monkeypatch, tls) as box:
        worker.smtp(box.url.replace("://", "://house:p%40ss@"))(hello())
    assert box.secured == [secured]
    assert box.passwords == [("p@ss", secured)], "in clear only on this very machine"


@pytest.mark.parametrize("tls", ["starttls", "smtps"])
@pytest.mark.parametrize("false", ["a stranger's certificate", "another host's certificate"])
def test_a_false_mail_server_gets_no_letter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tls: str, false: str
) -> None:
    strange = false == "a stranger's certificate"
    host = HERE if strange else SOMEWHERE
    server = mail_server(tmp_path, monkeypatch, tls, host, trusted=not strange)
    with server as box, pytest.raises(ssl.SSLCertVerificationError):
        worker.smtp(box.url.replace("://", "://house:secret@"))(hello())
    assert (box.messages, box.passwords) == ([], [])


@pytest.fixture
def net(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that is another machine's to the house leads to this one."""
    connect = socket.create_connection

    def here(address: tuple[str, int], *more: Any, **named: Any) -> socket.socket:
        return connect((HERE if address[0] == SOMEWHERE else address[0], address[1]), *more, **named)

    monkeypatch.setattr(socket, "create_connection", here)


@pytest.mark.parametrize("tls", [None, "starttls"])
def test_over_a_net_a_password_waits_for_tls(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, net: None, tls: str | None
) -> None:
    with mail_server(tmp_path, monkeypatch, tls, SOMEWHERE) as box:
        send = worker.smtp(f"smtp://house:secret@{SOMEWHERE}:{box.port}")
        if tls is None:
            with pytest.raises(worker.InClear):
                send(hello())
            assert (box.messages, box.passwords) == ([], [])
        else:
            send(hello())
            assert box.passwords == [("secret", True)]


def test_a_relay_without_password_and_tls_still_takes_letters(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, net: None
) -> None:
    with mail_server(tmp_path, monkeypatch, None, SOMEWHERE) as box:
        worker.smtp(f"smtp://{SOMEWHERE}:{box.port}")(hello())
    assert box.secured == [False]


def test_nobody_sees_tls_before_the_greeting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The fault that this room mends: asked before EHLO, every server seems to know nothing of TLS."""
    with mail_server(tmp_path, monkeypatch, "starttls") as box, smtplib.SMTP(HERE, box.port) as server:
        assert not server.has_extn("starttls")
        server.ehlo()
        assert server.has_extn("starttls")
