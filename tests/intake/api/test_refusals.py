"""What is refused: all that is wrong at once, what is no JSON, what is tampered with; never half done."""

from __future__ import annotations

import json

from sqlalchemy import update

from house.catalogue import face as catalogue
from house.intake.models import CounterService, Occupancy, Visit
from tests.intake.api.asking import (
    CPR,
    FORGED,
    SIRI,
    TAX,
    errors,
    iso,
    stored,
)
from tests.intake.booking_house import (
    FRIDAY,
    THURSDAY,
    set_up,
)

TEN = iso(THURSDAY, "10:00")
WISH = {"services": [CPR], "starts_at": TEN}


def test_everything_that_is_wrong_is_said_at_once(machine, house):
    refused = machine.ask("hold", {
        "services": [CPR, "No Such!"], "party": 9, "language": "klingon", "access": ["<script>"],
        "elsewhere": [{"service": SIRI}], "starts_at": "tomorrow", "a/b~c": 1, "interpreter": "yes",
    }, 422)  # fmt: skip
    assert errors(refused) == {
        "/services/1": "pattern", "/party": "maximum", "/language": "enum", "/access/0": "enum",
        "/elsewhere/0/starts_at": "required", "/starts_at": "format", "/a~1b~0c": "additionalProperties",
        "/interpreter": "type",
    }  # fmt: skip
    assert all(one["detail"].endswith(".") for one in refused["errors"])
    refused = machine.ask("hold", {
        "services": ["nothing_like_it"], "party": 2, "children": 2, "municipality": "Atlantis",
        "starts_at": TEN,
        "elsewhere": [{"service": CPR, "starts_at": "2031-01-01T10:00:00Z", "reference": "010190-1234"}],
    }, 422)  # fmt: skip
    assert errors(refused) == {
        "/services/0": "service", "/children": "children", "/municipality": "municipality",
        "/elsewhere/0/service": "no_time", "/elsewhere/0/starts_at": "day", "/elsewhere/0/reference": "cpr",
    }  # fmt: skip


UNSOUND = [
    b"", b"{", b"nonsense", b"\xff\xfe", b'{"services": ["\\ud800"]}', b'{"services": [NaN]}', b"[" * 99,
    b'{"a": 1e999}', b'{"services": [], "services": []}', b"-" * 100, b'{"party": Infinity}',
    b'{"party": ' + b"9" * 5000 + b"}", b"[" * 40 + b"]" * 40, b'\xef\xbb\xbf{"services": []}',
    b'{"a":' * 900 + b"1" + b"}" * 900,
]  # fmt: skip


def test_what_is_no_sound_json_is_refused(machine, house):
    for body in UNSOUND:
        for name in ("findItineraries", "hold", "bookVisit"):
            assert machine.ask(name, body, 400)["code"] == "unreadable"


KINDS = [None, True, 1, 1.5, "x", [], [{}], {}, {"services": None}, {"services": {}}]


def test_json_of_another_kind_is_refused(machine, house):
    for body in KINDS:
        for name in ("findItineraries", "hold", "bookVisit"):
            assert machine.ask(name, json.dumps(body).encode(), 422)["errors"], body


def test_hostile_values_never_break_it(machine, house):
    nul, long, huge = "a\0b", "x" * 30_000, 10**4000
    for value in (nul, long, huge, -1, 0, 1e300, [], {}, None, True, "\u202e", "\ud83d\ude00" * 100):
        for field in (*WISH, "party", "children", "language", "municipality", "replaces", "access"):
            body = json.dumps(WISH | {field: value}).encode()
            response = machine.client.post("/api/v1/holds", data=body, content_type="application/json")
            assert response.status_code < 500
            assert response.status_code == 201 or response.mimetype == "application/problem+json"
    assert machine.ask("hold", json.dumps({"x": "y" * 1_000_000}).encode(), 413)["code"] == "too_large"
    too_much = machine.client.post("/api/v1/holds", data=b"x" * 5_000_000, content_type="application/json")
    assert (too_much.status_code, too_much.mimetype) == (413, "application/problem+json")


