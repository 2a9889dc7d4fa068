"""The desk registers who comes without a booking: few keys, the ticket, the paper, and every refusal."""

from __future__ import annotations

import re

from sqlalchemy import select

from house.intake import waits
from house.intake.models import Ticket, Visit
from tests.hostile import refuses_everything, send, twice
from tests.intake.booking_house import (
    CPR,
    DRIVING,
    THURSDAY,
    at,
    house_template,  # noqa: F401 - a fixture
    statements,
)
from tests.intake.desk_house import (
    CALL,
    FINISH,
    REGISTER,
    START,
    contacts,
    numbers,
    register,
    rows,
    the_desk,  # noqa: F401 - a fixture
    the_house,  # noqa: F401 - a fixture
    thursday,  # noqa: F401 - a fixture
)


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


def test_the_commonest_walk_in_needs_four_keys_at_most(desk):
    """Alt+W is at the service, a letter chooses it, Tab is at the number, Enter sends: all is filled in."""
    form = desk.form(REGISTER)
    fields = [one for one in form.select("[name]") if one.get("type") != "hidden"]
    assert [one["name"] for one in fields[:2]] == ["service", "party"]
    assert fields[0]["accesskey"] == "w"
    assert (fields[1]["type"], fields[1]["value"]) == ("number", "1")
    desk.submit(REGISTER).must_be(303)


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


def test_names_are_on_the_screen_and_in_no_address(desk, capfd):
    page = register(desk, name="Olena Koval")
    where = [form.get("action", "") for form in page.forms] + [link for _, link in page.links]
    assert not any("Olena" in one for one in where)
    assert "Olena" not in "".join(capfd.readouterr())


def test_markup_in_a_name_is_only_a_name(desk):
    page = register(desk, name="<b>Bobby</b> & 'co'")
    assert "<b>Bobby</b> & 'co'" in page.one(".queue").text
    assert "&lt;b&gt;Bobby" in desk.client.get("/desk/queue").json["waiting"]


def expected_in(words):
    return re.findall(r"expected: \d+–\d+ min", words)


def test_what_is_told_at_registering_is_what_the_list_says(desk, desk_client, thursday):  # noqa: F811
    """Each of six, also when the list keeps itself fresh seconds later."""
    thursday.move_to(at(THURSDAY, "10:05"))
    told = []
    for number in range(1, 7):
        desk = register(desk)
        told += expected_in(desk.one(".notice.good").text)
        [line] = [one.text for one in desk.select(".queue li") if one.text.startswith(f"A{number}")]
        assert expected_in(line) == told[-1:] != []
        thursday.shift(7)
        assert told[-1] in desk_client.get("/desk/queue").json["waiting"]
    assert len(set(told)) > 3, "in a rush each waits longer"


def test_a_page_without_scripts_says_the_wait_where_nobody_registered_lately(desk, desk_client, thursday):  # noqa: F811
    thursday.move_to(at(THURSDAY, "10:05"))
    register(desk)
    waits._memories.clear()  # another process, or a quiet quarter of an hour
    assert expected_in(desk_client.get_page("/desk/").one("[data-part=waiting]").text)


def test_the_page_asks_nothing_more_for_the_wait_while_there_is_a_picture(app, desk, desk_client, thursday):  # noqa: F811
    thursday.move_to(at(THURSDAY, "10:05"))
    register(desk)

    def asked():
        with statements(app) as sent:
            desk_client.get_page("/desk/")
        return [one for one in sent if not one.startswith("BEGIN")]

    asked()
    with_picture = asked()
    waits._memories.clear()
    without = asked()
    assert len(with_picture) + 5 <= len(without) <= len(with_picture) + 12
    assert len(with_picture) <= 17, "\n".join(with_picture)
    thursday.shift(50)
    assert len(asked()) == len(with_picture)
