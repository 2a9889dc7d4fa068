"""An adviser of an authority reaches no visit of others, by whatever address; the front desk reaches all."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from house import clock
from house.catalogue.face import read_about
from house.catalogue.face import service as service_of
from house.doors import Role
from house.intake import closing, guidance, notes
from house.intake.desk_models import Deed
from house.intake.guidance_models import GuidanceChannel, GuidanceEnd
from house.intake.models import CounterService, Outcome, Visit, VisitState
from house.intake.outbox_models import EntryKind, EntryState, OutboxEntry
from house.people import face as people
from tests.hostile import nothing_changes
from tests.intake.booking_house import (
    CPR,
    DRIVING,
    THURSDAY,
    house_template,  # noqa: F401 - a fixture
)
from tests.intake.desk_house import (
    CHECK_IN,
    REGISTER,
    TAX,
    booked,
    serve,
    the_house,  # noqa: F401 - a fixture
    thursday,  # noqa: F401 - a fixture
    walk_in,
)

ROUTES = [
    ("GET", "/desk/caller/<reference>"),
    ("GET", "/desk/cases/<entry_id>"),
    ("POST", "/desk/cases/<entry_id>"),
    ("POST", "/desk/cases/<entry_id>/check-in"),
    ("GET", "/desk/guidance/<guidance_id>/paper"),
    ("POST", "/desk/guidance/<guidance_id>/remove"),
    ("GET", "/desk/person/<reference>"),
    ("POST", "/desk/person/<reference>"),
    ("POST", "/desk/person/<reference>/<act>"),
    ("POST", "/desk/person/<reference>/note"),
    ("POST", "/desk/person/<reference>/note/<note_id>/remove"),
    ("POST", "/desk/step/<step_id>/<act>"),
    ("POST", "/desk/step/<step_id>/finish"),
    ("POST", "/desk/step/<step_id>/outside"),
    ("GET", "/desk/ticket/<reference>"),
    ("POST", "/desk/undo/<deed_id>"),
    ("GET", "/desk/visit/<reference>"),
    ("POST", "/desk/visit/<reference>/<act>"),
    ("GET", "/desk/visit/<reference>/move/"),
    ("GET", "/desk/visit/<reference>/move/<day>"),
    ("POST", "/desk/visit/<reference>/move/<day>"),
]
ACTS = {"person": "pause", "step": "start", "visit": "cancel"}


@pytest.fixture
def others(house, arranging):
    """Grace, who comes for nothing of tax: booked, and served; with everything that an address may name."""
    with arranging() as session:
        of_booked = booked(session, "10:00", "Grace Booked", service=DRIVING)
        walk_in(session, CPR, name="Grace Walked")
        step = serve(session, house)
        about = read_about(f"service:{CPR}")
        told = guidance.Told(about, (), "en", GuidanceChannel.HERE, GuidanceEnd.ADVISED, step.visit_id)
        noted = guidance.note(session, told, "staff 99")
        session.add(
            OutboxEntry(
                id="entry-of-somebody", kind=EntryKind.CHECK_IN, state=EntryState.CONFLICT, code="moved",
                received_at=clock.now(), visit_id=step.visit_id,
            )
        )  # fmt: skip
        session.flush()
        at = service_of(session, CPR).authority_id
        written = notes.write(session, step.visit, at, "Grace brought the lease.", "staff 1").id
        deed = session.scalars(select(Deed.id).order_by(Deed.id)).first()
        keys = {"step_id": step.id, "guidance_id": noted.id, "deed_id": deed, "day": THURSDAY}
        named = {"booked": of_booked.reference, "walked": step.visit.reference}
    return {**keys, **named, "note_id": written, "entry_id": "entry-of-somebody"}


@pytest.fixture
def adviser(app, house, arranging, sign_in):
    """A browser of the tax authority, at its counter."""
    with arranging() as session:
        body = people.authority_body(session, service_of(session, TAX).authority_slug, "Tax").id
    sign_in(app.test_client(), Role.DESK)  # "staff 1", who does what `others` tells
    client = app.test_client()
    sign_in(client, Role.ADVISER, body_id=body)
    client.get_page("/counter/")
    return client


def addresses(route, others):
    """The address of a route for somebody of others, and for each of both visits where it names one."""
    kind = route.split("/")[2]
    for reference in (others["booked"], others["walked"]):
        facts = {**others, "reference": reference, "act": ACTS.get(kind, "")}
        address = route
        for name, value in facts.items():
            address = address.replace(f"<{name}>", str(value))
        yield address


def plain(rule):
    """A rule with the names of its parts alone: `<int(max=9):step_id>` is `<step_id>`."""
    return re.sub(r"<(?:[^<>]*:)?(\w+)>", r"<\1>", rule)


def test_every_route_of_the_desk_that_names_something_is_tried_here(app):
    there = {
        (method, plain(rule.rule))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(("/desk/", "/counter/")) and rule.arguments
        for method in rule.methods & {"GET", "POST"}
    }
    assert there - {*ROUTES} == {
        ("POST", "/desk/break/<act>"),  # my own counter's
        ("POST", "/desk/closed-today/<closing_id>/undo"),  # no door for an adviser
    }
    assert {*ROUTES} <= there


@pytest.mark.parametrize(("method", "route"), ROUTES)
def test_what_belongs_to_a_visit_of_others_is_not_there(app, adviser, others, method, route):
    token = adviser.get_page("/desk/").values(REGISTER)["csrf_token"]
    sent = {"csrf_token": token, "decision": "left", "note": "Mine"}
    for address in addresses(route, others):
        with nothing_changes(app, address):
            page = (
                adviser.get_page(address, 404) if method == "GET" else adviser.post_page(address, sent, 404)
            )
        assert "Grace" not in page.text


@pytest.mark.parametrize("route", [route for method, route in ROUTES if method == "GET" and "ref" in route])
def test_the_front_desk_reaches_everybody(desk_client, others, route):
    statuses = [desk_client.get(address).status_code for address in addresses(route, others)]
    assert {200, 303} & {*statuses}, statuses


def test_an_adviser_checks_in_only_whom_she_sees_by_reference_by_name_or_by_link(
    app, adviser, others, looking
):
    for typed in (
        others["booked"],
        "Grace Booked",
        "grace",
        f"https://h.example/en/visit/{others['booked']}.x",
    ):
        with nothing_changes(app, typed):
            page = adviser.get_page("/desk/").submit(CHECK_IN, reference=typed).must_be(422)
        assert page.one(".summary li").text == "We found no booking for that today."
    with looking() as session:
        wanted = select(Visit.state).where(Visit.reference == others["booked"])
        assert session.scalar(wanted) is VisitState.BOOKED


def test_two_of_one_name_are_one_for_who_sees_one(adviser, others, arranging):
    with arranging() as session:
        booked(session, "10:20", "Grace of tax", service=TAX)
    page = adviser.get_page("/desk/").submit(CHECK_IN, reference="Grace").must_be(303).follow()
    assert page.one(".notice.good .no").text == "B1"


def test_without_the_net_nobody_of_others_is_checked_in_either(adviser, others, looking):
    token = adviser.get("/desk/outbox").get_json()
    sent = {
        "csrf_token": token["token"], "id": "entry-of-an-adviser", "kind": "check_in", "browser": "a" * 20,
        "noted_at": token["now"], "sent_at": token["now"], "reference": others["booked"],
    }  # fmt: skip
    answer = adviser.post("/desk/outbox", data=sent).get_json()
    assert (answer["state"], answer["ticket"]) == ("conflict", None)
    assert answer["why"] == "We found no booking for that today."
    with looking() as session:
        wanted = select(Visit.state).where(Visit.reference == others["booked"])
        assert session.scalar(wanted) is VisitState.BOOKED


def test_a_conflict_about_somebody_of_others_is_not_on_her_list(adviser, desk_client, others):
    assert "please decide" in desk_client.get_page("/desk/").text
    assert "please decide" not in adviser.get_page("/desk/").text


def test_everybody_of_today_are_her_own(adviser, others, arranging):
    with arranging() as session:
        walk_in(session, TAX, CPR, name="Ada of tax")
    page = adviser.get_page("/desk/today")
    assert [one.text for one in page.select("#today .who b")] == ["Ada of tax"]
    assert not page.submit("Find ↵", words="grace").select("#today li")


def test_what_her_counter_gives_for_another_authority_is_hers(adviser, house, others, arranging):
    adviser.get_page(f"/desk/visit/{others['booked']}", 404)
    with arranging() as session:
        driving = service_of(session, DRIVING).id
        session.add(CounterService(counter_id=house.counter_ids[2], service_id=driving))
    adviser.get_page(f"/desk/visit/{others['booked']}", 200)
    adviser.get_page(f"/desk/person/{others['booked']}").submit("Check in").must_be(303)


def test_whoever_gave_a_ticket_prints_it_and_sees_no_more(app, adviser, others, house):
    page = adviser.get_page("/desk/").submit(REGISTER, service=CPR, name="Olena").must_be(303).follow()
    [link] = [where for words, where in page.links if where.startswith("/desk/ticket/")]
    assert adviser.get(link).status_code == 303
    adviser.get_page(link.replace("ticket", "person"), 404)


def test_whoever_booked_for_a_caller_reads_it_out_and_nobody_else_of_another_authority(
    adviser, app, others, arranging, sign_in
):
    path = f"/desk/caller?service={DRIVING}&party=1&language=en"
    page = adviser.get_page(path).submit("Book Alt N", name="Olena").must_be(303)
    adviser.get_page(page.location, 200)
    with arranging() as session:
        body = people.authority_body(session, service_of(session, TAX).authority_slug, "Tax").id
    other = app.test_client()
    sign_in(other, Role.ADVISER, body_id=body)
    other.get_page(page.location, 404)


def test_an_adviser_whose_authority_is_gone_sees_nobody(app, others, arranging, sign_in):
    with arranging() as session:
        body = people.authority_body(session, "closed_down", "Gone").id
    client = app.test_client()
    sign_in(client, Role.ADVISER, body_id=body)
    page = client.get_page("/desk/")
    assert "Grace" not in page.text
    assert page.select("#counter option") == []
    client.get_page(f"/desk/person/{others['walked']}", 404)
    assert client.get_page("/desk/today").select("#today li") == []


def test_what_another_authority_found_missing_is_not_hers_to_read(adviser, desk_client, arranging, house):
    with arranging() as session:
        visit = walk_in(session, CPR, TAX, name="Ada").visit
        step = serve(session, house)
        reference = visit.reference
        closing.finish(session, step, Outcome.PAPERS_MISSING, "staff 1", missing=[0])
    path = f"/desk/person/{reference}"
    assert "Papers are missing: " in desk_client.get_page(path).text
    hers = adviser.get_page(path)
    assert "Ada" in hers.text and "Papers are missing: " not in hers.text
    assert not [where for _words, where in hers.links if f"service={CPR}" in where]


@pytest.mark.parametrize(
    ("kind", "service", "is_hers"),
    [(EntryKind.WALK_IN, CPR, False), (EntryKind.WALK_IN, TAX, True), (EntryKind.CHECK_IN, None, False)],
)
def test_a_conflict_without_a_visit_is_hers_only_for_what_her_authority_gives(
    app, adviser, desk_client, arranging, kind, service, is_hers
):
    with arranging() as session:
        session.add(
            OutboxEntry(
                id="of-nobody-yet", kind=kind, state=EntryState.CONFLICT, code="number_taken", number=101,
                received_at=clock.now(), service=service, came_at=clock.now(), language="en", party=1,
            )
        )  # fmt: skip
    assert "please decide" in desk_client.get_page("/desk/").text
    assert ("please decide" in adviser.get_page("/desk/").text) == is_hers
    adviser.get_page("/desk/cases/of-nobody-yet", 200 if is_hers else 404)
