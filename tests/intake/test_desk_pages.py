"""The desk's one screen: a day at it, every refusal, what it costs, and what it never shows."""

from __future__ import annotations

import gzip
import re

import pytest
from sqlalchemy import select

from house import clock
from house.catalogue import face as catalogue
from house.doors import Role
from house.intake import desk_queue
from house.intake import face as intake
from house.intake.models import Counter, Step, Ticket, Visit
from house.reporting.models import Contact
from tests import houses
from tests.hostile import MEGABYTE, nothing_changes, refuses_everything, send, twice
from tests.intake.booking_house import (
    CPR,
    DRIVING,
    FRIDAY,
    THURSDAY,
    at,
    house_template,  # noqa: F401 - a fixture
    set_up,
    statements,
)
from tests.intake.desk_house import (
    CALL,
    CHECK_IN,
    FINISH,
    HAND_OVER,
    REGISTER,
    START,
    TAX,
    booked,
    contacts,
    numbers,
    register,
    rows,
    the_day_before,
    the_desk,  # noqa: F401 - a fixture
    the_house,  # noqa: F401 - a fixture
    thursday,  # noqa: F401 - a fixture
    walk_in,
)

# --- a day at the desk -----------------------------------------------------------------------------------


def test_a_walk_in_is_registered_called_served_and_finished(desk, arranging):
    page = register(desk, name="Olena Koval", language="uk", party=2)
    assert page.one(".notice.good .given").text == "Ticket A1"
    assert numbers(page) == ["A1"]
    assert "Olena Koval" in page.one(".queue").text
    assert "2 people" in page.one(".queue").text
    page = page.submit(CALL).follow()
    assert page.one(".now .no").text == "A1"
    assert numbers(page) == []
    assert "Called once." in page.one(".now").text
    page = page.submit("Call again Alt R").follow()
    assert "Called 2 times." in page.one(".now").text
    page = page.submit(START).follow()
    page = page.submit(FINISH, outcome="advice_given").follow()
    assert page.select(".now .no") == []
    with arranging() as session:
        [contact] = contacts(session)
        assert (contact.service, contact.language, contact.outcome) == (CPR, "uk", "served")
        assert session.scalars(select(Visit.state)).one() == "done"


def test_a_booking_is_checked_in_from_the_list_by_one_press(desk, arranging):
    with arranging() as session:
        reference = booked(session, name="Ada Lovelace").reference
    page = desk.client.get_page("/desk/")
    assert numbers(page, "coming") == ["10:00"]
    [button] = page.select("[data-part=coming] button")
    assert (button["name"], button["value"]) == ("reference", reference)
    page = page.submit(button.text).must_be(303).follow()
    assert numbers(page, "coming") == []
    assert numbers(page) == ["A1"]
    assert "booked 10:00" in page.one(".queue").text


def test_what_is_pressed_counts_more_than_what_was_typed(desk, arranging):
    with arranging() as session:
        reference = booked(session, name="Ada").reference
    page = desk.client.get_page("/desk/")
    send(page, CHECK_IN, {"reference": ["somebody else", reference]}).must_be(303)


def test_enter_in_the_line_presses_the_button_beside_it(desk, arranging):
    """The first button of a form is the one that Enter presses: it must have no value of the list's."""
    with arranging() as session:
        booked(session)
    form = desk.client.get_page("/desk/").form(CHECK_IN)
    assert form.select("button")[0].get("name") is None
    assert len(form.select("button")) == 2


def test_the_next_ones_to_come_are_listed_and_the_others_found_by_name(desk, arranging):
    with arranging() as session:
        set_up(session, capacity=20)
        for number in range(desk_queue.SHOWN + 2):
            booked(session, "10:00" if number else "11:00", f"Guest {number}")
    page = desk.client.get_page("/desk/")
    assert numbers(page, "coming") == ["10:00"] * desk_queue.SHOWN
    assert "2 more come later. Find them by name." in page.one("[data-part=coming]").text
    assert page.select(".stats dd")[2].text == str(desk_queue.SHOWN + 2)
    page.submit(CHECK_IN, reference="guest 0").must_be(303)


