"""Browsers in which somebody signed in before: no stranger's wrong passwords shut them out.

The browser keeps a sealed cookie: a random name of its own and the accounts' blind marks. We keep nothing.
"""

from __future__ import annotations

import json
import secrets

from flask import current_app, request
from werkzeug.wrappers import Response

from house.people.networks import from_network
from house.people.signing_in import A_DAY, Bucket, email_mark
from house.seals import Unsealable, keyring

COOKIE, KEPT = "known", 365 * A_DAY
MOST = 8
"""So many colleagues share one desk; the one who was away longest is forgotten first."""
TRIES, A_QUARTER, AN_HOUR = 10, 15 * 60, 60 * 60
FROM_EVERYWHERE = 200


def tries(email: str) -> list[Bucket]:
    """What a try to sign in counts for, the narrowest first.

    A browser this account knows counts for itself alone. Elsewhere an account and a network are counted
    together, so that somebody far away shuts nobody out here; the account alone only when very many try.
    """
    mark = _mark(email)
    browser, marks = _known()
    if mark in marks:
        return [Bucket(f"sign-in {mark} in {browser}", TRIES, A_QUARTER)]
    return [
        *from_network(f"sign-in {mark}", TRIES, A_QUARTER),
        *from_network("sign-in", TRIES * 10, A_QUARTER),
        Bucket(f"sign-in {mark}", FROM_EVERYWHERE, AN_HOUR),
    ]


def remember(response: Response, email: str) -> None:
    """Let the browser know that this account signed in there."""
    mark = _mark(email)
    browser, marks = _known()
    told = json.dumps([browser, [*(one for one in marks if one != mark), mark][-MOST:]])
    response.set_cookie(
        COOKIE, keyring().carry(COOKIE, told), max_age=KEPT, path="/sign-in", httponly=True, samesite="Lax",
        secure=current_app.extensions["house-config"].secure,
    )  # fmt: skip


def _known() -> tuple[str, list[str]]:
    """This browser's name and its accounts; a new one for whoever brings none, or one we did not make."""
    try:
        browser, marks = json.loads(keyring().carried(COOKIE, request.cookies.get(COOKIE, "")))
    except (Unsealable, ValueError):
        return secrets.token_hex(8), []
    return browser, marks


def _mark(email: str) -> str:
    return email_mark(email).hex()