OTHER_KINDS = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]


def test_only_json_is_read(machine, house):
    for kind in OTHER_KINDS:
        response = machine.client.post("/api/v1/holds", data=json.dumps(WISH), content_type=kind)
        assert (response.status_code, response.json["code"]) == (415, "not_json"), kind


MEDDLING = {
    "duration": 5, "minutes": 5, "ends_at": TEN, "counter": 1, "counter_id": 1, "steps": [],
    "reference": "K7M4QXT", "state": "booked", "start": 1,
}  # fmt: skip


def test_nobody_says_how_long_a_visit_takes_or_at_which_counter(machine, house, app):
    for field, value in MEDDLING.items():
        refused = machine.ask("hold", WISH | {field: value}, 422)
        assert errors(refused) == {f"/{field}": "additionalProperties"}
    assert stored(app, Visit) == [0]


NEVER = [
    iso(THURSDAY, "10:05"), iso(THURSDAY, "10:01"), "2027-01-07T10:00:01+01:00",
    "2027-01-07T10:00:00.000001+01:00", iso(THURSDAY, "09:50"), iso(THURSDAY, "13:50"),
    iso("2027-01-05", "10:00"), iso("2026-12-31", "10:00"), iso("2027-06-03", "10:00"),
    iso("2027-01-09", "10:00"),
    "1970-01-01T00:00:00Z", "9999-12-31T23:55:00Z", "0001-01-02T00:00:00Z", "2027-01-07T10:00:00+02:00",
]  # fmt: skip


def test_a_time_off_the_grid_past_beyond_the_horizon_or_outside_the_hours_is_never_held(machine, house, app):
    for starts_at in NEVER:
        refused = machine.ask("hold", WISH | {"starts_at": starts_at}, 409)
        assert refused["code"] == "taken" and len(refused["nearest"]) == 3, starts_at
    assert stored(app, Visit, Occupancy) == [0, 0]
    machine.hold(starts_at=refused["nearest"][1]["starts_at"])


def test_a_move_to_a_time_that_is_not_on_offer_leaves_the_visit(machine, house):
    visit = machine.book()
    for starts_at in (iso(THURSDAY, "10:05"), "2027-01-07T10:20:00.5+01:00", iso("2026-01-08", "10:00")):
        refused = machine.ask("moveVisit", {"starts_at": starts_at}, 409, token=visit["visit"])
        assert refused["code"] == "taken" and len(refused["nearest"]) == 3
    assert machine.ask("getVisit", token=visit["visit"]) == visit


def test_a_counter_without_the_skill_and_an_internal_service_cannot_be_asked_for(machine, arranging, house):
    with arranging() as session:
        set_up(session, services=["mitid"], languages=["pl"])
        inside = catalogue.service(session, "mitid").id  # given at the counter, not to be booked
        given = update(CounterService).where(CounterService.service_id == inside)
        session.execute(given.values(bookable=False))
    own = {"services": [CPR], "language": "pl", "only_in_this_language": True}
    assert machine.ask("findItineraries", own)["itineraries"] == []
    machine.ask("hold", own | {"starts_at": TEN}, 409)
    services = machine.ask("listServices")["services"]
    shut = [one for one in services if not one["bookable"]]
    assert "mitid" in {one["service"] for one in shut} and all(one["instead"] for one in shut)
    for one in shut:
        refused = machine.ask("hold", {"services": [one["service"]], "starts_at": TEN}, 422)
        assert errors(refused) == {"/services": "not_here"}


def test_somebody_elses_hold_opens_nothing(machine, house, app):
    mine = machine.hold()["hold"]
    visit = machine.book(TAX)["visit"]
    tampered = mine[:-1] + ("A" if mine[-1] != "A" else "B")
    for token in (FORGED, tampered, visit, mine.split(".")[0], "x", "..", "%00", "ø"):
        machine.ask("getHold", None, 404, token=token)
        machine.ask("extendHold", {}, 404, token=token)
        machine.ask("bookVisit", {"hold": token, "name": "Amal"}, 404)
        machine.ask("hold", WISH | {"replaces": token, "starts_at": iso(FRIDAY, "10:00")}, 404)
    for token in (FORGED, mine, visit[:-1] + ("A" if visit[-1] != "A" else "B")):
        machine.ask("getVisit", None, 404, token=token)
        machine.ask("listTimes", None, 404, token=token)
        machine.ask("moveVisit", {"starts_at": TEN}, 404, token=token)
        machine.ask("askEarlier", {"wanted": True}, 404, token=token)
        machine.ask("cancelVisit", {}, 404, token=token)
    assert stored(app, Visit) == [2]


