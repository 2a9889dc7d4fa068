"""An adviser of an authority reaches the hand-overs that were made or are received there, and no other."""

from __future__ import annotations

import re

import pytest

from house.catalogue import face as catalogue
from house.doors import Role
from house.people import face as people
from tests.hostile import nothing_changes
from tests.referrals.scenes import (
    MATTER,
    NAME,
    SERVICE,
    hand_over,
    house_template,  # noqa: F401 - a fixture
)

ROUTES = {
    ("GET", "/referrals/"),
    ("GET", "/referrals/new"),
    ("POST", "/referrals/new"),
    ("GET", "/referrals/<reference>"),
    ("POST", "/referrals/<reference>"),
}


@pytest.fixture
def at(app, arranging, sign_in):
    """A browser of an adviser of the authority of a service."""

    def enter(service, *more):
        with arranging() as session:
            slug = catalogue.service(session, service).authority_slug if service else "closed_down"
            body = people.authority_body(session, slug, "An authority").id
        client = app.test_client()
        sign_in(client, Role.ADVISER, *more, body_id=body)
        return client

    return enter


@pytest.fixture
def others(arranging):
    """What the house hands to the tax authority; its reference."""
    with arranging() as session:
        return hand_over(session).reference


def test_every_route_of_hand_overs_is_tried_here(app):
    there = {
        (method, re.sub(r"<(?:[^<>]*:)?(\w+)>", r"<\1>", rule.rule))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/referrals/")
        for method in rule.methods & {"GET", "POST"}
    }
    assert there == ROUTES


@pytest.mark.parametrize("service", ["cpr_registration", None])
@pytest.mark.parametrize("more", [(), (Role.MANAGER,)])
def test_what_another_authority_receives_is_not_there(app, at, others, service, more):
    client = at(service, *more)
    inbox = client.get_page("/referrals/")
    assert not [secret for secret in (NAME, MATTER, others) if secret in inbox.text]
    token = client.get_page("/referrals/new").values("Hand over")["csrf_token"]
    page = client.get_page(f"/referrals/{others}", 404)
    assert NAME not in page.text
    with nothing_changes(app, others):
        sent = {"csrf_token": token, "state": "accepted", "seen": "sent"}
        client.post_page(f"/referrals/{others}", sent, 404)


def test_who_receives_it_reads_and_answers(at, others):
    client = at(SERVICE)
    page = client.get_page("/referrals/").click(others)
    assert NAME in page.text and MATTER in page.text
    page.submit("Save", state="accepted").must_be(303)


def test_who_made_it_follows_it_and_so_do_her_colleagues(at):
    answers = {"service": SERVICE, "name": "Ada", "matter": MATTER, "language": "en", "basis": "consent"}
    made = at("cpr_registration").get_page("/referrals/new").submit("Hand over", **answers).must_be(303)
    colleague = at("cpr_registration")
    assert "Ada" in colleague.get_page("/referrals/").text
    colleague.get_page(made.location).submit("Save", state="sent", told_by="phone").must_be(303)
    at("eu_residence_document").get_page(made.location, 404)


def test_the_front_desk_follows_all(desk_client, others):
    assert NAME in desk_client.get_page("/referrals/").click(others).text
