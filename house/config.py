"""What the house reads from its environment, once, at start. It refuses to start rather than warn."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from email_validator import EmailNotValidError, validate_email

DEMO_SECRET = "demo-house-with-invented-people-only"  # noqa: S105 - refused outside demo mode
SHORTEST_SECRET = 32
ON_THIS_MACHINE = ("localhost", "127.0.0.1")
_SENDER = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}|\+?[0-9]{3,15}")


class Misconfigured(Exception):
    """The environment does not describe a house that may open; the message says what to set."""


@dataclass(frozen=True)
class SmsGateway:
    """Where text messages go, the bearer token that opens it, and the sender that phones show."""

    url: str = field(repr=False)
    token: str = field(repr=False)
    sender: str


@dataclass(frozen=True)
class Config:
    """Everything a house can be told. Field by field the same table as in docs/operating.md."""

    secret: str = field(repr=False)
    data_dir: Path
    database_url: str = field(repr=False)
    base_url: str
    trusted_hosts: tuple[str, ...]
    demo: bool
    smtp_url: str | None = field(repr=False)
    mail_from: str
    house_name: str
    timezone: str
    proxies: int
    testing: bool = False
    sms: SmsGateway | None = None
    check_links: bool = False
    phone: str | None = None

    @property
    def secure(self) -> bool:
        """Whether visitors come by HTTPS, so that cookies may be marked for it."""
        return self.base_url.startswith("https://")


def on_this_machine(host: str) -> bool:
    """Whether what is said to this host leaves the machine by no net."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host in ON_THIS_MACHINE


def _proxies(env: Mapping[str, str]) -> int:
    number = env.get("HOUSE_PROXIES", "0")
    if not re.fullmatch(r"[0-9]", number):
        raise Misconfigured("HOUSE_PROXIES must be the number of reverse proxies in front, from 0 to 9.")
    return int(number)


def _smtp_url(env: Mapping[str, str], demo: bool) -> str | None:
    """Where letters leave; the refusal never quotes it, for there may be a password in it."""
    url = env.get("HOUSE_SMTP_URL") or None
    if url is None:
        if not demo:
            raise Misconfigured(
                "Set HOUSE_SMTP_URL, such as smtp://mail.example.dk:25, so that letters leave."
            )
        return None
    try:
        parts = urlsplit(url)
        sound = parts.port != 0 and url.isascii() and url.isprintable() and " " not in url
    except ValueError:
        sound = False
    if not sound or parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise Misconfigured("HOUSE_SMTP_URL must be such as smtp://[user:password@]host[:port] or smtps://….")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise Misconfigured("In HOUSE_SMTP_URL write the signs / ? # of a password as %2F %3F %23.")
    return url


def _mail_from(env: Mapping[str, str], demo: bool) -> str:
    sender = env.get("HOUSE_MAIL_FROM", "house@example.dk" if demo else "")
    try:
        return validate_email(sender, check_deliverability=False, allow_smtputf8=False).normalized
    except EmailNotValidError:
        raise Misconfigured(
            "Set HOUSE_MAIL_FROM to the address that letters come from, such as house@example.dk."
        ) from None


def _timezone(env: Mapping[str, str]) -> str:
    name = env.get("HOUSE_TIMEZONE", "Europe/Copenhagen")
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Misconfigured("Set HOUSE_TIMEZONE to a name such as Europe/Copenhagen.") from None
    return name


def _database_url(env: Mapping[str, str], data_dir: Path) -> str:
    url = env.get("HOUSE_DATABASE_URL") or f"sqlite:///{data_dir / 'house.db'}"
    if not url.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
        raise Misconfigured("HOUSE_DATABASE_URL must begin with postgresql:// or sqlite:///.")
    return url


