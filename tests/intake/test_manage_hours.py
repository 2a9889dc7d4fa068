"""Managers' pages of hours: rows, a preview of what they make, two managers at once."""

from __future__ import annotations

from datetime import date

import pytest

from house.intake.models import Counter
from tests.hostile import nothing_changes
from tests.intake.booking_house import (
    THURSDAY,
    house_template,  # noqa: F401 - a fixture
)
from tests.intake.counter_house import booked, hours_of, rule
from tests.intake.manage_house import (
    LOOK,
    hours,
    openings,
    the_house,  # noqa: F401 - a fixture
    the_manager,  # noqa: F401 - a fixture
)


def test_hours_are_shown_with_what_they_make(manager, house):
    page = manager.get_page(hours(house))
    assert "This makes up to 11 times a day, 1 at a time." in page.one("#preview").text
    rows = {row.select("time")[0]["datetime"]: row.text for row in page.select("#preview tbody tr")}
    assert len(rows) == 14
    assert "10:00–12:00" in rows[THURSDAY]
    assert "Closed" in rows["2027-01-09"]


def test_what_is_not_saved_yet_is_shown_too_and_changes_nothing(manager, house, app, looking):
    page = manager.get_page(hours(house))
    with nothing_changes(app, "a page of managers"):
        page = page.submit(LOOK, **{"openings-0-closes": "15:00"}).must_be(200)
    assert "This makes up to 29 times a day, 1 at a time." in page.one("#preview").text
    assert page.values(LOOK)["openings-0-closes"] == "15:00"
    page.submit("Save").must_be(303)
    assert openings(looking, house) == [(3, "10:00", "15:00"), (4, "10:00", "12:00")]


def test_rows_come_and_go_without_a_script(manager, house, app, looking):
    page = manager.get_page(hours(house))
    with nothing_changes(app, "a page of managers"):
        page = page.submit("Add an opening").must_be(200).submit("Add a day").must_be(200)
        assert page.values("Save")["openings-2-weekday"] == "5"
        page = page.submit("drop-openings-0").must_be(200)
    page = page.submit("Save", **{"days-0-day": "2027-01-13", "days-0-how": "closed"}).must_be(303)
    assert openings(looking, house) == [(4, "10:00", "12:00"), (5, "10:00", "12:00")]
    with looking() as session:
        assert [one.day for one in hours_of(session, house).exceptions] == [date(2027, 1, 13)]


def test_enter_in_a_field_only_looks(manager, house):
    form = manager.get_page(hours(house)).form("Save")
    assert form.select("button")[0]["value"] == "look"


def test_every_other_week_and_a_holiday_that_is_open(manager, house, looking):
    page = manager.get_page(hours(house)).submit("Add a day")
    page = page.submit(
        LOOK,
        **{"openings-0-every_weeks": "2", "openings-0-valid_from": THURSDAY,
           "days-0-day": "2027-01-16", "days-0-how": "open", "days-0-opens": "9:00",
           "days-0-closes": "10:00"},
    )  # fmt: skip
    rows = {row.select("time")[0]["datetime"]: row.text for row in page.select("#preview tbody tr")}
    assert "10:00–12:00" in rows[THURSDAY]
    assert "Closed" in rows["2027-01-14"]
    assert "09:00–10:00 Other hours" in rows["2027-01-16"]
    page.submit("Save").must_be(303)
    with looking() as session:
        rules = hours_of(session, house)
        assert rules.openings[0].every_weeks == 2
        assert rules.exceptions[0].reason == "open_anyway"


