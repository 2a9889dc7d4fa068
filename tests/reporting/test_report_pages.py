"""The manager's report: contacts by month, service and channel, as a page and as a file."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from house.db import db
from house.doors import Role
from house.languages import LANGUAGES
from house.reporting import charting, reading, tables
from house.reporting.closing import close_month
from house.reporting.reading import HIDDEN, Figure
from house.reporting.releasing import Status
from tests import houses
from tests.inspecting import InspectingClient
from tests.reporting.recording import FEWER, contacts, offer

REPORT = "/reports/"
FILE = "/reports/contacts.csv"
EXACT = {347, 211, 136}
"""What was counted in October; with `FEWER` what is published is five less."""


@pytest.fixture
def manager(app: Flask, sign_in: Callable[..., SimpleNamespace]) -> InspectingClient:
    client: InspectingClient = app.test_client()  # type: ignore[assignment]
    sign_in(client, Role.MANAGER)
    return client


def october(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three closed months: August busy, September too small to show, October with known noise."""
    offer(monkeypatch, "cpr", "tax", "bank")
    with houses.arranging(app) as session:
        contacts(session, "2026-08", 60, key=FEWER)
        contacts(session, "2026-09", 4, 10, key=FEWER)
        contacts(session, "2026-10", 211, key=FEWER)
        contacts(session, "2026-10", 132, key=FEWER, service="tax", channel="walk_in")
        contacts(session, "2026-10", 4, key=FEWER, service="tax", channel="walk_in", outcome="missed")
        for month in ("2026-08", "2026-09", "2026-10"):
            close_month(session, month)