def test_the_next_step_of_a_visit_waits_and_is_announced(desk, arranging):
    with arranging() as session:
        walk_in(session, CPR, TAX)
        after = catalogue.service(session, TAX).name
    page = desk.client.get_page("/desk/").submit(CALL).follow()
    assert after in page.one(".now").text
    page = page.submit(START).follow().submit(HAND_OVER).follow()
    assert numbers(page) == ["A1"]
    assert page.one(".notice.good").text == f"They wait for: {after}"
    assert page.one(".queue li").classes == ["other"], "it is not for this counter"
    assert page.submit(CALL).follow().one(".notice").text == "Nobody waits for your counter."


def test_somebody_called_by_mistake_is_sent_back(desk):
    page = register(desk).submit(CALL).follow().submit("Back to the queue Alt B").must_be(303).follow()
    assert numbers(page) == ["A1"]


def test_somebody_did_not_come_after_three_calls_and_three_minutes(desk, looking, thursday):  # noqa: F811
    page = register(desk).submit(CALL).follow()
    refused = page.submit("Did not come Alt X").must_be(409)
    assert refused.one(".summary li").text.startswith("Please call three times")
    for _ in range(2):
        page = page.submit("Call again Alt R").follow()
    thursday.shift(180)
    page = page.submit("Did not come Alt X").must_be(303).follow()
    assert numbers(page) == []
    with looking() as session:
        assert session.scalars(select(Visit.state)).one() == "missed"


def test_i_sit_at_the_counter_i_chose(desk, house):
    page = desk.submit("Sit here", counter=house.counter_ids[2]).must_be(303).follow()
    assert page.one("#now-title").text == "My counter: Counter 1"  # the tax office's own number one
    assert desk.client.get_page("/desk/").one("#counter option[selected]")["value"] == str(
        house.counter_ids[2]
    )


def test_the_papers_to_check_are_there_while_serving(desk):
    page = register(desk).submit(CALL).follow()
    assert "Papers to check" not in page.text
    assert "Papers to check" in page.submit(START).follow().text


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_screen_speaks_the_language_that_was_chosen(desk, language):
    desk.client.get_page(f"/language/{language}?next=/desk/", 302)
    assert desk.client.get_page("/desk/").one("html")["lang"] == language


def test_a_house_with_nothing_set_up_has_no_desk_yet(desk_client):
    desk_client.get_page("/desk/", 404)


def test_a_house_without_counters_says_so_kindly(desk, arranging):
    with arranging() as session:
        for counter in session.scalars(select(Counter)):
            counter.active = False
    page = desk.client.get_page("/desk/")
    assert page.one("#now-title").text == "My counter: –"
    refused = page.submit(CALL).must_be(409)
    assert refused.one(".summary li").text == "Please choose your counter first."


def test_a_counter_that_was_shut_is_left_for_an_open_one(desk, house, arranging):
    desk.submit("Sit here", counter=house.counter_ids[1]).must_be(303)
    with arranging() as session:
        session.get_one(Counter, house.counter_ids[1]).active = False
    chosen = desk.client.get_page("/desk/").select("#counter option")
    assert [one["value"] for one in chosen] == [str(house.counter_ids[0]), str(house.counter_ids[2])]


# --- few keys --------------------------------------------------------------------------------------------


def test_the_commonest_walk_in_needs_four_keys_at_most(desk):
    """Alt+W is at the service, a letter chooses it, Tab is at the number, Enter sends: all is filled in."""
    form = desk.form(REGISTER)
    fields = [one for one in form.select("[name]") if one.get("type") != "hidden"]
    assert [one["name"] for one in fields[:2]] == ["service", "party"]
    assert fields[0]["accesskey"] == "w"
    assert (fields[1]["type"], fields[1]["value"]) == ("number", "1")
    desk.submit(REGISTER).must_be(303)


