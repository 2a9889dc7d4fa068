"""Pages of the whole house: error pages, headers, assets, conditional answers, paging."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

import structlog
from flask import Flask, Response, current_app, render_template, request, url_for
from flask.sansio.app import App
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import Conflict, HTTPException, InternalServerError, SecurityError

from house import languages
from house.db import collides, db
from house.problems import Problem, TooMany

log = structlog.get_logger()
Refuse = Callable[[HTTPException], Response]
STATIC = Path(__file__).parent / "static"
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'; worker-src 'self'"
)


@lru_cache(maxsize=64)
def _hash(name: str) -> str:
    return sha256((STATIC / name).read_bytes()).hexdigest()[:10]


def asset(name: str) -> str:
    """The address of a static file, with its hash, so that it can be kept for a year."""
    return _asset(name, request.root_path)


@lru_cache(maxsize=64)
def _asset(name: str, _root: str) -> str:
    return url_for("static", filename=name, v=_hash(name))


@lru_cache(maxsize=64)
def edition(*names: str) -> str:
    """A mark of static files together: a screen that is never closed loads itself anew when they change."""
    return sha256("".join(map(_hash, names)).encode()).hexdigest()[:8]


def way_to(endpoint: str) -> str:
    """The path of a page that needs no more than a language: the one of the moment.

    Remembered, because every page has a dozen of these and building one is slow.
    """
    return _way_to(endpoint, languages.current().tag, request.root_path)


@lru_cache(maxsize=1024)
def _way_to(endpoint: str, tag: str, _root: str) -> str:
    speaks = current_app.url_map.is_endpoint_expecting(endpoint, "lang_tag")
    return url_for(endpoint, lang_tag=tag) if speaks else url_for(endpoint)


def address(endpoint: str, **values: object) -> str:
    """The absolute address of a page, for letters: from the configured base, never from a Host header."""
    base: str = current_app.extensions["house-config"].base_url
    return base + current_app.url_map.bind("").build(endpoint, values, force_external=False)


def safe_next(wanted: str | None) -> str | None:
    """A path of this house to go on to, or None: no scheme, host, backslash or double slash passes."""
    if not wanted or not wanted.startswith("/") or wanted.startswith("//") or "\\" in wanted:
        return None
    if any(ord(sign) < 33 for sign in wanted):
        return None
    parts = urlsplit(wanted)
    return None if parts.scheme or parts.netloc else wanted


OF_PAGES = (
    ("Content-Security-Policy", POLICY),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(self), geolocation=(), microphone=()"),
)
OF_A_PAGE = frozenset({"text/css", "text/javascript"})
"""What a page runs or shows under the page's own policy: another would be half a kilobyte for nothing.
Workers have a policy of their own, so views serve them, not the static folder."""


def headers(response: Response) -> Response:
    """Security headers on every answer that a policy counts for; pages are nobody's to store."""
    put, static = response.headers.setdefault, request.endpoint == "static"
    put("X-Content-Type-Options", "nosniff")
    if not (static and response.mimetype in OF_A_PAGE):
        for name, value in OF_PAGES:
            put(name, value)
    if current_app.extensions["house-config"].secure:
        put("Strict-Transport-Security", "max-age=31536000")
    if static and "v" in request.args:
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    elif "token" in (request.view_args or {}):  # what a link opens is kept on no shared computer
        put("Cache-Control", "no-store")
    else:
        put("Cache-Control", "private, no-cache")
    return response


def conditional(response: Response) -> Response:
    """Answer 304 when the reader already holds these very bytes."""
    response.add_etag()
    response.make_conditional(request)
    return response


def error_words(status: int) -> tuple[str, str]:
    """Heading and sentence for a status."""
    words = {
        400: (_("We could not read that"), _("Please go back and try again.")),
        403: (_("This door is for others"), _("You are not allowed to see this page.")),
        404: (_("We cannot find this page"), _("Please check the address, or begin at our front page.")),
        405: (_("That does not work here"), _("Please go back and use the buttons on the page.")),
        409: (_("Somebody was faster"), _("Please go back and look again.")),
        410: (_("This link is no longer valid"), _("It was used, replaced or has run out.")),
        413: (_("That was too much at once"), _("Please send less text or a smaller file.")),
        429: (_("Too many tries"), _("Please wait a little and try again.")),
        500: (_("Something went wrong on our side"), _("Nothing was saved. Please try again in a moment.")),
    }
    return words.get(status, words[400] if status < 500 else words[500])


def error_page(status: int) -> tuple[str, int]:
    """The page for a status, in the language of the request."""
    heading, sentence = error_words(status)
    return render_template("error.html", heading=heading, sentence=sentence, status=status), status


def refuse_by(app: App, prefix: str, refuse: Refuse) -> None:
    """Let machines that ask under a prefix be refused in their own way, even where no view is reached."""
    app.extensions.setdefault("house-refusals", {})[prefix] = refuse


def _own_refusal(error: HTTPException) -> Response | None:
    refusals: dict[str, Refuse] = current_app.extensions.get("house-refusals", {})
    ways = (refuse for prefix, refuse in refusals.items() if request.path.startswith(prefix))
    return next((refuse(error) for refuse in ways), None)


def _on_http(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None or error.code is None or error.code < 400:
        return error
    if isinstance(error, SecurityError):  # a Host that is not ours: no address can be built for a page
        return Response("This address is not ours.\n", error.code, mimetype="text/plain")
    return _own_refusal(error) or error_page(error.code)


def _on_problem(problem: Problem) -> ResponseReturnValue:
    page, status = error_page(problem.status)
    headers = {"Retry-After": str(problem.retry_after)} if isinstance(problem, TooMany) else {}
    return page, status, headers


def _on_database(error: DBAPIError) -> ResponseReturnValue:
    """Who was not the fastest is told so where no verb foresaw it; everything else is a fault of ours."""
    if not collides(error):
        raise error
    db.session.rollback()
    log.warning("somebody was faster", endpoint=request.endpoint, reason=type(error.orig).__name__)
    return _own_refusal(Conflict()) or error_page(Conflict.code)


def _on_anything(error: InternalServerError) -> ResponseReturnValue:
    return _own_refusal(error) or error_page(500)


def init(app: Flask) -> None:
    """Error pages and headers for the app."""
    mimetypes.add_type("text/javascript", ".js")  # some machines call it otherwise
    app.after_request(headers)
    app.register_error_handler(Problem, _on_problem)
    app.register_error_handler(DBAPIError, _on_database)
    app.register_error_handler(HTTPException, _on_http)
    app.register_error_handler(InternalServerError, _on_anything)
    app.jinja_env.globals.update(asset=asset, way_to=way_to)


__all__ = [
    "address", "asset", "conditional", "edition", "error_page", "init", "refuse_by", "safe_next",
    "way_to",
]  # fmt: skip
