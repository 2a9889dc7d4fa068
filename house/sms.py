"""Text messages leave by an HTTP gateway: one JSON POST each, described in docs/operating.md.

Nothing here says a number or a text to the log: what is raised has the gateway's answer, no more.
"""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, OpenerDirector, ProxyHandler, Request, build_opener

from house.config import SmsGateway
from house.post import Texting, TextMessage, Undeliverable

TIMEOUT = 20
ABOUT_US = frozenset({
    HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY,
    HTTPStatus.TOO_MANY_REQUESTS,
})  # fmt: skip
"""Refusals that say nothing about the message: our token, or too much at once. They are tried again."""


class NoGateway(Exception):
    """There are text messages to send, but no gateway any more; they wait as if it did not answer."""


class _StayHere(HTTPRedirectHandler):
    """A redirect would carry the token and the number to somewhere else: it is a fault, tried again later."""

    def redirect_request(self, *_: Any) -> None:
        return None


def no_gateway(_message: TextMessage) -> None:
    """The transport of a house without a gateway."""
    raise NoGateway()


def gateway(to: SmsGateway) -> Texting:
    """A transport to an SMS gateway; raises `Undeliverable` for a refusal for good, else what urllib does."""
    opener = _opener(to)

    def send(message: TextMessage) -> None:
        try:
            opener.open(_request(to, message), timeout=TIMEOUT).close()
        except HTTPError as error:
            error.close()
            if 400 <= error.code < 500 and error.code not in ABOUT_US:
                raise Undeliverable(str(error.code)) from None
            raise

    return send


def _opener(to: SmsGateway) -> OpenerDirector:
    """Without a proxy where the way is not encrypted: then the gateway is on this machine."""
    direct = [] if to.url.startswith("https://") else [ProxyHandler({})]
    return build_opener(_StayHere(), *direct)


def _request(to: SmsGateway, message: TextMessage) -> Request:
    body = {"to": message.to, "from": to.sender, "text": message.text, "id": message.id}
    return Request(  # noqa: S310 - `config.py` lets https through, or this machine
        to.url, json.dumps(body).encode(), method="POST",
        headers={
            "Authorization": f"Bearer {to.token}", "Content-Type": "application/json",
            "Idempotency-Key": message.id, "User-Agent": "house",
        },
    )  # fmt: skip
