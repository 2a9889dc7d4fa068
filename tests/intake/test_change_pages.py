"""The pages that change a visit: moving, finding, something earlier, and staff's own; page by page."""

from __future__ import annotations

import statistics
import time
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from house import clock, worker
from house.intake.booking import book
from house.intake.cancelling import cancel
from house.intake.change_models import EarlierOffer
from house.intake.counters import all_counters
from house.intake.fairness import SEARCHES, SEARCHES_FOR_ONE, VISITS_AHEAD
from house.intake.holding import hold
from house.intake.models import Visit
from house.intake.moving import move
from house.intake.views import moving as moving_pages
from house.intake.worklist import ask_all, worklist
from house.post import Letter, message
from house.seals import keyring
from tests.hostile import refuses_everything
from tests.intake.booking_house import (
    CPR,
    DRIVING,
    FRIDAY,
    THURSDAY,
    WEDNESDAY,
    at,
    house_template,  # noqa: F401 - a fixture
    set_up,
    tick,
)
from tests.intake.counter_house import close

LATER = "2027-01-14"
ADA = "ada@example.org"


@pytest.fixture
def house(arranging, frozen):
    """One counter for CPR numbers and driving licences; it is Wednesday noon."""
    with arranging() as session:
        house = set_up(session, services=[CPR, DRIVING])
    house.clock = frozen(WEDNESDAY)
    return house


@pytest.fixture
def booked(app, arranging, house):
    """Books a visit and answers the path of its page."""

    def make(wall="10:00", day=THURSDAY, services=CPR, email=ADA, lang="en", party=1):
        with arranging() as session:
            visit = book(session, services, party, at(day, wall), lang, "Ada", email)
            link = keyring().link("visit", visit.reference, visit.generation)
            return f"/{lang}/visit/{link}"

    return make


def take(client, wall="10:00", day=FRIDAY, slug=CPR):
    """The page after a time was taken."""
    return client.get_page(f"/en/book/{slug}/1/{day}").submit(start=str(tick(day, wall))).follow()


def reference_in(path):
    return path.rpartition("/")[2].partition(".")[0]


def kinds(looking):
    with looking() as session:
        return session.scalars(select(Letter.kind).order_by(Letter.id)).all()


def times_of(looking):
    with looking() as session:
        visits = session.scalars(select(Visit).where(Visit.state != "held").order_by(Visit.id)).all()
        return [visit.steps[0].starts_at for visit in visits]


# --- moving ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["en", "ar", "uk"])
def test_a_visit_is_moved_by_its_link(client, booked, looking, lang):
    days = client.get_page(booked(lang=lang) + "/move/")
    assert len(days.select("ul.days a")) == 10
    times = client.get_page(days.select("ul.days a")[0]["href"])
    offered = [one["value"] for one in times.select("input[name=start]")]
    assert str(tick(THURSDAY, "10:00")) not in offered and str(tick(THURSDAY, "10:10")) in offered
    visit = times.submit(start=str(tick(THURSDAY, "10:10"))).follow()
    assert "10:10" in visit.text and visit.select("p.notice[role=status]")
    assert times_of(looking) == [at(THURSDAY, "10:10")]
    assert kinds(looking) == ["visit_booked", "visit_moved"]


def test_the_page_of_the_visit_leads_to_moving(client, booked):
    visit = client.get_page(booked())
    days = visit.click("Choose another time")
    assert days.h1 == "Choose another day" and "10:00" in days.text
    assert days.click("Later days").click("First days").h1 == days.h1


def test_a_visit_of_two_services_moves_as_a_whole(client, booked, looking):
    times = client.get_page(booked(services=[CPR, DRIVING]) + f"/move/{FRIDAY}")
    times.submit(start=str(tick(FRIDAY, "11:00"))).follow()
    with looking() as session:
        steps = session.scalars(select(Visit)).one().steps
        assert [step.starts_at for step in steps] == [at(FRIDAY, "11:00"), at(FRIDAY, "11:20")]


def test_who_comes_too_late_keeps_the_old_time_and_sees_the_nearest(client, booked, arranging, looking):
    times = client.get_page(booked() + f"/move/{FRIDAY}")
    with arranging() as session:
        hold(session, CPR, 1, tick(FRIDAY, "10:00"), "en", b"somebody else")
    refused = times.submit(start=str(tick(FRIDAY, "10:00"))).must_be(409)
    assert "Somebody was faster" in refused.text and "Your visit is as it was." in refused.text
    near = refused.select("button[name=start]")
    assert len(near) == 3
    assert times_of(looking) == [at(THURSDAY, "10:00")]
    assert kinds(looking) == ["visit_booked"]
    refused.submit(near[1].text).follow()
    assert times_of(looking) != [at(THURSDAY, "10:00")]


