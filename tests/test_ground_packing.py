"""Packing: text is compressed for whoever takes it, except for somebody signed in."""

from __future__ import annotations

import gzip
from collections.abc import Callable

from flask import Flask, Response
from flask.testing import FlaskClient

from house import doors, pages
from tests.inspecting import BASE_URL, InspectingClient

TAKES = {"Accept-Encoding": "gzip, deflate, br"}
LONG = "A long story about a house. " * 100


def packed(response: Response) -> bool:
    return response.headers.get("Content-Encoding") == "gzip"


def test_a_page_is_packed_for_a_browser_that_takes_it(app: Flask, client: InspectingClient) -> None:
    plain = client.get("/en/about/privacy")
    bare = FlaskClient(app, app.test_client().response_wrapper)  # the inspecting one reads pages unpacked
    small = bare.get("/en/about/privacy", headers=TAKES, base_url=BASE_URL)
    assert not packed(plain)
    assert packed(small)
    assert gzip.decompress(small.data) == plain.data
    assert int(small.headers["Content-Length"]) == len(small.data) < len(plain.data) / 2
    assert "Accept-Encoding" in plain.headers["Vary"] and "Accept-Encoding" in small.headers["Vary"]


def test_a_reader_who_refuses_gzip_gets_none(client: InspectingClient) -> None:
    assert not packed(client.get("/en/about/privacy", headers={"Accept-Encoding": "gzip;q=0, br"}))


def test_the_style_sheet_is_packed_and_stays_known(client: InspectingClient) -> None:
    with client.get("/static/house.css", headers=TAKES) as small, client.get("/static/house.css") as plain:
        assert packed(small)
        assert gzip.decompress(small.data) == plain.data
        tag = small.headers["ETag"]
        assert tag.startswith("W/")
    with client.get("/static/house.css", headers={**TAKES, "If-None-Match": tag}) as known:
        assert known.status_code == 304
        assert not known.data


def test_nothing_is_packed_for_somebody_signed_in(desk_client: InspectingClient) -> None:
    """What an outsider puts into an address must not be packed together with what is secret (BREACH)."""
    assert not packed(desk_client.get("/en/about/privacy", headers=TAKES))
    with desk_client.get("/static/house.css", headers=TAKES) as style:
        assert packed(style)


def test_short_parts_streams_and_pictures_are_left_alone(app: Flask, client: InspectingClient) -> None:
    answers = {
        "short": Response("ok", mimetype="text/plain"),
        "stream": Response(iter([LONG]), mimetype="text/plain"),
        "picture": Response(LONG, mimetype="image/png"),
        "part": Response(LONG, status=206, mimetype="text/plain"),
        "packed": Response(LONG, mimetype="text/plain", headers={"Content-Encoding": "br"}),
    }
    for name, answer in answers.items():
        app.add_url_rule(f"/{name}", name, doors.machine(_giving(answer)))
    for name in answers:
        assert not packed(client.get(f"/{name}", headers=TAKES)), name


def _giving(answer: Response) -> Callable[[], Response]:
    return lambda: answer


def test_a_reader_who_has_the_packed_text_is_told_so(app: Flask, client: InspectingClient) -> None:
    @app.get("/story")
    @doors.machine
    def story() -> Response:
        return pages.conditional(Response(LONG, mimetype="text/plain"))

    first = client.get("/story", headers=TAKES)
    assert packed(first)
    known = client.get("/story", headers={**TAKES, "If-None-Match": first.headers["ETag"]})
    assert (known.status_code, known.data) == (304, b"")
