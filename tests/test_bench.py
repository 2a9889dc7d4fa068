"""The benches run and print what they promise. Counts are tiny and no clock is judged."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import time
from email.message import Message
from pathlib import Path

import pytest
from flask import Flask

from bench import calls, desk, directory, pages, printing, servers, weights
from bench.servers import Answer, Burst

ROOT = Path(__file__).resolve().parents[1]
linux = pytest.mark.skipif(sys.platform != "linux", reason="the CPU clock of a process is Linux's")


@pytest.fixture
def demo(demo_template: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The benches take the demo house that this run has built already."""
    monkeypatch.setenv("BENCH_DEMO", str(demo_template))


def bench(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=400, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


@linux
@pytest.mark.usefixtures("demo")
def test_the_page_bench_measures_and_writes_what_it_promises(tmp_path: Path) -> None:
    tiny = ["--rounds", "1", "--requests", "2", "--idle", "0.5", "--out", str(tmp_path)]
    wanted = ["home", *(["choose a time"] if os.environ.get("HOUSE_FULL") else []), "desk"]
    said = bench("-m", "bench.pages", *tiny, *[part for name in wanted for part in ("--only", name)])
    results = json.loads((tmp_path / "pages.json").read_text(encoding="utf-8"))
    assert [row["name"] for row in results["pages"]] == ["plain page, one query", *wanted]
    for row in results["pages"]:
        assert row["cpu_ms"] > 0 and row["ratio"] > 0 and row["name"] in said
    for row in results["pages"][1:]:
        assert 0 < row["statements"] <= printing.AIM_STATEMENTS, row
        assert row["statements"] <= row["statements_cold"] <= printing.aim_first(row["name"]), row
        assert 0 < row["page_bytes"] <= printing.AIM_PAGE, row
        assert row["page_bytes"] < row["first_visit_bytes"] <= printing.AIM_VISIT, row
    block = (tmp_path / "pages.md").read_text(encoding="utf-8")
    for row in results["pages"]:
        assert f"| {row['name']} | {row['ratio']:.1f} |" in block


def test_the_directory_is_measured_with_its_aim_and_every_path_answers(catalogue: Flask) -> None:
    assert {page.aim for page in directory.all_pages()} == {8}
    client = catalogue.test_client()
    for page in directory.all_pages():
        wanted = 404 if page.name in ("visit us", "opening hours as data") else 200  # there is no place here
        assert client.get(page.path).status_code == wanted, page


@linux
@pytest.mark.full
@pytest.mark.usefixtures("demo")
def test_the_directory_bench_writes_figures_of_its_own(tmp_path: Path) -> None:
    tiny = ["--rounds", "1", "--requests", "2", "--idle", "0.5", "--only", "search, misspelt"]
    bench("-m", "bench.directory", *tiny, "--out", str(tmp_path))
    results = json.loads((tmp_path / "directory.json").read_text(encoding="utf-8"))
    assert [row["name"] for row in results["pages"]] == ["plain page, one query", "search, misspelt"]
    assert "python -m bench.directory" in (tmp_path / "directory.md").read_text(encoding="utf-8")


def test_the_booking_bench_books_beside_bare_inserts(tmp_path: Path) -> None:
    tiny = ["--seconds", "0.5", "--processes", "2"]
    bench("-m", "bench.booking", *tiny, "--engine", "sqlite", "--out", str(tmp_path))
    [row] = json.loads((tmp_path / "booking.json").read_text(encoding="utf-8"))["rows"]
    assert row["booked_a_second"] > 0 and row["bare_a_second"] > 0
    assert row["rows_each"] >= 9, "visit, step, places, audit and letter"
    assert f"| sqlite | {row['booked_a_second']} |" in (tmp_path / "booking.md").read_text(encoding="utf-8")


def test_the_search_bench_measures_and_writes_what_it_promises(tmp_path: Path) -> None:
    bench("-m", "bench.search", "--rounds", "2", "--out", str(tmp_path))
    rows = {
        row["name"]: row
        for row in json.loads((tmp_path / "search.json").read_text(encoding="utf-8"))["rows"]
    }
    assert all(0 < row["median_ms"] <= row["p95_ms"] * 2 for row in rows.values())
    for chain in ("chain of 1, fixed", "chain of 3, free", "chain of 4, fixed", "chain of 4, free"):
        assert any(name.startswith(chain) for name in rows), chain
    stored = [row["found"] for name, row in rows.items() if "from the database" in name]
    counts = {found.rpartition(", ")[2] for found in stored}
    assert len(stored) == 3 and len(counts) == 1, "the statements grow with the chain"
    assert "reading the bitmaps" in (tmp_path / "search.md").read_text(encoding="utf-8")


def test_the_plan_bench_measures_and_writes_what_it_promises(tmp_path: Path) -> None:
    bench("-m", "bench.plan", "--rounds", "30", "--out", str(tmp_path))
    rows = json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))["rows"]
    assert [row["name"] for row in rows][:2] == ["20 rows", "one person's list"]
    assert all(row["a_second"] > 0 and 0 < row["median_ms"] <= row["p95_ms"] for row in rows)
    assert "one person's list" in (tmp_path / "plan.md").read_text(encoding="utf-8")


