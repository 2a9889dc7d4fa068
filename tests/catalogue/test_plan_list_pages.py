"""A newcomer's own list on its page: order, deadlines, papers, reasons, and on from it."""

from __future__ import annotations

from flask import Flask

from house.catalogue.persons import ME
from tests.catalogue.plan_answers import ALONE, LATER, PEOPLE, Wanted, moving
from tests.catalogue.plan_house import (
    step,
    the_bookable,  # noqa: F401 - a fixture
    the_house,  # noqa: F401 - a fixture
    tick,
)
from tests.catalogue.plan_walking import answer, question_of, walk_to_list
from tests.inspecting import InspectingClient

# --- the list -----------------------------------------------------------------------------------------------


def test_a_step_waits_for_what_comes_before_it_until_that_is_ticked(
    house: Flask, client: InspectingClient
) -> None:
    page = walk_to_list(client, PEOPLE["P01"])
    cpr = step(page, "me-cpr_registration")
    assert "waits" in cpr.classes and "Only after: EU residence document" in cpr.text
    page = tick(page, "me.eu_residence_document")
    assert "waits" not in step(page, "me-cpr_registration").classes
    assert "done" in step(page, "me-eu_residence_document").classes
    page = tick(page, "me.eu_residence_document", undo=True)
    assert "waits" in step(page, "me-cpr_registration").classes


def test_the_last_open_day_is_told_where_the_house_is_closed(house: Flask, client: InspectingClient) -> None:
    page = walk_to_list(client, PEOPLE["P01"])
    said = step(page, "me-eu_residence_document").text.replace(",", "")
    assert "By Saturday 10 April 2027. We are closed then: come by Friday 9 April 2027." in said
    assert "By Monday 18 January 2027." in step(page, "me-cpr_registration").text.replace(",", "")
    expected = step(page, "me-health_card_gp").text.replace(",", "")
    assert "It should come by about Wednesday 27 January 2027." in expected


def test_what_is_done_online_can_also_be_done_at_the_desk_before(
    house: Flask, client: InspectingClient
) -> None:
    said = step(walk_to_list(client, LATER["P01"]), "me-change_of_address").text.replace(",", "")
    assert "Online by Thursday 6 May 2027 or at our desk by Wednesday 5 May 2027." in said
    assert "You can do it from Saturday 3 April 2027 on." in said


def test_a_right_has_no_deadline(house: Flask, client: InspectingClient) -> None:
    said = step(walk_to_list(client, PEOPLE["P04"]), "me-cpr_registration").text
    assert "Your right" in said and "There is no deadline." in said


def test_a_group_day_takes_the_place_of_the_deadlines(house: Flask, client: InspectingClient) -> None:
    dates = {"entry_date": "2027-01-25", "group_day": "2027-02-03"}
    page = walk_to_list(client, {**PEOPLE["P04"], "dates": dates})
    said = step(page, "me-eu_residence_document").text.replace(",", "")
    assert "On your group day Wednesday 3 February 2027." in said
    assert "Between Wednesday 20 January 2027 and Tuesday 2 February 2027:" in said
    assert "April" not in said


def test_sources_that_disagree_give_no_date(house: Flask, client: InspectingClient) -> None:
    said = step(walk_to_list(client, PEOPLE["P02"]), "me-driving_licence_exchange").text
    assert "Our sources disagree about the date. Please ask the authority." in said


def test_papers_and_channels_are_those_of_this_person(house: Flask, client: InspectingClient) -> None:
    said = step(walk_to_list(client, PEOPLE["P02"]), "me-cpr_registration").text
    assert "letter stating the administrative CPR number" in said
    assert "book an appointment and appear; not the online route" in said
    assert "Nordic personal number" not in said
    said = step(walk_to_list(client, PEOPLE["P03"]), "me-cpr_registration").text
    assert "Nordic personal number" in said
    assert (
        "EU residence document"
        not in step(client.get_page("/en/plan/list"), "me-cpr_registration").select(".bring")[0].text
    )


def test_every_step_says_why_and_where_it_comes_from(house: Flask, client: InspectingClient) -> None:
    page = walk_to_list(client, PEOPLE["P01"])
    for one in page.select("main ol.plan li[id]"):
        assert (
            "Why it is on your list" in one.text and "You are moving to Denmark." in one.text
        ) or "work" in one.text
        assert "can confirm this, and has not done so yet." in one.text
        assert "We read the sources on" in one.text
        assert one.select(".more ul.small a[rel=external]")
        assert "You are a person." not in one.text