def test_every_act_has_a_key_of_its_own(desk):
    pages = [desk, register(desk).submit(CALL).follow()]
    pages.append(pages[1].submit(START).follow())
    keys = [{one["accesskey"] for one in page.select("[accesskey]")} for page in pages]
    assert keys == [
        set("gtwcnp"), set("gtwcsrxbpz"), set("gtwcfbpz"),
    ]  # fmt: skip
    for page in pages:
        assert len(page.select("[accesskey]")) == len(
            {one["accesskey"] for one in page.select("[accesskey]")}
        )


# --- refused ---------------------------------------------------------------------------------------------


def test_every_bad_registration_is_refused(desk, looking):
    good = {"service": DRIVING, "party": "2", "language": "uk", "name": "Olena"}
    ways = refuses_everything(
        lambda: desk.client.get_page("/desk/"), REGISTER, good,
        needed=["service", "party"], lines=["name"], choices=["service", "language", "party"],
    )  # fmt: skip
    assert ways > 15
    for party in ("0", "13", "-1", "1.5", "two", "1e9"):
        page = send(desk.client.get_page("/desk/"), REGISTER, {**good, "party": party}).must_be(422)
        assert page.one("#party")["value"] == party
    assert rows(looking, Visit) == 0


def test_every_bad_check_in_is_refused(desk):
    refuses_everything(
        lambda: desk.client.get_page("/desk/"), CHECK_IN, {"reference": "K7M4QXT"},
        needed=["reference"], lines=["reference"],
    )  # fmt: skip


def test_every_bad_counter_is_refused(desk, house, arranging):
    with arranging() as session:
        shut = session.get_one(Counter, house.counter_ids[1])
        shut.active = False
    good = {"counter": str(house.counter_ids[0])}
    page = lambda: desk.client.get_page("/desk/")  # noqa: E731
    refuses_everything(page, "Sit here", good, needed=["counter"], choices=["counter"])
    foreign = send(page(), "Sit here", {"counter": str(house.counter_ids[1])}).must_be(422)
    assert foreign.select("details[open] #counter")


def test_every_bad_outcome_is_refused(desk):
    register(desk).submit(CALL).follow().submit(START)
    refuses_everything(
        lambda: desk.client.get_page("/desk/"), FINISH, {"outcome": "left"},
        needed=["outcome"], choices=["outcome"],
    )  # fmt: skip


BUTTONS = (CALL, "Call again Alt R", START, "Did not come Alt X", "Back to the queue Alt B")


@pytest.mark.parametrize("button", BUTTONS)
def test_no_button_works_without_its_token(desk, button):
    page = register(desk)
    page = page if button == CALL else page.submit(CALL).follow()
    for token in (None, "forged", MEGABYTE):
        with nothing_changes(desk.client.application, button):
            refused = send(page, button, {"csrf_token": token}).must_be(422)
        assert refused.select(".summary li")


def test_a_check_in_that_cannot_be_says_why_and_keeps_what_was_typed(desk, arranging):
    with arranging() as session:
        here, _twin = booked(session, name="Ada Lovelace"), booked(session, "10:20", "Ada King")
        with the_day_before():
            other = intake.book(session, CPR, 1, at(FRIDAY, "10:00"), "en", "Jan")
            gone = intake.book(session, CPR, 1, at(THURSDAY, "10:40"), "en", "Eva")
            intake.cancel(session, gone)
        codes = [one.reference for one in (here, other, gone)]
    desk = desk.client.get_page("/desk/")
    desk.submit(CHECK_IN, reference=codes[0]).must_be(303)
    desk.submit(CHECK_IN, reference=codes[0]).must_be(303)  # the same form: it says that it was done
    desk = desk.client.get_page("/desk/")
    for typed, status, says in (
        (codes[0], 409, "This visit is checked in already."),
        (codes[1], 409, "This visit is on another day: Friday 8 January 2027."),
        (codes[2], 409, "This visit was cancelled or is over."),
        ("Grace", 422, "We found no booking for that today."),
    ):
        with nothing_changes(desk.client.application, typed):
            page = desk.submit(CHECK_IN, reference=typed).must_be(status)
        assert page.one(".summary li").text.replace(",", "") == says
        assert page.one("#reference")["value"] == typed


