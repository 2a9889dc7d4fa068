"""One visit through several authorities, page by page: what, who comes, which time, and what it costs."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from house.intake.holding import hold
from house.intake.models import Visit
from tests.intake.booking_house import (
    CPR,
    FRIDAY,
    THURSDAY,
    WEDNESDAY,
    house_template,  # noqa: F401 - a fixture
    set_up,
    statements,
    tick,
)
from tests.intake.several_house import (
    HOURS,
    SIRI,
    TAX,
    THREE,
    path,
    say_who,
    the_house,  # noqa: F401 - a fixture
)


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


def test_what_somebody_needs_cannot_be_read_in_the_cookie(client, house):
    say_who(client, adults="1", access=["wheelchair"], municipality="Hjørring")
    with client.session_transaction() as kept:
        told = repr(dict(kept))
        assert "who" in kept
    assert "wheelchair" not in told and "access" not in told and "Hj" not in told
    with client.session_transaction() as kept:
        kept["who"] = {"party": 1, "access": ["wheelchair"]}  # as it was kept before, or by nobody of ours
    assert client.get_page(f"/en/book/{THREE}/").values().get("access") is None


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
