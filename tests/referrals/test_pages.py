"""The pages of hand-overs: the staff's inbox and forms, and the person's own page by link."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from house import clock
from house.doors import Role
from house.people import face as people
from house.post import Letter
from house.referrals.forget import KEPT, forget
from house.referrals.models import Referral, Turn
from house.reporting.models import Contact
from tests import houses
from tests.hostile import nothing_changes, refuses_everything, send, twice
from tests.intake.booking_house import statements
from tests.referrals.scenes import (
    EMAIL,
    MATTER,
    NAME,
    SERVICE,
    STAFF,
    S,
    hand_over,
    house_template,  # noqa: F401 - a fixture
    links,
    walk,
)

GOOD = {
    "service": SERVICE, "name": NAME, "email": EMAIL, "language": "uk", "matter": MATTER, "basis": "consent",
}  # fmt: skip


@pytest.fixture
def desk(app, desk_client):
    return desk_client


@pytest.fixture
def referral(arranging):
    """A hand-over that was sent; its reference."""
    with arranging() as session:
        return hand_over(session).reference


def rows(looking, table):
    with looking() as session:
        return session.scalar(select(func.count()).select_from(table))


def choices(page):
    return [one["value"] for one in page.select("input[name=state]")]


# --- handing over ----------------------------------------------------------------------------------------


def test_a_person_is_handed_over_and_followed_to_the_end(desk, looking):
    page = (
        desk.get_page("/referrals/").click("New hand-over").submit("Hand over", **GOOD).must_be(303).follow()
    )
    assert page.h1.startswith("Hand-over ")
    assert NAME in page.text
    assert MATTER in page.text
    assert "Not told to the authority yet" in page.one("dl").text
    page = page.submit("Save", state="sent", told_by="in_person").must_be(303).follow()
    assert "(In person, " in page.one("ol").text
    for state in ("accepted", "in_progress", "completed"):
        page = page.submit("Save", state=state).must_be(303).follow()
    assert page.select("main form") == [], "what ended has no next state"
    inbox = desk.get_page("/referrals/")
    assert "Completed" in inbox.one("tbody").text
    with looking() as session:
        assert session.scalars(select(Contact.referral_outcome)).all() == ["completed"]
        assert session.scalars(select(Turn.state).order_by(Turn.id)).all() == [
            S.DRAFT, S.SENT, S.ACCEPTED, S.IN_PROGRESS, S.COMPLETED,
        ]  # fmt: skip
        assert session.scalars(select(Turn.actor)).all() == ["staff 1"] * 5


def test_every_bad_hand_over_is_refused(desk, looking):
    refuses_everything(
        lambda: desk.get_page("/referrals/new"), "Hand over", GOOD,
        needed=["service", "name", "basis"], lines=["name", "email", "matter"],
        choices=["service", "language", "basis"],
    )  # fmt: skip
    assert rows(looking, Referral) == rows(looking, Letter) == 0


def test_the_same_page_sent_twice_hands_over_once(desk, looking):
    first, again = twice(desk.get_page("/referrals/new"), "Hand over", GOOD)
    assert (first.status, again.status) == (303, 303)
    assert "This hand-over was sent already." in again.follow().text
    assert (rows(looking, Referral), rows(looking, Letter)) == (1, 0)


def test_a_hand_over_without_an_address_works_too(desk, looking):
    answers = GOOD | {"email": "", "matter": "", "basis": "law"}
    desk.get_page("/referrals/new").submit("Hand over", **answers).must_be(303)
    assert (rows(looking, Referral), rows(looking, Letter)) == (1, 0)


# --- the next state --------------------------------------------------------------------------------------


def test_only_the_states_that_may_follow_are_offered(desk, referral):
    page = desk.get_page(f"/referrals/{referral}")
    assert choices(page) == ["accepted", "rejected", "cancelled"]
    assert choices(page.submit("Save", state="accepted").follow()) == [
        "in_progress", "completed", "failed", "on_hold", "cancelled",
    ]  # fmt: skip


def test_every_bad_turn_is_refused(desk, referral):
    refuses_everything(
        lambda: desk.get_page(f"/referrals/{referral}"), "Save", {"state": "accepted"},
        needed=["state"], choices=["state"],
    )  # fmt: skip


@pytest.mark.parametrize("wanted", ["completed", "draft", "in_progress"])
def test_an_illegal_turn_is_a_conflict(desk, referral, wanted):
    page = desk.get_page(f"/referrals/{referral}")
    with nothing_changes(desk.application, wanted):
        refused = send(page, "Save", {"state": wanted}).must_be(409)
    assert refused.select(".summary li")
    assert choices(refused) == choices(page)


@pytest.mark.parametrize("seen", [None, "", "accepted", "nonsense", "x" * 5000])
def test_a_turn_without_what_was_seen_is_a_conflict(desk, referral, seen):
    page = desk.get_page(f"/referrals/{referral}")
    with nothing_changes(desk.application, "a turn"):
        send(page, "Save", {"state": "accepted", "seen": seen}).must_be(409)


def test_in_two_tabs_the_second_is_told(desk, referral, looking):
    one, other = (desk.get_page(f"/referrals/{referral}") for _ in range(2))
    one.submit("Save", state="accepted").must_be(303)
    page = other.submit("Save", state="cancelled").must_be(409)
    assert "Somebody else changed this hand-over." in page.one(".summary li").text
    assert choices(page) == ["in_progress", "completed", "failed", "on_hold", "cancelled"]
    page.submit("Save", state="cancelled").must_be(303)
    assert rows(looking, Contact) == 1


@pytest.mark.parametrize("reference", ["K7M4QXT", "k7m4qxt", "%00", "new2", "'"])
def test_a_hand_over_nobody_made_is_not_here(desk, reference):
    page = desk.get_page("/referrals/new")
    desk.get_page(f"/referrals/{reference}", 404)
    desk.post_page(f"/referrals/{reference}", page.values("Hand over"), 404)


def test_a_hand_over_begins_in_english_where_nobody_said_a_language(desk):
    for asked, chosen in (("", "en"), ("?language=", "en"), ("?language=uk", "uk")):
        page = desk.get_page(f"/referrals/new{asked}")
        assert page.one("#language option[selected]")["value"] == chosen


# --- the inbox -------------------------------------------------------------------------------------------


def test_those_that_wait_stand_first_oldest_on_top(client, sign_in, arranging, frozen):
    clock_ = frozen("2027-01-07 23:30")
    sign_in(client, Role.DESK)
    with arranging() as session:
        names = ["Ada", "Bo", "Cy", "Di"]
        made = []
        for name in names:
            made.append(hand_over(session, is_told=name != "Di", name=name))
            clock_.shift(60)
        walk(session, made[0], S.CANCELLED)
    page = client.get_page("/referrals/")
    assert [row.select("td")[0].text for row in page.select("tbody tr")] == ["Di", "Bo", "Cy", "Ada"]
    assert "7 Jan" in page.select("tbody tr")[1].text, "the day on the wall"


def test_the_inbox_costs_the_same_however_many_there_are(app, desk, arranging):
    costs = []
    for _ in range(2):
        with arranging() as session:
            for _ in range(5):
                hand_over(session)
        desk.get_page("/referrals/")
        with statements(app) as sent:
            desk.get_page("/referrals/")
        costs.append(len([one for one in sent if not one.startswith(("BEGIN", "PRAGMA"))]))
    assert costs[0] == costs[1] <= 12, sent


def test_an_empty_inbox_says_so(desk):
    assert "Nobody was passed on yet." in desk.get_page("/referrals/").text


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"told_by": "phone", "told_on": "2000-01-01"}, "told_on"),
        ({"told_by": "phone", "told_on": "3000-01-01"}, "told_on"),
        ({"told_by": "phone", "told_on": "soon\0"}, "told_on"),
        ({"told_by": "phone", "told_on": ""}, "told_on"),
        ({"told_by": None}, "told_by"),
        ({"told_by": "pigeon"}, "told_by"),
    ],
)
def test_who_says_it_was_told_says_how_and_when(desk, arranging, answers, field):
    with arranging() as session:
        reference = hand_over(session, is_told=False).reference
    page = desk.get_page(f"/referrals/{reference}")
    assert choices(page) == ["sent", "cancelled"]
    with nothing_changes(desk.application, str(answers)):
        refused = send(page, "Save", {"state": "sent", **answers}).must_be(422)
    assert refused.select(f"#{field}-error")
    page.submit("Save", state="cancelled", told_on="").must_be(303)


@pytest.mark.parametrize("of_house", [True, False])
def test_a_manager_sees_how_many_and_nobody(app, sign_in, arranging, referral, of_house):
    client = app.test_client()
    with arranging() as session:
        hand_over(session, is_told=False)
        other = people.authority_body(session, "udbetaling_danmark", "Benefits").id
    sign_in(client, Role.MANAGER, **({} if of_house else {"body_id": other}))
    page = client.get_page("/referrals/")
    counted = {row.select("th")[0].text: row.select("td")[0].text for row in page.select("tbody tr")}
    two = [counted["Not told to the authority yet"], counted["Sent, waiting for an answer"]]
    assert two == [str(int(of_house))] * 2
    assert NAME not in page.text and referral not in page.text
    client.get_page("/referrals/new", 403)
    client.get_page(f"/referrals/{referral}", 403)


# --- the person's own page -------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_person_follows_the_matter_without_an_account(app, client, arranging, language):
    with arranging() as session:
        walk(session, hand_over(session, language=language), S.ACCEPTED)
    [link] = links(app)
    page = client.get_page(link)
    assert page.one("html")["lang"] == language
    assert len(page.select("main ol li")) == 3
    assert not any(secret in page.text for secret in (NAME, EMAIL, MATTER)), "the page tells nobody who it is"
    assert page.select("form[action*=referral]") == []
    client.post_page(link, {}, 405)


def test_a_link_works_in_every_language_and_a_forged_one_in_none(app, client, referral):
    [link] = links(app)
    client.get_page(link.replace("/uk/", "/tr/"))
    forged = link[:-5] + ("A" if link[-5] != "A" else "B") + link[-4:]
    for wrong in (forged, link + "x", link[:-22], "/en/referral/x", "/en/referral/%00.%00"):
        client.get_page(wrong, 404)


def test_after_it_was_forgotten_the_link_is_gone(app, client, arranging):
    with arranging() as session:
        walk(session, hand_over(session, language="en"), S.CANCELLED)
    [link, _] = links(app)
    with houses.arranging(app) as session:
        assert forget(session, clock.now() + KEPT * 1.01) == 1
    assert client.get_page(link, 410).h1 == "This link is no longer valid"


# --- at the same moment ----------------------------------------------------------------------------------


@pytest.mark.races
def test_one_turn_of_five_at_the_same_moment_is_taken(engine_app, race, sign_in):
    from house.catalogue import face

    with houses.arranging(engine_app) as session:
        if not face.services(session):
            face.import_catalogue(session, face.bundled_catalogue())
        reference = hand_over(session).reference
    client = engine_app.test_client()
    sign_in(client, Role.DESK)
    values = client.get_page(f"/referrals/{reference}").values("Save")
    with client.session_transaction() as browser:
        carried = dict(browser)

    def press(app, number):
        client = app.test_client()
        with client.session_transaction() as browser:
            browser.update(carried)
        state = ("accepted", "rejected", "cancelled")[number % 3]
        return client.post(f"/referrals/{reference}", data={**values, "state": state}).status_code

    assert sorted(race(press, 5)) == [303, 409, 409, 409, 409]
    with houses.looking(engine_app) as session:
        assert session.scalar(select(func.count()).select_from(Turn)) == 3


def test_staff_are_written_down_by_number(arranging, looking):
    with arranging() as session:
        hand_over(session)
    with looking() as session:
        assert session.scalars(select(Turn.actor)).all() == [STAFF] * 2