def test_several_of_a_name_are_asked_for_the_reference(desk, arranging):
    with arranging() as session:
        booked(session, name="Ana Popescu"), booked(session, "10:20", "Ion Popescu")
    page = desk.submit(CHECK_IN, reference="popescu").must_be(422)
    assert page.one(".summary li").text == "Several bookings fit. Please use the reference."


def test_what_another_window_did_first_is_a_kind_409_with_the_screen(desk, looking):
    called = register(desk).submit(CALL).follow()
    called.submit(START).must_be(303)
    before = rows(looking, Contact)
    for button in (START, "Call again Alt R", "Did not come Alt X"):
        page = called.submit(button).must_be(409)
        assert "Somebody else did something" in page.one(".summary li").text
        assert page.one(".now .no").text == "A1", "the screen as it is now"
    called.submit("Back to the queue Alt B").must_be(303)
    called.submit("Back to the queue Alt B").must_be(409)
    assert rows(looking, Contact) == before


def test_a_busy_counter_calls_nobody(desk, looking):
    free = register(desk)
    free.submit(CALL).must_be(303)
    page = free.submit(CALL).must_be(409)
    assert page.one(".summary li").text == "Finish with the person at your counter first."


def test_a_step_of_another_counter_is_refused_and_a_foreign_one_is_not_here(desk, house, arranging):
    with arranging() as session:
        walk_in(session, TAX)
        waiting = session.scalars(select(Step.id)).one()
    token = {"csrf_token": desk.values(CALL)["csrf_token"], "outcome": "completed"}
    for act in ("again", "start", "missed", "back", "pause", "finish"):
        for step, status in ((waiting, 409), (waiting + 1000, 404), (2**63, 404)):
            with nothing_changes(desk.client.application, act):
                desk.client.post_page(f"/desk/step/{step}/{act}", token, status)
    desk.client.post_page(f"/desk/step/{waiting}/delete", token, 404)


def test_the_same_page_sent_twice_gives_one_ticket(desk, looking):
    filled = {"service": CPR, "name": "Olena"}
    first, again = twice(desk, REGISTER, filled)
    assert (first.status, again.status) == (303, 303)
    assert rows(looking, Visit) == rows(looking, Ticket) == 1
    told, before = again.follow().select(".notice")
    assert told.text.startswith("Ticket A1")
    assert before.text == "This walk-in has a ticket already."
    desk.client.get_page("/desk/").submit(REGISTER, **filled).must_be(303)
    assert rows(looking, Visit) == 2, "a new page is a new person"


def test_only_the_desk_and_advisers_pass_this_door(app, house, sign_in):
    for role in Role:
        client = app.test_client()
        sign_in(client, role)
        wanted = 200 if role in (Role.DESK, Role.ADVISER, Role.ADMIN) else 403
        assert client.get("/desk/").status_code == wanted
        assert client.get("/desk/queue").status_code == wanted


# --- what it costs, what it sends ------------------------------------------------------------------------


def test_the_queue_is_not_sent_again_while_nothing_changed(desk, arranging, thursday):  # noqa: F811
    with arranging() as session:
        walk_in(session, name="Olena Koval")
        booked(session)
    client = desk.client
    first = client.get("/desk/queue")
    assert first.mimetype == "application/json"
    assert "Olena Koval" in first.json["waiting"]
    assert sorted(first.json) == sorted(one["data-part"] for one in desk.select("[data-part]"))
    assert "csrf" not in first.text
    known = {"If-None-Match": first.headers["ETag"]}
    thursday.shift(30)
    same = client.get("/desk/queue", headers=known)
    assert (same.status_code, same.data) == (304, b"")
    thursday.shift(60)
    assert client.get("/desk/queue", headers=known).status_code == 200, "a minute more of waiting is shown"
    with arranging() as session:
        walk_in(session)
    assert client.get("/desk/queue", headers=known).status_code == 200


def test_the_parts_that_stay_fresh_are_the_parts_of_the_page(desk, arranging):
    with arranging() as session:
        walk_in(session)
        booked(session)
    fresh = desk.client.get("/desk/queue").json  # first: it makes the picture of the room that both show
    page = desk.client.get_page("/desk/")
    for part, words in fresh.items():
        assert words.strip() in page.html, part


