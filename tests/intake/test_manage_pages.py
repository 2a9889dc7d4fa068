"""Managers' pages: one's own counters, settings, hours with a preview, closings, the worklist."""

from __future__ import annotations

import re
from datetime import date

import pytest
from sqlalchemy import func, select

from house import post
from house.audit import Act
from house.catalogue import face as catalogue
from house.catalogue.face import ClosedTime, Opening
from house.doors import Role
from house.intake import counters
from house.intake.models import Counter, CounterService, Level, Settlement, Visit
from house.people import face as people
from house.post import Letter
from tests.hostile import MEGABYTE, nothing_changes
from tests.intake.booking_house import (
    CPR,
    DRIVING,
    FRIDAY,
    THURSDAY,
    WEDNESDAY,
    house_template,  # noqa: F401 - a fixture
    set_up,
    statements,
)
from tests.intake.counter_house import a_closing, booked, close, hours_of, rule

LIST, NEW, WORKLIST = "/manage/counters/", "/manage/counters/closings/new", "/manage/counters/worklist"
LOOK = "Show what this makes"


@pytest.fixture
def house(app, frozen, arranging):
    frozen(WEDNESDAY)
    with arranging() as session:
        return set_up(session, counters=2, services=(CPR, DRIVING))


@pytest.fixture
def manager(house, client, sign_in):
    sign_in(client, Role.MANAGER)
    return client


@pytest.fixture
def tax_manager(house, app, arranging, sign_in):
    """Somebody who manages the tax agency's counters only."""
    with arranging() as session:
        set_up(session, services=("tax_card",))
        body = people.authority_body(session, "skattestyrelsen", "Tax").id
    browser = app.test_client()
    sign_in(browser, Role.MANAGER, body_id=body)
    return browser


def settings(house, number=0):
    return f"/manage/counters/{house.counter_ids[number]}"


def hours(house, number=0):
    return f"{settings(house, number)}/hours"


def stored(looking, house, number=0):
    with looking() as session:
        counter = session.get_one(Counter, house.counter_ids[number])
        return counters.settings_of(counter), counter.revision


def openings(looking, house):
    with looking() as session:
        return [
            (one.weekday, f"{one.opens:%H:%M}", f"{one.closes:%H:%M}")
            for one in hours_of(session, house).openings
        ]


# --- whose counters ----------------------------------------------------------------------------------------


def test_a_manager_of_the_house_sees_every_counter_by_authority(manager):
    page = manager.get_page(LIST)
    assert page.select("h2")[0].text.startswith("Citizen Service, Aalborg")
    assert page.text.count("Opening hours") == 2
    assert page.one("nav [aria-current=true]").text == "Counters"


def test_an_authoritys_manager_sees_and_touches_only_its_own(tax_manager, house, app, arranging):
    page = tax_manager.get_page(LIST)
    assert page.text.count("Opening hours") == 1
    assert "We are closed today" not in page.text
    with nothing_changes(app, "a page of managers"):
        for url in (settings(house), hours(house)):
            tax_manager.get_page(url, 404)
    offered = [one["value"] for one in tax_manager.get_page(NEW).select("#scope option")]
    assert len(offered) == 2
    assert "house" not in offered
    values = tax_manager.get_page(NEW).values("Go on") | {"first": THURSDAY, "scope": "house"}
    page = tax_manager.post_page(NEW, values, 422)
    assert "Please choose what is closed." in page.one(".summary").text


def test_others_have_no_door_here(house, app, client, sign_in, desk_client):
    for url in (LIST, NEW, WORKLIST, settings(house), hours(house)):
        desk_client.get_page(url, 403)
        assert client.get(url).status_code == 303, "to the sign-in page"


def test_who_manages_nothing_is_told_so(house, client, sign_in, arranging):
    with arranging() as session:
        body = people.authority_body(session, "nothing_here", "Nobody").id
    sign_in(client, Role.MANAGER, body_id=body)
    assert "You manage no counters yet." in client.get_page(LIST).text