@pytest.fixture(scope="module")
def october_template(empty_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Counted and closed once, copied for every test that is `reported` to."""
    house = houses.fresh(empty_template, tmp_path_factory.mktemp("october"))
    with pytest.MonkeyPatch.context() as patch:
        october(house, patch)
    houses.close(house)
    return house.extensions["house-config"].data_dir / "house.db"  # type: ignore[no-any-return]


@pytest.fixture
def app(app_factory: Callable[..., Flask], request: pytest.FixtureRequest) -> Flask:
    if "reported" in request.fixturenames:
        return app_factory(template=request.getfixturevalue("october_template"))
    return app_factory()


@pytest.fixture
def reported(manager: InspectingClient, monkeypatch: pytest.MonkeyPatch) -> InspectingClient:
    offer(monkeypatch, "cpr", "tax", "bank")
    return manager


def numbers(text: str) -> set[int]:
    """Every number of a page but the parts of dates and times: a page made at 03:35 tells nothing of 35."""
    return {int(number) for number in re.findall(r"(?<![\w:-])\d+(?![\w:-])", text)}


def row(page: Any, name: str) -> list[str]:
    [found] = [one for one in page.select("table")[1].select("tr") if one.children[0].text == name]
    return [cell.text for cell in found.select("td")]


# --- the page --------------------------------------------------------------------------------------------


def test_the_report_is_the_managers(desk_client: InspectingClient, client: InspectingClient) -> None:
    for path in (REPORT, FILE):
        desk_client.get_page(path, 403)
        assert "sign-in" in (client.get_page(path, 303).location or "")


def test_a_house_without_closed_months_says_so_kindly(manager: InspectingClient) -> None:
    page = manager.get_page(REPORT)
    assert "There are no figures yet" in page.text and not page.select("table")
    manager.get_page(FILE, 404)


def test_the_newest_closed_month_is_shown_by_service_and_channel(reported: InspectingClient) -> None:
    page = reported.get_page(REPORT)
    assert page.h1 == "Contacts: October 2026"
    assert row(page, "All services") == ["206", "under 5", "131", "under 5", "under 5", "under 5", "342"]
    assert row(page, "Civil registration") == ["206", *["under 5"] * 5, "206"]
    assert row(page, "Tax card") == ["under 5", "under 5", "131", *["under 5"] * 3, "131"]
    assert row(page, "Bank account") == row(page, "Not known") == ["under 5"] * 7


def test_key_figures_are_made_of_published_ones(reported: InspectingClient) -> None:
    words = reported.get_page(REPORT).one("dl.stats").text
    # 338 of 342 were served, 131 of 342 came without a time; September is hidden.
    assert words == "Contacts 342 The month before under 5 Were served 99% Came without a time 38%"


def test_exact_figures_are_in_no_byte(reported: InspectingClient) -> None:
    page, file = reported.get_page(REPORT), reported.get(FILE)
    for text in (page.text, file.text):
        assert not EXACT & numbers(text), EXACT & numbers(text)
        assert 342 in numbers(text) and 131 in numbers(text)
    # Four people, forty contacts: September rests on too few.
    quiet = reported.get_page(f"{REPORT}?month=2026-09")
    assert row(quiet, "All services") == ["under 5"] * 7
    assert not {40, 35} & numbers(quiet.text)
    assert "35" not in reported.get(f"{FILE}?month=2026-09").text.replace("2026-09", "")


def test_the_page_says_what_under_5_means_and_that_nothing_adds_up(reported: InspectingClient) -> None:
    words = reported.get_page(REPORT).text
    assert "“Under 5” stands for fewer than five contacts or people, and for none." in words
    assert "do not add up exactly, on purpose" in words
    assert "A contact is one service that ended" in words and "Source:" in words
    assert "its totals tell more" in words


def test_one_walks_from_month_to_month(reported: InspectingClient) -> None:
    page = reported.get_page(REPORT).click("‹ September 2026").click("‹ August 2026")
    assert page.h1 == "Contacts: August 2026"
    assert not page.select("a[rel=prev]") and "The month before" not in page.text
    assert page.click("September 2026 ›").click("October 2026").h1 == "Contacts: October 2026"
    assert reported.get_page(f"{REPORT}?month=").h1 == "Contacts: October 2026"


@pytest.mark.parametrize(
    "month", ["2026-11", "2026-07", "2026-Q3", "2026", "2026-13", "x", "%00", "9" * 5000]
)
def test_a_month_that_is_not_closed_is_not_here(reported: InspectingClient, month: str) -> None:
    reported.get_page(f"{REPORT}?month={month}", 404)
    reported.get_page(f"{FILE}?month={month}", 404)


def test_the_signature_is_the_releases(reported: InspectingClient, looking: Any) -> None:
    with looking() as session:
        sha256 = reading.releases(session)["2026-10"].sha256
    details = reported.get_page(REPORT).one("main details").text
    assert f"{sha256[:8]}…" in details and sha256 in details


def test_a_service_that_was_removed_is_named_by_its_code(
    reported: InspectingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer(monkeypatch, "cpr")
    assert row(reported.get_page(REPORT), "tax")[-1] == "131"


@pytest.mark.parametrize("language", [language.tag for language in LANGUAGES])
def test_the_report_is_a_page_in_every_language(reported: InspectingClient, language: str) -> None:
    page = reported.get_page(REPORT, headers={"Accept-Language": language})
    assert page.one("html")["lang"] == language
    assert "342" in page.text


def test_a_report_takes_few_statements(app: Flask, reported: InspectingClient) -> None:
    statements: list[str] = []
    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", lambda *seen: statements.append(seen[2]))
    reported.get_page(REPORT)
    assert 3 <= len(statements) <= 12
    assert not [one for one in statements if "exact_cell" in one or "FROM contact" in one]


# --- the chart -------------------------------------------------------------------------------------------


def test_the_chart_says_its_figures_and_draws_no_zero(reported: InspectingClient) -> None:
    page = reported.get_page(REPORT)
    svg = page.one("svg.chart")
    assert svg["role"] == "img"
    said = svg.select("desc")[0].raw_text
    assert said == (
        "From August 2026 to October 2026. Most: 342, October 2026. Fewest: 55, August 2026. "
        "A hatched stub stands for a month under 5."
    )
    bars = svg.select("rect")
    assert [one.get("fill") for one in bars] == [None, "url(#hatch)", None]
    assert [int(one["height"]) > 0 for one in bars] == [True] * 3
    beside = [[cell.text for cell in one.children] for one in page.select("table")[0].select("tbody tr")]
    assert beside == [["August 2026", "55"], ["September 2026", "under 5"], ["October 2026", "342"]]


def test_the_chart_begins_on_the_right_in_arabic(reported: InspectingClient) -> None:
    first = {
        tag: int(reported.get_page(REPORT, headers={"Accept-Language": tag}).select("svg.chart rect")[0]["x"])
        for tag in ("en", "ar")
    }
    assert first["en"] < charting.WIDTH / 2 < first["ar"]


def test_bars_stay_inside_the_picture_and_hidden_ones_are_alike() -> None:
    for rtl in (False, True):
        bars = charting.bars([None, 5, 100, 7, *[50] * 8], rtl)
        assert all(0 <= bar.x <= charting.WIDTH - charting.BAR and bar.y >= charting.TOP for bar in bars)
        assert [bar.hidden for bar in bars] == [True] + [False] * 11
        assert bars[2].y == charting.TOP and bars[0].height == charting.STUB
    assert charting.bars([None])[0].height == charting.STUB
    assert charting.bars([]) == ()


def test_an_older_month_brings_the_twelve_that_end_with_it() -> None:
    months = tuple(f"{2025 + number // 12}-{number % 12 + 1:02}" for number in range(20))
    assert reading.months_shown(months, "2026-08") == months[-12:]
    assert reading.months_shown(months, "2025-09") == months[-12:]
    assert reading.months_shown(months, "2025-08") == months[:8]
    assert reading.months_shown(months[:3], "2025-01") == months[:3]


# --- the file --------------------------------------------------------------------------------------------


def test_the_file_holds_the_table_and_is_the_same_for_everybody(reported: InspectingClient) -> None:
    answer = reported.get(f"{FILE}?month=2026-10")
    assert answer.mimetype == "text/csv"
    assert 'filename="contacts-2026-10.csv"' in answer.headers["Content-Disposition"]
    lines = list(csv.DictReader(io.StringIO(answer.text)))
    assert len(lines) == 5 * 7 and set(lines[0]) == {"month", "service", "channel", "contacts", "status"}
    found = {(line["service"], line["channel"]): (line["contacts"], line["status"]) for line in lines}
    assert found["_T", "_T"] == ("342", "shown") and found["tax", "walk_in"] == ("131", "shown")
    assert found["bank", "_T"] == found["tax", "booked"] == ("", "under_5")
    again = reported.get(FILE, headers={"Accept-Language": "ar"})
    assert again.data == answer.data and again.headers["ETag"] == answer.headers["ETag"]
    kept = reported.get(FILE, headers={"If-None-Match": answer.headers["ETag"]})
    assert kept.status_code == 304 and not kept.data


def test_the_same_file_for_different_hidden_truths(
    app_factory: Callable[..., Flask],
    sign_in: Callable[..., SimpleNamespace],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    files = []
    for few in (0, 4):
        app = app_factory()
        offer(monkeypatch, "cpr", "tax")
        with houses.arranging(app) as session:
            contacts(session, "2026-10", few, 9)
            close_month(session, "2026-10")
        client: InspectingClient = app.test_client()  # type: ignore[assignment]
        sign_in(client, Role.MANAGER)
        files.append(client.get(FILE).data)
    assert files[0] == files[1]


@pytest.mark.parametrize("code", ["=cmd()", "+1", "-1", "@x", "\tx", "\rx"])
def test_a_spreadsheet_runs_nothing_of_the_file(code: str) -> None:
    cells = {((), ()): HIDDEN, (("service",), (code,)): Figure(7, Status.SHOWN)}
    lines = list(csv.reader(io.StringIO(tables.contacts_csv("2026-10", cells).decode(), newline="")))
    assert {line[1] for line in lines} == {"service", f"'{code}", "_T"}


# --- shares ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "whole", "share"),
    [(50, 100, 0.5), (104, 100, 1.0), (None, 100, None), (20, 49, None), (20, None, None)],
)
def test_a_share_is_of_published_figures_and_never_of_few(
    part: int | None, whole: int | None, share: float | None
) -> None:
    part_, whole_ = (HIDDEN if value is None else Figure(value, Status.SHOWN) for value in (part, whole))
    assert tables.share(part_, whole_) == share
