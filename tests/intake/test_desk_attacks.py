"""What no page of ours sends, on both engines: signs that a database has no text for, clocks made up, keys of
nobody. A kind refusal each, nothing changed, and never an error of ours."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from house import clock
from house.doors import Role
from house.intake.models import Visit
from house.intake.outbox_models import OutboxEntry
from tests import houses
from tests.hostile import MEGABYTE, MOST_ECHOED, nothing_changes, send
from tests.intake.booking_house import (
    CPR,
    house_template,  # noqa: F401 - a fixture
)
from tests.intake.desk_house import REGISTER, booked, furnish, thursday  # noqa: F401 - a fixture

LONGEST_KEY = 2**63 - 1
KEYS = [0, LONGEST_KEY, LONGEST_KEY + 1, "²"]
YEAR_9999, YEAR_1970 = 253_370_764_800_000, 0


@pytest.fixture
def desk(engine_app, thursday, sign_in):  # noqa: F811
    with houses.arranging(engine_app) as session:
        furnish(session)
    client = engine_app.test_client()
    sign_in(client, Role.DESK, Role.MANAGER)
    return client


def token(desk):
    return desk.get("/desk/outbox").json["token"]


ADDRESSES = [
    "/desk/step/{}/start", "/desk/step/{}/finish", "/desk/step/{}/outside", "/desk/undo/{}",
    "/desk/guidance/{}/remove", "/desk/guidance/{}/paper", "/desk/closed-today/{}/undo",
    "/manage/counters/closings/{}/open", "/manage/counters/worklist/{}",
]  # fmt: skip
NAMES = [
    "/desk/person/{}", "/desk/visit/{}", "/desk/ticket/{}", "/desk/cases/{}", "/desk/caller/{}",
    "/board/{}", "/board/{}/now", "/kiosk/{}", "/en/ticket/{}", "/en/visit/{}", "/en/services/{}",
]  # fmt: skip


def test_a_key_of_nobody_is_not_here(desk):
    """Also one that is too long for a database, and signs that are digits only for some."""
    form = {"csrf_token": token(desk), "outcome": "completed", "wanted": CPR, "ground": "law", "how": "kept"}
    with nothing_changes(desk.application, "keys of nobody"):
        for address in ADDRESSES:
            for key in KEYS:
                where = address.format(key)
                found = desk.get(where) if where.endswith("paper") else desk.post(where, data=form)
                assert found.status_code in (404, 409, 422), where
                assert key not in KEYS[2:] or found.status_code == 404, where


def test_no_address_of_this_house_holds_a_nul(desk):
    """PostgreSQL has no such text; before that was seen to, a board's address with one was an error."""
    for address in NAMES:
        for name in ("a%00b", "%ED%A0%80", "x" * 2000):
            assert desk.get(address.format(name)).status_code == 404, address.format(name)


def test_an_id_that_no_page_made_registers_once_all_the_same(desk):
    for once in ("\0", "a\0b" * 40, "\u202e", "x" * 500):
        page = desk.get_page("/desk/")
        for _ in range(2):
            send(page, REGISTER, {"service": CPR, "once": once}).must_be(303)
    with houses.looking(desk.application) as session:
        found = session.scalar(select(func.count()).select_from(Visit))
    assert found == 6, "an id of nothing is no id: those two forms count each time"


@pytest.mark.parametrize("noted", [YEAR_1970, YEAR_9999])
@pytest.mark.parametrize("sent", [YEAR_1970, YEAR_9999])
def test_an_entry_with_a_made_up_clock_is_kept_for_staff_or_comes_now(desk, noted, sent):
    form = {"id": "entry-number-one", "browser": "browser-of-desk-one", "kind": "walk_in", "service": CPR,
            "noted_at": noted, "sent_at": sent, "csrf_token": token(desk)}  # fmt: skip
    found = desk.post("/desk/outbox", data=form)
    assert (found.status_code, found.json["state"]) == (200, "conflict" if noted < sent else "done")
    with houses.looking(desk.application) as session:
        entry = session.scalars(select(OutboxEntry)).one()
        assert entry.came_at <= clock.now()
    desk.get_page("/desk/")


def test_a_finish_form_that_is_too_late_and_wrong_says_that_it_is_too_late(desk):
    """The back button after somebody else finished: its fields are not on the page that comes."""
    with nothing_changes(desk.application, "late and wrong"):
        for act in ("finish", "outside"):
            for page in ("desk", "counter"):
                form = {"csrf_token": token(desk), "page": page, "outcome": "?", "wanted": "?"}
                answer = desk.post_page(f"/desk/step/1/{act}", form, 409)
                assert [one.text for one in answer.select(".summary li")] == [
                    "Somebody else did something with this visit. Please look again."
                ]


def test_what_is_wrong_is_said_where_the_form_stands(desk):
    """The counter has no walk-ins to register; nothing is told of what the catalogue has no more."""
    form = {"csrf_token": token(desk), "page": "counter", "service": "none", "party": "0"}
    assert desk.post_page("/desk/register", form, 422).one("#party")["value"] == "0"
    assert desk.post_page("/desk/check-in", {**form, "reference": " "}, 422).select("#reference")
    answer = desk.post_page("/desk/guidance/note", {**form, "about": "service:none", "ended": "?"}, 422)
    assert [one.text for one in answer.select(".summary li")] == ["Not a valid choice."]
    odd = {**form, "about": f"service:{CPR}", "topics": MEGABYTE, "language": "en"}
    answer = desk.post_page("/desk/guidance/note", odd, 422)
    assert "Not a valid choice." in answer.one("#topics-error").text and len(answer.html) < MOST_ECHOED
    with houses.arranging(desk.application) as session:
        reference = booked(session).reference
    answer = desk.post_page(f"/desk/person/{reference}", {**form, "service": "?"}, 422)
    assert [one.text for one in answer.select(".summary li")] == [
        "Somebody else did something with this visit. Please look again."
    ]
