"""Managers' pages: one's own counters, settings, and what the pages cost."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from house.audit import Act
from house.catalogue import face as catalogue
from house.catalogue.face import Opening
from house.doors import Role
from house.intake import counters
from house.intake.models import Counter, CounterService, Level
from house.people import face as people
from tests.hostile import MEGABYTE, nothing_changes
from tests.intake.booking_house import (
    CPR,
    DRIVING,
    THURSDAY,
    house_template,  # noqa: F401 - a fixture
    set_up,
    statements,
)
from tests.intake.manage_house import (
    LIST,
    NEW,
    WORKLIST,
    hours,
    settings,
    stored,
    the_house,  # noqa: F401 - a fixture
    the_manager,  # noqa: F401 - a fixture
    the_tax_manager,  # noqa: F401 - a fixture
)

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
        "Languages Danish (Good) · English (Good) Danish (Good) · English (Good) · Polish (Good)",
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