def test_a_household_gets_a_list_each_with_what_is_done_together(
    house: Flask, client: InspectingClient
) -> None:
    page = walk_to_list(client, PEOPLE["P06"])
    assert (
        "Together with: your partner, the child (7 years), the child (3 years)."
        in step(page, "me-cpr_registration").text
    )
    assert (
        "Together with: you, your partner, the child (7 years)." in step(page, "child1-cpr_registration").text
    )
    assert [one["id"] for one in page.select("ol.plan li[id]") if one["id"].startswith("child0-")][
        -1
    ] == "child0-school_enrolment"
    assert "Job search seminar" in page.text and "Spouse Space" in page.text
    assert "Job search seminar" not in walk_to_list(client, PEOPLE["P01"]).text


def test_a_couple_that_lives_together_for_too_short_is_warned(house: Flask, client: InspectingClient) -> None:
    said = step(walk_to_list(client, PEOPLE["P07"]), "partner-eu_residence_document").text
    assert "you need a basis of your own" in said and "Please ask: Danish Agency" in said


def test_who_is_handed_on_is_told_where_and_gets_no_list(house: Flask, client: InspectingClient) -> None:
    page = walk_to_list(client, PEOPLE["P10"])
    assert "Danish Immigration Service" in page.text and "integration unit" in page.text
    assert page.select("ol.plan") == []
    assert client.get_page("/en/plan/list.pdf", 302).location == "/en/plan/list"
    page = walk_to_list(client, moving("asylum_or_family_reunification_with_dane", "third_country"))
    assert "Danish Immigration Service" in page.text


def test_another_municipality_does_a_part_itself(house: Flask, client: InspectingClient) -> None:
    page = walk_to_list(client, moving("worker", "eu_eea_ch", where="Thisted"))
    assert "Your own municipality does a part of this" in page.text
    assert "The municipality where the person lives" in step(page, "me-cpr_registration").text


def test_what_is_not_known_is_said_with_who_can_tell(house: Flask, client: InspectingClient) -> None:
    wanted = moving("worker", "third_country", things={ME: ["fingerprints_not_known"]})
    said = walk_to_list(client, wanted).one(".notice.warn").text
    assert "Recording biometrics" in said and "if fingerprints and photo were taken" in said
    assert "Who can tell you: Danish Agency" in said


def test_what_is_not_for_her_says_why(house: Flask, client: InspectingClient) -> None:
    page = walk_to_list(client, PEOPLE["P01"])
    [refused] = [one for one in page.select("details") if "What is not for you" in one.text]
    assert "Recording biometrics" in refused.text
    assert "You are a citizen of a country outside the EU" in refused.text


def test_the_sponsors_paper_opens_the_family_members_step(house: Flask, client: InspectingClient) -> None:
    wanted = moving("accompanying_partner", "third_country", sponsor={"who": "eu_citizen", "how": "married"})
    page = walk_to_list(client, wanted)
    assert (
        "First the person you join needs: EU residence document" in step(page, "me-eu_family_residence").text
    )
    page = tick(page, "sponsor.eu_residence_document")
    assert "waits" not in step(page, "me-eu_family_residence").classes
    page = tick(page, "sponsor.eu_residence_document", undo=True)
    assert "waits" in step(page, "me-eu_family_residence").classes


def test_what_is_new_since_the_last_answers_is_marked(house: Flask, client: InspectingClient) -> None:
    walk_to_list(client, PEOPLE["P09"])
    page = client.get_page("/en/plan/purpose").submit("Continue", answer="worker").must_be(303).follow()
    while question_of(page) != "list":
        page = answer(page, PEOPLE["P01"])
    page = client.get_page("/en/plan/stay").submit("Continue", answer="7").must_be(303).follow()
    while question_of(page) != "list":
        page = answer(page, PEOPLE["P01"])
    assert "What is new is marked." in page.text
    new = [
        one["id"]
        for one in page.select("ol.plan li[id]")
        if any(tag.text == "New" for tag in one.select(".tag"))
    ]
    assert "me-eu_residence_document" in new and "me-tax_card" not in new
    assert "me-housing_guidance" not in new


