"""A desk that sends what a browser kept while the net was gone, as its script does."""

from __future__ import annotations

import pytest

from house import clock
from tests.intake.booking_house import CPR
from tests.intake.desk_house import furnish, thursday  # noqa: F401 - a fixture

BROWSER, ID = "browser-of-desk-one", "entry-number-one"


@pytest.fixture(name="desk")
def sending_desk(app, thursday, arranging, desk_client):  # noqa: F811
    with arranging() as session:
        furnish(session)
    return desk_client


def token(desk):
    return desk.get("/desk/outbox").json["token"]


def entry(desk, **more):
    now = round(clock.now().timestamp() * 1000)
    filled = {"id": ID, "browser": BROWSER, "kind": "walk_in", "service": CPR, "language": "ar", "party": 2,
              "noted_at": now - 600_000, "sent_at": now}  # fmt: skip
    return {"csrf_token": token(desk), **filled, **more}


def send(desk, status=200, **more):
    answer = desk.post("/desk/outbox", data=entry(desk, **more))
    assert answer.status_code == status, answer.text
    return answer.json


def numbers(desk, **more):
    data = {"csrf_token": token(desk), "browser": BROWSER, "nth": 1, **more}
    return desk.post("/desk/outbox/numbers", data=data)
