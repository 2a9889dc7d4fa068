"""What an editor writes is text and nothing else, on every page and in data; what deceives is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import icalendar
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from house.catalogue import face
from house.doors import Role
from house.intake.calendar import calendar_of
from house.languages import speak
from tests.catalogue.editing_house import employ, publish
from tests.dom import parse
from tests.inspecting import BASE_URL, InspectingClient

Context = Callable[[], AbstractContextManager[Session]]
EVIL = "</script><script>alert(1)</script>{{7*7}}${7*7}<img src=x onerror=alert(2)>&amp;\"'"
WRITTEN = {"name": EVIL, "fact": f"fact {EVIL}", "paper": f"paper {EVIL}"}


@pytest.fixture
def published(catalogue: Flask, arranging: Context) -> Flask:
    """A house where an editor wrote such texts and the owner published them."""

    def write(record: Any) -> None:
        record["name"]["en"] = record["name"]["da"] = WRITTEN["name"]
        record["facts"][0]["text"] = WRITTEN["fact"]
        record["documents"] = [{"en": WRITTEN["paper"], "src": ["A"]}]

    with arranging() as session:
        staff = employ(session)
        publish(session, "residence_card", staff.ane, staff.siri, write)
    return catalogue


def plain(app: Flask) -> FlaskClient:
    """A client that does not mind texts that look unfinished."""
    return FlaskClient(app, app.response_class, use_cookies=True)


def get(client: FlaskClient, where: str) -> Any:
    answer = client.get(where, base_url=BASE_URL)
    assert answer.status_code == 200, where
    return answer


@pytest.mark.parametrize(
    "where", ["services/residence_card", "services/", "services/?q=alert", "authorities/siri"]
)
@pytest.mark.parametrize("tag", ["en", "ar", "da"])
def test_the_public_pages_show_it_as_text(published: Flask, tag: str, where: str) -> None:
    page = get(plain(published), f"/{tag}/{where}").text
    document = parse(page).document
    assert "<script>alert" not in page
    assert not [one for one in document.select("img") if one.get("onerror")]
    assert not [one for one in document.select("script") if "alert" in one.raw_text and not one.get("type")]
    for one in document.select("script[type=application/ld+json]"):
        json.loads(one.raw_text)
    if where == "services/residence_card":
        assert "49" not in document.select("main")[0].text.replace("2049", "")
        assert "{{7*7}}" in document.select("main")[0].text


def test_the_editors_pages_show_it_as_text(published: Flask, sign_in: Callable[..., Any]) -> None:
    client: Any = published.test_client()
    sign_in(client, Role.EDITOR)
    client.__class__ = FlaskClient
    for part in ("", "/edit", "/raw", "/versions/2"):
        page = get(client, f"/manage/catalogue/entries/service/residence_card{part}").text
        assert "<script>alert" not in page
        assert "{{7*7}}" in page
    assert "<script>alert" not in get(client, "/manage/catalogue/").text


def test_open_data_holds_it_as_a_string(published: Flask) -> None:
    client = plain(published)
    answer = get(client, "/hsds/services?search=alert&lang=en")
    assert answer.mimetype == "application/json"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    found = [one for one in json.loads(answer.data)["contents"] if one["name"] == EVIL]
    assert len(found) == 1
    whole = json.loads(get(client, f"/hsds/services/{found[0]['id']}").data)
    assert whole["name"] == EVIL


def test_a_calendar_holds_it_as_a_line(published: Flask) -> None:
    card: Any = SimpleNamespace(
        state=None, reference="K7M4QXT", revision=0, link="x.y",
        starts_at=datetime(2027, 1, 7, 9, tzinfo=UTC),
        ends_at=datetime(2027, 1, 7, 10, tzinfo=UTC),
    )  # fmt: skip
    place: Any = SimpleNamespace(name="House", address="Street 1")
    with published.app_context(), speak("en"):
        from house.db import db

        name = face.service(db.session(), "residence_card").name
        text = calendar_of(card, place, [name], "en", datetime(2027, 1, 1, tzinfo=UTC))
    [event] = icalendar.Calendar.from_ical(text).walk("VEVENT")
    assert str(event["description"]).splitlines()[0] == EVIL


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("pay \u202eonly\u202c here", None),
        ("call 010203-1234", "CPR number"),
        ("call 0102031234 now", "CPR number"),
        ("x\x00y", None),
    ],
)
def test_what_deceives_or_betrays_never_gets_in(
    catalogue: Flask, client: InspectingClient, sign_in: Callable[..., Any], text: str, said: str | None
) -> None:
    """A form leaves signs out that nobody sees, and refuses a number; the raw view refuses both."""
    sign_in(client, Role.EDITOR)
    where = "/manage/catalogue/entries/service/residence_card"
    answer = client.get_page(f"{where}/edit").submit("Save the draft", extra={"facts-0-text": text})
    if said:
        assert said in answer.must_be(422).said
    else:
        answer.must_be(303)
        assert not {"\u202e", "\u202c", "\x00"} & set(client.get_page(where).text)
    raw = client.get_page(f"{where}/raw")
    yaml = raw.values("Save the draft")["yaml"].replace("kle: null", f'kle: "{text}"')
    raw.submit("Save the draft", yaml=yaml).must_be(422)
