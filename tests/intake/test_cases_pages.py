"""Deciding about whom a desk registered without the net, and taking the decision back: page by page."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from house import clock
from house.doors import Role
from house.intake.forget import forget
from house.intake.models import Ticket, Visit
from house.intake.outbox_models import EntryState, OutboxEntry
from tests.hostile import nothing_changes
from tests.intake.booking_house import (
    CPR,
    house_template,  # noqa: F401 - a fixture
)
from tests.intake.desk_house import booked, thursday  # noqa: F401 - a fixture
from tests.intake.netless_house import ID, numbers, send, sending_desk  # noqa: F401 - a fixture

FIND = "Check in ↵"


def conflict(desk, **more):
    """Somebody whom staff have to decide about; the page that asks them."""
    send(desk, number=201, **more)
    return desk.get_page(f"/desk/cases/{more.get('id', ID)}")


def test_what_could_not_be_done_stands_on_the_desk_until_somebody_decides(desk, looking):
    page = conflict(desk)
    assert page.h1 == "Number Q201 from the time without the net"
    assert re.search(r"09:00", page.text), "when the person came"
    listed = desk.get_page("/desk/").one(".notice.bad")
    assert "Q201 · This number was not given to this desk for that day." in listed.text
    done = page.submit("Decide", decision="registered", service=CPR).must_be(303).follow()
    assert done.one(".notice.good .given").text == "Ticket A1"
    assert not done.select(".notice.bad")
    assert "This is settled." in desk.get_page(f"/desk/cases/{ID}").text
    with looking() as session:
        assert session.scalars(select(OutboxEntry)).one().state is EntryState.SETTLED


def test_a_thousand_conflicts_are_a_list_one_can_work_through(desk, arranging):
    facts = {"kind": "walk_in", "state": "conflict", "code": "too_old", "service": CPR, "language": "en",
             "received_at": clock.now(), "came_at": clock.now(), "party": 1}  # fmt: skip
    with arranging() as session:
        for number in range(1000):
            session.add(OutboxEntry(id=f"entry-of-long-ago-{number:04}", **facts))
    page = desk.get_page("/desk/")
    lines = [one.text for one in page.select(".notice.bad li")]
    assert len(lines) == 31 and lines[-1] == "… +970"
    page.click("Without a number").submit("Decide", decision="left").must_be(303)
    assert desk.get_page("/desk/").select(".notice.bad li")[-1].text == "… +969"


def test_a_conflict_is_dismissed_for_a_reason_and_only_once(desk, looking):
    page = conflict(desk)
    page.submit("Decide").must_be(422)
    filled = page.values("Decide")
    for wrong in ({"decision": "because"}, {"decision": "registered", "service": "no_such_service"}):
        desk.post_page(page.url, {**filled, **wrong}, 422)
    page.submit("Decide", decision="left").must_be(303)
    again = page.submit("Decide", decision="registered").must_be(409)
    assert again.one(".summary li").text == "Somebody has decided this already."
    late = page.submit("Decide").must_be(422)
    assert [one.text for one in late.select(".summary li")] == ["Somebody has decided this already."]
    with looking() as session:
        assert session.scalar(select(func.count()).select_from(Ticket)) == 0


def test_what_is_no_case_is_not_here(desk):
    send(desk)
    for path in (ID, "nobody-sent-this", "é" * 90):
        desk.get_page(f"/desk/cases/{path}", 404)


# --- taking the decision back ----------------------------------------------------------------------------


def told(page):
    """What the desk says was done today: act, number, and whether it can be taken back."""
    acts = page.select(".done li")
    return [(one.select("b")[0].text, one.select("a")[0].text, bool(one.select("button"))) for one in acts]


def waits_for_a_decision(desk, looking):
    """The only case there is, open again, and nobody is in the queue for it."""
    with looking() as session:
        entry = session.scalars(select(OutboxEntry)).one()
        assert (entry.state, entry.settled, entry.settled_at) == (EntryState.CONFLICT, None, None)
        assert session.scalars(select(Visit.state).where(Visit.state == "arrived")).all() == []
        id_ = entry.id
    return desk.get_page(f"/desk/cases/{id_}")


def test_who_was_registered_by_mistake_is_still_to_be_decided_about(desk, looking):
    page = conflict(desk).submit("Decide", decision="registered", service=CPR).must_be(303).follow()
    page = page.submit("Undo Registered A1 Alt Z").must_be(303).follow()
    assert "Q201" in page.one(".notice.bad").text, "the visitor holds this number"
    page = waits_for_a_decision(desk, looking)
    page = page.submit("Decide", decision="registered", service=CPR).must_be(303).follow()
    assert page.one(".notice.good .given").text == "Ticket A2"


def test_the_number_that_the_visitor_holds_is_theirs_again(desk, looking):
    numbers(desk)
    send(desk, service="no_such_service", number=101)
    for _ in range(2):
        page = desk.get_page(f"/desk/cases/{ID}").submit("Decide", decision="registered", service=CPR)
        page = page.must_be(303).follow()
        assert page.one(".notice.good .given").text == "Ticket Q101"
        page.submit("Undo Registered Q101 Alt Z").must_be(303)
        waits_for_a_decision(desk, looking)


@pytest.mark.parametrize(
    ("decision", "words"),
    [("left", "The person has left"), ("other_ticket", "The person has another ticket"),
     ("mistake", "It was a mistake")],
)  # fmt: skip
def test_a_dismissal_is_a_deed_that_can_be_taken_back_all_day(desk, looking, thursday, decision, words):  # noqa: F811
    page = conflict(desk).submit("Decide", decision=decision).must_be(303).follow()
    assert f"{words} Q201" in page.one(".undo").text
    thursday.shift(5 * 3600)
    done = desk.get_page("/desk/done")
    assert told(done) == [(words, "Q201", True)]
    assert done.click("Q201").h1 == "Number Q201 from the time without the net"
    done = done.submit(f"Undo {words} Q201").must_be(303).follow()
    assert done.one(".notice.good").text == f"Taken back: {words}"
    assert told(done) == [(words, "Q201", False)]
    waits_for_a_decision(desk, looking)


def test_what_is_settled_is_taken_back_where_it_stands_and_without_a_number_too(desk, looking):
    send(desk, service="no_such_service")
    desk.get_page(f"/desk/cases/{ID}").submit("Decide", decision="left").must_be(303)
    assert told(desk.get_page("/desk/done")) == [("The person has left", "Without a number", True)]
    desk.get_page(f"/desk/cases/{ID}").submit("Undo Alt Z").must_be(303)
    waits_for_a_decision(desk, looking).submit("Decide", decision="left").must_be(303)


def test_a_dismissal_is_taken_back_once_by_its_own_person_and_until_midnight(
    app, desk, sign_in, looking, thursday  # noqa: F811
):  # fmt: skip
    conflict(desk).submit("Decide", decision="left").must_be(303)
    done = desk.get_page("/desk/done")
    undo = done.form("Undo The person has left Q201")["action"]
    other = app.test_client()
    sign_in(other, Role.DESK)
    assert not other.get_page(f"/desk/cases/{ID}").select("main form")
    token = {"csrf_token": other.get_page(f"/desk/cases/{ID}").one("input[name=csrf_token]")["value"]}
    with nothing_changes(app, "somebody else's decision"):
        other.post_page(undo, token, 404)
    done.submit("Undo The person has left Q201").must_be(303)
    again = done.submit("Undo The person has left Q201").must_be(409)
    assert again.one(".summary li").text == "This was taken back already."
    desk.get_page(f"/desk/cases/{ID}").submit("Decide", decision="left").must_be(303)
    page = desk.get_page("/desk/done")
    thursday.shift(24 * 3600)
    late = page.submit("Undo The person has left Q201").must_be(409)
    assert late.one(".summary li").text == "It is too late to take this back."
    assert not desk.get_page(f"/desk/cases/{ID}").select("main form")


# --- a reference that was mistyped -----------------------------------------------------------------------


def mistyped(desk, arranging, name="Grace Hopper", number=101):
    """Somebody booked, and one sign was misheard: the page of the case, the reference, and what was typed."""
    numbers(desk)
    with arranging() as session:
        right = booked(session, name=name).reference
    wrong = right[:-1] + ("K" if right[-1] != "K" else "M")
    send(desk, kind="check_in", reference=wrong, service="", number=number)
    return desk.get_page("/desk/").click(f"Q{number}"), right, wrong


@pytest.mark.parametrize("by", ["reference", "name"])
def test_a_mistyped_reference_is_repaired_on_the_page_of_the_case(desk, arranging, looking, by):
    page, right, wrong = mistyped(desk, arranging)
    assert "We found no booking for that today." in page.one(".lead").text
    assert page.one("#reference")["value"] == wrong, "what was typed is there to be mended"
    page = page.submit(FIND, reference=right if by == "reference" else "grace").must_be(303).follow()
    assert page.one(".notice.good .given").text == "Ticket Q101"
    with looking() as session:
        visit = session.scalars(select(Visit)).one()
        assert (visit.state, visit.arrived_at) == ("arrived", clock.now() - timedelta(minutes=10))
        entry = session.scalars(select(OutboxEntry)).one()
        assert (entry.state, entry.settled, entry.visit_id) == ("settled", "checked_in", visit.id)


def test_what_fits_nobody_is_refused_and_kept(desk, arranging, looking):
    page, _, wrong = mistyped(desk, arranging)
    with arranging() as session:
        booked(session, "11:00", name="Grace Jones")
    refused = {"Nobody": "We found no booking for that today.", wrong: "We found no booking for that today.",
               "grace": "Several bookings fit. Please use the reference."}  # fmt: skip
    for typed, said in refused.items():
        with nothing_changes(desk.application, typed):
            answer = page.submit(FIND, reference=typed)
        assert answer.one(".summary li").text == said
        assert answer.one("#reference")["value"] == typed
    page.submit(FIND, reference=" ").must_be(422)


def test_a_booking_checked_in_by_mistake_is_to_come_again_and_the_number_goes_on_to_the_right_one(
    desk, arranging, looking
):
    page, right, wrong = mistyped(desk, arranging)
    with arranging() as session:
        other = booked(session, "11:00", name="Somebody Else").reference
    page = page.submit(FIND, reference=other).must_be(303).follow()
    page = page.submit("Undo Checked in Q101 Alt Z").must_be(303).follow()
    case = waits_for_a_decision(desk, looking)
    assert case.one("#reference")["value"] == wrong
    page = case.submit(FIND, reference=right).must_be(303).follow()
    assert page.one(".notice.good .given").text == "Ticket Q101"
    again = desk.get_page(case.url)
    assert not again.select("#reference")
    page = desk.post_page(f"{case.url}/check-in", {"reference": other, **token_of(again)}, 409)
    assert page.one(".summary li").text == "Somebody has decided this already."


def token_of(page):
    return {"csrf_token": page.select("input[name=csrf_token]")[0]["value"]}


def test_a_walk_in_has_no_booking_to_look_for(desk):
    assert not conflict(desk).select("#reference")


def test_what_was_typed_is_sealed_and_forgotten_the_day_after_the_decision(desk, arranging, thursday):  # noqa: F811
    page, right, wrong = mistyped(desk, arranging)

    def typed():
        with arranging() as session:
            forget(session, clock.now())
            stored = session.scalar(text("SELECT typed FROM outbox_entry"))
            assert stored is None or wrong.encode() not in bytes(stored)
            return session.scalars(select(OutboxEntry.typed)).one()

    assert typed() == wrong
    page.submit(FIND, reference=right).must_be(303)
    assert typed() == wrong, "until midnight the decision can be taken back"
    thursday.shift(24 * 3600)
    assert typed() is None


def test_what_nobody_decides_about_forgets_what_was_typed_in_a_month(desk, arranging):
    mistyped(desk, arranging)
    with arranging() as session:
        forget(session, clock.now() + timedelta(days=29))
        assert session.scalars(select(OutboxEntry.typed)).one()
        forget(session, clock.now() + timedelta(days=31))
        assert session.execute(select(OutboxEntry.typed, OutboxEntry.state)).one() == (None, "conflict")
