"""A family of four comes in English by API: find, hold, book three services, move, cancel."""

from __future__ import annotations

from itertools import pairwise

import pytest
from sqlalchemy import select

from house.intake.models import Occupancy, Visit
from house.post import Letter
from tests.intake.api.asking import (
    CPR,
    SIRI,
    TAX,
    THREE,
    Machine,
    iso,
    stored,
)
from tests.intake.booking_house import (
    FRIDAY,
    THURSDAY,
    WEDNESDAY,
    set_up,
)

FAMILY = {"services": [TAX, SIRI, CPR], "party": 4, "children": 2, "language": "en", "access": ["quiet"]}


def test_a_family_of_four_books_three_services_moves_and_cancels(machine, house, app, client):
    services = machine.ask("listServices")
    bookable = [one["service"] for one in services["services"] if one["bookable"]]
    assert sorted(bookable) == sorted(THREE) and "Aalborg" in services["municipalities"]

    found = machine.ask("findItineraries", FAMILY | {"municipality": "Aalborg", "limit": 3})
    assert len(found["itineraries"]) == 3 and found["parts"] == found["not_here"] == []
    first = found["itineraries"][0]
    order = [step["service"] for step in first["steps"]]
    assert sorted(order) == sorted(THREE) and order.index(SIRI) < order.index(CPR)
    assert first["starts_at"] == iso(THURSDAY, "10:00") and first["language"] == "en"
    times = [(step["starts_at"], step["ends_at"]) for step in first["steps"]]
    assert all(a[1] <= b[0] for a, b in pairwise(times))

    held = machine.ask("hold", FAMILY | {"starts_at": first["starts_at"]})
    assert [step["service"] for step in held["steps"]] == order
    assert [(s["starts_at"], s["ends_at"]) for s in held["steps"]] == times
    assert held["held_until"] == iso(WEDNESDAY[:10], "12:15")
    assert machine.ask("getHold", token=held["hold"]) == held

    visit = machine.ask("bookVisit", {
        "hold": held["hold"], "name": "Amal", "email": "amal@example.org", "starts_at": first["starts_at"],
    })  # fmt: skip
    assert (visit["party"], visit["children"], visit["access"]) == (4, 2, ["quiet"])
    assert visit["state"] == "booked" and visit["can_change"] and any(s["papers"] for s in visit["steps"])
    assert machine.ask("getVisit", token=visit["visit"]) == visit
    page = client.get_page(visit["page"])
    assert page.h1 == "Your visit is booked" and visit["reference"] in page.text
    assert b"BEGIN:VCALENDAR" in client.get(visit["calendar"]).data

    others = machine.ask("listTimes", token=visit["visit"], query=f"?from={FRIDAY}&to={FRIDAY}&limit=1")
    friday = others["itineraries"][0]["starts_at"]
    assert friday == iso(FRIDAY, "10:00")
    moved = machine.ask("moveVisit", {"starts_at": friday}, token=visit["visit"])
    assert moved["starts_at"] == friday and moved["reference"] == visit["reference"]
    assert machine.ask("moveVisit", {"starts_at": friday}, token=visit["visit"]) == moved

    gone = machine.ask("cancelVisit", token=visit["visit"])
    assert (gone["state"], gone["cancelled_by"], gone["can_change"]) == ("cancelled", "visitor", False)
    assert machine.ask("cancelVisit", {}, token=visit["visit"]) == gone
    assert stored(app, Occupancy, Visit) == [0, 1]


def test_the_letters_of_a_visit_booked_by_a_machine_are_in_the_language_asked_for(app, house, looking):
    machine = Machine(app, "uk")
    hold = machine.hold(language="uk")
    machine.ask("bookVisit", {"hold": hold["hold"], "name": "Олена", "email": "olena@example.org"})
    with looking() as session:
        letters = session.scalars(select(Letter)).all()
        assert [(one.kind, one.language) for one in letters if one.kind == "visit_booked"] == [
            ("visit_booked", "uk")
        ]
        visit = session.scalars(select(Visit)).one()
        assert (visit.name, visit.email, visit.language) == ("Олена", "olena@example.org", "uk")


