"""The desk takes back what it just did: once, in time, and only what nobody went on with."""

from __future__ import annotations

from sqlalchemy import select

from house.audit import Act
from house.doors import Role
from house.intake.desk_models import Deed
from house.intake.models import Visit, VisitState
from tests.hostile import nothing_changes
from tests.intake.booking_house import (
    CPR,
    house_template,  # noqa: F401 - a fixture
)
from tests.intake.desk_house import (
    CALL,
    FINISH,
    REGISTER,
    START,
    numbers,
    sit,
    the_desk,  # noqa: F401 - a fixture
    the_house,  # noqa: F401 - a fixture
    thursday,  # noqa: F401 - a fixture
    walk_in,
)

UNDO = "Undo Called A1 Alt Z"


def test_what_i_did_last_is_taken_back_by_one_press_and_the_audit_keeps_both(desk, arranging, looking):
    with arranging() as session:
        walk_in(session, name="Olena")
    page = desk.client.get_page("/desk/").submit(CALL).follow()
    page = page.submit(UNDO).must_be(303).follow()
    assert page.one(".notice.good").text == "Taken back: Called"
    assert numbers(page) == ["A1"]
    assert page.select(".now .no") == []
    with looking() as session:
        verbs = session.scalars(select(Act.verb).order_by(Act.id)).all()
        assert verbs[-2:] == ["called", "undone"]


def test_a_whole_visit_is_taken_back_act_by_act(desk, looking):
    page = desk.submit(REGISTER, service=CPR, name="Olena").follow()
    for button in (CALL, START, FINISH):
        page = page.submit(button).must_be(303).follow()
    for verb in ("Finished", "Started", "Called", "Registered"):
        page = page.submit(f"Undo {verb} A1 Alt Z").must_be(303).follow()
    with looking() as session:
        visit = session.scalars(select(Visit)).one()
        assert (visit.state, visit.name, visit.steps[0].periods) == (VisitState.CANCELLED, None, [])


def test_what_somebody_else_went_on_with_cannot_be_taken_back(app, house, desk, arranging, sign_in):
    with arranging() as session:
        walk_in(session)
    mine = desk.client.get_page("/desk/").submit(CALL).follow()
    other = app.test_client()
    sign_in(other, Role.DESK)
    sit(other, house).submit(START).must_be(303)
    page = mine.submit(UNDO).must_be(409)
    assert "Somebody else did something with this visit" in page.one(".summary li").text
    assert page.one(".now .no").text == "A1"


def test_an_act_is_taken_back_once_by_its_own_person_and_in_time(
    app,
    desk,
    arranging,
    sign_in,
    looking,
    thursday,  # noqa: F811
):
    with arranging() as session:
        walk_in(session)
    page = desk.client.get_page("/desk/").submit(CALL).follow()
    with looking() as session:
        deed_id = session.scalars(select(Deed.id).where(Deed.verb == "called")).one()
    other = app.test_client()
    sign_in(other, Role.DESK)
    token = {"csrf_token": other.get_page("/desk/").values(REGISTER)["csrf_token"]}
    with nothing_changes(app, "a foreign act"):
        other.post_page(f"/desk/undo/{deed_id}", token, 404)
    for bad in (None, "forged"):
        desk.client.post_page(f"/desk/undo/{deed_id}", {"csrf_token": bad}, 422)
    thursday.shift(24 * 3600)
    assert page.submit(UNDO).must_be(409).one(".summary li").text == "It is too late to take this back."
    assert desk.client.get_page("/desk/").select(".undo") == []
    thursday.shift(-23 * 3600)
    page.submit(UNDO).must_be(303)
    again = page.submit(UNDO).must_be(409)
    assert again.one(".summary li").text == "This was taken back already."
