"""Sessions in a cookie, and the addresses under which there are none: machines carry no cookie."""

from __future__ import annotations

from flask import Flask, Request, Response, request
from flask.sansio.app import App
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin


class HouseSessions(SecureCookieSessionInterface):
    """Flask's own sessions, but none where nobody is ever signed in."""

    def __init__(self) -> None:
        self.without: set[str] = set()

    def _is_none(self, path: str) -> bool:
        return path.startswith(tuple(self.without))

    def open_session(self, app: Flask, asked: Request) -> SecureCookieSession | None:
        """What the cookie holds; an empty one, whatever was sent, where there is none."""
        return self.session_class() if self._is_none(asked.path) else super().open_session(app, asked)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Send the cookie when it changed, and say that the answer depends on it where it was looked at."""
        if not self._is_none(request.path):
            super().save_session(app, session, response)


def none_under(app: App, prefix: str) -> None:
    """Read and set no session under a prefix."""
    app.session_interface.without.add(prefix)  # type: ignore[attr-defined]


def init(app: Flask) -> None:
    """Before any blueprint is registered. Files are everybody's: a cache keeps one copy whoever asks."""
    app.session_interface = HouseSessions()
    none_under(app, "/static/")
