"""Who may pass. Every view carries one mark; a view without a mark is shut, and a test fails on it.

    @bp.get("/desk/")
    @doors.staff(Role.DESK)
    def desk(): ...
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from flask import Flask, abort, current_app, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.local import LocalProxy

View = TypeVar("View", bound=Callable[..., Any])


class Role(StrEnum):
    """What a signed-in person may do; stored as data in a membership."""

    DESK = "desk"
    ADVISER = "adviser"
    MANAGER = "manager"
    ORGANISER = "organiser"
    EDITOR = "editor"
    ADMIN = "admin"
    COMPANY = "company"
    PARTNER = "partner"


STAFF = frozenset({Role.DESK, Role.ADVISER, Role.MANAGER, Role.ORGANISER, Role.EDITOR, Role.ADMIN})


class SignedIn(Protocol):
    """What doors and layouts need to know of a signed-in person."""

    id: Any
    roles: frozenset[str]
    name: str


@dataclass(frozen=True)
class Door:
    """A mark on a view: its kind, and for signed-in doors the roles of which one is needed."""

    kind: str
    roles: frozenset[Role] = frozenset()


def _mark(door: Door) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.door = door  # type: ignore[attr-defined]
        return view

    return mark


def public(view: View) -> View:
    """Anybody, without an account."""
    return _mark(Door("public"))(view)


def by_link(view: View) -> View:
    """Whoever holds a capability link; the view loads through the token in its path and nothing else.

    A screen in the hall holds its link in a cookie: there it would be read from the address.
    """
    return _mark(Door("link"))(view)


def machine(view: View) -> View:
    """Probes and feeds: no person, no language."""
    return _mark(Door("machine"))(view)


def demo_only(view: View) -> View:
    """Only in a demo house, where every person is invented."""
    return _mark(Door("demo"))(view)


def signed_in_any(view: View) -> View:
    """Anybody who is signed in, whatever the role."""
    return _mark(Door("roles", frozenset(Role)))(view)


def staff(*roles: Role) -> Callable[[View], View]:
    """Staff with one of these roles; an administrator passes every staff door."""
    return _mark(Door("roles", frozenset(roles) | {Role.ADMIN}))


def company(view: View) -> View:
    """A company's contact; the view loads everything through `g.signed_in.company`."""
    return _mark(Door("roles", frozenset({Role.COMPANY})))(view)


def by_itself(view: View) -> View:
    """Beside its door: what a page fetches by itself. It keeps nobody signed in who has gone home."""
    view.by_itself = True  # type: ignore[attr-defined]
    return view


def pressed(endpoint: str | None) -> bool:
    """Whether a person asks for this behind a door for signed-in people, and not a page by itself."""
    view, door = current_app.view_functions.get(endpoint or ""), of(endpoint)
    return door is not None and door.kind == "roles" and not getattr(view, "by_itself", False)


def of(endpoint: str | None) -> Door | None:
    """The mark on an endpoint, if it has one."""
    view = current_app.view_functions.get(endpoint or "")
    return getattr(view, "door", None)


def _current_person() -> SignedIn | None:
    person: SignedIn | None = current_app.extensions["house-signed-in"]()
    return person


def person_if_session() -> SignedIn | None:
    """Who is signed in, for layouts: a visitor without a session costs nothing."""
    return _current_person() if "_user_id" in session else None


signed_in: SignedIn | None = LocalProxy(_current_person)  # type: ignore[assignment]


def demo() -> bool:
    """Whether this is a demo house."""
    return bool(current_app.extensions["house-config"].demo)


def guard() -> ResponseReturnValue | None:
    """Before every request: pass, sign in first, or stay outside."""
    if request.endpoint is None:
        return None  # routing answers 404 or 405
    door = of(request.endpoint)
    if door is None:
        abort(403)
    if door.kind == "demo" and not demo():
        abort(404)
    if door.kind != "roles":
        return None
    person = _current_person()
    if person is None:
        return _to_sign_in(door)
    if not door.roles & person.roles:
        abort(403)
    return None


def _to_sign_in(door: Door) -> ResponseReturnValue:
    """To the sign-in page of the door's people; a lost POST is said there, a GET is found again after."""
    lang_tag = (request.view_args or {}).get("lang_tag")
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    if door.roles == {Role.COMPANY}:
        return redirect(url_for("people.company_sign_in", lang_tag=lang_tag or "en"), 303)
    return redirect(url_for("people.sign_in", next=wanted), 303)


def init(app: Flask) -> None:
    """Put the guard before every request."""
    app.before_request(guard)
    static = app.view_functions.get("static")
    if static is not None:
        public(static)