def test_the_screen_costs_the_same_however_many_wait(app, house, desk_client, arranging):
    with arranging() as session:
        walk_in(session, CPR, TAX)
    desk_client.get_page("/desk/").submit(CALL).must_be(303)
    costs = []
    for _ in range(2):
        with arranging() as session:
            for number in range(10):
                walk_in(session, CPR, TAX, name=f"Guest {number}")
            set_up(session, counters=3, services=(DRIVING,))
        desk_client.get_page("/desk/")
        with statements(app) as sent:
            desk_client.get_page("/desk/")
        costs.append(len([one for one in sent if not one.startswith(("BEGIN", "PRAGMA"))]))
    assert costs[0] == costs[1] <= 12, sent


def test_a_full_screen_is_small(desk_client, house, arranging):
    with arranging() as session:
        for number in range(25):
            walk_in(session, CPR, name=f"Guest number {number}")
    assert len(gzip.compress(desk_client.get("/desk/").data)) < 14 * 1024


def test_names_are_on_the_screen_and_in_no_address(desk, capfd):
    page = register(desk, name="Olena Koval")
    where = [form.get("action", "") for form in page.forms] + [link for _, link in page.links]
    assert not any("Olena" in one for one in where)
    assert "Olena" not in "".join(capfd.readouterr())


def test_markup_in_a_name_is_only_a_name(desk):
    page = register(desk, name="<b>Bobby</b> & 'co'")
    assert "<b>Bobby</b> & 'co'" in page.one(".queue").text
    assert "&lt;b&gt;Bobby" in desk.client.get("/desk/queue").json["waiting"]


def test_what_is_stored_is_what_the_screen_says(desk, app, arranging):
    """One visit from the page to the rows: what was ended is what was told."""
    page = register(desk, name="Olena")
    for button in (CALL, START, FINISH):
        page = page.submit(button).must_be(303).follow()
    with houses.looking(app) as session:
        assert not session.scalars(select(Contact)).all(), "it can still be taken back"
    with arranging() as session:
        steps = session.scalars(select(Step)).all()
        assert len(steps) == len(contacts(session)) == 1
        assert [period.kind for period in steps[0].periods] == ["waiting", "called", "serving"]
        assert all(period.ended_at is not None for period in steps[0].periods)


# --- what the desk says and shows -------------------------------------------------------------------------


def test_whoever_is_registered_is_told_the_number_the_wait_and_the_paper(desk, arranging):
    for _ in range(2):
        page = register(desk, language="uk")
        desk = desk.client.get_page("/desk/")
    assert page.one(".notice.good .no").text == "A2"
    assert re.search(r"expected: \d+–\d+ min", page.one(".notice.good").text)
    paper = page.one(".notice.good a")
    assert (paper.text, paper["accesskey"]) == ("Print the ticket Alt K", "k")
    printed = desk.client.get_page(paper["href"], 303).follow()
    assert printed.one("html")["lang"] == "uk"
    assert printed.one(".sheet .no").text == "A2"
    assert printed.one("[data-desk]")["href"] == "/desk/"


def test_nobody_is_sent_to_the_paper_who_was_served_at_once(desk):
    page = register(desk, quick="advice_given")
    assert page.one(".notice.good").text == "Ticket A1"


def test_a_morning_of_no_shows_does_not_hide_who_comes_next(desk, arranging, thursday, monkeypatch):  # noqa: F811
    monkeypatch.setattr(desk_queue, "_COMING", desk_queue._COMING.limit(2))
    with arranging() as session:
        for wall in ("10:00", "10:20", "11:20", "11:40"):
            booked(session, wall, f"Guest of {wall}")
    thursday.move_to(clock.now().replace(hour=9, minute=30))  # 10:30 on the wall
    page = desk.client.get_page("/desk/")
    assert numbers(page, "coming") == ["10:00", "10:20"]
    assert "Late by 30 min: keeps the booked time" in page.one("[data-part=coming]").text
    thursday.move_to(clock.now().replace(hour=10, minute=30))
    assert numbers(desk.client.get_page("/desk/"), "coming") == ["11:20", "11:40"]