def test_a_hold_that_became_a_visit_is_gone_as_a_hold(machine, house):
    held = machine.hold()["hold"]
    visit = machine.ask("bookVisit", {"hold": held, "name": "Amal"})["visit"]
    machine.ask("getHold", None, 410, token=held)
    machine.ask("extendHold", {}, 410, token=held)
    machine.ask("hold", WISH | {"replaces": held}, 410)
    machine.ask("cancelVisit", {}, token=visit)
    machine.ask("bookVisit", {"hold": held, "name": "Amal"}, 410)
    machine.ask("moveVisit", {"starts_at": TEN}, 409, token=visit)
    assert machine.ask("listTimes", None, 409, token=visit)["code"] == "moved"


def test_a_visit_that_has_begun_is_neither_moved_nor_cancelled(machine, house):
    visit = machine.book()["visit"]
    house.clock.shift(24 * 3600)
    assert machine.ask("cancelVisit", {}, 409, token=visit)["code"] == "visit_began"
    moved = machine.ask("moveVisit", {"starts_at": iso(FRIDAY, "10:00")}, 409, token=visit)
    assert moved["code"] == "visit_began" and "nearest" not in moved


def test_what_was_shown_is_what_is_booked(machine, house):
    held = machine.hold()
    shown = {"hold": held["hold"], "name": "Amal", "starts_at": iso(THURSDAY, "10:10")}
    assert machine.ask("bookVisit", shown, 409)["code"] == "moved"
    late = shown | {"starts_at": "2027-01-07T10:00:01+01:00"}
    assert machine.ask("bookVisit", late, 409)["code"] == "moved"
    machine.ask("bookVisit", shown | {"starts_at": held["starts_at"]})


NOBODY = [
    ({"name": " \u202e\t "}, {"/name": "name"}),
    ({"name": "Amal 010190-1234"}, {"/name": "cpr"}),
    ({"name": ""}, {"/name": "minLength"}),
    ({"name": "x" * 81}, {"/name": "maxLength"}),
    ({"email": "amal@"}, {"/email": "email"}),
    ({"email": "a" * 255}, {"/email": "maxLength"}),
    ({"email": "0101901234@example.org"}, {"/email": "cpr"}),
    ({"email": None, "tell_earlier": True}, {"/email": "email_needed"}),
]


def test_a_name_or_an_address_that_is_none_is_refused(machine, house):
    held = machine.hold()["hold"]
    for given, wrong in NOBODY:
        assert errors(machine.ask("bookVisit", {"hold": held, "name": "Amal"} | given, 422)) == wrong
    machine.ask("bookVisit", {"hold": held, "name": "Amal"})


def test_an_address_has_its_share_of_visits(machine, house):
    booking = {"name": "Amal", "email": "amal@example.org"}
    for wall in ("10:00", "10:20", "10:40"):
        machine.ask("bookVisit", booking | {"hold": machine.hold(starts_at=iso(THURSDAY, wall))["hold"]})
    fourth = machine.hold(starts_at=iso(THURSDAY, "11:00"))["hold"]
    assert machine.ask("bookVisit", booking | {"hold": fourth}, 422)["code"] == "enough_visits"