def test_every_page_of_the_issue_is_measured_with_its_aim() -> None:
    from datetime import date

    aims = {page.name: page.aim for page in pages.all_pages(date(2026, 11, 24))}
    assert (aims["home"], aims["services"], aims["desk"], aims["report"]) == (8, 10, 15, 15)
    assert {aim for name, aim in aims.items() if name.startswith("choose")} == {20}


@linux
def test_the_cpu_of_children_is_counted() -> None:
    """A bench that only saw the parent would praise every server."""
    busy = "import time\nwhile time.process_time() < 0.3: pass\ntime.sleep(20)"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {busy!r}])"
    process = subprocess.Popen([sys.executable, "-c", parent])
    try:
        server, until = servers.Server(process, 0), time.monotonic() + 60
        while server.cpu() < 0.2 and time.monotonic() < until:
            time.sleep(0.05)
        assert server.cpu() >= 0.2
        assert len(servers.family(process.pid)) == 2
    finally:
        for pid in reversed(servers.family(process.pid)):
            subprocess.run(["kill", "-9", str(pid)], check=False)
        process.wait()


def test_ratios_are_those_of_the_medians_and_a_missed_aim_is_said() -> None:
    page = pages.Page("home", "/en/", 8)
    rounds = [(Burst(0.001, (0.002,)), Burst(cpu, (0.01,))) for cpu in (0.004, 0.009, 0.05)]
    weight = printing.Carried(20_000, 60_000, {"/static/house.css": 5_000}, 13, 11)
    results = printing.results([page], {"home": rounds}, {"home": weight}, {"rounds": 3, "requests": 1})
    [row] = results["pages"]
    assert (row["ratio"], row["lowest_round"], row["highest_round"]) == (9.0, 4.0, 50.0)
    assert row["p95_ratio"] == 5.0
    said = printing.missed(results)
    assert [one.partition(" ")[2].split()[0] for one in said] == ["ratio", "statements_cold", "page_bytes"]
    assert "every aim is met" not in printing.table(results)


def test_a_page_weighs_what_travels() -> None:
    headers = Message()
    plain = Answer(200, headers, b"a" * 9000, 0.1)
    assert weights.travels(plain) < 200
    headers = Message()
    headers["Content-Encoding"] = "gzip"
    packed = Answer(200, headers, gzip.compress(b"a" * 9000), 0.1)
    assert weights.text(packed) == b"a" * 9000
    assert len(packed.body) < weights.travels(packed) < 200


def test_the_desk_bench_says_multiples_of_the_bare_route_and_how_cheap_a_board_is() -> None:
    seconds = {"bare": [0.001] * 20, "register": [0.01] * 19 + [0.1], "call next": [0.02] * 20}
    found = desk.results(seconds, [200, 304, 304], 0.61, 20)
    assert found["acts"]["call next"] == {"p50_ms": 20.0, "p95_ms": 20.0, "ratio": 20.0}
    assert found["acts"]["register"]["ratio"] > 10
    assert (found["board_answers"], found["board_304"]) == (3, 2)
    said = desk.table(found)
    assert "| call next | 20.0 | 20.0 | 20.0 | ≤ 20 |" in said and "0.61 of a bare route's rate" in said


def test_the_calls_of_both_engines_are_read_from_what_the_race_says() -> None:
    said = (
        "..\nsqlite: 10000 calls by 8 desks in 260 s, 0 twice or never, 0 out of order\n"
        ".\npostgresql: 10000 calls by 8 desks in 452 s, 1 twice or never, 2 out of order\n"
    )
    rows = calls.read(said)
    assert [(one["engine"], one["calls"], one["seconds"]) for one in rows] == [
        ("sqlite", 10000, 260), ("postgresql", 10000, 452),
    ]  # fmt: skip
    assert "| postgresql | 10000 | 8 | 1 | 2 | 452 |" in calls.table(rows, "2026-11-26T00:00:00+00:00")
    with pytest.raises(LookupError, match="postgresql"):
        calls.read(said.partition(".\n")[0])


@linux
@pytest.mark.full
@pytest.mark.usefixtures("demo")
def test_the_desk_bench_registers_and_calls_while_boards_ask() -> None:
    found = desk.measure(rounds=2, requests=3)
    assert found["acts"]["register"]["p95_ms"] > 0 and found["board_rate"] > 0