def test_a_new_counter_gives_nothing_and_is_never_open(manager, looking):
    page = manager.get_page(LIST)
    refused = page.submit("Add", label="")
    assert "Please write the number or name of the counter." in refused.must_be(422).one(".summary").text
    authority = next(one["value"] for one in page.select("#authority option") if "Tax" in one.text)
    page = page.submit("Add", label="12", authority=authority).must_be(303).follow()
    assert page.h1 == "Counter 12"
    with looking() as session:
        made = session.scalars(select(Counter).order_by(Counter.id.desc())).first()
        assert (made.label, made.services, made.languages) == ("12", [], [])
        assert session.scalar(select(func.count()).where(Opening.schedule_id == made.schedule_id)) == 0


# --- settings ----------------------------------------------------------------------------------------------


def test_a_manager_says_which_services_take_bookings_and_everything_else(manager, house, looking, arranging):
    with looking() as session:
        cpr, driving = (catalogue.service(session, slug).id for slug in (CPR, DRIVING))
    page = manager.get_page(settings(house))
    page = page.submit(
        "Save",
        capacity="3", every="15", since="hour", buffer_minutes="5", lead_minutes="1440", horizon_days="30",
        label="A 1", language_uk="native", language_da="", language_en="basic", assumed="y",
        **{f"service_{driving}-bookable": None, f"service_{cpr}-first": "25", f"service_{cpr}-each": "10",
           f"service_{cpr}-cool_off": "30"},
    ).must_be(303).follow()  # fmt: skip
    assert page.one(".notice.good").text == "Counter A 1 is saved."
    found, revision = stored(looking, house)
    assert revision == 1
    assert (found.label, found.capacity, found.every, found.since) == ("A 1", 3, 3, "hour")
    assert (found.buffer_minutes, found.lead_minutes, found.horizon_days) == (5, 1440, 30)
    assert (found.active, found.assumed) == (True, True)
    assert found.languages == {"uk": Level.NATIVE, "en": Level.BASIC}
    assert found.services[driving].bookable is False
    assert found.services[cpr] == counters.Given(True, 25, 10, 30)
    assert "Not confirmed yet" in manager.get_page(LIST).text
    with looking() as session:
        act = session.scalars(select(Act).where(Act.verb == "counter_changed")).one()
        assert act.facts == {"revision": 1}


def test_what_no_counter_takes_bookings_for_is_not_on_offer(manager, house, looking):
    with looking() as session:
        driving = catalogue.service(session, DRIVING).id
    assert DRIVING in manager.get("/en/book/").text
    for number in (0, 1):
        manager.get_page(settings(house, number)).submit(
            "Save", **{f"service_{driving}-bookable": None}
        ).must_be(303)
    assert DRIVING not in manager.get("/en/book/").text


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"label": ""}, "Please write the number or name of the counter."),
        ({"label": "x" * 500}, "Please use at most 20 signs."),
        ({"label": "010170 1234"}, "Please do not write a CPR number here."),
        ({"capacity": "0"}, "Please write a number from 1 to 20."),
        ({"capacity": "-3"}, "Please write a number from 1 to 20."),
        ({"capacity": "many"}, "Not a valid integer value."),
        ({"capacity": "9" * 400}, "Please write a number from 1 to 20."),
        ({"every": "7"}, "Not a valid choice."),
        ({"since": "never"}, "Not a valid choice."),
        ({"language_en": "fluent"}, "Not a valid choice."),
    ],
)
def test_nonsense_is_refused_at_its_field_and_kept(manager, house, app, wrong, words):
    values = manager.get_page(settings(house)).values("Save")
    with nothing_changes(app, "a page of managers"):
        page = manager.post_page(settings(house), values | {"horizon_days": "30"} | wrong, 422)
    assert words in page.one(".summary").text
    chosen = [one["value"] for one in page.select("#horizon_days option") if one.get("selected") is not None]
    assert chosen == ["30"]


def test_wrong_minutes_of_a_service_are_said_in_its_row(manager, house, looking):
    with looking() as session:
        cpr = catalogue.service(session, CPR).id
    page = manager.get_page(settings(house)).submit("Save", **{f"service_{cpr}-first": "0"}).must_be(422)
    assert "Please write minutes from 1 to 240, or nothing." in page.one("td.bad").text


