"""The opening hours for machines, the same that booking offers: as data, as a calendar, in the page."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy.orm import Session

from house.catalogue import face
from house.catalogue.models import Closure, Place
from house.catalogue.visiting import TOLD_AHEAD
from house.languages import LANGUAGES
from house.setting_up import HOURS, PHONE
from tests.inspecting import BASE_URL, InspectingClient

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
MONDAY = "2027-03-22 10:00"
Arranging = Callable[[], AbstractContextManager[Session]]
Frozen = Callable[[str], object]


@pytest.fixture
def house(app: Flask, arranging: Arranging) -> Flask:
    """A house with a place, before Easter."""
    with arranging() as session:
        face.set_up_place(
            session, "House", "Rantzausgade 4, 1.", "+45 99 31 00 00", "Europe/Copenhagen", HOURS, PHONE
        )  # fmt: skip
    return app


def close(arranging: Arranging, day: date, reason: str, *hours: time) -> None:
    with arranging() as session:
        place = session.get_one(Place, 1)
        opens, closes = hours or (None, None)
        place.schedule.closures.append(Closure(day=day, opens=opens, closes=closes, reason=reason))


def test_the_data_are_the_openings_that_booking_uses(
    house: Flask, client: InspectingClient, arranging: Arranging, looking: Arranging, frozen: Frozen
) -> None:
    frozen(MONDAY)
    close(arranging, date(2027, 3, 24), "staff_day", time(10), time(12))
    found = json.loads(client.get("/hours.json").data)
    with looking() as session:
        place = face.place(session)
        last = date(2027, 3, 22) + timedelta(days=TOLD_AHEAD - 1)
        door = place.schedule_id
        wanted = face.open_spans(session, [door], date(2027, 3, 22), last, COPENHAGEN)[door]
    told = {
        date.fromisoformat(one["date"]): [
            tuple(datetime.fromisoformat(span[end]).astimezone(UTC) for end in ("opens", "closes"))
            for span in one["door"]
        ]
        for one in found["days"]
    }
    assert len(told) == TOLD_AHEAD
    assert {day: spans for day, spans in told.items() if spans} == {
        day: [tuple(span) for span in spans] for day, spans in wanted.items()
    }


def test_the_data_say_why_a_day_differs_in_the_language_asked_for(
    house: Flask, client: InspectingClient, frozen: Frozen
) -> None:
    frozen(MONDAY)
    found = json.loads(client.get("/hours.json").data)
    days = {one["date"]: one for one in found["days"]}
    assert days["2027-03-25"] == {
        "date": "2027-03-25", "door": [], "phone": [],
        "differs": {"code": "maundy_thursday", "text": "Maundy Thursday"},
    }  # fmt: skip
    assert days["2027-03-22"]["door"] == [
        {"opens": "2027-03-22T08:30:00+01:00", "closes": "2027-03-22T15:00:00+01:00"}
    ]
    assert days["2027-03-31"]["door"][0]["opens"] == "2027-03-31T08:30:00+02:00"
    assert "differs" not in days["2027-03-23"]
    assert found["opens_next"] == "2027-03-24" and found["place"]["phone"] == "+45 99 31 00 00"
    danish = json.loads(client.get("/hours.json?lang=da").data)
    assert danish["url"] == f"{BASE_URL}/da/visit-us"
    assert {one["date"]: one for one in danish["days"]}["2027-03-25"]["differs"]["text"] == "Skærtorsdag"


def test_the_calendar_has_an_entry_for_each_opening_and_each_closed_day(
    house: Flask, client: InspectingClient, frozen: Frozen
) -> None:
    frozen(MONDAY)
    answer = client.get("/hours.ics")
    assert answer.content_type == "text/calendar; charset=utf-8"
    entries = {str(one["UID"]): one for one in Calendar.from_ical(answer.data).walk("VEVENT")}
    opened = next(one for uid, one in entries.items() if uid.startswith("open-house-20270322-1@"))
    assert opened.decoded("dtstart") == datetime(2027, 3, 22, 7, 30, tzinfo=UTC)
    assert opened.decoded("dtend") == datetime(2027, 3, 22, 14, 0, tzinfo=UTC)
    assert str(opened["SUMMARY"]) == "House is open" and str(opened["TRANSP"]) == "TRANSPARENT"
    closed = next(one for uid, one in entries.items() if uid.startswith("closed-house-20270326@"))
    assert str(closed["SUMMARY"]) == "House is closed: Good Friday"
    assert closed.decoded("dtstart") == date(2027, 3, 26)
    assert not [uid for uid in entries if "20270323" in uid]  # a Tuesday, closed every week, is no news


def test_an_entry_keeps_its_name_when_its_hours_change(
    house: Flask, client: InspectingClient, arranging: Arranging, frozen: Frozen
) -> None:
    frozen(MONDAY)

    def starts() -> dict[str, object]:
        walked = Calendar.from_ical(client.get("/hours.ics").data).walk("VEVENT")
        return {str(one["UID"]): one.decoded("dtstart") for one in walked}

    before = starts()
    close(arranging, date(2027, 3, 24), "staff_day", time(10), time(12))
    after = starts()
    assert before.keys() == after.keys()
    assert [uid for uid in before if before[uid] != after[uid]] == [
        uid for uid in before if "20270324" in uid
    ]


@pytest.mark.parametrize("path", ["/hours.ics", "/hours.json"])
def test_who_holds_the_hours_is_told_so_until_they_change(
    house: Flask, client: InspectingClient, arranging: Arranging, frozen: Frozen, path: str
) -> None:
    frozen(MONDAY)
    tag = client.get(path).headers["ETag"]
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
    close(arranging, date(2027, 4, 8), "moving")
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 200
    other = client.get(f"{path}?lang=ar")
    assert other.status_code == 200 and other.headers["ETag"] != tag


@pytest.mark.parametrize("language", ["xx", "", "../en", "%00", "a" * 10_000])
def test_a_language_that_is_none_is_english(house: Flask, client: InspectingClient, language: str) -> None:
    assert json.loads(client.get(f"/hours.json?lang={language}").data)["language"] == "en"
    assert b"House is open" in client.get(f"/hours.ics?lang={language}").data


def test_before_the_house_is_set_up_there_are_no_hours(app: Flask, client: InspectingClient) -> None:
    assert client.get("/hours.json").status_code == 404
    assert client.get("/hours.ics").status_code == 404


@pytest.mark.parametrize("tag", [one.tag for one in LANGUAGES])
def test_the_page_leads_to_both_and_carries_the_hours_as_data(
    house: Flask, client: InspectingClient, frozen: Frozen, tag: str
) -> None:
    frozen(MONDAY)
    page = client.get_page(f"/{tag}/visit-us")
    leads = {where for _, where in page.links}
    assert {f"/hours.ics?lang={tag}", f"/hours.json?lang={tag}"} <= leads
    data = json.loads(page.one("script[type=application/ld+json]").raw_text)
    assert data["@type"] == "GovernmentOffice" and data["telephone"] == "+45 99 31 00 00"
    assert len(data["openingHoursSpecification"]) == 4
    assert data["openingHoursSpecification"][0] == {
        "@type": "OpeningHoursSpecification", "dayOfWeek": "https://schema.org/Monday",
        "opens": "08:30", "closes": "15:00",
    }  # fmt: skip
    assert len(data["contactPoint"]["hoursAvailable"]) == 5
    days = data["specialOpeningHoursSpecification"]
    special = {one["validFrom"]: (one["opens"], one["closes"]) for one in days}
    assert special["2027-03-25"] == ("00:00", "00:00")


def test_a_closed_day_says_why_on_the_page(house: Flask, client: InspectingClient, frozen: Frozen) -> None:
    frozen("2027-03-26 10:00")
    assert "Closed today (Good Friday)" in client.get_page("/en/visit-us").text
