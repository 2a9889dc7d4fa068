"""One visit through several authorities, page by page."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from house.intake.holding import hold
from house.intake.models import Elsewhere, Occupancy, Visit
from tests.intake.booking_house import (
    CPR,
    FRIDAY,
    THURSDAY,
    WEDNESDAY,
    at,
    house_template,  # noqa: F401 - a fixture
    set_up,
    statements,
    tick,
)

SIRI, TAX = "eu_residence_document", "tax_card"
HOURS = {3: [("10:00", "14:00")], 4: [("10:00", "14:00")]}
THREE = f"{SIRI}+{CPR}+{TAX}"


@pytest.fixture
def house(arranging, frozen):
    """A counter for each of three services; the one for CPR numbers speaks Ukrainian."""
    with arranging() as session:
        for service, languages in ((SIRI, ["en", "da"]), (CPR, ["da", "uk", "en"]), (TAX, ["en"])):
            house = set_up(session, services=[service], languages=languages, hours=HOURS)
    house.clock = frozen(WEDNESDAY)
    return house


def path(slugs=THREE, party=1, day="", lang="en"):
    return f"/{lang}/book/{slugs}/{party}/{day}"


def say_who(client, slugs=THREE, lang="en", **answers):
    """The days after the questions."""
    return client.get_page(f"/{lang}/book/{slugs}/").submit(**answers).follow()


def take(client, wall="10:00", day=THURSDAY, **where):
    return client.get_page(path(day=day, **where)).submit(start=str(tick(day, wall))).follow()


def test_a_family_books_three_services_in_one_visit_in_seven_pages(client, house, looking):
    need = client.get_page("/en/book/")
    who = need.submit(service=[TAX, SIRI, CPR]).follow()
    assert who.url.startswith(f"/en/book/{THREE}/")  # in the catalogue's order, whatever was ticked first
    days = who.submit(adults="2", children="2", municipality="Aalborg", access=["quiet"]).follow()
    assert "4 people" in days.text
    times = client.get_page(days.select("ul.days a")[0]["href"])
    assert "You go from one counter to the next." in times.text
    first = times.select("input[name=start]")[0]["value"]
    contact = times.submit(start=first).follow()
    check = contact.submit(name="Amal", email="").follow()
    assert "2 adults · 2 children" in check.text and "A quiet place to wait" in check.text
    visit = check.submit().follow()
    assert visit.h1 == "Your visit is booked"
    with looking() as session:
        stored = session.scalars(select(Visit)).one()
        assert [step.counter.label for step in stored.steps] == ["Counter 1"] * 3
        slugs = {one.id: one.slug for one in _services(session)}
        order = [slugs[step.service_id] for step in stored.steps]
        assert order.index(SIRI) < order.index(CPR)
        assert all(a.ends_at <= b.starts_at for a, b in zip(stored.steps, stored.steps[1:], strict=False))
        assert (stored.party, stored.children, stored.access) == (4, 2, "quiet")
    headings = [one.text for one in visit.select("h3")]
    assert len(headings) == 3 and "Bring these for each person who comes." in visit.text
    typed = [one for page in (need, who, days, times, contact, check) for one in typed_fields(page)]
    assert len(typed) == 2


def _services(session):
    from house.catalogue import face as catalogue

    return catalogue.services(session)


def typed_fields(page):
    kinds = ("text", "email", "tel", "number", "date", "time", "search")
    fields = page.select("main input") + page.select("main textarea")
    return [one for one in fields if one.tag == "textarea" or one.get("type", "text") in kinds]


@pytest.mark.parametrize(
    ("slugs", "leads_to"),
    [
        (f"{TAX}+{CPR}", f"{CPR}+{TAX}"),
        (f"{CPR}+{CPR}", CPR),
        (f"{TAX}+{SIRI}+{CPR}+{TAX}", THREE),
    ],
)
def test_an_address_with_services_twice_or_out_of_order_is_put_right(client, house, slugs, leads_to):
    assert client.get_page(path(slugs), 302).location == path(leads_to)
    assert client.get_page(path(slugs, day=THURSDAY), 302).location == path(leads_to, day=THURSDAY)
    assert client.get_page(f"/en/book/{slugs}/", 302).location == f"/en/book/{leads_to}/"


@pytest.mark.parametrize(
    "slugs",
    [
        f"{CPR}+no_such_thing", f"{CPR}+", "+", f"+{CPR}", f"{CPR} {TAX}", "x" * 3000,
        "+".join([CPR, TAX, SIRI, "mitid", "housing_guidance", "partner_career", "leaving_denmark"]),
    ],
)  # fmt: skip
def test_services_that_are_not_in_the_catalogue_or_too_many_are_not_found(client, house, slugs):
    for address in (path(slugs), path(slugs, day=THURSDAY), f"/en/book/{slugs}/"):
        client.get_page(address, 404)


def test_a_link_may_bring_services_and_the_number_of_people(client, house):
    who = client.get_page(f"/en/book/?service={TAX}&service={CPR}&party=4", 302).follow()
    assert who.url == f"/en/book/{CPR}+{TAX}/?party=4"
    assert who.select("select[name=adults] option[selected]")[0]["value"] == "4"


def test_who_comes_is_asked_again_with_the_answers_given(client, house):
    say_who(client, adults="2", children="1", speaks="other", interpreter="y", access=["wheelchair", "sight"],
            municipality="Hjørring")  # fmt: skip
    page = client.get_page(f"/en/book/{THREE}/")
    kept = page.values()
    assert (kept["adults"], kept["children"], kept["speaks"]) == ("2", "1", "other")
    assert (kept["municipality"], kept["interpreter"]) == ("Hjørring", "y")
    assert kept["access"] == ["wheelchair", "sight"]


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ({"adults": "9"}, "Please choose how many people come."),
        ({"adults": "x"}, "Please choose how many people come."),
        ({"children": "-1"}, "Please choose how many people come."),
        ({"adults": "5", "children": "4"}, "At most eight people can come in one visit."),
        ({"speaks": "klingon"}, "Please choose a language."),
        ({"speaks": "x" * 1_000_000}, "Please choose a language."),
        ({"municipality": "Atlantis"}, "Please choose where you live."),
        ({"access": ["wheelchair", "<script>"]}, "Not a valid choice"),
    ],
)
def test_wrong_answers_about_who_comes_come_back_with_a_sentence(client, house, answers, says):
    page = client.get_page(f"/en/book/{THREE}/").submit(extra=answers).must_be(422)
    assert says in page.said


def test_without_the_token_who_comes_is_not_remembered(client, house):
    page = client.post_page(f"/en/book/{THREE}/", {"adults": "3", "children": "0", "speaks": "uk"}, 422)
    assert "Please press the button once more." in page.said
    assert client.get_page(f"/en/book/{THREE}/").values()["adults"] == "1"


def test_where_one_lives_is_asked_only_where_it_matters(client, house):
    assert client.get_page(f"/en/book/{TAX}/").select("select[name=municipality]") == []
    assert client.get_page(f"/en/book/{CPR}/").select("select[name=municipality]")


def test_what_the_municipality_does_itself_is_said_before_times_and_the_rest_can_be_booked(client, house):
    page = say_who(client, municipality="Thisted")
    assert page.h1 == "Not everything is booked here"
    assert "Your own municipality does this for you." in page.text and "Hjørring" in page.text
    rest = page.click("Book this without the others")
    assert rest.url == path(f"{SIRI}+{TAX}") and rest.h1 == "Choose a day"
    client.get_page(path(day=THURSDAY), 404)
    token = client.get_page(path(f"{SIRI}+{TAX}", day=THURSDAY)).values()["csrf_token"]
    sent = {"csrf_token": token, "start": tick(THURSDAY, "10:00")}
    client.post_page(path(day=THURSDAY), sent, 404)


def test_without_saying_where_one_lives_the_page_says_for_whom_it_is(client, house):
    assert "people who live in Aalborg" in client.get_page(path()).text
    assert "people who live in" not in client.get_page(path(f"{SIRI}+{TAX}")).text
    assert "people who live in" not in say_who(client, municipality="Aalborg").text


def test_the_own_language_that_costs_time_is_offered_beside_the_earlier_time(client, house, arranging):
    with arranging() as session:
        set_up(session, services=[SIRI], languages=["uk"], hours=HOURS)
        set_up(session, services=[TAX], languages=["uk"], hours=HOURS)
        for number in range(12):
            hold(session, CPR, 1, tick(THURSDAY, "10:00") + 4 * number, "uk", b"%d" % number)
        set_up(session, services=[CPR], languages=["en"], hours=HOURS)
    page = client.get_page(path(lang="uk"))
    notice = page.one(".notice")
    assert "українська" in notice.text and "англійська" in notice.text
    both = [where for words, where in page.links if "10:" in words or "11:" in words]
    assert len(both) == 2
    own = client.get_page(both[0])
    assert "in=own" in own.url and own.select("ul.days time")[0]["datetime"] == FRIDAY
    times = client.get_page(own.select("ul.days a")[0]["href"])
    contact = times.submit(start=times.select("input[name=start]")[0]["value"]).follow()
    contact.must_be(200)
    early = client.get_page(both[1])
    assert THURSDAY in early.url


def test_a_time_in_another_language_says_so_where_others_are_in_the_own(client, house, arranging):
    with arranging() as session:
        set_up(session, services=[CPR], languages=["da"])
        hold(session, CPR, 1, tick(THURSDAY, "10:00"), "uk", b"1")
    page = client.get_page(path(CPR, day=THURSDAY, lang="uk"))
    marks = {one.select("input")[0]["value"]: one.text for one in page.select("label.time")}
    assert "данська" in marks[str(tick(THURSDAY, "10:00"))]
    assert "данська" not in marks[str(tick(THURSDAY, "10:20"))]


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


# --- more time -------------------------------------------------------------------------------------------


def test_a_hold_can_be_extended_three_times_with_what_was_typed(client, house, looking):
    contact = take(client)
    for count in range(1, 4):
        house.clock.shift(10 * 60)
        contact = contact.submit("I need more time", name="Half a na", email="not yet").must_be(200)
        assert contact.values()["name"] == "Half a na" and contact.values()["email"] == "not yet"
        with looking() as session:
            visit = session.scalars(select(Visit)).one()
            ends = set(session.scalars(select(Occupancy.expires_at)))
            assert (visit.extensions, ends) == (count, {visit.held_until})
    assert "I need more time" not in contact.text
    late = contact.submit("Continue", extra={"more": "1"}, name="Ada", email="").must_be(422)
    assert "You had more time three times." in late.said
    assert late.submit(name="Ada", email="").follow().h1 == "Check your answers"


def test_near_its_end_the_page_warns(client, house):
    contact = take(client)
    assert contact.select("[data-left]") and not contact.select(".notice.warn:not([hidden])")
    house.clock.shift(13 * 60)
    warned = client.get_page(contact.url)
    assert warned.select("p.warn[role=alert]") and not warned.select("[data-left]")


def test_more_time_is_given_on_the_check_too(client, house):
    check = take(client).submit(name="Ada", email="").follow()
    house.clock.shift(14 * 60)
    check = check.submit("I need more time").must_be(200)
    assert "until 12:29" in check.text
    assert check.submit("Book this visit").follow().h1 == "Your visit is booked"


def test_more_time_for_what_somebody_took_offers_the_nearest_and_keeps_the_answers(client, house, arranging):
    contact = take(client, slugs=CPR).submit(name="Ada", email="").follow()
    house.clock.shift(17 * 60)
    with arranging() as session:
        hold(session, CPR, 1, tick(THURSDAY, "10:10"), "en", b"somebody else")
    over = contact.submit("I need more time").must_be(409)
    near = over.select("button[name=start]")
    assert len(near) == 3 and "Your answers are kept." in over.text
    assert over.submit(near[0].text).follow().h1 == "Check your answers"


def test_without_the_token_no_more_time_is_given(client, house, looking):
    contact = take(client)
    client.post_page(contact.url, {"more": "1", "name": "Ada"}, 422)
    with looking() as session:
        assert session.scalars(select(Visit)).one().extensions == 0


def test_an_expired_hold_of_several_services_keeps_the_answers_and_offers_three_times(client, house):
    check = take(client).submit(name="Ada", email="").follow()
    house.clock.shift(16 * 60)
    over = client.get_page(check.url, 410)
    near = over.select("button[name=start]")
    assert len(near) == 3
    again = over.submit(near[1].text).follow()
    assert again.h1 == "Check your answers" and "Ada" in again.text
    assert len(again.select("main ol li")) == 3


# --- tampering -------------------------------------------------------------------------------------------


def test_what_a_browser_adds_to_the_time_changes_nothing(client, house, looking):
    page = client.get_page(path(CPR, day=THURSDAY))
    forged = {
        "duration": "5", "end": str(tick(THURSDAY, "10:05")), "ends_at": "2027-01-07T10:05", "counter": "99",
        "counter_id": "1", "ticks": "1", "step": "0", "party": "1", "services": "mitid", "price": "0",
    }  # fmt: skip
    page.submit(start=str(tick(THURSDAY, "10:00")), extra=forged).follow()
    with looking() as session:
        [step] = session.scalars(select(Visit)).one().steps
        assert (step.starts_at, step.ends_at) == (at(THURSDAY, "10:00"), at(THURSDAY, "10:20"))
        assert len(session.scalars(select(Occupancy)).all()) == 4


def test_an_internal_service_is_never_held(client, house, arranging, looking):
    with arranging() as session:
        from house.intake.models import CounterService

        for given in session.scalars(select(CounterService)):
            given.bookable = False
    token = client.get_page(f"/en/book/{CPR}/").values()["csrf_token"]
    sent = {"csrf_token": token, "start": tick(THURSDAY, "10:00")}
    client.post_page(path(CPR, day=THURSDAY), sent, 404)
    with looking() as session:
        assert session.scalars(select(Visit)).all() == []


def test_somebody_elses_hold_cannot_be_used(app, client, house):
    mine = take(client)
    other = app.test_client()
    token = other.get_page(path(day=THURSDAY)).values()["csrf_token"]
    reference, dot, mac = mine.url.rpartition("/")[2].partition(".")
    wrong = (f"{reference}.{'A' * len(mac)}", reference, f"{reference}{dot}", f"{reference}.{mac[::-1]}")
    for forged in wrong:
        for end in ("", "/check"):
            address = f"/en/book/hold/{forged}{end}"
            other.get_page(address, 404)
            other.post_page(address, {"csrf_token": token, "name": "Eve", "email": "", "more": "1"}, 404)


# --- cost ------------------------------------------------------------------------------------------------


def test_the_statements_of_a_page_do_not_grow_with_the_house_or_the_wish(app, client, arranging, frozen):
    counts = {}
    with arranging() as session:
        for service in (SIRI, CPR, TAX):
            set_up(session, services=[service])
    frozen(WEDNESDAY)
    client.get_page(path())
    for name, slugs in (("one", CPR), ("three", THREE)):
        with statements(app) as sent:
            client.get_page(path(slugs, day=THURSDAY))
        counts[name] = [one for one in sent if not re.match(r"BEGIN|PRAGMA", one)]
    with arranging() as session:
        for service in (SIRI, CPR, TAX):
            set_up(session, services=[service], counters=7)
    with statements(app) as sent:
        client.get_page(path(day=THURSDAY))
    counts["many counters"] = [one for one in sent if not re.match(r"BEGIN|PRAGMA", one)]
    assert len({len(found) for found in counts.values()}) == 1, counts
    assert len(counts["three"]) <= 8