def _base_url(env: Mapping[str, str], demo: bool) -> str:
    base_url = env.get("HOUSE_BASE_URL", "http://127.0.0.1:8000" if demo else "").rstrip("/")
    parts = urlsplit(base_url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Misconfigured("Set HOUSE_BASE_URL to the address people use, such as https://house.example.dk.")
    if not demo and parts.scheme != "https" and parts.hostname not in ON_THIS_MACHINE:
        raise Misconfigured("HOUSE_BASE_URL must begin with https:// outside demo mode.")
    return base_url


def _phone(env: Mapping[str, str]) -> str | None:
    number = env.get("HOUSE_PHONE") or None
    if number and not re.fullmatch(r"\+?[0-9](?: ?[0-9]){2,17}", number):
        raise Misconfigured("Set HOUSE_PHONE to a number of digits and blanks, such as +45 99 31 00 00.")
    return number


def _secret(env: Mapping[str, str], demo: bool) -> str:
    secret = env.get("HOUSE_SECRET", DEMO_SECRET if demo else "")
    if demo:
        return secret
    if secret == DEMO_SECRET or len(secret) < SHORTEST_SECRET:
        raise Misconfigured(
            f"Set HOUSE_SECRET to at least {SHORTEST_SECRET} random characters of your own, "
            "for example from: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
        )
    return secret


def _hosts(env: Mapping[str, str], base_url: str, demo: bool) -> tuple[str, ...]:
    if env.get("HOUSE_TRUSTED_HOSTS"):
        return tuple(env["HOUSE_TRUSTED_HOSTS"].split(","))
    own = urlsplit(base_url).hostname or ""
    return (own, "localhost", "127.0.0.1") if demo else (own,)


def _sms(env: Mapping[str, str]) -> SmsGateway | None:
    """The SMS gateway, whole or not at all."""
    url, token, sender = (
        env.get(name, "") for name in ("HOUSE_SMS_URL", "HOUSE_SMS_TOKEN", "HOUSE_SMS_FROM")
    )
    if not url:
        if token or sender:
            raise Misconfigured("Set HOUSE_SMS_URL too, or take HOUSE_SMS_TOKEN and HOUSE_SMS_FROM away.")
        return None
    if not _is_gateway(url):
        raise Misconfigured("HOUSE_SMS_URL must be an address such as https://sms.example.dk/messages.")
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise Misconfigured("Set HOUSE_SMS_TOKEN to the token of the SMS gateway: visible ASCII signs only.")
    if not _SENDER.fullmatch(sender):
        raise Misconfigured("Set HOUSE_SMS_FROM to at most 11 letters and digits, or to a number of 3 to 15.")
    return SmsGateway(url, token, sender)


def _is_gateway(url: str) -> bool:
    """HTTPS, or this very machine; no name or password in it, for the token is what opens the gateway."""
    try:
        parts = urlsplit(url)
        sound = parts.port != 0 and url.isascii() and url.isprintable() and " " not in url
    except ValueError:
        return False
    if not sound or not parts.hostname or parts.username is not None or parts.fragment:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in ON_THIS_MACHINE)


def from_environment(env: Mapping[str, str] | None = None) -> Config:
    """The configuration that the environment describes; raises `Misconfigured` with a sentence to act on."""
    env = os.environ if env is None else env
    demo = env.get("HOUSE_DEMO", "") == "1"
    data_dir = Path(env.get("HOUSE_DATA_DIR", "var")).absolute()
    base_url = _base_url(env, demo)
    return Config(
        secret=_secret(env, demo),
        data_dir=data_dir,
        database_url=_database_url(env, data_dir),
        base_url=base_url,
        trusted_hosts=_hosts(env, base_url, demo),
        demo=demo,
        smtp_url=_smtp_url(env, demo),
        mail_from=_mail_from(env, demo),
        house_name=env.get("HOUSE_NAME", "International House North Denmark"),
        timezone=_timezone(env),
        proxies=_proxies(env),
        sms=_sms(env),
        check_links=env.get("HOUSE_CHECK_LINKS", "") == "1",
        phone=_phone(env),
    )