def test_pressing_twice_moves_once(client, booked, looking):
    times = client.get_page(booked() + f"/move/{FRIDAY}")
    for _ in range(2):
        times.submit(start=str(tick(FRIDAY, "10:00"))).must_be(303)
    assert kinds(looking) == ["visit_booked", "visit_moved"]


@pytest.mark.parametrize(
    ("start", "status"),
    [("", 422), (None, 422), ("soon", 422), ("0", 409), ("-1", 409), ("9" * 30, 409), (str(2**63), 409)],
)
def test_odd_times_are_refused_on_the_same_page(client, booked, looking, start, status):
    times = client.get_page(booked() + f"/move/{FRIDAY}")
    values = times.values() | {"start": start}
    answer = client.post_page(times.url, {k: v for k, v in values.items() if v is not None}, status)
    assert "Friday" in answer.h1
    assert times_of(looking) == [at(THURSDAY, "10:00")]


@pytest.mark.parametrize("day", ["tomorrow", "2027-13-01", "x" * 2000])
def test_a_day_that_is_none_is_not_found(client, booked, day):
    client.get_page(booked() + f"/move/{day}", 404)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2027-01-09"])
def test_a_day_without_times_says_so_and_shows_the_nearest(client, booked, day):
    page = client.get_page(booked() + f"/move/{day}")
    assert "no free times on this day" in page.text


def test_moving_needs_the_link_and_the_token(client, booked, looking):
    path = booked()
    client.get_page(path[:-2] + "xx/move/", 404)
    client.get_page(path[:-2] + f"xx/move/{FRIDAY}", 404)
    client.post_page(path[:-2] + f"xx/move/{FRIDAY}", {"start": tick(FRIDAY, "10:00")}, 404)
    client.post_page(path + f"/move/{FRIDAY}", {"start": tick(FRIDAY, "10:00")}, 422)
    assert times_of(looking) == [at(THURSDAY, "10:00")]


def test_a_visit_that_is_off_or_over_leads_back_to_its_page(client, house, booked, arranging):
    path = booked()
    times = client.get_page(path + f"/move/{FRIDAY}")
    with arranging() as session:
        cancel(session, session.scalars(select(Visit)).one())
    refused = times.submit(start=str(tick(FRIDAY, "10:00"))).must_be(409)
    assert refused.h1 == "This visit cannot be moved any more"
    assert client.get_page(path + "/move/", 302).follow().h1 == "Your visit is cancelled"
    other = booked()
    house.clock.move_to(at(THURSDAY, "10:00"))
    client.get_page(other + f"/move/{FRIDAY}", 302)
    client.get_page(other + "/move/", 302)


def test_moving_is_counted_like_holding(client, booked, monkeypatch):
    from house.intake import fairness

    monkeypatch.setattr(fairness, "HOLDS", 1)
    times = client.get_page(booked() + f"/move/{FRIDAY}")
    times.submit(start=str(tick(FRIDAY, "10:00"))).must_be(303)
    refused = times.submit(start=str(tick(FRIDAY, "10:30"))).must_be(429)
    assert int(refused.response.headers["Retry-After"]) > 0


# --- four pages --------------------------------------------------------------------------------------------


def test_a_visit_has_four_pages(client, house, booked, arranging):
    first, second, third = booked(), booked("10:20"), booked("10:40")
    assert client.get_page(first).h1 == "Your visit is booked"
    client.get_page(first + "/cancel").submit().follow()
    with arranging() as session:
        visit = session.scalars(select(Visit).where(Visit.reference == reference_in(second))).one()
        cancel(session, visit, "staff 3")
    house.clock.move_to(at(THURSDAY, "12:00"))
    heads = {client.get_page(path).h1 for path in (first, second, third)}
    assert heads == {"Your visit is cancelled", "We had to cancel your visit", "This visit is over"}


# --- finding -----------------------------------------------------------------------------------------------


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


# --- something earlier -------------------------------------------------------------------------------------


@pytest.fixture
def offered(client, app, booked, arranging, looking):
    """Somebody asked on the page of the visit, somebody else cancelled; answers the path of the offer."""
    waits, gone = booked(day=LATER), booked(day=FRIDAY, email="gone@example.org")
    visit = client.get_page(waits).submit("Tell me if something earlier is free").follow()
    assert "We write to you when something earlier is free." in visit.text
    client.get_page(gone + "/cancel").submit().follow()
    with app.app_context():
        worker.every_minute(app)
    with looking() as session:
        letter = session.scalars(select(Letter).where(Letter.kind == "earlier_time")).one()
        mail = message(letter)
    text = mail.get_body(("plain",)).get_content()
    assert (mail["To"], mail["Subject"]) == (ADA, "An earlier time is free")
    assert "Friday, 8 January 2027, 10:00" in text and "Thursday, 14 January 2027, 10:00" in text
    link = next(word for word in text.split() if "/en/earlier/" in word)
    return link.removeprefix("http://127.0.0.1:8000"), waits