def test_a_network_has_its_share_of_holds(machine, house, monkeypatch, app):
    monkeypatch.setattr("house.intake.fairness.HOLDS", 3)
    visit = machine.book()
    for _ in range(2):
        machine.ask("moveVisit", {"starts_at": visit["starts_at"]}, token=visit["visit"])
    response = machine.client.post("/api/v1/holds", json=WISH)
    assert response.status_code == 429 and 0 < int(response.headers["Retry-After"]) <= 900
    machine.ask("moveVisit", {"starts_at": visit["starts_at"]}, 429, token=visit["visit"])
    page = app.test_client().get_page(f"/en/book/{CPR}/1/{THURSDAY}")
    start = page.select("input[name=start]")[0]["value"]
    assert page.submit(start=start).status == 429  # counted for both alike


def test_a_network_has_its_share_of_searches_and_another_is_not_held_up(machine, house, monkeypatch):
    monkeypatch.setattr("house.intake.fairness.LOOKS", 2)
    wish = {"services": WISH["services"]}
    codes = []
    for end in ("1", "2", "ffff:3", "4"):
        where = {"REMOTE_ADDR": f"2001:db8:1:1::{end}"}
        response = machine.client.post("/api/v1/itineraries", json=wish, environ_base=where)
        codes.append(response.status_code)
    assert codes == [200, 200, 429, 429]
    assert response.mimetype == "application/problem+json" and int(response.headers["Retry-After"]) > 0
    where = {"REMOTE_ADDR": "2001:db8:1:2::1"}
    assert machine.client.post("/api/v1/itineraries", json=wish, environ_base=where).status_code == 200


def test_a_refused_hold_takes_nobodys_share_of_all(machine, house, monkeypatch):
    monkeypatch.setattr("house.intake.fairness.HOLDS_IN_ALL", 2)
    for _ in range(4):
        machine.ask("hold", {**WISH, "starts_at": iso(THURSDAY, "03:00")}, 409)
    machine.hold()
    machine.hold(starts_at=iso(THURSDAY, "11:00"))
    wish = {**WISH, "starts_at": iso(THURSDAY, "11:30")}
    assert machine.client.post("/api/v1/holds", json=wish).status_code == 429


QUERIES = [
    ("?limit=0", {"limit": "minimum"}), ("?limit=x", {"limit": "type"}),
    ("?limit=101", {"limit": "maximum"}),
    ("?from=2027-02-30", {"from": "format"}), ("?from=2027-02-01&to=2027-01-01", {"to": "order"}),
    ("?after=today", {"after": "format"}), ("?day=1", {"day": "additionalProperties"}),
    ("?limit=1&limit=2", {"limit": "twice"}), ("?limit=", {"limit": "type"}),
]  # fmt: skip


def test_an_address_that_cannot_be_asked_says_why(machine, house):
    visit = machine.book()["visit"]
    for query, wrong in QUERIES:
        assert errors(machine.ask("listTimes", None, 400, token=visit, query=query)) == wrong
    for name in ("listServices", "getDescription", "findItineraries", "hold"):
        body = None if name in ("listServices", "getDescription") else WISH
        assert "x" in errors(machine.ask(name, body, 400, query="?x=1"))


WINDOWS = [
    ({"from": "2027-02-02", "to": "2027-02-01"}, {"/to": "order"}),
    ({"from": "20270201"}, {"/from": "format"}),
    ({"after": "2027-01-07T10:00:00"}, {"/after": "format"}),
    ({"limit": 101}, {"/limit": "maximum"}),
]


def test_days_that_are_none_are_refused(machine, house):
    for window, wrong in WINDOWS:
        assert errors(machine.ask("findItineraries", {"services": [CPR]} | window, 422)) == wrong


ENDS_OF_TIME = [
    {"from": "9999-12-31"}, {"to": "9999-12-31"}, {"from": "0001-01-01", "to": "0001-01-02"},
    {"after": "9999-12-31T23:59:59Z"}, {"from": "2027-06-01"}, {"after": "0001-01-01T23:59:59+00:00"},
    {"to": "2027-01-06"},
]  # fmt: skip


def test_days_at_the_ends_of_time_have_no_times_or_all(machine, house):
    for window in ENDS_OF_TIME:
        found = machine.ask("findItineraries", {"services": [CPR]} | window)
        assert bool(found["itineraries"]) != bool(found["first_anywhen"]), window