def test_the_names_of_services_and_refusals_are_in_the_language_asked_for(app, house):
    names, details = set(), set()
    for tag in ("da", "en", "de", "pl", "ro", "uk", "lt", "bg", "es", "tr", "ar", "fa"):
        machine = Machine(app, tag)
        services = machine.ask("listServices")["services"]
        names.add(next(one["name"] for one in services if one["service"] == CPR))
        details.add(machine.ask("hold", {"services": [CPR]}, 422)["title"])
        answer = machine.client.get("/api/v1/services", headers={"Accept-Language": tag})
        assert answer.headers["Content-Language"] == tag
    assert len(names) == 12
    nowhere = Machine(app, "de").client.get("/api/v1/nowhere", headers={"Accept-Language": "de"}).json
    assert nowhere["title"] and nowhere["title"] != "We cannot find this page"


def test_times_come_page_by_page_without_a_gap(machine, house):
    wish = {"services": [CPR]}
    everything = machine.ask("findItineraries", wish | {"limit": 100, "to": FRIDAY})
    assert everything["next_after"] is None
    found, after = [], {}
    while True:
        page = machine.ask("findItineraries", wish | {"limit": 7, "to": FRIDAY} | after)
        found += page["itineraries"]
        if page["next_after"] is None:
            break
        after = {"after": page["next_after"]}
    assert found == everything["itineraries"] and len(found) > 20
    starts = [one["starts_at"] for one in found]
    assert starts == sorted(set(starts))


def test_every_time_on_offer_can_be_held_and_no_other(machine, house):
    machine.book(starts_at=iso(THURSDAY, "11:00"), party=2)
    wish = {"services": [CPR], "party": 2}
    found = machine.ask("findItineraries", wish | {"from": THURSDAY, "to": THURSDAY, "limit": 100})
    offered = {one["starts_at"] for one in found["itineraries"] if one["starts_at"] < iso(THURSDAY, "12:00")}
    mine = machine.hold(starts_at=iso(FRIDAY, "10:00"), party=2)["hold"]
    held = set()
    for minute in range(9 * 60 + 50, 12 * 60, 5):
        start = iso(THURSDAY, f"{minute // 60:02}:{minute % 60:02}")
        body = wish | {"starts_at": start, "replaces": mine}
        if machine.client.post("/api/v1/holds", json=body).status_code == 201:
            held.add(start)
    assert held == offered and 5 < len(offered) < 20


def test_when_the_own_language_costs_time_it_is_said(machine, arranging, frozen):
    with arranging() as session:
        set_up(session, services=[CPR], languages=["en"], hours={3: [("10:00", "12:00")]})
        set_up(session, services=[CPR], languages=["uk"], hours={4: [("10:00", "12:00")]})
    frozen(WEDNESDAY)
    found = machine.ask("findItineraries", {"services": [CPR], "language": "uk"})
    assert found["itineraries"][0]["starts_at"] == iso(THURSDAY, "10:00")
    assert found["itineraries"][0]["language"] == "en"
    assert found["first_in_language"] == iso(FRIDAY, "10:00")
    own = {"services": [CPR], "language": "uk", "only_in_this_language": True}
    only = machine.ask("findItineraries", own)["itineraries"]
    assert {one["language"] for one in only} == {"uk"} and only[0]["starts_at"] == iso(FRIDAY, "10:00")
    machine.ask("hold", own | {"starts_at": iso(THURSDAY, "10:00")}, 409)
    machine.ask("hold", own | {"starts_at": iso(FRIDAY, "10:00")})


def test_where_not_everything_can_be_had_the_largest_part_and_the_missing_step_are_named(
    machine, arranging, frozen
):
    with arranging() as session:
        set_up(session, services=[CPR], hours={3: [("10:00", "12:00")]})
        set_up(session, services=[SIRI], hours={3: [("10:00", "12:00")]})
        set_up(session, services=[TAX], hours={4: [("10:00", "12:00")]})
    frozen(WEDNESDAY)
    found = machine.ask("findItineraries", {"services": [CPR, TAX, SIRI]})
    assert found["itineraries"] == [] and found["first_anywhen"] is None
    assert found["parts"] == [{"services": [SIRI, CPR], "missing": [TAX]}]
    assert machine.ask("findItineraries", {"services": [SIRI, CPR]})["itineraries"]