def test_the_address_of_the_button_leads_back_to_the_visit(client, booked):
    """Somebody changes the language on the page of a refused button."""
    mine = booked(day=LATER)
    assert client.get_page(f"{mine}/earlier", 302).location == mine



def test_an_offer_is_taken_by_its_link(client, offered, looking):
    path, _ = offered
    page = client.get_page(path)
    assert "10:00" in page.text and "14:00" in page.text  # until when
    visit = page.submit("Take the earlier time").follow()
    assert "Friday, 8 January 2027, 10:00" in visit.text
    assert times_of(looking)[0] == at(FRIDAY, "10:00")
    assert client.get_page(path, 302).follow().h1 == "Your visit is booked"
    page.submit("Take the earlier time").must_be(303)
    assert kinds(looking).count("visit_moved") == 1


def test_an_offer_can_be_left_to_others(client, offered, looking):
    path, waits = offered
    assert "An earlier time is free: Friday" in client.get_page(waits).text
    page = client.get_page(path)
    kept = page.submit("Keep my time").follow()
    assert "You keep the time you have." in kept.text
    assert times_of(looking)[0] == at(LATER, "10:00")
    over = page.submit("Take the earlier time").must_be(410)
    assert over.h1 == "This offer is over"
    client.get_page(path, 410).click("See the visit")


def test_looking_at_an_offer_changes_nothing(client, offered, looking):
    for _ in range(3):
        client.get_page(offered[0])
    with looking() as session:
        assert session.scalars(select(EarlierOffer.state)).all() == ["open"]


def test_an_offer_that_nobody_answered_is_gone(client, house, offered):
    house.clock.shift(timedelta(hours=2, minutes=1))
    assert client.get_page(offered[0], 410).h1 == "This offer is over"


def test_an_offer_whose_time_could_not_be_kept_is_refused(client, house, offered, arranging, looking):
    page = client.get_page(offered[0])
    house.clock.shift(timedelta(hours=2, minutes=2))
    with arranging() as session:
        hold(session, CPR, 1, tick(FRIDAY, "10:00"), "en", b"1")
    page.submit("Take the earlier time").must_be(409)
    assert times_of(looking)[0] == at(LATER, "10:00")


@pytest.mark.parametrize("answer", ["", "perhaps", None, "y" * 100_000])
def test_an_answer_is_yes_or_no(client, offered, answer, looking):
    page = client.get_page(offered[0])
    values = page.values() | {"answer": answer}
    said = client.post_page(page.url, {k: v for k, v in values.items() if v is not None}, 422)
    assert "Please use one of the buttons." in said.said
    assert times_of(looking)[0] == at(LATER, "10:00")


def test_offers_and_wishes_need_their_link_and_token(client, offered):
    path, waits = offered
    client.get_page(path[:-2] + "xx", 404)
    client.get_page("/en/earlier/" + waits.rpartition("/")[2], 404)
    client.post_page(path, {"answer": "yes"}, 422)
    client.post_page(waits + "/earlier", {"answer": "yes"}, 422)


def test_a_wish_can_be_taken_back_and_is_refused_for_what_is_off(client, booked, arranging, looking):
    page = client.get_page(booked())
    asked = page.submit("Tell me if something earlier is free").follow()
    asked.submit("Stop telling me").follow()
    with looking() as session:
        assert session.scalars(select(Visit.asked_earlier_at)).one() is None
    with arranging() as session:
        cancel(session, session.scalars(select(Visit)).one())
    page.submit("Tell me if something earlier is free").must_be(409)


def test_without_an_address_nothing_is_promised(client, booked):
    assert "earlier" not in client.get_page(booked(email=None)).text


def test_a_wish_can_be_given_while_booking(client, house, looking):
    take(client).submit(name="Ada", email=ADA, earlier="y").follow().submit("Book this visit").follow()
    with looking() as session:
        assert session.scalars(select(Visit.asked_earlier_at)).one() == clock.now()


# --- fair shares -------------------------------------------------------------------------------------------


def test_an_address_has_its_share_and_no_more(client, booked, looking):
    for number in range(VISITS_AHEAD):
        booked(f"10:{20 * number:02}")
    check = take(client).submit(name="Ada", email="ADA@example.org").follow()
    refused = check.submit("Book this visit").must_be(422)
    assert "This address has enough visits ahead." in refused.said
    with looking() as session:
        assert session.scalar(select(func.count()).where(Visit.state == "booked")) == VISITS_AHEAD
    other = take(client, "11:00", slug=DRIVING)
    other.submit("Book this visit").follow()  # another service is no hoarding