def test_two_managers_at_once_see_both_versions_and_nothing_is_lost(manager, house, looking):
    mine = manager.get_page(settings(house))
    manager.get_page(settings(house)).submit("Save", label="Theirs", capacity="2").must_be(303)
    page = mine.submit("Save", label="Mine", language_pl="good").must_be(409)
    assert "Somebody else changed this counter meanwhile." in page.one(".summary").text
    said = [one.text for one in page.select(".notice.warn tbody tr")]
    assert said == [
        "Name of the counter Theirs Mine",
        "People served at the same time 2 1",
        "Languages Dansk (Good) · English (Good) Dansk (Good) · English (Good) · Polski (Good)",
    ]
    assert stored(looking, house)[0].label == "Theirs"
    page.submit("Save").must_be(303)
    found, revision = stored(looking, house)
    assert (found.label, found.capacity, revision) == ("Mine", 1, 2)


@pytest.mark.parametrize("revision", ["", "x", "-1", "٣", "9" * 300, "1"])
def test_a_page_of_no_known_version_saves_nothing(manager, house, app, revision):
    values = manager.get_page(settings(house)).values("Save")
    with nothing_changes(app, "a page of managers"):
        manager.post_page(settings(house), values | {"revision": revision}, 409)


def test_a_megabyte_is_no_counter(manager, house, app):
    values = manager.get_page(settings(house)).values("Save")
    with nothing_changes(app, "a page of managers"):
        for name in ("label", "capacity", "every", "language_uk", "revision"):
            wrong = {"label": "", name: MEGABYTE}
            assert len(manager.post_page(settings(house), values | wrong, 422).html) < 200_000, name
        values = manager.get_page(hours(house)).values("Save")
        for name in ("openings-0-opens", "openings-1-valid_from", "openings-0-lanes", "days-7-day"):
            assert len(manager.post_page(hours(house), values | {name: MEGABYTE}, 422).html) < 200_000, name
        values = manager.get_page(NEW).values("Go on")
        for name in ("first", "begins", "scope", "seen"):
            wrong = {"first": "", name: MEGABYTE}
            assert len(manager.post_page(NEW, values | wrong, 422).html) < 100_000, name


# --- hours -------------------------------------------------------------------------------------------------


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


# --- closings ----------------------------------------------------------------------------------------------


def test_closing_shows_what_it_meets_before_it_closes(manager, house, app, arranging, looking):
    with arranging() as session:
        booked(session, "10:00", name="Ada Lovelace")
        booked(session, "11:00", FRIDAY)
    page = manager.get_page(NEW)
    with nothing_changes(app, "a page of managers"):
        page = page.submit("Go on", scope="house", first=THURSDAY).must_be(200)
    assert "This meets one booked visit." in page.text
    assert "Ada" not in page.text, "who comes is nobody's business yet"
    page = page.submit("Close").must_be(303).follow()
    assert page.h1 == "Visits that no longer fit"
    assert page.text.count("Closed at that time") == 1
    with looking() as session:
        closing = session.scalars(select(ClosedTime)).one()
        assert (closing.place_id, closing.told, closing.reason) == (house.place_id, None, "staff")
        assert closing.closed_by.startswith("staff ")
    assert "One booked visit no longer fits." in manager.get_page(LIST).text


def test_answers_can_be_changed_after_looking(manager, house, app):
    page = manager.get_page(NEW).submit(
        "Go on", scope="house", first=THURSDAY, begins="10:00", reason="event", told="event"
    )
    with nothing_changes(app, "a page of managers"):
        page = page.submit("Change").must_be(200)
    values = page.values("Go on")
    assert (values["first"], values["begins"], values["told"]) == (THURSDAY, "10:00", "event")


def test_we_are_closed_today_is_one_link_and_one_button(manager, house, looking):
    page = manager.get_page(LIST).click("We are closed today")
    assert (page.values("Go on")["scope"], page.values("Go on")["first"]) == ("house", "2027-01-06")
    page.submit("Go on").submit("Close").must_be(303)
    assert "Closed today" in manager.get_page("/en/visit-us").text


