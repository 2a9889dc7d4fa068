"""Finding a visit by reference and address: the link comes by letter, and the page tells nothing."""

from __future__ import annotations

import statistics
import time

import pytest
from sqlalchemy import select

from house.catalogue.face import place
from house.intake.fairness import SEARCHES, SEARCHES_FOR_ONE
from house.intake.holding import hold
from house.post import Letter, message
from tests.hostile import refuses_everything
from tests.intake.booking_house import (
    CPR,
    THURSDAY,
    house_template,  # noqa: F401 - a fixture
    tick,
)
from tests.intake.booking_pages import the_house  # noqa: F401 - a fixture
from tests.intake.changing_pages import (
    ADA,
    booking_a_visit,  # noqa: F401 - a fixture
    kinds,
    reference_in,
)


def test_reference_and_address_send_the_link_again(client, booked, looking):
    path = booked()
    typed = reference_in(path)
    typed = f" {typed[:3]}-{typed[3:].lower()} "
    sent = client.get_page("/en/find").submit(reference=typed, email="Ada@Example.org")
    assert sent.follow().h1 == "Look in your mailbox"
    with looking() as session:
        letter = session.scalars(select(Letter).where(Letter.kind == "visit_link")).one()
        assert letter.recipient == ADA
        text = message(letter).get_body(("plain",)).get_content()
        assert path in text and "Ada" not in text


def test_who_gave_no_address_may_phone_where_the_house_has_a_number(client, house, arranging):
    page = client.get_page("/en/find")
    assert "Then talk to us." in page.text
    assert ("+45 99 30 00 00", "tel:+4599300000") in page.links
    with arranging() as session:
        place(session).phone = None
    page = client.get_page("/en/find")
    assert "Then talk to us." in page.text and "Phone" not in page.text
    assert not [one for one in page.links if one[1].startswith("tel:")]


def ask(client, reference, email, status=303):
    return client.get_page("/en/find").submit(reference=reference, email=email).must_be(status)


def test_true_and_false_pairs_get_the_very_same_answer(client, booked, looking):
    typed = reference_in(booked())
    answers = [
        ask(client, typed, ADA), ask(client, typed, "bob@example.org"), ask(client, "K7M4QXT", ADA),
        ask(client, typed[:-1], ADA), ask(client, "?", ADA),
    ]  # fmt: skip
    seen = {(page.status, page.location, page.response.data) for page in answers}
    assert len(seen) == 1
    assert kinds(looking) == ["visit_booked", "visit_link"]


def test_true_and_false_pairs_take_as_long(app, booked, monkeypatch):
    """Measured in the verb, by turns: the medians lie close together."""
    from house.db import db, writing
    from house.intake.finding import send_link

    typed = reference_in(booked())
    taken = {"true": [], "false": []}
    with app.app_context():
        for _ in range(40):
            for kind, email in (("true", ADA), ("false", "bob@example.org")):
                began = time.perf_counter()
                with writing(db.session()) as session:
                    send_link(session, typed, email)
                taken[kind].append(time.perf_counter() - began)
    right, wrong = (statistics.median(taken[kind]) for kind in ("true", "false"))
    assert 0.5 < right / wrong < 2


def test_a_held_visit_is_not_found(client, house, arranging, looking):
    with arranging() as session:
        visit = hold(session, CPR, 1, tick(THURSDAY, "10:00"), "en", b"1")
        visit.name, visit.email = "Ada", ADA
        reference = visit.reference
    ask(client, reference, ADA)
    assert kinds(looking) == []


def test_finding_is_limited_for_one_address_and_for_one_network(client, booked, looking):
    typed = reference_in(booked())
    for _ in range(SEARCHES_FOR_ONE):
        ask(client, typed, ADA)
    refused = ask(client, typed, ADA, 429)
    assert int(refused.response.headers["Retry-After"]) > 0
    assert ask(client, "K7M4QXT", "  ADA@example.org", 429)
    for number in range(SEARCHES - SEARCHES_FOR_ONE - 2):
        ask(client, typed, f"nobody{number}@example.org")
    ask(client, typed, "somebody@example.org", 429)
    assert kinds(looking).count("visit_link") == SEARCHES_FOR_ONE


def test_the_form_of_finding_refuses_what_is_no_answer(client, house):
    good = {"reference": "K7M4QXT", "email": ADA}
    assert refuses_everything(
        lambda: client.get_page("/en/find"), None, good, needed=["reference", "email"],
        lines=["reference", "email"],
    ) > 8  # fmt: skip


@pytest.mark.parametrize("lang", ["da", "ar"])
def test_finding_speaks_every_language(client, house, lang):
    client.get_page(f"/{lang}/find").submit(reference="K7M4QXT", email=ADA).follow()