def test_what_left_the_list_is_told(house: Flask, client: InspectingClient) -> None:
    walk_to_list(client, PEOPLE["P01"])
    page = client.get_page("/en/plan/stay").submit("Continue", answer="3").must_be(303).follow()
    while question_of(page) != "list":
        page = answer(page, PEOPLE["P01"])
    assert "No longer on this list: EU residence document" in page.text


def test_a_day_that_has_passed_is_said(house: Flask, client: InspectingClient) -> None:
    dates = {"entry_date": "2026-12-01", "move_in_date": "2026-12-01", "residence_basis_date": "2026-12-10"}
    page = walk_to_list(client, {**PEOPLE["P01"], "dates": dates})
    assert "The day has passed." in step(page, "me-cpr_registration").text
    assert "The day has passed." not in step(page, "me-eu_residence_document").text


# --- on from the list ---------------------------------------------------------------------------------------


def test_the_next_steps_lead_into_one_visit(
    house: Flask, client: InspectingClient, bookable: set[str]
) -> None:
    page = walk_to_list(client, PEOPLE["P06"])
    [(words, where)] = [one for one in page.links if one[0].startswith("Book these")]
    assert words == "Book these 3 steps in one visit"
    slugs = "service=eu_residence_document&service=cpr_registration&service=mitid"
    assert where == f"/en/book/?{slugs}&party=4"
    page = tick(page, "me.eu_residence_document")
    page = tick(page, "me.cpr_registration")
    page = tick(page, "me.mitid")
    [(_, where)] = [one for one in page.links if one[0].startswith("Book these")]
    assert where.endswith("party=3"), "what is done by one is still to be done by the others"
    bookable.clear()
    page = client.get_page("/en/plan/list")
    assert not [one for one in page.links if one[0].startswith("Book")][1:]


def test_the_home_page_and_every_page_lead_to_the_plan(house: Flask, client: InspectingClient) -> None:
    page = client.get_page("/en/")
    assert page.select("main a.button")[0].text == "See what you need"
    assert page.click("See what you need").url == "/en/plan/"
    assert client.get_page("/en/services/").click("My list").url == "/en/plan/"


def test_an_empty_house_asks_one_question_and_has_no_list(client: InspectingClient) -> None:
    page = client.get_page("/en/plan/").submit("Continue", answer="leaving").must_be(303).follow()
    assert "We found nothing that you must do here." in page.text


def test_the_answers_can_be_given_again_from_the_beginning(house: Flask, client: InspectingClient) -> None:
    walk_to_list(client, PEOPLE["P01"])
    page = client.get_page("/en/plan/")
    assert page.values("Continue")["answer"] == "moving"
    assert page.click("Go on").url == "/en/plan/list"


def wanted_of_mixed_family() -> Wanted:
    return moving("worker", "eu_eea_ch",
        household={"partner": "married", "children": [4], "mixed": True},
        family={"partner": "third_country", "children": ["eu_eea_ch"]})  # fmt: skip


def test_a_family_of_several_citizenships_is_asked_who_has_which(
    house: Flask, client: InspectingClient
) -> None:
    page = walk_to_list(client, wanted_of_mixed_family())
    assert step(page, "partner-eu_family_residence")
    assert step(page, "child0-eu_residence_document")
    assert (
        "First the person you join needs: EU residence document"
        in step(page, "partner-eu_family_residence").text
    )
    page = tick(page, "me.eu_residence_document")
    assert "waits" not in step(page, "partner-eu_family_residence").classes
    answers = client.get_page("/en/plan/list").one("dl.answers").text
    assert "Your partner: In another country" in answers
    page = client.get_page("/en/plan/household").submit("Continue", **{"children-1": "9"}).must_be(303)
    assert page.location == "/en/plan/family", "the new child's citizenship is asked too"


def test_nobody_moves_with_her(house: Flask, client: InspectingClient) -> None:
    page = walk_to_list(client, {**PEOPLE["P01"], "household": ALONE})
    assert "Nobody" in page.one("dl.answers").text


def test_the_first_question_does_not_promise_to_be_the_last(
    catalogue: Flask, client: InspectingClient
) -> None:
    assert "Question 1 of at most 10" in client.get_page("/en/plan/situation").text
