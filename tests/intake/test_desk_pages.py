"""The desk's one screen: who may see it, in which language, how fresh it stays, and what it costs."""

from __future__ import annotations

import gzip

import pytest

from house.doors import Role
from tests.intake.booking_house import (
    CPR,
    DRIVING,
    house_template,  # noqa: F401 - a fixture
    set_up,
    statements,
)
from tests.intake.desk_house import (
    CALL,
    TAX,
    booked,
    sit,
    the_desk,  # noqa: F401 - a fixture
    the_house,  # noqa: F401 - a fixture
    thursday,  # noqa: F401 - a fixture
    walk_in,
)


def test_only_the_desk_and_advisers_pass_this_door(app, house, sign_in):
    for role in Role:
        client = app.test_client()
        sign_in(client, role)
        wanted = 200 if role in (Role.DESK, Role.ADVISER, Role.ADMIN) else 403
        assert client.get("/desk/").status_code == wanted
        assert client.get("/desk/queue").status_code == wanted


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_screen_speaks_the_language_that_was_chosen(desk, language):
    desk.client.get_page(f"/language/{language}?next=/desk/", 302)
    assert desk.client.get_page("/desk/").one("html")["lang"] == language


def test_a_house_with_nothing_set_up_has_no_desk_yet(desk_client):
    desk_client.get_page("/desk/", 404)


def test_the_queue_is_not_sent_again_while_nothing_changed(desk, arranging, thursday):  # noqa: F811
    with arranging() as session:
        walk_in(session, name="Olena Koval")
        booked(session)
    client = desk.client
    first = client.get("/desk/queue")
    assert first.mimetype == "application/json"
    assert "Olena Koval" in first.json["waiting"]
    assert sorted(first.json) == sorted(one["data-part"] for one in desk.select("[data-part]"))
    assert "csrf" not in first.text
    known = {"If-None-Match": first.headers["ETag"]}
    thursday.shift(30)
    same = client.get("/desk/queue", headers=known)
    assert (same.status_code, same.data) == (304, b"")
    thursday.shift(60)
    assert client.get("/desk/queue", headers=known).status_code == 200, "a minute more of waiting is shown"
    with arranging() as session:
        walk_in(session)
    assert client.get("/desk/queue", headers=known).status_code == 200


def test_the_parts_that_stay_fresh_are_the_parts_of_the_page(desk, arranging):
    with arranging() as session:
        walk_in(session)
        booked(session)
    fresh = desk.client.get("/desk/queue").json  # first: it makes the picture of the room that both show
    page = desk.client.get_page("/desk/")
    for part, words in fresh.items():
        assert words.strip() in page.html, part


def test_the_screen_costs_the_same_however_many_wait(app, house, desk_client, arranging):
    with arranging() as session:
        walk_in(session, CPR, TAX)
    sit(desk_client, house).submit(CALL).must_be(303)
    costs = []
    for _ in range(2):
        with arranging() as session:
            for number in range(10):
                walk_in(session, CPR, TAX, name=f"Guest {number}")
            set_up(session, counters=3, services=(DRIVING,))
        desk_client.get_page("/desk/")
        with statements(app) as sent:
            desk_client.get_page("/desk/")
        costs.append(len([one for one in sent if not one.startswith(("BEGIN", "PRAGMA"))]))
    assert costs[0] == costs[1] <= 13, sent


def test_who_is_called_or_served_stands_before_registering(desk, arranging):
    """On a small desk the way to finish would lie below the fold."""
    first = lambda page: page.html.index('id="now-title"') < page.html.index('id="register-title"')  # noqa: E731
    assert not first(desk)
    with arranging() as session:
        walk_in(session, CPR)
    page = desk.client.get_page("/desk/").submit(CALL).follow()
    assert first(page)
    assert page.one("[accesskey=w]")["name"] == "service"
    assert first(page.submit("Start Alt S").follow())


def test_a_full_screen_is_small(desk_client, house, arranging):
    with arranging() as session:
        for number in range(25):
            walk_in(session, CPR, name=f"Guest number {number}")
    assert len(gzip.compress(desk_client.get("/desk/").data)) < 14 * 1024
