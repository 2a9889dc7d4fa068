"""Where not everything can be had in one visit: the largest parts, and times that another system gave."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from house.intake.models import Elsewhere
from tests.intake.booking_house import (
    CPR,
    FRIDAY,
    THURSDAY,
    WEDNESDAY,
    at,
    house_template,  # noqa: F401 - a fixture
    set_up,
    tick,
)
from tests.intake.several_house import (
    SIRI,
    TAX,
    path,
    the_house,  # noqa: F401 - a fixture
)

# --- not everything --------------------------------------------------------------------------------------


def test_where_a_step_has_no_time_the_page_says_which_and_offers_the_largest_part(client, arranging, frozen):
    with arranging() as session:
        set_up(session, services=[SIRI])
        set_up(session, services=[CPR])
        never = set_up(session, services=[TAX], hours={6: [("10:00", "10:05")]})
    frozen(WEDNESDAY)
    page = client.get_page(path())
    assert page.h1 == "Not everything fits into one visit"
    assert never and "Tax" in page.select("main ul")[0].text
    assert page.click("See the days").url == path(f"{SIRI}+{CPR}")


def test_two_parts_of_the_same_size_are_both_offered_with_the_rest(client, arranging, frozen):
    with arranging() as session:  # two offices that are never open on the same day
        set_up(session, services=[SIRI], hours={3: [("10:00", "12:00")]})
        set_up(session, services=[TAX], hours={4: [("10:00", "12:00")]})
    frozen(WEDNESDAY)
    page = client.get_page(path(f"{SIRI}+{TAX}"))
    parts = page.select("li.card")
    assert len(parts) == 2
    wheres = [where for _words, where in page.links if where in (path(SIRI), path(TAX))]
    assert wheres == [path(SIRI), path(TAX), path(TAX), path(SIRI)]


def test_nothing_at_all_is_said_as_before(client, arranging, frozen):
    with arranging() as session:
        for service in (SIRI, TAX):
            set_up(session, services=[service], hours={6: [("10:00", "10:05")]})
    frozen(WEDNESDAY)
    assert client.get_page(path(f"{SIRI}+{TAX}")).h1 == "There are no free times"


# --- times in other systems ------------------------------------------------------------------------------


def test_a_time_that_another_system_gave_is_planned_around_and_stands_in_the_visit(
    client, arranging, frozen, looking
):
    with arranging() as session:
        set_up(session, services=[CPR])
        set_up(session, services=[TAX])
    frozen(WEDNESDAY)
    page = client.get_page(path())
    assert page.h1 == "Not everything is booked here"
    other = page.click("I already have a time at one of the offices")
    days = other.submit(service=SIRI, day=THURSDAY, at="10:30", reference="SIRI-77").follow()
    assert "We plan around this time." in days.text and "10:30" in days.text
    times = client.get_page(path(day=THURSDAY))
    starts = {int(one["value"]) for one in times.select("input[name=start]")}
    # CPR comes after it; tax may come before, where one does not wait longer than half an hour in between
    assert sorted(starts)[:2] == [tick(THURSDAY, "10:10"), tick(THURSDAY, "10:50")]
    assert times.submit(extra={"start": str(tick(THURSDAY, "10:00"))}).status == 409
    contact = times.submit(start=str(min(starts))).follow()
    visit = contact.submit(name="Ada", email="").follow().submit().follow()
    assert "SIRI-77" in visit.text and "booked there by yourself" in visit.text
    with looking() as session:
        stored = session.scalars(select(Elsewhere)).one()
        assert (stored.starts_at, stored.reference) == (at(THURSDAY, "10:30"), "SIRI-77")
    assert "SIRI-77" not in client.get_page(path(day=FRIDAY)).html


def test_a_time_elsewhere_can_be_taken_back(client, house):
    other = client.get_page(path() + "other-time")
    other.submit(service=SIRI, day=THURSDAY, at="10:30", reference="").follow()
    again = client.get_page(path() + "other-time")
    assert again.values()["at"] == "10:30"
    days = again.submit("I do not have this time any more").follow()
    assert "We plan around" not in days.text


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ({"day": "", "at": ""}, "Please say on which day and at what time."),
        ({"day": "2026-01-01", "at": "10:00"}, "Please choose a day in the next twelve months."),
        ({"day": "2999-01-01", "at": "10:00"}, "Please choose a day in the next twelve months."),
        ({"day": "tomorrow", "at": "10:00"}, "Not a valid date value."),
        ({"day": THURSDAY, "at": "25:00"}, "Not a valid time value."),
        ({"day": THURSDAY, "at": "10:00", "service": "mitid"}, "Please choose what you need."),
        ({"day": THURSDAY, "at": "10:00", "reference": "010190-1234"}, "CPR number"),
        ({"day": THURSDAY, "at": "10:00", "reference": "x" * 1_000_000}, "at most 40 signs"),
    ],
)
def test_a_strange_time_elsewhere_comes_back_with_a_sentence(client, house, answers, says):
    page = client.get_page(path() + "other-time")
    page = page.submit(extra={"service": SIRI, "reference": "", **answers}).must_be(422)
    assert says in page.said


def test_alone_or_where_no_other_system_books_there_is_nothing_to_tell(client, house):
    client.get_page(path(CPR) + "other-time", 404)
    client.get_page(path("no_such_thing") + "other-time", 404)