def test_advisers_who_change_have_their_own_lanes_and_languages(manager, house, looking, arranging):
    with arranging() as session:
        session.get_one(Counter, house.counter_ids[0]).capacity = 3
    page = manager.get_page(hours(house)).submit(
        "Save", **{"openings-0-lanes": "2", "openings-0-speaks_en": "none", "openings-0-speaks_da": "native"}
    )
    page.must_be(303)
    with looking() as session:
        first, second = hours_of(session, house).openings
        assert (first.lanes, first.languages) == (2, (("da", "native"), ("en", "none")))
        assert (second.lanes, second.languages) == (None, ())


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"opens": ""}, "Please write when it opens."),
        ({"closes": ""}, "Please write when it closes."),
        ({"closes": "09:00"}, "It must close after it opens."),
        ({"closes": "10:00"}, "It must close after it opens."),
        ({"opens": "25:00"}, "Please write a time like 09:30"),
        ({"opens": "10:02"}, "in full five minutes"),
        ({"opens": "ten"}, "Please write a time like 09:30"),
        ({"opens": "-1:00"}, "Please write a time like 09:30"),
        ({"every_weeks": "2"}, "Please write from which day the weeks are counted."),
        ({"every_weeks": "0"}, "Not a valid choice."),
        ({"weekday": "7"}, "Not a valid choice."),
        ({"weekday": "4"}, "Another row is open at the same time: row 1."),
        ({"weekday": "4", "opens": "11:55", "closes": "00:00"}, "Another row is open at the same time"),
        ({"valid_from": "2027-02-02", "valid_to": "2027-02-01"}, "The last day must not come before"),
        ({"valid_from": "9999-12-31"}, "Please write a day like 2027-01-31."),
        ({"valid_from": "2027-02-30"}, "Please write a day like 2027-01-31."),
        ({"lanes": "7"}, "Not a valid choice."),
    ],
)  # fmt: skip
def test_wrong_rows_are_refused_at_the_row_and_kept(manager, house, app, wrong, words):
    page = manager.get_page(hours(house))
    values = page.values("Save") | {f"openings-0-{name}": value for name, value in wrong.items()}
    with nothing_changes(app, "a page of managers"):
        page = manager.post_page(hours(house), values, 422)
    assert words in page.one(".summary").text
    assert [one.text for one in page.select("fieldset .error")], "said at the row"
    for name, value in wrong.items():
        if name in ("opens", "closes", "valid_from", "valid_to"):
            assert page.values("Save")[f"openings-0-{name}"] == value


def test_a_day_that_is_closed_and_open_is_refused(manager, house, app):
    page = manager.get_page(hours(house)).submit("Add a day").submit("Add a day")
    day = {"days-0-day": THURSDAY, "days-1-day": THURSDAY, "days-1-how": "open", "days-1-opens": "10:00"}
    with nothing_changes(app, "a page of managers"):
        page = page.submit("Save", **day, **{"days-1-closes": "12:00"}).must_be(422)
    assert "Another row is open at the same time: row 1." in page.one(".summary").text
    page = page.submit("Save", **{"days-1-day": ""}).must_be(422)
    assert "Please write the day." in page.one(".summary").text


def test_too_many_rows_are_refused_not_dropped(manager, house, app):
    values = manager.get_page(hours(house)).values("Save")
    for number in range(2, 60):
        values |= {
            f"openings-{number}-weekday": "0",
            f"openings-{number}-opens": "",
            f"openings-{number}-closes": "",
        }
    with nothing_changes(app, "a page of managers"):
        page = manager.post_page(hours(house), values, 422)
    assert "These are too many rows. Please remove some." in page.text


def test_two_managers_of_one_week_see_both(manager, house, looking):
    mine = manager.get_page(hours(house))
    manager.get_page(hours(house)).submit("Save", **{"openings-0-opens": "08:00"}).must_be(303)
    page = mine.submit("Save", **{"openings-0-closes": "13:00"}).must_be(409)
    assert "Thursday 08:00–12:00, every week" in page.one(".notice.warn").text
    assert page.values("Save")["openings-0-closes"] == "13:00"
    assert openings(looking, house)[0] == (3, "08:00", "12:00")
    page.submit("Save").must_be(303)
    assert openings(looking, house)[0] == (3, "10:00", "13:00")


def test_hours_of_one_counter_are_not_those_of_another(manager, house, looking):
    manager.get_page(hours(house)).submit("Save", **{"openings-0-opens": "08:00"}).must_be(303)
    with looking() as session:
        assert hours_of(session, house, 1).openings == (rule(3, "10:00", "12:00"), rule(4, "10:00", "12:00"))


def test_shorter_hours_lead_to_the_worklist(manager, house, arranging):
    with arranging() as session:
        booked(session, "11:30")
        booked(session, "11:30")
    page = (
        manager.get_page(hours(house)).submit("Save", **{"openings-0-closes": "11:00"}).must_be(303).follow()
    )
    assert page.h1 == "Visits that no longer fit"
    assert page.text.count("Outside the opening hours") == 1
