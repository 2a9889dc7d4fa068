"""The one-time link of a company contact: asked for, looked at, used once, run out, replaced, raced for."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import func, select, update

from house import clock
from house.doors import Role
from house.people import face as people
from house.people.models import Account, SignInLink
from house.post import Letter, message
from tests import houses
from tests.conftest import synthetic_cvr
from tests.hostile import refuses_everything
from tests.inspecting import BASE_URL
from tests.intake.racing import IN_VAIN, PATIENCE, wait_for

EMAIL = "hr@example.dk"


def join(app, email=EMAIL, number=0, language="en", role=Role.COMPANY):
    """A company with a contact; returns the company's key."""
    with houses.arranging(app) as session:
        body = people.add_company(session, f"Example {number} A/S", synthetic_cvr(number))
        people.open_account(session, email, "Karen Friis", [(body.id, role)], language=language)
        return body.id


@pytest.fixture
def company(app):
    return join(app)


def ask(client, email=EMAIL, language="en"):
    return client.get_page(f"/{language}/company/sign-in").submit(email=email)


def links(app):
    """The links in the letters that wait, oldest first, as paths."""
    with houses.looking(app) as session:
        letters = session.scalars(select(Letter).where(Letter.kind == "sign_in_link").order_by(Letter.id))
        return [json.loads(letter.facts)["link"].removeprefix(BASE_URL) for letter in letters]


def link_for(client, app):
    ask(client).must_be(303)
    return links(app)[-1]


# --- asking ----------------------------------------------------------------------------------------------


def test_known_and_unknown_addresses_get_the_same_answer(app, client, company):
    known, unknown = ask(client), ask(client, "nobody@example.dk")
    assert (known.status, known.location) == (unknown.status, unknown.location)
    assert known.follow().text == unknown.follow().text
    assert len(links(app)) == 1


def test_staff_get_no_link_so_a_letter_never_replaces_a_password(app, client):
    join(app, role=Role.DESK)
    ask(client).must_be(303)
    assert links(app) == []


def test_every_bad_input_is_refused(client, company):
    refuses_everything(
        lambda: client.get_page("/en/company/sign-in"), "Send me a link", {"email": EMAIL},
        needed=["email"], lines=["email"],
    )  # fmt: skip


def test_after_five_letters_one_waits(app, client, company):
    for _ in range(5):
        ask(client).must_be(303)
    ask(client).must_be(429)
    ask(client, "nobody@example.dk").must_be(303)
    assert len(links(app)) == 5


def test_the_language_is_remembered_of_who_came_in_and_of_nobody_who_only_asked(app, client, company):
    def spoken():
        with houses.looking(app) as session:
            return session.scalar(select(Account.language))

    ask(client, language="da")
    assert spoken() == "en", "anybody may ask for somebody else's link"
    [link] = links(app)
    client.get_page(link).submit().must_be(303)
    assert spoken() == "da"


@pytest.mark.parametrize("language", ["da", "ar"])
def test_the_letter_speaks_the_language_of_the_page_and_names_nobody(app, client, language):
    join(app, language="en")
    ask(client, language=language)
    [link] = links(app)
    assert link.startswith(f"/{language}/company/sign-in/")
    with houses.looking(app) as session:
        letter = session.scalars(select(Letter)).one()
        mail = message(letter)
        assert (letter.language, mail["To"]) == (language, EMAIL)
    assert "Karen" not in mail["Subject"]
    assert "example.dk" not in link
    pages = "".join(part.get_content() for part in mail.walk() if part.get_content_maintype() == "text")
    assert BASE_URL + link in pages


# --- using -----------------------------------------------------------------------------------------------


def test_looking_never_uses_it_up_and_pressing_does(app, client, company, looking):
    link = link_for(client, app)
    for _ in range(3):
        page = client.get_page(link)
        client.head(link)
    inside = page.submit("Sign in")
    assert (inside.status, inside.location) == (303, "/en/company/room")
    with client.session_transaction() as browser:
        assert browser["_user_id"]
    other = app.test_client()
    other.get_page(link, 410)
    assert other.post_page(link, page.values("Sign in"), 410).h1 == "This link is no longer valid"
    with looking() as session:
        assert session.scalars(select(SignInLink.used_at)).one() is not None