def test_the_name_of_a_booked_visit_cannot_be_changed(client, house, looking):
    """Nobody can sell a time by writing another name on it."""
    contact = take(client)
    contact.submit(name="Ada", email=ADA).follow().submit("Book this visit").follow()
    contact.submit(name="Buyer", email="buyer@example.org")
    with looking() as session:
        assert [(one.name, one.email) for one in session.scalars(select(Visit))] == [("Ada", ADA)]


# --- staff -------------------------------------------------------------------------------------------------


def test_staff_cancel_and_take_it_back_before_anybody_hears(house, desk_client, client, booked, app, looking):
    path = booked()
    page = desk_client.get_page(f"/desk/visit/{reference_in(path)}")
    assert "This visit is booked." in page.text and "Ada" in page.text
    off = page.submit("Cancel the visit").follow()
    assert client.get_page(path).h1 == "We had to cancel your visit"
    with app.app_context():
        while worker.send_one(worker.mailbox):
            pass
    back = off.submit("Take it back").follow()
    assert "The visit is booked as before." in back.text
    assert client.get_page(path).h1 == "Your visit is booked"
    assert kinds(looking) == ["visit_booked"]
    house.clock.shift(timedelta(minutes=5))
    with app.app_context():
        worker.every_minute(app)
        assert not worker.send_one(worker.mailbox)


def test_after_a_minute_it_is_too_late(house, desk_client, booked, app, looking):
    page = desk_client.get_page(f"/desk/visit/{reference_in(booked())}")
    off = page.submit("Cancel the visit").follow()
    house.clock.shift(timedelta(minutes=1))
    with app.app_context():
        while worker.send_one(worker.mailbox):
            pass
    refused = off.submit("Take it back").must_be(409)
    assert "too late" in refused.said
    assert kinds(looking) == ["visit_booked", "visit_cancelled"]


def test_nobody_gets_the_places_within_the_minute(house, desk_client, client, booked):
    desk_client.get_page(f"/desk/visit/{reference_in(booked())}").submit("Cancel the visit").follow()
    ten = f'value="{tick(THURSDAY, "10:00")}"'
    assert ten not in client.get_page(f"/en/book/{CPR}/1/{THURSDAY}").html
    house.clock.shift(timedelta(minutes=2, seconds=1))
    assert ten in client.get_page(f"/en/book/{CPR}/1/{THURSDAY}").html


def test_staff_move_a_visit_for_a_caller(house, desk_client, booked, looking):
    path = booked()
    days = desk_client.get_page(f"/desk/visit/{reference_in(path)}").click("Choose another time")
    times = desk_client.get_page(days.select("ul.days a")[1]["href"])
    moved = times.submit(start=str(tick(FRIDAY, "11:00"))).follow()
    assert "Your visit has a new time." in moved.text and "11:00" in moved.text
    assert times_of(looking) == [at(FRIDAY, "11:00")]
    times.submit(start=str(tick(FRIDAY, "11:00"))).must_be(303)
    client_post = {"start": "soon", "csrf_token": times.values()["csrf_token"]}
    desk_client.post_page(times.url, client_post, 422)


def test_what_staff_cannot_change_says_why(house, desk_client, booked):
    page = desk_client.get_page(f"/desk/visit/{reference_in(booked())}")
    house.clock.move_to(at(THURSDAY, "10:00"))
    refused = page.submit("Cancel the visit").must_be(409)
    assert "The time of this visit has come." in refused.said
    desk_client.get_page("/desk/visit/K7M4QXT", 404)
    desk_client.post_page(page.url + "/cancel", {}, 422)


def test_a_visit_at_the_desk_is_only_for_staff(client, booked):
    path = f"/desk/visit/{reference_in(booked())}"
    for page in ("", "/move/", f"/move/{FRIDAY}"):
        assert client.get_page(path + page, 303).location.startswith("/sign-in")
    client.post_page(path + "/cancel", {}, 303)


def test_a_moved_page_says_whose_it_is():
    assert moving_pages.Way("/a", "/b/").times_page(at(FRIDAY, "10:00").date()) == f"/b/{FRIDAY}"


# --- asked to move -----------------------------------------------------------------------------------------


def test_whom_we_asked_to_move_sees_that_on_the_page_and_who_moved_does_not(client, booked, arranging):
    path = booked()
    with arranging() as session:
        close(session)
        everywhere = all_counters(session)
        found = [(one.visit_id, one.revision) for one in worklist(session, everywhere)]
        assert ask_all(session, everywhere, found, "staff 1") == 1
    page = client.get(path)
    assert "We cannot see you at the time that you booked." in page.text
    assert f"{path}/move/" in page.text
    with arranging() as session:
        move(session, session.scalars(select(Visit)).one(), tick(FRIDAY, "10:00"))
    assert "We cannot see you" not in client.get(path).text
