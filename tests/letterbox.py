"""A real SMTP server for tests: keeps what arrives, and fails as often as it is told to."""

from __future__ import annotations

import socket
import ssl
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat


class Certificate:
    """A mail server's certificate that signs itself, for one host; trusted by whoever trusts `path`."""

    def __init__(self, folder: Path, host: str) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
        now = datetime.now(UTC)
        alternative: x509.GeneralName = x509.DNSName(host)
        with suppress(ValueError):
            alternative = x509.IPAddress(ip_address(host))
        made = (
            x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([alternative]), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .sign(key, SHA256())
        )
        self.path = folder / f"{host}.pem"
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        self.path.write_bytes(private + made.public_bytes(Encoding.PEM))

    def server(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.path)
        return context


def _is_secured(server: Any) -> bool:
    return server.transport.get_extra_info("ssl_object") is not None


class Letterbox:
    """Messages that arrived, and how the next ones are to be answered.

    `tls` is "starttls" or "smtps", with a certificate of `Certificate`; `secured` tells of each message
    whether it came by TLS, `passwords` which passwords were told, and whether by TLS.
    """

    def __init__(self, tls: str | None = None, certificate: Certificate | None = None) -> None:
        self.messages: list[EmailMessage] = []
        self.secured: list[bool] = []
        self.passwords: list[tuple[str, bool]] = []
        self.envelopes: list[tuple[str, list[str]]] = []
        self._answers: list[str] = []
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        context = certificate.server() if certificate else None
        self._controller = Controller(
            self, hostname="127.0.0.1", port=port, ssl_context=context if tls == "smtps" else None,
            tls_context=context if tls == "starttls" else None, authenticator=self._login,
            auth_require_tls=False,
        )  # fmt: skip
        self.port = port
        self.url = f"{'smtps' if tls == 'smtps' else 'smtp'}://127.0.0.1:{port}"

    def _login(self, server: Any, _session: Any, _envelope: Any, _mechanism: str, told: Any) -> AuthResult:
        self.passwords.append((told.password.decode(), _is_secured(server)))
        return AuthResult(success=True)

    def fail(self, times: int, answer: str = "451 4.3.0 Not now") -> None:
        """Answer the next `times` recipients like this: 4xx is for a while, 5xx for good."""
        self._answers += [answer] * times

    def answer_again(self) -> None:
        """The trouble is over."""
        self._answers.clear()

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if self._answers:
            return self._answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:
        self.secured.append(_is_secured(server))
        self.envelopes.append((envelope.mail_from, envelope.rcpt_tos))
        self.messages.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        return "250 OK"

    def __enter__(self) -> Letterbox:
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()
