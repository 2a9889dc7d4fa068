"""What a visitor takes along of her list: paper, calendar, a page to share that tells nothing of her."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from icalendar import Calendar

from house.languages import LANGUAGES
from tests.catalogue.plan_answers import PEOPLE, moving
from tests.catalogue.plan_walking import walk_to_list
from tests.inspecting import InspectingClient


@pytest.mark.parametrize("language", [one.tag for one in LANGUAGES])
def test_the_list_is_printed_as_a_tagged_pdf_in_every_language(
    catalogue: Flask, client: InspectingClient, language: str
) -> None:
    walk_to_list(client, PEOPLE["P06"], language)
    response = client.get(f"/{language}/plan/list.pdf")
    assert response.status_code == 200 and response.mimetype == "application/pdf"
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.data.startswith(b"%PDF-")
    for mark in (b"pdfuaid:part", b"/StructTreeRoot", b"/Lang", b"/Marked true"):
        assert mark in response.data, mark


def test_the_calendar_holds_whole_days_with_what_to_bring(catalogue: Flask, client: InspectingClient) -> None:
    walk_to_list(client, PEOPLE["P01"])
    response = client.get("/en/plan/list.ics")
    assert response.mimetype == "text/calendar"
    entries = {str(one["summary"]): one for one in Calendar.from_ical(response.data).walk("VEVENT")}
    assert list(entries) == [
        "EU residence document", "Civil registration and CPR number",
        "Choice of doctor (GP) and yellow health insurance card",
        "Tax card and personal tax number / preliminary income assessment",
    ]  # fmt: skip
    paper = entries["EU residence document"]
    assert paper["dtstart"].dt == date(2027, 4, 9), "the house is closed on Saturday 10 April"
    assert paper["dtend"].dt == date(2027, 4, 10)
    assert "passport photo" in paper["description"]
    assert str(paper["url"]).endswith("/en/services/eu_residence_document")


def test_the_same_list_updates_its_own_entries(catalogue: Flask, client: InspectingClient) -> None:
    walk_to_list(client, PEOPLE["P06"])

    def uids() -> list[str]:
        found = Calendar.from_ical(client.get("/en/plan/list.ics").data).walk("VEVENT")
        return [str(one["uid"]) for one in found]

    first = uids()
    assert len(set(first)) == len(first) > 8
    changed = client.get_page("/en/plan/dates").submit("Continue", entry_date="2027-03-20").must_be(303)
    assert changed.location == "/en/plan/list"
    assert uids() == first
    walk_to_list(client, PEOPLE["P06"])
    assert not set(uids()) & set(first), "another visitor's entries are others"


def test_what_is_done_is_in_no_calendar(catalogue: Flask, client: InspectingClient) -> None:
    page = walk_to_list(client, PEOPLE["P01"])
    token = page.select("input[name=csrf_token]")[0]["value"]
    client.post_page("/en/plan/list", {"done": "me.tax_card", "csrf_token": token}, 303)
    assert b"Tax card" not in client.get("/en/plan/list.ics").data


def test_nothing_of_a_visitor_is_in_her_calendar(catalogue: Flask, client: InspectingClient) -> None:
    walk_to_list(client, PEOPLE["P01"])
    text = client.get("/en/plan/list.ics").text
    for answer in ("eu_eea_ch", "worker", "employee", "Aalborg,", "2027-01-29"):
        assert answer not in text


def test_the_link_to_share_carries_the_services_only(catalogue: Flask, client: InspectingClient) -> None:
    page = walk_to_list(client, PEOPLE["P02"])
    where = dict(page.links)["A page you can share"]
    somebody_else: InspectingClient = catalogue.test_client()  # type: ignore[assignment]
    shared = somebody_else.get_page(where)
    names = [one.text for one in shared.select("ol.plan h2")]
    assert names[0] == "Civil registration and CPR number" and len(names) == 9
    assert "2027" not in shared.text and "Nordic personal number" in shared.text, "the general papers"
    assert shared.click("See what you need").url == "/en/plan/"
    assert somebody_else.get_page(where.replace("/en/", "/ar/")).select("ol.plan")


@pytest.mark.parametrize("slugs", ["teapot", ",", "x" * 3000, "%00", "cpr_registration%20", "../mitid"])
def test_a_link_without_a_service_leads_nowhere(
    catalogue: Flask, client: InspectingClient, slugs: str
) -> None:
    client.get_page(f"/en/plan/shared/{slugs}", 404)


def test_a_link_with_some_services_shows_each_once(catalogue: Flask, client: InspectingClient) -> None:
    page = client.get_page("/en/plan/shared/mitid,teapot,cpr_registration,mitid")
    assert [one.text for one in page.select("ol.plan h2")] == [
        "Civil registration and CPR number", "MitID (national electronic ID)",
    ]  # fmt: skip


def test_a_list_without_days_has_no_calendar_to_offer(catalogue: Flask, client: InspectingClient) -> None:
    page = walk_to_list(client, moving("worker", "eu_eea_ch"))
    assert not [one for one in page.links if "calendar" in one[0] and "events" not in one[1]]
