"""Looking at links: politely, few a day, never into private networks; editors see which fail since when."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import pytest
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from house import worker
from house.catalogue.editing_models import LinkCheck
from house.catalogue.entries import Kind
from house.catalogue.link_checking import AGAIN, MOST_A_DAY, claim, failing, note, of_catalogue
from house.catalogue.link_looking import Found, is_public, look
from house.catalogue.storing import stored
from house.doors import Role
from tests.inspecting import InspectingClient

Context = Callable[[], AbstractContextManager[Session]]
NOW = datetime(2027, 1, 7, 9, tzinfo=UTC)


class Site(BaseHTTPRequestHandler):
    """Pages that are there, gone, shy, slow, endless and misleading."""

    asked: ClassVar[Counter[str]] = Counter()

    def do_HEAD(self) -> None:
        Site.asked[f"HEAD {self.path}"] += 1
        if self.path == "/no-head":
            return self._say(501)
        self._answer()

    def do_GET(self) -> None:
        Site.asked[f"GET {self.path}"] += 1
        self._answer()

    def _answer(self) -> None:
        if self.path == "/slow":
            time.sleep(3)
        to = {
            "/moved": "/there", "/circle": "/circle", "/inside": "http://10.0.0.1/", "/file": "file:///etc/passwd",
            "/ftp": "ftp://127.0.0.1/x",
        }.get(self.path)  # fmt: skip
        if to:
            self.send_response(302)
            self.send_header("Location", to)
            self.end_headers()
            return
        self._say({"/gone": 404, "/broken": 500, "/shy": 403}.get(self.path, 200))

    def _say(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def site() -> Iterator[str]:
    """A web server on this machine; its address."""
    Site.asked.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def here(address: str) -> bool:
    """Loopback counts as outside in these tests, nothing else does."""
    return address == "127.0.0.1"


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/there", Found(200, None)),
        ("/no-head", Found(200, None)),
        ("/moved", Found(200, None)),
        ("/shy", Found(403, None)),
        ("/gone", Found(404, "status")),
        ("/broken", Found(500, "status")),
        ("/inside", Found(None, "private")),
        ("/file", Found(302, "status")),
        ("/ftp", Found(None, "no_answer")),
        ("/circle", Found(302, "status")),
    ],
)
def test_what_a_page_answers(site: str, path: str, found: Found) -> None:
    assert look(site + path, may_connect=here) == found


def test_the_head_is_asked_first_and_the_page_only_where_that_fails(site: str) -> None:
    look(f"{site}/there", may_connect=here)
    look(f"{site}/no-head", may_connect=here)
    assert Site.asked == {"HEAD /there": 1, "HEAD /no-head": 1, "GET /no-head": 1}


def test_nobody_waits_for_ever(site: str) -> None:
    began = time.monotonic()
    assert look(f"{site}/slow", may_connect=here, longest=0.5) == Found(None, "timeout")
    assert time.monotonic() - began < 2.5


@pytest.mark.parametrize(
    ("url", "trouble"),
    [
        ("file:///etc/passwd", "no_address"),
        ("ftp://example.dk/x", "no_address"),
        ("http://", "no_address"),
        ("http://127.0.0.1:1/", "private"),
        ("http://localhost:1/", "private"),
        ("http://[::1]/", "private"),
        ("http://[::ffff:127.0.0.1]/", "private"),
        ("http://169.254.169.254/latest/meta-data/", "private"),
        ("http://10.1.2.3/", "private"),
        ("http://192.168.0.1/", "private"),
        ("http://0.0.0.0/", "private"),
        ("http://2130706433/", "private"),
    ],
)
def test_no_private_network_is_entered(url: str, trouble: str) -> None:
    assert look(url).trouble == trouble


def test_a_refused_connection_is_said(site: str) -> None:
    assert look("http://127.0.0.1:1/", may_connect=here) == Found(None, "refused")


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True), ("2a00:1450:4001::1", True), ("127.0.0.1", False), ("100.64.0.1", False),
        ("224.0.0.1", False), ("fe80::1", False), ("fc00::1", False), ("::ffff:10.0.0.1", False),
        ("2002:7f00:1::", False), ("fe80::1%eth0", False),
    ],
)  # fmt: skip
def test_which_addresses_are_everybodys(address: str, public: bool) -> None:
    assert is_public(address) is public


# --- which next ---------------------------------------------------------------------------------------------


def test_every_link_of_the_catalogue_is_known_with_its_places(catalogue: Flask, looking: Context) -> None:
    with looking() as session:
        places = of_catalogue(stored(session))
    assert (Kind.SERVICE, "mitid") in places["https://www.mitid.dk/en-gb/help/help-universe/non-citizens/"]
    assert (Kind.SOURCE, "S01") in places[next(url for url in places if "ics-north" in url)]


def test_links_are_looked_at_one_by_one_and_not_too_many_a_day(catalogue: Flask, session: Session) -> None:
    first = {claim(session, NOW + timedelta(minutes=n)) for n in range(MOST_A_DAY + 5)}
    assert len(first) == MOST_A_DAY + 1
    assert None in first
    assert claim(session, NOW + timedelta(days=1, minutes=2)) not in first


def test_what_fails_is_looked_at_the_next_day_and_the_rest_in_a_week(
    catalogue: Flask, session: Session
) -> None:
    links = list(of_catalogue(stored(session)))
    session.add_all(LinkCheck(url=url, looked_at=NOW) for url in links)
    session.flush()
    note(session, links[5], Found(404, "status"), NOW)
    assert claim(session, NOW + timedelta(hours=25)) == links[5]
    assert claim(session, NOW + timedelta(hours=26)) is None
    session.execute(delete(LinkCheck).where(LinkCheck.url == links[5]))
    session.add(LinkCheck(url=links[5], looked_at=NOW + AGAIN))
    session.flush()
    assert claim(session, NOW + AGAIN + timedelta(hours=1)) in links


def test_a_link_fails_since_it_first_failed(catalogue: Flask, session: Session) -> None:
    url = claim(session, NOW)
    assert url
    note(session, url, Found(404, "status"), NOW)
    note(session, url, Found(None, "timeout"), NOW + timedelta(days=1))
    [row] = failing(session)
    assert (row.failing_since, row.trouble, row.status) == (NOW, "timeout", None)
    note(session, url, Found(200, None), NOW + timedelta(days=2))
    assert failing(session) == []
    note(session, "https://gone.example.dk", Found(200, None), NOW)


def test_nothing_is_looked_at_before_there_is_a_catalogue(session: Session) -> None:
    assert claim(session, NOW) is None


def test_the_worker_looks_and_the_editors_see_it(
    catalogue: Flask, client: InspectingClient, sign_in: Callable[..., Any], looking: Context
) -> None:
    with catalogue.app_context():
        assert worker.look_at_a_link(lambda url: Found(404, "status"))
    with looking() as session:
        row = session.scalars(select(LinkCheck)).one()
        url = row.url
    sign_in(client, Role.EDITOR)
    page = client.get_page("/manage/catalogue/links")
    assert url in page.text
    assert "It answers with the error 404." in page.text


@pytest.mark.parametrize("trouble", ["timeout", "no_such_host", "refused", "certificate", "private", "x"])
def test_every_trouble_has_its_sentence(
    catalogue: Flask, client: InspectingClient, sign_in: Callable[..., Any], arranging: Context, trouble: str
) -> None:
    with arranging() as session:
        url = claim(session, NOW)
        assert url
        note(session, url, Found(None, trouble), NOW)
    sign_in(client, Role.EDITOR)
    page = client.get_page("/manage/catalogue/links")
    assert any(one.text.startswith("It") or "host" in one.text for one in page.select("td"))