def test_a_booking_while_the_manager_looks_is_shown_again(manager, house, app, arranging):
    page = manager.get_page(NEW).submit("Go on", scope="house", first=THURSDAY)
    assert "No booked visit lies in this time." in page.text
    with arranging() as session:
        booked(session, "10:00")
    with nothing_changes(app, "a page of managers"):
        page = page.submit("Close").must_be(409)
    assert "The visits that this meets changed meanwhile." in page.one(".summary").text
    assert "This meets one booked visit." in page.text
    page.submit("Close").must_be(303)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"first": ""}, "Please write the first day."),
        ({"first": "tomorrow"}, "Please write a day like 2027-01-31."),
        ({"first": "2026-01-01"}, "This time is over already."),
        ({"last": "2027-01-01"}, "It must end after it begins."),
        ({"begins": "11:00", "ends": "10:00"}, "It must end after it begins."),
        ({"begins": "27:00"}, "Please write a time like 09:30"),
        ({"reason": "illness"}, "Not a valid choice."),
        ({"told": "illness"}, "Not a valid choice."),
        ({"scope": "counter-999"}, "Please choose what is closed."),
        ({"scope": "counter-"}, "Please choose what is closed."),
    ],
)
def test_a_wrong_closing_is_refused_and_kept(manager, house, app, wrong, words):
    values = manager.get_page(NEW).values("Go on") | {"scope": "house", "first": THURSDAY, "ends": "14:00"}
    with nothing_changes(app, "a page of managers"):
        page = manager.post_page(NEW, values | wrong, 422)
    assert words in page.one(".summary").text
    assert page.values("Go on")["ends"] == wrong.get("ends", "14:00")


def test_opening_again_takes_a_closing_back_once(manager, house, app, arranging, looking):
    with arranging() as session:
        close(session)
    page = manager.get_page(LIST)
    assert "The whole house" in page.text
    url = re.search(r'action="(/manage/counters/closings/\d+/open)"', page.html)[1]
    token = page.values("Add")["csrf_token"]
    with nothing_changes(app, "a page of managers"):
        manager.post_page(url, {}, 422)
        manager.post_page(url.replace("1", "99"), {"csrf_token": token}, 404)
    manager.post_page(url, {"csrf_token": token}, 303)
    manager.post_page(url, {"csrf_token": token}, 404)
    with looking() as session:
        assert session.scalars(select(ClosedTime)).all() == []


# --- the worklist ------------------------------------------------------------------------------------------


@pytest.fixture
def closed(manager, arranging):
    """Three people booked Thursday, one without an address; then the house closed."""
    with arranging() as session:
        booked(session, "10:00", name="Ada", language="uk")
        booked(session, "10:20", name="Bo", email=None)
        booked(session, "10:40", name="Cleo")
        close(session, a_closing())


def lines(page):
    return [one.text for one in page.select("ul.worklist li")]


def test_staff_say_what_becomes_of_each(manager, closed, looking):
    page = manager.get_page(WORKLIST)
    assert len(lines(page)) == 3
    assert "No address to write to: please phone." in lines(page)[1]
    page = page.submit("asked").must_be(303).follow()
    assert "Asked to choose another time" in page.text
    page = page.submit("phoned").must_be(303).follow()
    page = page.submit("cancel").must_be(303).follow()
    assert page.one(".notice.good").text == "Every booked visit fits, or is settled."
    with looking() as session:
        answers = session.scalars(select(Settlement.how).order_by(Settlement.visit_id)).all()
        assert [one.value for one in answers] == ["asked", "phoned"]
        assert [one.value for one in session.scalars(select(Visit.state).order_by(Visit.id))] == [
            "booked", "booked", "cancelled",
        ]  # fmt: skip
        kinds = session.scalars(select(Letter.kind).order_by(Letter.id)).all()
        assert kinds.count("visit_asked_to_move") == 1


def test_everybody_can_be_asked_at_once(manager, closed, looking):
    page = manager.get_page(WORKLIST)
    assert "Offer other times to all 2 that we can write to" in page.text
    page = page.submit("Write the letters").must_be(303).follow()
    assert page.select(".notice.good")[0].text == "2 visitors are asked."
    with looking() as session:
        languages = session.scalars(select(Letter.language).where(Letter.kind == "visit_asked_to_move")).all()
        assert sorted(languages) == ["en", "uk"]


