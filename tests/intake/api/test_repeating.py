"""The same request again with the same key: answered once, told twice; and what is not kept."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from house import clock, repeats
from house.intake.models import Occupancy, Visit
from house.post import Letter
from tests import houses
from tests.intake.api.asking import (
    CPR,
    KEY,
    Machine,
    errors,
    iso,
    stored,
)
from tests.intake.booking_house import (
    FRIDAY,
    THURSDAY,
)

WISH = {"services": [CPR], "starts_at": iso(THURSDAY, "10:00")}


def test_the_same_request_again_is_answered_the_same_and_done_once(machine, house, app):
    first = machine.client.post("/api/v1/holds", json=WISH, headers={"Idempotency-Key": KEY})
    house.clock.shift(60)
    again = machine.client.post("/api/v1/holds", json=WISH, headers={"Idempotency-Key": f'"{KEY}"'})
    assert (first.status_code, first.data) == (again.status_code, again.data)
    assert first.headers["Location"] == again.headers["Location"]
    danish = {"Idempotency-Key": KEY, "Accept-Language": "da"}
    other = machine.client.post("/api/v1/holds", json=WISH, headers=danish)
    assert other.data == first.data and other.headers["Content-Language"] == "en"
    assert stored(app, Visit) == [1]
    machine.ask("hold", WISH, 409)  # without a key it is another request, and the time is gone


def test_every_act_of_a_visit_can_be_sent_again(machine, house, app):
    def twice(name, body, **more):
        key = f"{name:-<20}"
        first = machine.ask(name, body, key=key, **more)
        house.clock.shift(1)
        assert machine.ask(name, body, key=key, **more) == first
        return first

    held = twice("hold", WISH)["hold"]
    assert twice("extendHold", {}, token=held)["extensions_left"] == 2
    booking = {"hold": held, "name": "Amal", "email": "amal@example.org"}
    visit = twice("bookVisit", booking)["visit"]
    twice("askEarlier", {"wanted": True}, token=visit)
    twice("moveVisit", {"starts_at": iso(FRIDAY, "10:00")}, token=visit)
    assert twice("cancelVisit", {}, token=visit)["state"] == "cancelled"
    assert stored(app, Visit, Occupancy, repeats.Answered) == [1, 0, 6]
    with houses.looking(app) as session:
        kinds = [one for one in session.scalars(select(Letter.kind)) if one.startswith("visit_")]
        for kind in ("visit_booked", "visit_moved", "visit_cancelled"):
            assert kinds.count(kind) == 1


def test_another_request_with_a_used_key_is_refused(machine, house, app):
    machine.ask("hold", WISH, key=KEY)
    other = WISH | {"starts_at": iso(THURSDAY, "11:00")}
    assert machine.ask("hold", other, 422, key=KEY)["code"] == "key_used"
    assert stored(app, Visit) == [1]


def test_the_same_key_on_another_path_is_another_request(machine, house):
    one, two = machine.hold(), machine.hold(starts_at=iso(THURSDAY, "11:00"))
    machine.ask("extendHold", {}, token=one["hold"], key=KEY)
    assert machine.ask("extendHold", {}, token=two["hold"], key=KEY)["hold"] == two["hold"]


def test_a_refusal_is_not_kept_so_that_the_next_try_may_succeed(machine, house, app):
    taken = machine.hold()["hold"]
    machine.ask("hold", WISH, 409, key=KEY)
    machine.ask("hold", WISH | {"party": 0}, 422, key=KEY)
    assert stored(app, repeats.Answered) == [0]
    machine.hold(starts_at=iso(THURSDAY, "11:00"), replaces=taken)
    machine.ask("hold", WISH, key=KEY)


BAD_KEYS = ["short", "x" * 256, "with a space in it", "ø" * 20, '"unfinished-quoted-key', '""']


def test_a_key_that_could_be_guessed_or_is_none_is_refused(machine, house, app):
    for key in BAD_KEYS:
        sent = {"Idempotency-Key": key.encode().decode("latin-1")}
        refused = machine.client.post("/api/v1/holds", json=WISH, headers=sent)
        assert (refused.status_code, refused.json["code"]) == (400, "key_shape"), key
    assert stored(app, Visit, repeats.Answered) == [0, 0]


def test_the_answer_rests_sealed_and_goes_after_two_days(machine, house, app):
    held = machine.ask("hold", WISH, key=KEY)
    with houses.arranging(app) as session:
        rows = str(session.execute(text("SELECT * FROM answered")).all())
        assert held["hold"] not in rows and KEY not in rows and CPR not in rows
        assert repeats.forget(session, clock.now() + timedelta(hours=47)) == 0
        assert repeats.forget(session, clock.now() + timedelta(hours=49)) == 1
    assert stored(app, repeats.Answered) == [0]


def test_a_key_is_forgotten_with_the_work_when_the_work_fails(machine, house, app, monkeypatch):
    """What fails after the work leaves neither: key, work and answer are one transaction."""

    def fall(*_):
        raise RuntimeError("power cut")

    monkeypatch.setattr(repeats, "note", fall)
    with pytest.raises(RuntimeError, match="power cut"):
        machine.client.post("/api/v1/holds", json=WISH, headers={"Idempotency-Key": KEY})
    assert stored(app, Visit, repeats.Answered) == [0, 0]
    monkeypatch.undo()
    machine.ask("hold", WISH, key=KEY)


def test_another_machine_with_the_same_key_and_another_body_learns_nothing(app, house, machine):
    machine.ask("hold", WISH, key=KEY)
    refused = Machine(app, "da").ask("hold", WISH | {"party": 2}, 422, key=KEY)
    assert "hold" not in refused and errors({"errors": refused.get("errors", [])}) == {}
