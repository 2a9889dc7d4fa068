"""A browser for tests that looks hard at every page it is given, and walks through forms as people do.

`client.get_page("/en/")` gives a `Page`; `page.submit("Continue", name="Ada")` fills and sends its form with
whatever the form already holds. Every answer to every request, by whatever method, is inspected: a page that
breaks one of the rules in `inspections.py` fails the test that met it, in words that name page and mend.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import Context
from functools import cached_property
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from tests.dom import Element, parse
from tests.inspections import findings_in_answer, findings_in_page

BASE_URL = "http://127.0.0.1:8000"

VISITS: set[tuple[str, str, str]] = set()
"""Every (route, method, "ok" | "refused" | "error") that this process has met; `conftest.py` adds them up."""


def nobody_else_writes(app: Flask) -> None:
    """Fail at once where SQLite would wait half a minute for the test's own fixture `session`."""
    session: Session | None = app.extensions.get("test-session")
    if session is None or not session.in_transaction() or session.get_bind().dialect.name != "sqlite":
        return
    assert not session.connection().get_execution_options().get("house_write"), (
        "The fixture `session` is still writing, so this would wait for ever: "
        "session.commit() first, or write with `arranging()` instead."
    )


class InspectingClient(FlaskClient):
    """Flask's test client with the address of the test house, inspecting what it gets."""

    counts_visits = True
    """Off for tests that walk through every route without looking at what it does."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        if args and isinstance(args[0], str):
            args = (args[0].removeprefix(BASE_URL) or "/", *args[1:])
            kwargs.setdefault("base_url", BASE_URL)
        if kwargs.get("method", "GET") not in ("GET", "HEAD", "OPTIONS"):
            nobody_else_writes(self.application)
        if self.preserve_context:
            response = super().open(*args, **kwargs)
        else:  # a test may hold an app context open; the request must not land in it
            response = Context().run(super().open, *args, **kwargs)
        self._note(response)
        self._inspect(response)
        return response

    @contextmanager
    def session_transaction(self, *args: Any, **kwargs: Any) -> Iterator[Any]:
        kwargs.setdefault("base_url", BASE_URL)
        with super().session_transaction(*args, **kwargs) as browser:
            yield browser

    def get_page(self, url: str, status: int = 200, **kwargs: Any) -> Page:
        """The page at an address; fails on another status."""
        return Page(self, self.get(url, **kwargs)).must_be(status)

    def post_page(self, url: str, data: Any = None, status: int | None = None, **kwargs: Any) -> Page:
        """What the house answers to a raw post, for what no form would send."""
        page = Page(self, self.post(url, data=data, **kwargs))
        return page if status is None else page.must_be(status)

    def route_of(self, response: TestResponse) -> str | None:
        """The pattern of the route that answered, or None."""
        request = response.request
        adapter = self.application.url_map.bind("127.0.0.1:8000")
        try:
            rule, _ = adapter.match(request.path, method=request.method, return_rule=True)
        except HTTPException:
            return None
        return str(rule.rule)

    def _note(self, response: TestResponse) -> None:
        route = self.route_of(response)
        if route and self.counts_visits and self.application.name == "house":
            status = response.status_code
            outcome = "ok" if status < 400 else "refused" if status < 500 else "error"
            VISITS.add((route, response.request.method, outcome))

    def _inspect(self, response: TestResponse) -> None:
        where = f"{response.request.method} {response.request.full_path.rstrip('?')} ({response.status_code})"
        findings = list(findings_in_answer(response))
        is_page = response.mimetype == "text/html" and not 300 <= response.status_code < 400
        if is_page and response.data:
            findings += findings_in_page(response.text, response.request.path, self.application)
        if findings:
            raise AssertionError("\n".join([f"{where} breaks the house's rules for pages:", *findings]))


class Page:
    """One answer of the house, and what a person can do on it."""

    def __init__(self, client: InspectingClient, response: TestResponse) -> None:
        self.client, self.response = client, response
        self.status = response.status_code
        self.url = response.request.full_path.rstrip("?")
        self.html = response.text if response.mimetype == "text/html" else ""

    @cached_property
    def document(self) -> Element:
        """The page's elements; nobody looks at those of a redirect."""
        return parse(self.html).document

    def __repr__(self) -> str:
        return f"<Page {self.response.request.method} {self.url} {self.status}>"

    def must_be(self, status: int) -> Page:
        """Itself, when its status is this; else a failure that says what the page said."""
        assert self.status == status, f"{self!r} should be {status}. It says: {self.said}"
        return self

    @property
    def said(self) -> str:
        """The gist of the page for a failure message."""
        problems = [one.text for one in self.select(".summary") + self.select(".error")]
        return " | ".join([self.location or self.h1, *problems]) or self.response.text[:300]

    @property
    def h1(self) -> str:
        return " ".join(one.text for one in self.select("h1"))

    @property
    def text(self) -> str:
        """The visible words of the page's main part, or of the whole body."""
        part = self.select("main") or self.select("body")
        return part[0].text if part else self.response.text

    @property
    def location(self) -> str | None:
        """Where a redirect leads, as a path of the house."""
        where = self.response.headers.get("Location")
        return where.removeprefix(BASE_URL) if where else None

    @property
    def links(self) -> list[tuple[str, str]]:
        """Every link's words and address, absolute within the house."""
        return [(one.text, self.address(one["href"])) for one in self.select("a[href]")]

    @property
    def forms(self) -> list[Element]:
        return self.select("form")

    def select(self, css: str) -> list[Element]:
        """Elements by a plain selector such as `main ul.times [aria-current=page]`."""
        return self.document.select(css)

    def one(self, css: str) -> Element:
        """The only element of this kind."""
        found = self.select(css)
        assert len(found) == 1, f"{self!r} has {len(found)} elements like {css!r}, not one"
        return found[0]

    def address(self, href: str) -> str:
        """A link of this page as a path of the house."""
        return urljoin(BASE_URL + self.url, href).removeprefix(BASE_URL)

    def follow(self, status: int = 200) -> Page:
        """Go where the redirect leads."""
        assert self.location, f"{self!r} leads nowhere. It says: {self.said}"
        page = Page(self.client, self.client.get(self.address(self.location)))
        return page if 300 <= page.status < 400 and status == 200 else page.must_be(status)

    def click(self, words: str, status: int = 200) -> Page:
        """Follow the link with these words (or that begins with them)."""
        found = [where for said, where in self.links if said == words]
        found = found or [where for said, where in self.links if said.startswith(words)]
        assert found, f"{self!r} has no link {words!r}; it has {[said for said, _ in self.links]}"
        return self.client.get_page(found[0], status)

    def form(self, button: str | int | None = None) -> Element:
        """The form with a button of these words, the n-th form, or the only one in the main part."""
        if isinstance(button, int):
            return self.forms[button]
        if button is not None:
            found = [one for one in self.forms if self._button(one, button) is not None]
            has = [one.text for one in self.select("button")]
            assert found, f"{self!r} has no button {button!r}; it has {has}"
            return found[0]
        found = self.select("main form")
        assert len(found) == 1, f"{self!r} has {len(found)} forms; say which button to press"
        return found[0]

    def buttons(self, form: Element) -> list[Element]:
        """The buttons of a form, its own first; some stand elsewhere on the page and name it."""
        elsewhere = [one for one in self.select("button[form]") if one["form"] == form.get("id")]
        return form.select("button") + form.select("input[type=submit]") + elsewhere

    def _button(self, form: Element, words: str) -> Element | None:
        for one in self.buttons(form):
            if words in (one.text, one.get("value"), one.get("aria-label"), one.get("name")):
                return one
        return None

    def values(self, button: str | int | None = None) -> dict[str, Any]:
        """What the form would send if its button were pressed now."""
        form = self.form(button)
        pressed = self._button(form, button) if isinstance(button, str) else None
        return _values(form, pressed)

    def submit(
        self, button: str | int | None = None, *, extra: dict[str, Any] | None = None, **fields: Any
    ) -> Page:
        """Fill the form and press its button.

        A field may be named with `_` for `-`. It must exist, and a choice must be offered, as for people;
        what no browser would send goes in `extra`. None leaves a field out; a list gives several values.
        """
        form = self.form(button)
        values = self.values(button)
        for name, value in fields.items():
            name = _check(self, form, name, value)
            values[name] = value
        values |= extra or {}
        values = {name: value for name, value in values.items() if value is not None}
        where = self.address(form.get("action") or self.url)
        if form.get("method", "get").lower() == "post":
            return Page(self.client, self.client.post(where, data=values))
        query = urlencode(values, doseq=True)
        return Page(self.client, self.client.get(f"{urlsplit(where).path}?{query}"))