def test_without_its_token_the_button_does_nothing(app, client, company):
    link = link_for(client, app)
    assert client.post_page(link, {}, 422).select(".summary li")
    client.get_page(link).submit("Sign in").must_be(303)


def test_it_lasts_thirty_minutes(app, client, company, frozen):
    clock = frozen("2027-01-07 10:00")
    link = link_for(client, app)
    clock.shift(29 * 60 + 59)
    page = client.get_page(link)
    clock.shift(1)
    client.get_page(link, 410)
    client.post_page(link, page.values("Sign in"), 410)


def test_a_newer_link_replaces_the_earlier_ones(app, client, company):
    join(app, "other@example.dk", 1)
    ask(client, "other@example.dk")
    first, second = link_for(client, app), link_for(client, app)
    others, *_ = links(app)
    client.get_page(first, 410).click("Ask for a new link")
    client.get_page(second)
    client.get_page(others)  # another person's link is not touched


def test_a_forged_link_is_no_link(app, client, company):
    link = link_for(client, app)
    changed = link[:-5] + ("A" if link[-5] != "A" else "B") + link[-4:]
    for forged in (changed, link[:-22], link + "x", "/en/company/sign-in/x.y"):
        client.get_page(forged, 410)
    client.get_page(link.replace("/en/", "/de/"))


def test_a_link_for_something_else_signs_nobody_in(app, client, company):
    link_for(client, app)
    with houses.looking(app) as session:
        reference = session.scalars(select(SignInLink.reference)).one()
    visit = app.extensions["house-keyring"].link("visit", reference, 1)
    client.get_page(f"/en/company/sign-in/{visit}", 410)


# --- pressed in two windows at once ----------------------------------------------------------------------


def press(app, number):
    client = app.test_client()
    [link] = links(app)
    return client.get_page(link).submit("Sign in").status


def press_seeing_it_unused(app, number):
    """The same with the condition of the UPDATE taken out."""
    from house.people import links as room

    class Blind:
        def __init__(self, table):
            self.statement = update(table)

        def where(self, first, *_rest):
            return self.statement.where(first)

    room.update = Blind
    return press_late(app, number)


@pytest.fixture
def letter_out(engine_app):
    join(engine_app)
    ask(engine_app.test_client()).must_be(303)


@pytest.mark.races
def test_pressed_at_once_in_five_windows_one_gets_in(engine_app, race, letter_out):
    assert sorted(race(press_late, 5)) == [303, 410, 410, 410, 410]
    with houses.looking(engine_app) as session:
        assert session.scalar(select(func.count()).where(SignInLink.used_at.is_not(None))) == 1


def press_late(app, number):
    """Past the first look: only the one UPDATE stands between five windows and the room."""
    from house.people import links as room

    room.link_is_open = lambda session, token: True
    return press(app, number)


@pytest.mark.races
def test_without_the_condition_of_the_update_all_get_in(engine_app, race, letter_out):
    assert race(press_seeing_it_unused, 5) == [303] * 5


def ask_beside(app, number, careful=True):
    """Two ask at one moment: the second when the first has looked for earlier links, in vain as it is."""
    from house.people import links as room

    folder, make = app.extensions["house-config"].data_dir, room.new_reference
    if not careful:
        room.select = lambda *_: Unlocked()

    def slowly():
        (folder / f"looked-{number}").touch()
        wait_for((folder / f"looked-{1 - number}").exists, IN_VAIN if careful else PATIENCE)
        return make()

    room.new_reference = slowly
    with houses.arranging(app) as session:
        people.send_sign_in_link(session, EMAIL)


class Unlocked:
    """A statement that was to lock an account, and looks at nothing."""

    def where(self, *_):
        return self

    def with_for_update(self, **_):
        return select(1)


@pytest.mark.races
@pytest.mark.postgres
@pytest.mark.parametrize(("careful", "open_"), [(True, 1), (False, 2)], ids=["as it is", "without the lock"])
def test_of_two_links_asked_for_at_one_moment_one_is_the_newest(pg_app, careful, open_):
    """On SQLite one writes at a time."""
    join(pg_app)
    houses.race(pg_app.extensions["house-config"], lambda app, number: ask_beside(app, number, careful), 2)
    with houses.looking(pg_app) as session:
        later = SignInLink.expires_at > clock.now()
        assert session.scalar(select(func.count()).where(later)) == open_
