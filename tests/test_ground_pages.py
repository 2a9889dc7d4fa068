"""Pages of the whole house: error pages in every language, headers, assets, safe ways on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask, Response, abort
from psycopg import errors
from sqlalchemy import insert
from sqlalchemy.exc import DBAPIError, IntegrityError

from house import doors, pages
from house.db import collides, db
from house.languages import LANGUAGES
from house.pages import safe_next
from house.people.models import Attempt
from house.problems import Gone, Moved, NotHere, Problem, Taken, TooMany
from tests import houses
from tests.inspecting import BASE_URL, InspectingClient, Page
from tests.intake.booking_house import set_up

AppFactory = Callable[..., Flask]


@pytest.mark.parametrize("path", ["/", "/desk/", "/en/book/?day=2027-01-07", "/en/visit/K7M.x#step", "/a:b"])
def test_a_path_of_the_house_is_a_way_on(path: str) -> None:
    assert safe_next(path) == path


@pytest.mark.parametrize(
    "path",
    [
        None, "", "desk", "https://evil.example", "//evil.example", "///evil.example", "/\\evil.example",
        "\\\\evil.example", "/\t/evil.example", "/\n/evil.example",
        "\t//evil.example", " //evil.example", "/ /evil", "/\x00/evil.example", "\x00/evil.example",
        "javascript:alert(1)", "http:/evil.example", "http:evil.example",
        "/\\/evil.example", "/a\r\nSet-Cookie: house=x",
    ],
)  # fmt: skip
def test_a_way_out_of_the_house_is_not(path: str | None) -> None:
    assert safe_next(path) is None


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.tag)
def test_a_page_that_is_not_there_is_said_in_the_language_of_its_address(
    client: InspectingClient, language: object
) -> None:
    client.get_page(f"/{language.tag}/nowhere", 404)  # type: ignore[attr-defined]


def test_a_page_without_a_language_answers_in_the_browsers(client: InspectingClient) -> None:
    page = client.get_page("/nowhere", 404, headers={"Accept-Language": "ar, en;q=0.5"})
    assert (page.one("html")["lang"], page.one("html")["dir"]) == ("ar", "rtl")


PROBLEMS = {
    400: lambda: abort(400), 403: lambda: abort(403), 404: NotHere(), 405: lambda: abort(405), 409: Taken(),
    410: Gone(), 413: lambda: abort(413), 422: Problem("refused"), 429: TooMany(30), 418: lambda: abort(418),
}  # fmt: skip


@pytest.mark.parametrize("status", PROBLEMS)
def test_every_refusal_is_a_whole_page(app: Flask, client: InspectingClient, status: int) -> None:
    problem = PROBLEMS[status]

    def view(lang_tag: str) -> str:
        if isinstance(problem, Problem):
            raise problem
        problem()
        return ""

    app.add_url_rule("/<lang:lang_tag>/refused", "refused", doors.public(view))
    for tag in ("en", "fa"):
        page = client.get_page(f"/{tag}/refused", status)
        assert page.h1
        assert page.links
    if status == 429:
        assert page.response.headers["Retry-After"] == "30"


def test_moved_is_a_conflict() -> None:
    assert (Moved.status, Taken.status) == (409, 409)


def test_who_was_not_the_fastest_is_told_so_where_no_verb_foresaw_it(
    app: Flask, client: InspectingClient
) -> None:
    """A key that is there already is somebody who was faster; a value that is missing is a fault of ours."""
    values = {"bucket": b"1", "window": 1, "count": 1, "ends_at": datetime(2027, 1, 7, tzinfo=UTC)}

    def write(rows: list[dict[str, object]]) -> str:
        for row in rows:
            db.session.execute(insert(Attempt).values(row))
        return ""

    app.add_url_rule("/<lang:lang_tag>/faster", "faster", doors.public(lambda lang_tag: write([values] * 2)))
    app.add_url_rule("/api/faster", "api_faster", doors.public(lambda: write([values] * 2)))
    missing = {**values, "count": None}
    app.add_url_rule("/<lang:lang_tag>/fault", "fault", doors.public(lambda lang_tag: write([missing])))
    assert "Somebody was faster" in client.get_page("/en/faster", 409).h1
    answer = client.get("/api/faster")
    assert (answer.status_code, answer.mimetype) == (409, "application/problem+json")
    with pytest.raises(IntegrityError):
        client.get("/en/fault")


@pytest.mark.parametrize(
    ("cause", "faster"),
    [
        (errors.DeadlockDetected, True), (errors.SerializationFailure, True), (errors.UniqueViolation, True),
        (errors.ForeignKeyViolation, True), (errors.NotNullViolation, False), (errors.DiskFull, False),
    ],
)  # fmt: skip
def test_a_circle_and_a_row_that_is_gone_are_somebody_who_was_faster(
    cause: type[errors.Error], faster: bool
) -> None:
    assert collides(DBAPIError("", {}, cause())) is faster


def test_a_fault_of_ours_is_a_page_that_tells_nothing(app_factory: AppFactory) -> None:
    app = app_factory(testing=False)

    @app.get("/en/fault")
    @doors.public
    def fault() -> str:
        raise RuntimeError("secret details")

    client = app.test_client()
    with pytest.raises(AssertionError, match="never answers 5xx") as seen:
        client.get("/en/fault")
    assert "secret details" not in str(seen.value)
    assert "h1" not in str(seen.value)  # the page itself has no other fault


def test_a_hostile_host_is_turned_away(client: InspectingClient) -> None:
    assert client.get("/livez", base_url="http://evil.example").status_code == 400


def test_too_much_at_once_is_turned_away(client: InspectingClient) -> None:
    response = client.post("/livez", data=b"x" * 5_000_000, content_type="application/x-www-form-urlencoded")
    assert response.status_code in (405, 413)


def test_a_wrong_method_is_said_kindly(client: InspectingClient) -> None:
    page = Page(client, client.put("/livez"))
    page.must_be(405)


def test_pages_are_nobodys_to_keep_and_assets_are_kept(app: Flask, client: InspectingClient) -> None:
    assert client.get("/nowhere").headers["Cache-Control"] == "private, no-cache"
    with app.test_request_context(base_url=BASE_URL):
        address = pages.asset("house.css")
    with client.get(address) as kept:
        assert "immutable" in kept.headers["Cache-Control"]
        assert kept.headers["Vary"] == "Accept-Encoding"  # one copy for everybody, signed in or not
    with client.get(address.partition("?")[0]) as plain:
        assert "immutable" not in plain.headers["Cache-Control"]


def test_what_only_a_page_can_run_carries_no_policy_of_its_own_and_all_else_does(app: Flask) -> None:
    client = app.test_client()
    for path, has_one in (("house.css", False), ("house.js", False), ("favicon.svg", True)):
        answer = client.get(f"/static/{path}")
        assert ("Content-Security-Policy" in answer.headers) == has_one, path
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_https_is_promised_only_where_it_is_spoken(app_factory: AppFactory) -> None:
    secure = app_factory(base_url="https://127.0.0.1")
    assert "Strict-Transport-Security" in secure.test_client().get("/livez").headers
    assert "Strict-Transport-Security" not in app_factory().test_client().get("/livez").headers


def test_a_reader_who_has_it_is_told_so(app: Flask, client: InspectingClient) -> None:
    @app.get("/board")
    @doors.machine
    def board() -> Response:
        return pages.conditional(Response("A 12", mimetype="text/plain"))

    tag = client.get("/board").headers["ETag"]
    assert client.get("/board", headers={"If-None-Match": tag}).status_code == 304
    assert client.get("/board", headers={"If-None-Match": '"old"'}).status_code == 200


def test_a_letters_address_comes_from_the_settings_never_from_a_request(app: Flask) -> None:
    with app.test_request_context(base_url="http://127.0.0.1:666"):
        assert pages.address("front.home", lang_tag="ar") == f"{BASE_URL}/ar/"
    with app.app_context():
        assert pages.address("front.home", lang_tag="ar") == f"{BASE_URL}/ar/"


def test_probes_answer(client: InspectingClient) -> None:
    assert client.get("/livez").text == "ok\n"


@pytest.mark.parametrize("path", ["/counter/", "/desk/done", "/referrals/"])
def test_a_staff_page_turns_danish_where_it_is(app: Flask, desk_client: InspectingClient, path: str) -> None:
    with houses.arranging(app) as session:
        set_up(session)
    menu = desk_client.get_page(path).one(".langs")
    [danish] = [one for one in menu.select("a") if one["hreflang"] == "da"]
    page = desk_client.get_page(danish["href"], 302).follow()
    assert page.url == path
    assert page.html.startswith("<!doctype html>\n<html lang=\"da\"")