def _values(form: Element, pressed: Element | None) -> dict[str, Any]:
    found: dict[str, list[str]] = {}
    for one in form.select("input") + form.select("textarea") + form.select("select"):
        name, kind = one.get("name"), one.get("type", "text")
        if not name or one.get("disabled") is not None or kind in ("submit", "button", "file", "reset"):
            continue
        if one.tag == "textarea":
            found.setdefault(name, []).append(one.raw_text)
        elif one.tag == "select":
            options = one.select("option")
            chosen = [opt for opt in options if opt.get("selected") is not None] or options[:1]
            found.setdefault(name, []).extend(opt.get("value", opt.text) for opt in chosen)
        elif kind not in ("radio", "checkbox") or one.get("checked") is not None:
            found.setdefault(name, []).append(one.get("value", "on" if kind == "checkbox" else ""))
    if pressed is not None and pressed.get("name"):
        found[pressed["name"]] = [pressed.get("value", "")]
    return {name: all_[0] if len(all_) == 1 else all_ for name, all_ in found.items()}


def _check(page: Page, form: Element, name: str, value: Any) -> str:
    """The name as the form has it; fails when a person could not give this answer here."""
    fields = [one for one in form.select("[name]") if one["name"] in (name, name.replace("_", "-"))]
    has = sorted({one["name"] for one in form.select("[name]")})
    assert fields, f"{page!r} has no field {name!r}; it has {has}"
    offered = [one.get("value", "on") for one in fields if one.get("type") in ("radio", "checkbox")]
    for one in fields:
        if one.tag == "select":
            offered += [option.get("value", option.text) for option in one.select("option")]
    wanted = value if isinstance(value, list) else [value]
    for answer in wanted if offered else []:
        given = answer is None or str(answer) in offered
        assert given, f"{page!r} offers {offered} for {name!r}, not {answer!r}"
    return fields[0]["name"]


def visits_as_text() -> str:
    """All visits of this process, to be handed to the process that adds them up."""
    return json.dumps(sorted(VISITS))
