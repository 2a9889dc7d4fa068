"""Logs that know no names: one line a request with the route's pattern, never its path, query or body.

An error is told by where it came from and of which kind it is. What it says of itself stays out: databases
and libraries quote what somebody wrote.
"""

from __future__ import annotations

import logging
import sys
import time
import traceback
from collections.abc import Iterator
from typing import Any

import structlog
from flask import Flask, Response, g, got_request_exception, request
from structlog.typing import EventDict

log = structlog.get_logger("house")


def init(app: Flask, testing: bool) -> None:
    """JSON lines on standard error; the server's own access log, which has paths, stays off."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _without_words,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING if testing else logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=not testing,
    )
    app.logger.disabled = True  # Flask's own line of an error has the path, and all that the error says
    if not testing:
        got_request_exception.connect(_stumbled, app)

    @app.before_request
    def start_clock() -> None:
        g.began = time.perf_counter()

    @app.after_request
    def line(response: Response) -> Response:
        if request.endpoint not in ("static", "front.livez"):
            log.info(
                "request",
                method=request.method,
                route=_route(),
                status=response.status_code,
                ms=round((time.perf_counter() - g.began) * 1000, 1) if "began" in g else None,
            )
        return response


def _route() -> str | None:
    return request.url_rule.rule if request.url_rule else None


def _stumbled(_app: Flask, exception: BaseException) -> None:
    log.error("the house stumbled", method=request.method, route=_route(), exc_info=exception)


def _without_words(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """In place of an error: the places it came through and the kinds of error, the first cause first."""
    told = event.pop("exc_info", None)
    error = told if isinstance(told, BaseException) else sys.exc_info()[1] if told else None
    if error is not None:
        event["errors"] = list(_told(error))
    return event


def _told(error: BaseException) -> Iterator[dict[str, Any]]:
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        yield from _told(before)
    frames = traceback.extract_tb(error.__traceback__)
    kind, code = type(error), getattr(error, "sqlstate", None)
    told = {"kind": f"{kind.__module__}.{kind.__qualname__}", "code": code}
    yield {**told, "at": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]}
