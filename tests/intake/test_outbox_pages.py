"""What the browser asks for the desk without the net: every address met as it should be, and refused."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from house.doors import Role
from house.intake.models import Visit
from house.intake.outbox_models import NumberBlock, OutboxEntry
from tests.hostile import MEGABYTE, nothing_changes
from tests.intake.booking_house import (
    CPR,
    house_template,  # noqa: F401 - a fixture
)
from tests.intake.desk_house import CHECK_IN, REGISTER, booked, thursday  # noqa: F401 - a fixture
from tests.intake.netless_house import entry, numbers, send, sending_desk  # noqa: F401 - a fixture

# --- what the browser keeps ------------------------------------------------------------------------------


def test_the_worker_has_the_outbox_in_it_and_is_asked_for_anew(client):
    worker = client.get("/desk/worker.js")
    assert worker.mimetype == "text/javascript"
    assert "var outbox" in worker.text and 'addEventListener("fetch"' in worker.text
    assert worker.headers["Cache-Control"] == "private, no-cache"
    assert client.get("/desk/worker.js", headers={"If-None-Match": worker.headers["ETag"]}).status_code == 304
    assert "worker-src 'self'" in worker.headers["Content-Security-Policy"]


def test_the_counter_has_a_page_of_its_own_without_the_net_and_nobody_is_in_it(desk, client):
    worker = client.get("/counter/worker.js")
    assert worker.mimetype == "text/javascript"
    assert 'addEventListener("fetch"' in worker.text
    known = {"If-None-Match": worker.headers["ETag"]}
    assert client.get("/counter/worker.js", headers=known).status_code == 304
    page = desk.get_page("/counter/without-net")
    assert page.h1 == "My counter"
    assert page.one("[data-again]")["href"] == "/counter/"
    assert page.select("form") == []
    counter = desk.get_page("/counter/").one("[data-workers]")
    assert (counter["data-worker"], counter["data-scope"]) == ("/counter/worker.js", "/counter/")


def test_the_desk_can_be_installed(desk):
    link = desk.get_page("/desk/").one("link[rel=manifest]")
    manifest = desk.get(link["href"])
    assert manifest.mimetype == "application/manifest+json"
    assert (manifest.json["start_url"], manifest.json["scope"]) == ("/desk/", "/desk/")
    assert manifest.json["display"] == "standalone"
    assert desk.get(manifest.json["icons"][0]["src"]).status_code == 200


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_page_that_is_kept_is_the_same_for_everybody(app, desk, sign_in, arranging, language):
    with arranging() as session:
        booked(session, name="Grace Hopper")
    desk.get_page("/desk/").submit(REGISTER, service=CPR, name="Ada Lovelace")
    other = app.test_client()
    who = sign_in(other, Role.ADMIN)
    for one in (desk, other):
        one.get(f"/language/{language}")
    pages = [one.get_page("/desk/without-net") for one in (desk, other)]
    assert pages[0].html == pages[1].html
    assert pages[0].one("html")["lang"] == language
    for personal in ("Ada", "Grace", "Person", who.email, "csrf", "A1", "Ticket A"):
        assert personal not in pages[0].html
    assert pages[0].select("#service option")[0]["value"] == CPR


def test_the_page_that_is_kept_eats_no_message_meant_for_another(desk):
    desk.get_page("/desk/").submit(REGISTER, service=CPR).must_be(303)
    desk.get_page("/desk/without-net")
    assert desk.get_page("/desk/").one(".notice.good .given").text == "Ticket A1"


# --- sending ---------------------------------------------------------------------------------------------


def test_numbers_are_given_once_for_each_day(desk, looking):
    first, again = numbers(desk).json, numbers(desk).json
    assert first == again and first["letter"] == "Q"
    assert first["blocks"][0] == {"day": "2027-01-07", "nth": 1, "first": 101, "last": 199}
    with looking() as session:
        assert session.scalar(select(func.count()).select_from(NumberBlock)) == 8


def test_what_was_kept_becomes_a_visit_once(desk, looking):
    numbers(desk)
    for _ in range(2):
        assert send(desk, number=101) == {"state": "done", "ticket": "Q101", "why": None}
    with looking() as session:
        visit = session.scalars(select(Visit)).one()
        assert (visit.name, visit.language, visit.party) == (None, "ar", 2)
    assert [one.text for one in desk.get_page("/desk/").select(".queue .no")] == ["Q101"]


def test_a_form_tells_the_browser_that_it_arrived_and_its_entry_changes_only_the_number(desk, looking):
    numbers(desk)
    page = desk.get_page("/desk/")
    once = page.form(REGISTER).select("input[name=once]")[0]["value"]
    assert page.submit(REGISTER, service=CPR, name="Ada").location == f"/desk/?registered={once}"
    assert send(desk, id=once, number=101)["ticket"] == "Q101"
    assert [one.text for one in desk.get_page("/desk/").select(".notice.good, .queue .no")] == ["Q101"], (
        "the number that nobody was told is not said any more"
    )
    with looking() as session:
        assert session.scalars(select(Visit)).one().name == "Ada"
    assert page.submit(REGISTER, service=CPR, name="Ada").follow().one(".notice").text == (
        "This walk-in has a ticket already."
    )


def test_a_check_in_whose_answer_was_lost_is_one_check_in(desk, arranging):
    numbers(desk)
    with arranging() as session:
        code = booked(session, name="Grace").reference
    page = desk.get_page("/desk/")
    once = page.form(CHECK_IN).select("input[name=once]")[0]["value"]
    page.submit(CHECK_IN, reference=code).must_be(303)
    kept = {"id": once, "kind": "check_in", "reference": code, "service": "", "number": 102}
    assert send(desk, **kept) == {"state": "done", "ticket": "Q102", "why": None}
    other = {**kept, "id": "entry-of-another-desk", "number": 103}
    assert send(desk, **other)["why"] == "This visit is checked in already."


REFUSED = {
    "no id": {"id": ""},
    "an id that is none": {"id": "../../../etc/passwd"},
    "a long id": {"id": "a" * 65},
    "no browser": {"browser": ""},
    "no time": {"noted_at": ""},
    "a time after all times": {"sent_at": 10**20},
    "a kind that is none": {"kind": "delete"},
    "a number that is none": {"number": "Q101"},
    "a megabyte": {"id": MEGABYTE},
}


@pytest.mark.parametrize("which", REFUSED)
def test_what_has_no_shape_is_refused_and_changes_nothing(desk, which):
    with nothing_changes(desk.application, which):
        assert send(desk, 422, **REFUSED[which])["state"] == "again"


def test_an_old_token_is_refused_so_that_the_browser_keeps_what_it_has(desk):
    with nothing_changes(desk.application, "an old token"):
        assert send(desk, 403, csrf_token="old")["state"] == "again"
        assert numbers(desk, csrf_token="old").status_code == 403
        assert numbers(desk, nth=51).status_code == 422
        assert numbers(desk, browser="?").status_code == 422


def test_who_is_signed_out_is_led_to_the_sign_in_and_sends_nothing(desk, client, looking):
    filled = entry(desk)
    for method, path in (("GET", "/desk/outbox"), ("POST", "/desk/outbox"), ("POST", "/desk/outbox/numbers")):
        answer = client.open(path, method=method, data=filled if method == "POST" else None)
        assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (303, "/sign-in")
    with looking() as session:
        assert session.scalar(select(func.count()).select_from(OutboxEntry)) == 0


@pytest.mark.parametrize("role", [Role.EDITOR, Role.COMPANY])
def test_other_roles_send_nothing(app, desk, sign_in, role):
    other = app.test_client()
    sign_in(other, role)
    assert other.get("/desk/outbox").status_code == 403
    assert other.post("/desk/outbox", data=entry(desk)).status_code == 403


def test_markup_and_bidi_tricks_are_only_a_service_that_nobody_gives(desk):
    for number, service in enumerate(("<script>alert(1)</script>", "\u202ecpr", "x" * 80)):
        said = send(desk, id=f"entry-number-{number:03}", service=service)
        assert (said["state"], said["ticket"]) == ("conflict", None)
    assert "<script>alert" not in desk.get_page("/desk/").html
