"""When a signed-in session ends: signed out anywhere, or left alone too long; and what keeps it."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from house import audit, clock
from house.doors import Role
from house.intake.models import Ticket
from house.people import face as people
from house.people import signing_in
from tests.intake.booking_house import CPR, house_template, statements  # noqa: F401 - a fixture
from tests.intake.desk_house import furnish, thursday  # noqa: F401 - a fixture

EMAIL, PASSWORD = "ada@example.dk", "a sentence of my own"
HOUR = 3600


@pytest.fixture
def desk(app, thursday, arranging, client):  # noqa: F811
    """Ada at the desk, by the page where one signs in."""
    with arranging() as session:
        furnish(session)
        body = people.house_body(session)
        people.open_account(session, EMAIL, "Ada", [(body.id, Role.DESK)], PASSWORD)
    enter(client)
    return client


def enter(client):
    client.get_page("/sign-in").submit("Sign in", email=EMAIL, password=PASSWORD).must_be(303)


def is_in(client):
    return client.get("/desk/").status_code == 200


def copied(client):
    """Another browser with the same cookies."""
    other = client.application.test_client()
    for cookie in client._cookies.values():
        other.set_cookie(cookie.key, cookie.value, domain=cookie.domain, path=cookie.path)
    return other


def test_a_copied_cookie_opens_nothing_after_signing_out(desk, looking):
    thief = copied(desk)
    assert is_in(thief)
    desk.get_page("/en/").submit("Sign out").must_be(303)
    assert not is_in(thief)
    assert not is_in(desk)
    with looking() as session:
        assert session.scalars(select(audit.Act.verb)).all()[-1] == "signed_out"
    enter(desk)
    assert is_in(desk)
    assert not is_in(thief)


def test_others_stay_when_one_signs_out(desk, app, sign_in):
    other = app.test_client()
    sign_in(other, Role.DESK)
    desk.get_page("/en/").submit("Sign out").must_be(303)
    assert is_in(other)


def test_who_is_not_signed_in_signs_out_without_a_trace(client, catalogue, looking):
    client.get_page("/en/")
    token = client.get_page("/sign-in").values("Sign in")["csrf_token"]
    client.post_page("/sign-out", {"csrf_token": token}, 303)
    with looking() as session:
        assert "signed_out" not in session.scalars(select(audit.Act.verb)).all()


def test_twelve_hours_after_the_last_press_one_signs_in_again(desk, thursday):  # noqa: F811
    thursday.shift(11 * HOUR)
    assert is_in(desk)
    thursday.shift(11 * HOUR)
    assert is_in(desk), "counted from the last press"
    thursday.shift(12 * HOUR + 1)
    assert "/sign-in" in desk.get_page("/desk/", 303).location
    with desk.session_transaction() as left:
        assert "_user_id" not in left
    thief = copied(desk)
    assert not is_in(thief)


def test_a_screen_that_asks_by_itself_keeps_nobody_signed_in(desk, thursday):  # noqa: F811
    for hour in range(12):
        for path in ("/desk/queue", "/desk/outbox", "/desk/without-net", "/counter/next", "/desk/worker.js"):
            assert desk.get(path).status_code == 200, (path, hour)
        thursday.shift(HOUR)
    thursday.shift(1)
    assert desk.get("/desk/queue").status_code == 303


@pytest.mark.parametrize("path", ["/desk/queue", "/desk/"])
def test_the_cookie_is_written_anew_only_by_what_is_pressed_and_seldom(desk, thursday, path):  # noqa: F811
    is_in(desk)
    told = []
    for _ in range(3):
        thursday.shift(200)
        told.append("Set-Cookie" in desk.get(path).headers)
    assert told == ([False, True, False] if path == "/desk/" else [False] * 3)


def test_the_limit_costs_no_statement(desk, app, thursday, monkeypatch):  # noqa: F811
    def cost():
        with statements(app) as sent:
            assert is_in(desk)
        return len(sent)

    cost()
    with_limit = cost()
    app.before_request_funcs[None].remove(signing_in._nobody_without_session)
    assert with_limit == cost()


def test_what_the_desk_keeps_is_taken_in_after_signing_in_again(desk, thursday, looking):  # noqa: F811
    def entry():
        now = round(clock.now().timestamp() * 1000)
        ready = desk.get("/desk/outbox")
        token = ready.json["token"] if ready.status_code == 200 else "old"
        return {
            "csrf_token": token, "id": "entry-number-one", "browser": "browser-of-desk-1", "kind": "walk_in",
            "service": CPR, "language": "ar", "party": 1, "noted_at": now - 60_000, "sent_at": now,
        }  # fmt: skip

    thursday.shift(12 * HOUR + 1)
    waiting = entry()
    answer = desk.post("/desk/outbox", data=waiting)
    assert (answer.status_code, "/sign-in" in answer.location) == (303, True), "kept: outbox.js"
    with looking() as session:
        assert session.scalar(select(func.count()).select_from(Ticket)) == 0
    enter(desk)
    assert desk.post("/desk/outbox", data=entry()).json["state"] != "again"


def test_a_cookie_from_before_there_was_a_limit_signs_in_again(desk):
    with desk.session_transaction() as kept:
        del kept[signing_in.SEEN]
    assert not is_in(desk)