def test_a_service_that_is_not_booked_here_says_where_it_is(machine, house):
    found = machine.ask("findItineraries", {"services": [CPR, "mitid"]})
    assert found["itineraries"] == [] and found["parts"] == [{"services": [CPR], "missing": ["mitid"]}]
    assert [one["service"] for one in found["not_here"]] == ["mitid"] and found["not_here"][0]["detail"]
    refused = machine.ask("hold", {"services": [CPR, "mitid"], "starts_at": iso(THURSDAY, "10:00")}, 422)
    assert found["not_here"][0]["detail"] in refused["errors"][0]["detail"]


def test_a_service_that_the_own_municipality_does_is_refused_before_times(machine, house):
    wish = {"services": [CPR], "municipality": "other"}
    found = machine.ask("findItineraries", wish)
    assert found["itineraries"] == [] and "Aalborg" in found["not_here"][0]["detail"]
    machine.ask("hold", wish | {"starts_at": iso(THURSDAY, "10:00")}, 422)


def test_what_another_system_booked_is_planned_around(machine, house):
    wish = {
        "services": [SIRI, CPR],
        "elsewhere": [{"service": SIRI, "starts_at": iso(THURSDAY, "11:00"), "reference": "S-1"}],
    }
    first = machine.ask("findItineraries", wish)["itineraries"][0]
    assert [step["service"] for step in first["steps"]] == [CPR]
    assert first["starts_at"] > iso(THURSDAY, "11:00")
    machine.ask("hold", wish | {"starts_at": iso(THURSDAY, "10:00")}, 409)
    held = machine.ask("hold", wish | {"starts_at": first["starts_at"]})
    assert [(one["service"], one["reference"]) for one in held["elsewhere"]] == [(SIRI, "S-1")]


def test_a_new_hold_takes_the_place_of_the_one_it_replaces(machine, house, app):
    before = machine.hold()
    after = machine.hold(starts_at=iso(THURSDAY, "11:00"), replaces=before["hold"])
    assert after["hold"] == before["hold"] and stored(app, Visit) == [1]
    machine.hold(starts_at=iso(THURSDAY, "11:30"))
    assert stored(app, Visit) == [2]


def test_a_hold_is_extended_three_times_and_confirmed_while_nobody_took_it(machine, house):
    held = machine.hold()
    for left in (2, 1, 0):
        house.clock.shift(600)
        held = machine.ask("extendHold", token=held["hold"])
        assert held["extensions_left"] == left
    assert machine.ask("extendHold", {}, 422, token=held["hold"])["code"] == "no_more_time"
    house.clock.shift(3600)
    machine.ask("bookVisit", {"hold": held["hold"], "name": "Amal"})


def test_a_hold_that_ran_out_and_was_taken_offers_the_three_nearest(machine, house):
    late = machine.hold()
    house.clock.shift(3600)
    machine.hold(starts_at=iso(THURSDAY, "10:00"))
    for refused in (
        machine.ask("bookVisit", {"hold": late["hold"], "name": "Amal"}, 409),
        machine.ask("extendHold", None, 409, token=late["hold"]),
    ):
        assert refused["code"] == "hold_over" and len(refused["nearest"]) == 3
    machine.hold(starts_at=refused["nearest"][0]["starts_at"])


def test_a_name_cannot_be_changed_by_booking_again(machine, house, looking):
    held = machine.hold()
    first = machine.ask("bookVisit", {"hold": held["hold"], "name": "Amal"})
    assert machine.ask("bookVisit", {"hold": held["hold"], "name": "Somebody Else"}) == first
    with looking() as session:
        assert session.scalars(select(Visit.name)).one() == "Amal"


@pytest.mark.parametrize("wanted", [True, False])
def test_asking_to_hear_of_something_earlier(machine, house, looking, wanted):
    held = machine.hold()
    booking = {"hold": held["hold"], "name": "Amal", "email": "amal@example.org", "tell_earlier": wanted}
    visit = machine.ask("bookVisit", booking)
    assert visit["tell_earlier"] is wanted
    with looking() as session:
        assert (session.scalars(select(Visit)).one().asked_earlier_at is not None) is wanted
    for wish in (not wanted, wanted):
        visit = machine.ask("askEarlier", {"wanted": wish}, token=visit["visit"])
        assert visit["tell_earlier"] is wish
    nameless = machine.book(TAX)["visit"]
    machine.ask("askEarlier", {"wanted": True}, 409, token=nameless)
    assert machine.ask("askEarlier", {"wanted": False}, token=nameless)["tell_earlier"] is False