def test_who_follows_the_letter_has_another_time_and_is_off_the_list(manager, closed, app, looking):
    manager.get_page(WORKLIST).submit("asked").must_be(303)
    with looking() as session:
        letter = session.scalars(select(Letter).where(Letter.kind == "visit_asked_to_move")).one()
        message = post.message(letter)
    assert message["Content-Language"] == "uk"
    link = re.search(r"/uk/visit/\S+/move/", message.get_body(("plain",)).get_content())[0]
    visitor = app.test_client()
    days = visitor.get_page(link)
    page = visitor.get_page(next(where for _, where in days.links if where.endswith(f"/move/{FRIDAY}")))
    start = page.select("[name=start]")[0]["value"]
    page.submit(page.select("main button")[-1].text, start=start).must_be(303)
    assert len(lines(manager.get_page(WORKLIST))) == 2
    with looking() as session:
        assert str(session.get_one(Visit, 1).day) == FRIDAY


def test_two_managers_with_one_visit_and_nonsense(manager, closed, app):
    page = manager.get_page(WORKLIST)
    values = page.values("asked")
    url = page.form("asked")["action"]
    page.submit("cancel").must_be(303)
    with nothing_changes(app, "a page of managers"):
        again = manager.post_page(url, values, 409)
        assert "This visit changed meanwhile." in again.one(".summary").text
        for wrong in ({"how": "burnt"}, {"how": MEGABYTE}, {"csrf_token": "x"}):
            manager.post_page(url, values | wrong, 422)
        for wrong in ({"revision": ""}, {"revision": "-1"}, {"revision": MEGABYTE}):
            manager.post_page(url.replace("/1", "/2"), values | {"how": "kept"} | wrong, 409)
        manager.post_page("/manage/counters/worklist/999999", values | {"how": "kept"}, 404)
        manager.post_page("/manage/counters/worklist/ask", {"visits": "1.1"}, 422)
    token = {"csrf_token": values["csrf_token"]}
    for wrong in ("x", "1.", "1.1.1 7", "9" * 90 + ".1", MEGABYTE):
        manager.post_page("/manage/counters/worklist/ask", token | {"visits": wrong}, 303)


def test_a_strangers_worklist_is_empty(tax_manager, manager, closed, app):
    assert lines(tax_manager.get_page(WORKLIST)) == []
    values = manager.get_page(WORKLIST).values("kept")
    own = tax_manager.get_page(NEW).values("Go on")
    with nothing_changes(app, "a page of managers"):
        tax_manager.post_page(
            "/manage/counters/worklist/1", values | {"csrf_token": own["csrf_token"], "how": "cancel"}, 404
        )


def test_a_name_with_tags_and_turned_directions_is_harmless(manager, house, arranging):
    with arranging() as session:
        booked(session, name="<script>alert(1)</script> \u202eada")
        close(session)
    page = manager.get_page(WORKLIST)
    assert "<script>alert" not in page.html


# --- what it costs -----------------------------------------------------------------------------------------


def test_pages_cost_the_same_for_many_counters(manager, house, app, arranging):
    for url in (LIST, settings(house), hours(house), NEW, WORKLIST):
        manager.get_page(url)
        with statements(app) as few:
            manager.get_page(url)
        with arranging() as session:
            set_up(session, counters=5)
        with statements(app) as many:
            manager.get_page(url)
        assert len(many) == len(few) <= 16, url


def test_pages_speak_arabic(house, app, sign_in, looking):
    browser = app.test_client()
    sign_in(browser, Role.MANAGER, language="ar")
    browser.set_cookie("house_language", "ar", domain="127.0.0.1")
    for url in (LIST, settings(house), hours(house), NEW, WORKLIST):
        assert browser.get_page(url).one("html")["dir"] == "rtl"


def test_an_unknown_service_of_a_page_is_passed_over(manager, house, looking):
    values = manager.get_page(settings(house)).values("Save")
    manager.post_page(settings(house), values | {"service_99999-given": "y", "service_x-given": "y"}, 303)
    with looking() as session:
        assert session.scalar(select(func.count()).select_from(CounterService)) == 4
