"""A held visit of several services: more time for it, when it ran out, and what a browser makes up."""

from __future__ import annotations

from sqlalchemy import select

from house.intake.holding import hold
from house.intake.models import Occupancy, Visit
from tests.intake.booking_house import (
    CPR,
    THURSDAY,
    at,
    house_template,  # noqa: F401 - a fixture
    tick,
)
from tests.intake.several_house import (
    path,
    take,
    the_house,  # noqa: F401 - a fixture
)

# --- more time -------------------------------------------------------------------------------------------


def test_a_hold_can_be_extended_three_times_with_what_was_typed(client, house, looking):
    contact = take(client)
    for count in range(1, 4):
        house.clock.shift(10 * 60)
        contact = contact.submit("I need more time", name="Half a na", email="not yet").must_be(200)
        assert contact.values()["name"] == "Half a na" and contact.values()["email"] == "not yet"
        with looking() as session:
            visit = session.scalars(select(Visit)).one()
            ends = set(session.scalars(select(Occupancy.expires_at)))
            assert (visit.extensions, ends) == (count, {visit.held_until})
    assert "I need more time" not in contact.text
    late = contact.submit("Continue", extra={"more": "1"}, name="Ada", email="").must_be(422)
    assert "You had more time three times." in late.said
    assert late.submit(name="Ada", email="").follow().h1 == "Check your answers"


def test_near_its_end_the_page_warns(client, house):
    contact = take(client)
    assert contact.select("[data-left]") and not contact.select(".notice.warn:not([hidden])")
    house.clock.shift(13 * 60)
    warned = client.get_page(contact.url)
    assert warned.select("p.warn[role=alert]") and not warned.select("[data-left]")


def test_more_time_is_given_on_the_check_too(client, house):
    check = take(client).submit(name="Ada", email="").follow()
    house.clock.shift(14 * 60)
    check = check.submit("I need more time").must_be(200)
    assert "until 12:29" in check.text
    assert check.submit("Book this visit").follow().h1 == "Your visit is booked"


def test_more_time_for_what_somebody_took_offers_the_nearest_and_keeps_the_answers(client, house, arranging):
    contact = take(client, slugs=CPR).submit(name="Ada", email="").follow()
    house.clock.shift(17 * 60)
    with arranging() as session:
        hold(session, CPR, 1, tick(THURSDAY, "10:10"), "en", b"somebody else")
    over = contact.submit("I need more time").must_be(409)
    near = over.select("button[name=start]")
    assert len(near) == 3 and "Your answers are kept." in over.text
    assert over.submit(near[0].text).follow().h1 == "Check your answers"


def test_without_the_token_no_more_time_is_given(client, house, looking):
    contact = take(client)
    client.post_page(contact.url, {"more": "1", "name": "Ada"}, 422)
    with looking() as session:
        assert session.scalars(select(Visit)).one().extensions == 0


def test_an_expired_hold_of_several_services_keeps_the_answers_and_offers_three_times(client, house):
    check = take(client).submit(name="Ada", email="").follow()
    house.clock.shift(16 * 60)
    over = client.get_page(check.url, 410)
    near = over.select("button[name=start]")
    assert len(near) == 3
    again = over.submit(near[1].text).follow()
    assert again.h1 == "Check your answers" and "Ada" in again.text
    assert len(again.select("main ol li")) == 3


# --- tampering -------------------------------------------------------------------------------------------


def test_what_a_browser_adds_to_the_time_changes_nothing(client, house, looking):
    page = client.get_page(path(CPR, day=THURSDAY))
    forged = {
        "duration": "5", "end": str(tick(THURSDAY, "10:05")), "ends_at": "2027-01-07T10:05", "counter": "99",
        "counter_id": "1", "ticks": "1", "step": "0", "party": "1", "services": "mitid", "price": "0",
    }  # fmt: skip
    page.submit(start=str(tick(THURSDAY, "10:00")), extra=forged).follow()
    with looking() as session:
        [step] = session.scalars(select(Visit)).one().steps
        assert (step.starts_at, step.ends_at) == (at(THURSDAY, "10:00"), at(THURSDAY, "10:20"))
        assert len(session.scalars(select(Occupancy)).all()) == 4


def test_an_internal_service_is_never_held(client, house, arranging, looking):
    with arranging() as session:
        from house.intake.models import CounterService

        for given in session.scalars(select(CounterService)):
            given.bookable = False
    token = client.get_page(f"/en/book/{CPR}/").values()["csrf_token"]
    sent = {"csrf_token": token, "start": tick(THURSDAY, "10:00")}
    client.post_page(path(CPR, day=THURSDAY), sent, 404)
    with looking() as session:
        assert session.scalars(select(Visit)).all() == []


def test_somebody_elses_hold_cannot_be_used(app, client, house):
    mine = take(client)
    other = app.test_client()
    token = other.get_page(path(day=THURSDAY)).values()["csrf_token"]
    reference, dot, mac = mine.url.rpartition("/")[2].partition(".")
    wrong = (f"{reference}.{'A' * len(mac)}", reference, f"{reference}{dot}", f"{reference}.{mac[::-1]}")
    for forged in wrong:
        for end in ("", "/check"):
            address = f"/en/book/hold/{forged}{end}"
            other.get_page(address, 404)
            other.post_page(address, {"csrf_token": token, "name": "Eve", "email": "", "more": "1"}, 404)
