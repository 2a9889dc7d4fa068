"""Packing: text leaves the house compressed, because a newcomer's first page comes over a slow line.

A proxy in front may do it too: it leaves alone what is packed already.
"""

from __future__ import annotations

import gzip
from functools import lru_cache

from flask import Flask, Response, request, session

TEXT = ("text/", "image/svg+xml", "application/json", "application/javascript")
SMALLEST = 1000
"""Bytes below which packing saves no packet on the line."""
LEVEL = 5
"""Above it a page hardly gets smaller: 60 µs for a page of 9 KB."""


def pack(response: Response) -> Response:
    """Compress a text for a reader who takes gzip, unless somebody is signed in.

    Where a page holds secrets beside words that an outsider chose, as in a query, its packed length betrays
    them letter by letter (BREACH). A visitor's page holds none that an outsider could have it fetched with:
    who knows its link knows its secrets, and the token of a form is signed anew every second.
    """
    if not (response.mimetype or "").startswith(TEXT):
        return response
    _vary(response)
    static = request.endpoint == "static"
    if not _wanted(response) or (not static and "_user_id" in session):
        return response
    response.direct_passthrough = False  # a static file comes as an open file
    body = response.get_data()
    if len(body) < SMALLEST:
        return response
    response.set_data(_packed_file(body) if static else _packed(body))
    response.headers["Content-Encoding"] = "gzip"
    response.headers.pop("Accept-Ranges", None)
    tag, weak = response.get_etag()
    if tag and not weak:
        response.set_etag(tag, weak=True)  # the same text, not the same bytes
    return response


def _vary(response: Response) -> None:
    """Say that the answer depends on what the reader takes; `vary` is slow, so only where it must."""
    if "Vary" in response.headers:
        response.vary.add("Accept-Encoding")
    else:
        response.headers["Vary"] = "Accept-Encoding"


def _wanted(response: Response) -> bool:
    """Whether this is a whole, known body that is not packed yet, for a reader who takes gzip."""
    whole = response.status_code not in (204, 206, 304) and "Content-Encoding" not in response.headers
    known = response.direct_passthrough or not response.is_streamed
    return whole and known and request.accept_encodings["gzip"] > 0


def _packed(body: bytes) -> bytes:
    return gzip.compress(body, LEVEL, mtime=0)


_packed_file = lru_cache(maxsize=32)(_packed)


def init(app: Flask) -> None:
    """Pack every answer that gains from it."""
    app.after_request(pack)
