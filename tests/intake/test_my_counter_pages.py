"""My counter on the desk's screen: sitting down, calling, serving, ending, and what it refuses."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from house.catalogue import face as catalogue
from house.doors import Role
from house.intake.models import Counter, Step, Visit
from house.people import face as people
from house.reporting.models import Contact
from tests import houses
from tests.hostile import MEGABYTE, nothing_changes, refuses_everything, send
from tests.intake.booking_house import (
    CPR,
    house_template,  # noqa: F401 - a fixture
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
    call,
    contacts,
    numbers,
    register,
    rows,
    the_desk,  # noqa: F401 - a fixture
    the_house,  # noqa: F401 - a fixture
    thursday,  # noqa: F401 - a fixture
    walk_in,
)


def test_i_sit_at_the_counter_i_chose(desk, house):
    page = desk.submit("Sit here", counter=house.counter_ids[2]).must_be(303).follow()
    assert page.one("#now-title").text == "My counter: Counter 1"  # the tax office's own number one
    assert desk.client.get_page("/desk/").one("#counter option[selected]")["value"] == str(
        house.counter_ids[2]
    )


def test_a_counter_that_was_shut_is_left_for_an_open_one(desk, house, arranging):
    desk.submit("Sit here", counter=house.counter_ids[1]).must_be(303)
    with arranging() as session:
        session.get_one(Counter, house.counter_ids[1]).active = False
    page = desk.client.get_page("/desk/")
    chosen = page.select("#counter option")
    assert [one["value"] for one in chosen] == [str(house.counter_ids[0]), str(house.counter_ids[2])]
    assert page.one("#now-title").text == "My counter: –", "nobody is sat down at another authority's"
    page.submit("Sit here").must_be(303)
    assert desk.client.get_page("/desk/").one("#now-title").text == "My counter: Counter 1"


def test_nobody_is_sat_down_by_guess_and_everything_else_works_without_a_counter(
    app, house, arranging, sign_in
):
    with arranging() as session:
        walk_in(session, CPR, name="Olena")
        booked(session, name="Ada")
        call(session, house)
    client = app.test_client()
    sign_in(client, Role.DESK)
    page = client.get_page("/desk/")
    assert "Choose where you sit." in page.one("#no-seat").text
    assert page.one(".now select[accesskey=u]")["name"] == "counter"
    assert not page.select("[accesskey=n]") and not page.select(".now .no")
    options = [one.text for one in page.select("#counter option")]
    assert len(options) == 3 and all("(" in one for one in options), "each says whose counter it is"
    assert options[0].endswith("– has A1 now") and "has" not in options[1]
    assert page.one("#counter option[selected]")["value"] == str(house.counter_ids[1]), "where nobody sits"
    page = register(page, name="Grace")
    page = page.submit(CHECK_IN, reference="Ada").must_be(303).follow()
    assert numbers(page) == ["A2", "A3"]
    assert not page.select(".queue li.other")
    person = client.get_page(page.select("a.no")[0]["href"])
    assert not person.select("#notes")
    person.submit("Pause").must_be(303)
    assert client.get_page("/counter/").one("[data-part=next]").text.count("Please choose your counter")
    token = {"csrf_token": page.values(REGISTER)["csrf_token"]}
    refused = client.post_page("/desk/call", token, 409)
    assert refused.one(".summary li").text == "Please choose your counter first."


def test_who_can_sit_at_one_counter_only_sits_there(app, house, arranging, sign_in):
    with arranging() as session:
        slug = catalogue.service(session, TAX).authority_slug
        body = people.authority_body(session, slug, "Tax").id
    client = app.test_client()
    sign_in(client, Role.ADVISER, body_id=body)
    assert client.get_page("/counter/").one("#now-title").text == "My counter: Counter 1"


def test_a_house_without_counters_says_so_kindly(desk, arranging):
    with arranging() as session:
        for counter in session.scalars(select(Counter)):
            counter.active = False
    page = desk.client.get_page("/desk/")
    assert page.one("#now-title").text == "My counter: –"
    assert page.one("#no-seat").text == "No counter is open for you. Ask who manages the counters."
    refused = desk.submit(CALL).must_be(409)
    assert refused.one(".summary li").text == "Please choose your counter first."


def test_every_bad_counter_is_refused(desk, house, arranging):
    with arranging() as session:
        shut = session.get_one(Counter, house.counter_ids[1])
        shut.active = False
    good = {"counter": str(house.counter_ids[0])}
    page = lambda: desk.client.get_page("/desk/")  # noqa: E731
    refuses_everything(page, "Sit here", good, needed=["counter"], choices=["counter"])
    foreign = send(page(), "Sit here", {"counter": str(house.counter_ids[1])}).must_be(422)
    assert foreign.select("details[open] #counter")


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


def test_the_papers_to_check_are_there_while_serving(desk):
    page = register(desk).submit(CALL).follow()
    assert "Papers to check" not in page.text
    assert "Papers to check" in page.submit(START).follow().text


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


def test_every_act_has_a_key_of_its_own(desk):
    pages = [desk, register(desk).submit(CALL).follow()]
    pages.append(pages[1].submit(START).follow())
    keys = [{one["accesskey"] for one in page.select("[accesskey]")} for page in pages]
    assert keys == [
        set("gtwcnpu"), set("gtwcsrxbpzu"), set("gtwcfbpzuoa12345"),
    ]  # fmt: skip
    for page in pages:
        assert len(page.select("[accesskey]")) == len(
            {one["accesskey"] for one in page.select("[accesskey]")}
        )


def test_the_keys_are_told_on_both_pages_and_each_of_them_is_there(desk):
    pages = [desk, register(desk).submit(CALL).follow()]
    pages.append(pages[1].submit(START).follow())
    there = {one["accesskey"].upper() for page in pages for one in page.select("[accesskey]")}
    for page in (desk, desk.client.get_page("/counter/")):
        told = [one.text.removeprefix("Alt ") for one in page.select(".keys kbd")]
        assert len(told) == len(set(told))
        single = {one for one in told if len(one) == 1}
        assert there - {*"12345"} <= single
        assert single - there == {"H", "K", "M"}, "for who has more to come, another time, and notes"
        assert "1–5" in told and "Hold Alt and press" in page.text
    served = pages[2]
    outcomes = served.select("form[data-digits=outcome] input[name=outcome]")
    assert [one["accesskey"] for one in outcomes] == [*"12345"]
    for letter, words in (("o", "Choose what comes next"), ("a", "Hand over to another authority")):
        assert served.one(f"summary[accesskey={letter}]").text == f"{words} Alt {letter.upper()}"


# --- refused ---------------------------------------------------------------------------------------------


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
