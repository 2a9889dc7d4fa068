"""One form of a note sent by several processes at the same moment, one note taken back so, on both engines.

The control sends a form of its own from each process: then there must be as many notes as processes.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from house import clock
from house.doors import Role
from house.intake.forget import forget
from house.intake.note_models import Note
from tests import houses
from tests.intake.booking_house import (
    CPR,
    THURSDAY,
    house_template,  # noqa: F401 - a fixture
)
from tests.intake.desk_house import furnish, sit, walk_in

pytestmark = pytest.mark.races
SENDERS = 6


@pytest.fixture
def sending(engine_app, frozen, sign_in):
    """What a browser at the desk carries, the address of somebody's notes, and the form filled in."""
    frozen(f"{THURSDAY} 09:10")
    with houses.arranging(engine_app) as session:
        house = furnish(session)
        reference = walk_in(session, CPR, name="Olena").visit.reference
    client = engine_app.test_client()
    sign_in(client, Role.DESK)
    sit(client, house)
    page = client.get_page(f"/desk/person/{reference}")
    with client.session_transaction() as browser:
        carried = dict(browser)
    form = {**page.values("Write down"), "note": "Brings the lease"}
    return carried, f"/desk/person/{reference}/note", form


def post(app, carried, address, form):
    client = app.test_client()
    with client.session_transaction() as browser:
        browser.update(carried)
    return client.post(address, data=form).status_code


def test_one_press_is_one_note_and_one_way_back(engine_app, race, sending):
    carried, address, form = sending

    def write(app, number):
        return post(app, carried, address, form)

    assert race(write, SENDERS) == [303] * SENDERS
    with houses.looking(engine_app) as session:
        [(note_id, words)] = session.execute(select(Note.id, Note.words)).all()
        assert words == "Brings the lease"

    def take_back(app, number):
        return post(app, carried, f"{address}/{note_id}/remove", form)

    assert sorted(race(take_back, SENDERS)) == [303] + [409] * (SENDERS - 1)
    with houses.looking(engine_app) as session:
        assert session.scalars(select(Note)).all() == []


def test_each_form_of_its_own_is_a_note_and_all_are_forgotten(engine_app, race, sending):
    carried, address, form = sending

    def write(app, number):
        return post(app, carried, address, {**form, "once": f"a-form-of-its-own-{number}"})

    assert race(write, SENDERS) == [303] * SENDERS
    with houses.arranging(engine_app) as session:
        assert len(session.scalars(select(Note)).all()) == SENDERS
        assert forget(session, clock.now() + timedelta(days=32)) >= SENDERS
        assert session.scalars(select(Note)).all() == []
