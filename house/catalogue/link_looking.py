"""Looking at an address outside: politely, not for long, and never into anybody's own network."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Callable
from ipaddress import ip_address
from typing import Any, NamedTuple
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    Request,
    UnknownHandler,
)

PATIENCE = 10.0
LONGEST = 30.0
MOST_READ = 1024
SHY = frozenset({401, 403, 405, 429})
"""Answers of pages that are there but do not talk to machines."""

MayConnect = Callable[[str], bool]


class Found(NamedTuple):
    """What an address answered; `trouble` is a code, None when the page is there."""

    status: int | None
    trouble: str | None


class Private(OSError):
    """The address is none that everybody can reach."""


def is_public(address: str) -> bool:
    """Whether an IP address is everybody's: not loopback, private, link-local, reserved or multicast."""
    ip = ip_address(address.partition("%")[0])
    inner = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None)
    return ip.is_global and not ip.is_multicast and (inner is None or is_public(str(inner)))


def look(url: str, sender: str = "", may_connect: MayConnect = is_public, longest: float = LONGEST) -> Found:
    """Ask for the head of a page, and for the page where that is refused; never longer than `longest`."""
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
        return Found(None, "no_address")
    answers: list[Found] = []
    asking = threading.Thread(target=lambda: answers.append(_ask(url, sender, may_connect)), daemon=True)
    asking.start()
    asking.join(longest)
    return answers[0] if answers else Found(None, "timeout")


def _ask(url: str, sender: str, may_connect: MayConnect) -> Found:
    opener = _opener(may_connect)
    found = _open(opener, url, "HEAD", sender)
    return found if found.trouble is None or found.status is None else _open(opener, url, "GET", sender)


def _open(opener: OpenerDirector, url: str, method: str, sender: str) -> Found:
    try:
        headers = {"User-Agent": f"HouseLinkCheck/1 {sender}".strip(), "Accept": "*/*", "Connection": "close"}
        request = Request(url, headers=headers, method=method)  # noqa: S310 - the scheme was looked at
        with opener.open(request, timeout=PATIENCE) as answer:
            if method == "GET":
                answer.read(MOST_READ)
            return Found(answer.status, None)
    except HTTPError as error:
        error.close()
        return Found(error.code, None if error.code in SHY else "status")
    except Exception as error:  # whatever a strange server does, it is a link that fails
        return Found(None, _trouble(error))


def _trouble(error: BaseException) -> str:
    reason = error.reason if isinstance(error, URLError) and isinstance(error.reason, Exception) else error
    kinds: tuple[tuple[type[BaseException], str], ...] = (
        (Private, "private"), (ssl.SSLError, "certificate"), (TimeoutError, "timeout"),
        (socket.gaierror, "no_such_host"), (ConnectionRefusedError, "refused"),
    )  # fmt: skip
    return next((code for kind, code in kinds if isinstance(reason, kind)), "no_answer")


# --- connecting only where one may --------------------------------------------------------------------------


def _opener(may_connect: MayConnect) -> OpenerDirector:
    """An opener for http and https alone, without proxies; redirects pass the same door."""

    def connect(to: tuple[str, int], timeout: Any = PATIENCE, _source: Any = None, **_: Any) -> socket.socket:
        found = socket.getaddrinfo(*to, type=socket.SOCK_STREAM)
        addresses = [str(one[4][0]) for one in found]
        if not all(map(may_connect, addresses)):
            raise Private
        return socket.create_connection((addresses[0], to[1]), timeout)  # the very address that was judged

    def plain(host: str, **given: Any) -> Any:
        made: Any = http.client.HTTPConnection(host, **given)
        made._create_connection = connect
        return made

    def safe(host: str, **given: Any) -> Any:
        made: Any = http.client.HTTPSConnection(host, **given)
        made._create_connection = connect
        return made

    class Plain(HTTPHandler):
        def http_open(self, req: Request) -> http.client.HTTPResponse:
            return self.do_open(plain, req)

    class Safe(HTTPSHandler):
        def https_open(self, req: Request) -> http.client.HTTPResponse:
            return self.do_open(safe, req, context=ssl.create_default_context())

    opener = OpenerDirector()
    redirects, errors = HTTPRedirectHandler(), (HTTPDefaultErrorHandler(), HTTPErrorProcessor())
    for handler in (Plain(), Safe(), redirects, *errors, UnknownHandler()):
        opener.add_handler(handler)
    return opener
